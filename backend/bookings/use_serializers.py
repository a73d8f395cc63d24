"""The shapes of using what was booked: what is with whom, in which condition, and what may be done now."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.bookings import no_shows, use
from backend.bookings.blackout_serializers import MentionedSerializer
from backend.bookings.models import Booking, ConditionReport, Handover, Resource
from backend.bookings.serializers import BookingSerializer, ResourceSerializer


class ConditionSerializer(serializers.ModelSerializer[ConditionReport]):
    reported_by = MentionedSerializer(allow_null=True)
    photos = serializers.SerializerMethodField()

    class Meta:
        model = ConditionReport
        fields = ["moment", "state", "words", "photos", "reported_by", "reported_at"]
        read_only_fields = fields

    def get_photos(self, report: ConditionReport) -> list[str]:
        return [photo.image.url for photo in report.photos.all()]


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    resource = MentionedSerializer()
    unit = serializers.CharField(source="unit.label", default=None, allow_null=True)
    taken_by = MentionedSerializer(allow_null=True)
    returned_by = MentionedSerializer(allow_null=True)
    reports = ConditionSerializer(many=True)

    class Meta:
        model = Handover
        fields = [
            "id", "resource", "unit", "quantity", "taken_at", "taken_by", "returned_at", "returned_by", "reports",
        ]  # fmt: skip
        read_only_fields = fields


class HeldThingSerializer(serializers.Serializer[Any]):
    """One thing that the booking holds, parts of kits each by itself."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    quantity = serializers.IntegerField(help_text="Units that are booked.")
    out = serializers.IntegerField(help_text="Units that have been taken and are not back.")


class MayUseSerializer(serializers.Serializer[Any]):
    check_in = serializers.BooleanField()
    hand_over = serializers.BooleanField(help_text="Something is left to take along.")
    check_out = serializers.BooleanField()


class UseSerializer(serializers.Serializer[Any]):
    """A booking at the door; needs `use_views.used()`, and the moment `at` in the context."""

    booking = BookingSerializer(source="*")
    things = serializers.SerializerMethodField()
    handovers = HandoverSerializer(many=True)
    opens_at = serializers.SerializerMethodField(help_text="From when one can check in.")
    release_at = serializers.SerializerMethodField(help_text="It is free again when nobody has checked in by then.")
    may = serializers.SerializerMethodField()

    @extend_schema_field(HeldThingSerializer(many=True))
    def get_things(self, booking: Booking) -> list[dict[str, Any]]:
        out = use.still_out(booking)
        return [
            {
                "id": held.resource_id,
                "name": held.resource.name,
                "quantity": held.quantity,
                "out": out[held.resource_id],
            }
            for held in booking.allocations.all()
            if held.resource.kind != Resource.Kind.WORKSPACE
        ]

    @extend_schema_field(serializers.DateTimeField())
    def get_opens_at(self, booking: Booking) -> Any:
        return booking.starts_at - use.EARLY

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_release_at(self, booking: Booking) -> Any:
        return no_shows.deadline(booking, [item.resource for item in booking.items.all()])

    @extend_schema_field(MayUseSerializer())
    def get_may(self, booking: Booking) -> dict[str, bool]:
        now = use.is_usable(booking, self.context["at"])
        left = any(thing["out"] < thing["quantity"] for thing in self.get_things(booking))
        return {
            "check_in": now and booking.checked_in_at is None,
            "hand_over": now and left,
            "check_out": booking.checked_in_at is not None and booking.checked_out_at is None,
        }


class FoundByCodeSerializer(serializers.Serializer[Any]):
    """What a label is on: my bookings of it now or within the hour, and whether it is free."""

    resource = ResourceSerializer()
    bookings = UseSerializer(many=True)
    is_free = serializers.BooleanField(help_text="Open and free from now, for the shortest time that it is booked for.")
    busy_until = serializers.DateTimeField(allow_null=True)


class TodaySerializer(serializers.Serializer[Any]):
    """A day of who looks after things."""

    expected = UseSerializer(many=True, help_text="Nobody has come yet.")
    out = UseSerializer(many=True, help_text="There now, or with things that are not due yet.")
    overdue = UseSerializer(many=True, help_text="Things that should be back.")
    done = UseSerializer(many=True)


class TakeSerializer(serializers.Serializer[Any]):
    resource = IdField()
    quantity = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    unit = IdField(allow_null=True, default=None)


class HandOverSerializer(serializers.Serializer[Any]):
    things = serializers.ListField(
        child=TakeSerializer(), max_length=100, default=list, help_text="Empty: all that has not been taken."
    )


class ReturnSerializer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(min_value=1, max_value=1000, allow_null=True, default=None)


class ReportConditionSerializer(serializers.Serializer[Any]):
    moment = serializers.ChoiceField(choices=ConditionReport.Moment.choices)
    state = serializers.ChoiceField(choices=ConditionReport.State.choices)
    words = serializers.CharField(max_length=1000, allow_blank=True, default="")
    photos = serializers.ListField(child=serializers.FileField(), max_length=5, required=False)
