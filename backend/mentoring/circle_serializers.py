"""The shapes of circles: people outside see who facilitates and how many seats are free, those inside who sits there."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.members.models import Block, Member
from backend.members.serializers import PersonSerializer
from backend.members.wishes import spoken
from backend.mentoring import booked_rooms, rules
from backend.mentoring.models import Circle, CircleMeeting, CircleSeat
from backend.mentoring.models.circles import SEATS_MAX, SEATS_MIN
from backend.mentoring.room_serializers import BookedRoomSerializer
from backend.skills.models import Skill
from backend.skills.serializers import NamedSerializer

State = CircleSeat.State
# In which way somebody has to do with a circle now.
MY_STATES = [State.SEATED, State.WAITING]


class CircleMeetingSerializer(serializers.ModelSerializer[CircleMeeting]):
    room = serializers.SerializerMethodField()

    class Meta:
        model = CircleMeeting
        fields = ["id", "starts_at", "ends_at", "place", "link", "room"]

    @extend_schema_field(BookedRoomSerializer(allow_null=True))
    def get_room(self, meeting: CircleMeeting) -> dict[str, str] | None:
        return booked_rooms.as_told(meeting.booking, (meeting.starts_at, meeting.ends_at))


class CircleCardSerializer(serializers.ModelSerializer[Circle]):
    """A circle in a list. `room` is there for those who have a seat."""

    facilitator = PersonSerializer(read_only=True)
    skill = NamedSerializer(read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=Circle.State.choices, read_only=True)
    seated = serializers.SerializerMethodField(help_text="How many seats are taken.")
    waiting = serializers.SerializerMethodField(help_text="How many wait for a seat.")
    my_state = serializers.SerializerMethodField()
    my_place = serializers.SerializerMethodField(help_text="In the line for a seat, 1 for who is next.")
    room = serializers.SerializerMethodField()

    class Meta:
        model = Circle
        fields = [
            "id", "title", "purpose", "skill", "language", "city", "seats", "facilitator", "state", "seated", "waiting",
            "my_state", "my_place", "room",
        ]  # fmt: skip
        read_only_fields = fields

    @property
    def viewer(self) -> Member:
        member: Member = self.context["request"].user
        return member

    def _in(self, circle: Circle, state: str) -> list[CircleSeat]:
        rows = [place for place in circle.places.all() if place.state == state]
        return sorted(rows, key=lambda place: (place.asked_at, place.pk))

    def is_inside(self, circle: Circle) -> bool:
        return any(place.member_id == self.viewer.pk for place in self._in(circle, State.SEATED))

    @extend_schema_field(serializers.IntegerField())
    def get_seated(self, circle: Circle) -> int:
        return len(self._in(circle, State.SEATED))

    @extend_schema_field(serializers.IntegerField())
    def get_waiting(self, circle: Circle) -> int:
        return len(self._in(circle, State.WAITING))

    @extend_schema_field(serializers.ChoiceField(choices=MY_STATES, allow_null=True))
    def get_my_state(self, circle: Circle) -> str | None:
        mine = (place.state for place in circle.places.all() if place.member_id == self.viewer.pk)
        state = next(mine, None)
        return state if state in MY_STATES else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_my_place(self, circle: Circle) -> int | None:
        line = [place.member_id for place in self._in(circle, State.WAITING)]
        return line.index(self.viewer.pk) + 1 if self.viewer.pk in line else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_room(self, circle: Circle) -> int | None:
        return circle.room_id if self.is_inside(circle) else None


class CircleMaySerializer(serializers.Serializer[Any]):
    join = serializers.BooleanField()
    leave = serializers.BooleanField()
    lead = serializers.BooleanField()


class CircleSerializer(CircleCardSerializer):
    """A circle with its coming meetings and, for those who have a seat, the people in it."""

    people = serializers.SerializerMethodField(help_text="Who sits there, the longest first; empty to people outside.")
    line = serializers.SerializerMethodField(help_text="Who waits, to the facilitator; who is next first.")
    meetings = serializers.SerializerMethodField(help_text="To come, for those who have a seat; the next one first.")
    may = serializers.SerializerMethodField()

    class Meta(CircleCardSerializer.Meta):
        fields = [*CircleCardSerializer.Meta.fields, "opened_at", "closed_at", "people", "line", "meetings", "may"]
        read_only_fields = fields

    @extend_schema_field(PersonSerializer(many=True))
    def get_people(self, circle: Circle) -> Any:
        seated = self._in(circle, State.SEATED) if self.is_inside(circle) else []
        return self._named(sorted(seated, key=lambda place: (place.seated_at, place.pk)))

    @extend_schema_field(PersonSerializer(many=True))
    def get_line(self, circle: Circle) -> Any:
        shown = self._in(circle, State.WAITING) if circle.facilitator_id == self.viewer.pk else []
        return self._named(shown)

    def _named(self, places: list[CircleSeat]) -> Any:
        """Nobody whom a block stands between."""
        apart = Block.between(self.viewer) if places else frozenset()
        return PersonSerializer([place.member for place in places if place.member_id not in apart], many=True).data

    @extend_schema_field(CircleMeetingSerializer(many=True))
    def get_meetings(self, circle: Circle) -> Any:
        if not self.is_inside(circle):
            return []
        now = timezone.now()
        rows = [row for row in circle.meetings.all() if row.cancelled_at is None and row.ends_at > now]
        return CircleMeetingSerializer(sorted(rows, key=lambda row: (row.starts_at, row.pk)), many=True).data

    @extend_schema_field(CircleMaySerializer())
    def get_may(self, circle: Circle) -> dict[str, bool]:
        state = self.get_my_state(circle)
        leads = rules.may_lead(self.viewer, circle)
        return {
            "join": circle.state == Circle.State.OPEN and state is None,
            "leave": state is not None and not leads,
            "lead": leads,
        }


class CircleWriteSerializer(serializers.ModelSerializer[Circle]):
    title = serializers.CharField(min_length=2, max_length=80)
    skill = serializers.PrimaryKeyRelatedField(
        queryset=Skill.objects.exclude(status=Skill.Status.RETIRED), required=False, allow_null=True
    )
    seats = serializers.IntegerField(min_value=SEATS_MIN, max_value=SEATS_MAX)

    class Meta:
        model = Circle
        fields = ["title", "purpose", "skill", "language", "city", "seats"]
        extra_kwargs = {"purpose": {"required": False}, "language": {"required": False}, "city": {"required": False}}

    def validate_language(self, code: str) -> str:
        if code and code not in spoken():
            raise serializers.ValidationError(_("This is not a language that we know."), code="unknown_language")
        return code


class WhoSerializer(serializers.Serializer[Any]):
    member = IdField()


class MeetSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=1, max_value=1440)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    resource = IdField(required=False, allow_null=True, help_text="The room to book.")
