"""The shape of a room that is booked with a talk or a meeting."""

from typing import Any

from rest_framework import serializers


class BookedRoomSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    place = serializers.CharField()
    address = serializers.CharField(help_text="Street and town.")
    state = serializers.ChoiceField(
        choices=["held", "asked", "gone", "elsewhen"],
        help_text="Booked; waits for a host; no longer booked; booked for another time.",
    )
