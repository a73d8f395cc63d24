"""The shapes of what is out of use: blackouts, damages, and whom they hit."""

from typing import Any

from rest_framework import serializers

from backend.api import IdField
from backend.bookings.fields import MomentField
from backend.bookings.models import Blackout, Damage
from backend.bookings.serializers import BookingCollectiveSerializer


class MentionedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class HitSerializer(serializers.Serializer[Any]):
    """A booking that would end."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    person = MentionedSerializer()
    collective = BookingCollectiveSerializer(allow_null=True)


class HitsSerializer(serializers.Serializer[Any]):
    bookings = HitSerializer(many=True)


class PeopleHaveBookedSerializer(HitsSerializer):
    """The answer 409 `people_have_booked`: whom it hits. Ask again with `displace` to do it all the same."""

    code = serializers.CharField()
    detail = serializers.CharField()


class BlackoutWishSerializer(serializers.Serializer[Any]):
    """One of `place` and `resource`. Times without an offset are on the clock of the place."""

    place = IdField(required=False)
    resource = IdField(required=False)
    quantity = serializers.IntegerField(
        min_value=1, max_value=1000, allow_null=True, default=None, help_text="Units of a pool; empty: all of it."
    )
    starts_at = MomentField()
    ends_at = MomentField()


class MakeBlackoutSerializer(BlackoutWishSerializer):
    reason = serializers.ChoiceField(choices=Blackout.Reason.choices)
    note = serializers.CharField(max_length=400, allow_blank=True, default="")
    displace = serializers.BooleanField(default=False, help_text="Who has booked it gives way, and is told.")


class BlackoutSerializer(serializers.ModelSerializer[Blackout]):
    place = MentionedSerializer(allow_null=True)
    resource = MentionedSerializer(allow_null=True)
    timezone = serializers.SerializerMethodField()

    class Meta:
        model = Blackout
        fields = [
            "id", "place", "resource", "quantity", "starts_at", "ends_at", "timezone", "reason", "note", "created_at", "lifted_at",
        ]  # fmt: skip

    def get_timezone(self, blackout: Blackout) -> str:
        place = blackout.place or (blackout.resource.place if blackout.resource else None)
        return str(place.timezone) if place else "UTC"


class CapacitySerializer(serializers.Serializer[Any]):
    capacity = serializers.IntegerField(min_value=1, max_value=1000)
    displace = serializers.BooleanField(default=False, help_text="Who booked last gives way, and is told.")


class DamageSerializer(serializers.ModelSerializer[Damage]):
    resource = MentionedSerializer()
    unit = serializers.CharField(source="unit.label", default=None, allow_null=True)
    reported_by = MentionedSerializer(allow_null=True)
    out_of_use_until = serializers.DateTimeField(source="blackout.ends_at", default=None, allow_null=True)

    class Meta:
        model = Damage
        fields = [
            "id", "resource", "unit", "words", "status", "reported_by", "reported_at", "out_of_use_until", "closed_at",
        ]  # fmt: skip


class DamageWishSerializer(serializers.Serializer[Any]):
    resource = IdField()
    words = serializers.CharField(max_length=1000)


class RepairSerializer(serializers.Serializer[Any]):
    until = MomentField()
    displace = serializers.BooleanField(default=False)


class CloseDamageSerializer(serializers.Serializer[Any]):
    was_none = serializers.BooleanField(default=False, help_text="There was nothing to mend.")
