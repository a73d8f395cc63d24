"""The shapes of the waiting line."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from backend.api import IdField
from backend.bookings.fields import MomentField
from backend.bookings.models import Wait
from backend.bookings.serializers import BookedResourceSerializer, BookingCollectiveSerializer


class WaitSerializer(serializers.ModelSerializer[Wait]):
    """`place_in_line` is 1 for who is asked first; `held_until` is how long an offer holds."""

    resource = BookedResourceSerializer(read_only=True)
    collective = BookingCollectiveSerializer(read_only=True, allow_null=True)
    place_in_line = serializers.SerializerMethodField()
    held_until = serializers.DateTimeField(source="offer.held_until", default=None, allow_null=True, read_only=True)
    may_take_up = serializers.SerializerMethodField()

    class Meta:
        model = Wait
        fields = [
            "id", "resource", "quantity", "starts_at", "ends_at", "title", "collective", "status", "offer", "held_until",
            "place_in_line", "may_take_up", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_place_in_line(self, wait: Wait) -> int | None:
        """Needs `offering.in_line`."""
        place: int = wait.place  # type: ignore[attr-defined]
        return place if wait.status == Wait.Status.WAITING else None

    def get_may_take_up(self, wait: Wait) -> bool:
        held = wait.offer.held_until if wait.offer is not None else None
        return wait.status == Wait.Status.OFFERED and held is not None and timezone.now() < held


class WaitWishSerializer(serializers.Serializer[Any]):
    """Times without an offset are on the clock of the place."""

    resource = IdField()
    quantity = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    starts_at = MomentField()
    ends_at = MomentField()
    title = serializers.CharField(max_length=120, allow_blank=True, default="")
    collective = IdField(allow_null=True, default=None)
