"""The shapes of what two people do together, as one of the two sees it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members.serializers import PersonSerializer
from backend.mentoring import booked_rooms
from backend.mentoring.agreements import in_force
from backend.mentoring.journey_serializers import ReadingSerializer
from backend.mentoring.lifecycle import MENTORSHIPS, SESSIONS, can
from backend.mentoring.models import (
    AgendaItem,
    Agreement,
    Goal,
    GoalStep,
    JourneyStep,
    Mentorship,
    MentorshipSession,
    MentorshipTask,
    Note,
)
from backend.mentoring.models.journeys import in_language, reader_language
from backend.mentoring.room_serializers import BookedRoomSerializer
from backend.mentoring.serializers import ROLES, MentorshipSerializer

State = MentorshipSession.State


class AgreementSerializer(serializers.ModelSerializer[Agreement]):
    may_accept = serializers.SerializerMethodField()
    holds_since = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Agreement
        fields = [
            "number", "months", "rhythm", "minutes", "goals", "conduct", "proposed_by", "proposed_at",
            "mentor_accepted_at", "mentee_accepted_at", "holds_since", "may_accept",
        ]  # fmt: skip
        read_only_fields = fields

    def get_may_accept(self, agreement: Agreement) -> bool:
        mentorship: Mentorship = self.context["mentorship"]
        latest = max((one.number for one in mentorship.agreements.all()), default=0)
        accepted = agreement.mentor_accepted_at if self.context["role"] == "mentor" else agreement.mentee_accepted_at
        return accepted is None and agreement.number == latest and mentorship.status != Mentorship.Status.CLOSED


class GoalStepSerializer(serializers.ModelSerializer[GoalStep]):
    class Meta:
        model = GoalStep
        fields = ["id", "text", "done_at"]
        read_only_fields = fields


class GoalSerializer(serializers.ModelSerializer[Goal]):
    steps = GoalStepSerializer(many=True, read_only=True)

    class Meta:
        model = Goal
        fields = ["id", "title", "sign", "due_on", "reached_at", "steps"]
        read_only_fields = fields


class SessionMaySerializer(serializers.Serializer[Any]):
    agree = serializers.BooleanField()
    decline = serializers.BooleanField()
    cancel = serializers.BooleanField()
    hold = serializers.BooleanField(help_text="Say that it was held, or that it was not.")


class MentorshipSessionSerializer(serializers.ModelSerializer[MentorshipSession]):
    room = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta:
        model = MentorshipSession
        fields = [
            "id", "state", "way", "starts_at", "ends_at", "link", "words", "proposed_by", "began_at", "minutes", "room",
            "may",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(BookedRoomSerializer(allow_null=True))
    def get_room(self, session: MentorshipSession) -> dict[str, str] | None:
        return booked_rooms.as_told(session.booking, (session.starts_at, session.ends_at))

    @extend_schema_field(SessionMaySerializer())
    def get_may(self, session: MentorshipSession) -> dict[str, bool]:
        at, is_mine = self.context["at"], session.proposed_by_id == self.context["me"].pk
        is_active = self.context["mentorship"].status == Mentorship.Status.ACTIVE
        ahead = session.starts_at > at
        return {
            "agree": can(SESSIONS, session.state, "agree") and not is_mine and ahead and is_active,
            "decline": can(SESSIONS, session.state, "decline") and not is_mine,
            "cancel": can(SESSIONS, session.state, "cancel") and session.ends_at > at,
            "hold": can(SESSIONS, session.state, "hold") and not ahead,
        }


class AgendaItemSerializer(serializers.ModelSerializer[AgendaItem]):
    class Meta:
        model = AgendaItem
        fields = ["id", "text", "session", "done_at"]
        read_only_fields = fields


class NoteSerializer(serializers.ModelSerializer[Note]):
    is_mine = serializers.SerializerMethodField()

    class Meta:
        model = Note
        fields = ["id", "author", "is_mine", "is_private", "text", "session", "created_at", "changed_at"]
        read_only_fields = fields

    def get_is_mine(self, note: Note) -> bool:
        return note.author_id == self.context["me"].pk


class TaskSerializer(serializers.ModelSerializer[MentorshipTask]):
    class Meta:
        model = MentorshipTask
        fields = ["id", "member", "text", "due_on", "done_at"]
        read_only_fields = fields


class WalkedStepSerializer(serializers.Serializer[Any]):
    """A step of the journey in the reader's language."""

    id = serializers.IntegerField()
    week = serializers.IntegerField()
    name = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    questions = serializers.ListField(child=serializers.CharField())
    readings = ReadingSerializer(many=True)
    done_at = serializers.DateTimeField(allow_null=True)


class TogetherMaySerializer(serializers.Serializer[Any]):
    write = serializers.BooleanField(help_text="Goals, agenda, tasks, shared notes, an agreement.")
    propose = serializers.BooleanField(help_text="A session.")
    pause = serializers.BooleanField()
    resume = serializers.BooleanField()
    close = serializers.BooleanField()
    new_guide = serializers.BooleanField(help_text="Ask for another guide when ending it.")


class ZonesSerializer(serializers.Serializer[Any]):
    mentor = serializers.CharField()
    mentee = serializers.CharField()


class TogetherSerializer(serializers.Serializer[Any]):
    """All that two people share, as one of them sees it now."""

    mentorship = MentorshipSerializer()
    my_role = serializers.ChoiceField(choices=ROLES)
    mentor = PersonSerializer()
    mentee = PersonSerializer()
    zones = ZonesSerializer()
    ends_on = serializers.DateField(allow_null=True)
    paused_until = serializers.DateField(allow_null=True)
    agreement = AgreementSerializer(allow_null=True, help_text="The one that holds.")
    proposal = AgreementSerializer(allow_null=True, help_text="A later one that not both have accepted.")
    goals = GoalSerializer(many=True)
    sessions = MentorshipSessionSerializer(many=True, help_text="Ahead first, then the last ones.")
    held_count = serializers.IntegerField(help_text="Sessions that were held in all.")
    held_minutes = serializers.IntegerField()
    agenda = AgendaItemSerializer(many=True)
    tasks = TaskSerializer(many=True)
    notes = NoteSerializer(many=True, help_text="Shared ones and my own, newest first.")
    journey = serializers.CharField(allow_blank=True, help_text="The name of the journey of this track.")
    steps = WalkedStepSerializer(many=True)
    may = TogetherMaySerializer()


def may(mentorship: Mentorship, role: str) -> dict[str, bool]:
    is_open = mentorship.status != Mentorship.Status.CLOSED
    return {
        "write": is_open,
        "propose": mentorship.status == Mentorship.Status.ACTIVE,
        "pause": can(MENTORSHIPS, mentorship.status, "pause"),
        "resume": can(MENTORSHIPS, mentorship.status, "resume"),
        "close": can(MENTORSHIPS, mentorship.status, "close"),
        "new_guide": is_open and role == "mentee",
    }


def walked(step: JourneyStep, done: dict[int, Any]) -> dict[str, Any]:
    language = reader_language()
    return {
        "id": step.pk,
        "week": step.week,
        "name": in_language(step.names, language) or "",
        "about": in_language(step.abouts, language) or "",
        "questions": in_language(step.questions, language) or [],
        "readings": in_language(step.readings, language) or [],
        "done_at": done.get(step.pk),
    }


def shared(mentorship: Mentorship) -> dict[str, Agreement | None]:
    """The agreement that holds, and the latest one if it is not that."""
    versions = list(mentorship.agreements.all())
    current = in_force(versions)
    latest = versions[0] if versions else None
    return {"agreement": current, "proposal": latest if latest is not current else None}
