"""The shapes of bookings that repeat."""

from typing import Any

from rest_framework import serializers

from backend.api import IdField
from backend.bookings.models import Series, SkippedOccurrence
from backend.bookings.serializers import BookingSerializer, WantedSerializer, people_field


class WallField(serializers.RegexField):
    """A time on the clock of the place, without an offset: 2026-12-01T19:00."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^2[01]\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$", **options)


class ProblemSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class OccurrenceSerializer(serializers.Serializer[Any]):
    """One time of a series as it would be booked; `reason` says why it would not be."""

    occurrence = serializers.CharField(help_text="Its wall time: 2026-12-01T19:00.")
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    booked = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=SkippedOccurrence.Reason.choices, allow_null=True)
    shifted = serializers.BooleanField(help_text="At the nearest free time instead.")
    clock_moved = serializers.BooleanField(help_text="The clocks jump over this time: as much later as they jump.")
    clock_twice = serializers.BooleanField(
        help_text="The clocks show its start or its end twice: the first one is meant."
    )
    problems = ProblemSerializer(many=True)


class SeriesPreviewSerializer(serializers.Serializer[Any]):
    timezone = serializers.CharField()
    occurrences = OccurrenceSerializer(many=True)


class SeriesConflictsSerializer(serializers.Serializer[Any]):
    """The answer 409 `series_has_conflicts`: every time, and why some of them cannot be."""

    code = serializers.CharField()
    detail = serializers.CharField()
    occurrences = OccurrenceSerializer(many=True)


class SeriesWishSerializer(WantedSerializer):
    """What is to repeat. Times are on the clock of the place, the rule is of RFC 5545 and has an end."""

    starts_at = WallField()
    ends_at = WallField()
    rule = serializers.CharField(max_length=200, help_text="FREQ=WEEKLY;BYDAY=TU;COUNT=12")
    on_conflict = serializers.ChoiceField(choices=Series.OnConflict.choices, default=Series.OnConflict.SKIP)
    collective = IdField(allow_null=True, default=None)
    without = serializers.ListField(child=WallField(), max_length=400, default=list, help_text="Times left out.")


class BookSeriesSerializer(SeriesWishSerializer):
    title = serializers.CharField(max_length=120, allow_blank=True, default="")
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")
    people = people_field()


class SkippedSerializer(serializers.ModelSerializer[SkippedOccurrence]):
    class Meta:
        model = SkippedOccurrence
        fields = ["occurrence", "reason"]


class SeriesSerializer(serializers.ModelSerializer[Series]):
    bookings = BookingSerializer(many=True)
    skipped = SkippedSerializer(many=True)

    class Meta:
        model = Series
        fields = ["id", "timezone", "rule", "starts_wall", "ends_wall", "on_conflict", "bookings", "skipped"]


class ScopeSerializer(serializers.Serializer[Any]):
    scope = serializers.ChoiceField(choices=["following", "all"])


class ChangeSeriesSerializer(ScopeSerializer):
    """What changes; times are those of this occurrence, on the clock of the place, the others move by as much."""

    starts_at = WallField(required=False)
    ends_at = WallField(required=False)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    note = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    people = people_field()
    skip_conflicts = serializers.BooleanField(
        default=False, help_text="Those that cannot be at the new time keep theirs."
    )


class ChangedSeriesSerializer(serializers.Serializer[Any]):
    bookings = BookingSerializer(many=True)


class CancelledSeriesSerializer(serializers.Serializer[Any]):
    cancelled = serializers.IntegerField()
    kept = BookingSerializer(many=True, help_text="For these it is too late.")
