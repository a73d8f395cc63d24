"""The shapes of giving and receiving, and of certificates."""

from typing import Any

from rest_framework import serializers

from backend.mentoring.models import Certificate, Track
from backend.skills.serializers import NamedSerializer


class HoursSerializer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    talks = serializers.IntegerField()
    minutes = serializers.IntegerField()


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    tracks = serializers.ListField(child=serializers.ChoiceField(choices=Track.choices), read_only=True)

    class Meta:
        model = Certificate
        fields = [
            "number", "name", "organisation", "since", "until", "people", "talks", "minutes", "tracks", "issued_at",
        ]  # fmt: skip


class GivingSerializer(serializers.Serializer[Any]):
    """Hours given and received, in circles, and what is passed on."""

    given = HoursSerializer()
    received = HoursSerializer()
    circles = HoursSerializer(help_text="`people` is how many circles that were.")
    passed_on = NamedSerializer(many=True, help_text="Learnt from others, and offered to others now.")
    passes_on = serializers.CharField(help_text="In my own words.")
    is_shown = serializers.BooleanField(help_text="Whether others see this page.")


class MyGivingSerializer(GivingSerializer):
    certificates = CertificateSerializer(many=True)


class TellGivingSerializer(serializers.Serializer[Any]):
    passes_on = serializers.CharField(max_length=600, allow_blank=True)
    is_shown = serializers.BooleanField()
