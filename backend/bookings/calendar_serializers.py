"""The shapes of a calendar: what is held, when a whole has no room, when places are closed."""

from typing import Any

from rest_framework import serializers

from backend.bookings.models import Blackout, Booking
from backend.bookings.serializers import ResourceSerializer


class SpanSerializer(serializers.Serializer[Any]):
    """From one moment until another."""

    until = serializers.DateTimeField()

    def get_fields(self) -> Any:
        fields = super().get_fields()
        fields["from"] = serializers.DateTimeField()  # A word that Python keeps for itself.
        return fields


class BusySerializer(SpanSerializer):
    """A time that is held, buffers included. Whose it is and what for is said only to those it concerns."""

    id = serializers.IntegerField()
    resource = serializers.IntegerField()
    starts_at = serializers.DateTimeField(help_text="Of the booking itself, without buffers.")
    ends_at = serializers.DateTimeField()
    booking = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=Booking.Status.choices, allow_null=True)
    blackout = serializers.ChoiceField(choices=Blackout.Reason.choices, allow_null=True)
    title = serializers.CharField()
    mine = serializers.BooleanField()
    quantity = serializers.IntegerField()


class FullSerializer(SpanSerializer):
    """A whole or a kit cannot be had then, because something that it is made of is held; its own buffers come on top."""

    resource = serializers.IntegerField()


class ClosedSerializer(SpanSerializer):
    """A place is closed then: outside its usual hours, on an exception, or on a public holiday."""

    place = serializers.IntegerField()
    reason = serializers.CharField(help_text="Of the exception, or the name of the holiday; empty for usual hours.")


class CalendarSerializer(serializers.Serializer[Any]):
    resources = ResourceSerializer(many=True)
    busy = BusySerializer(many=True)
    full = FullSerializer(many=True)
    closed = ClosedSerializer(many=True)
