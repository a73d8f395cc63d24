"""The shapes of programmes: what coordinators set, what members are offered, and how it goes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members.models import Organisation
from backend.members.serializers import PersonSerializer, VisibleMemberField
from backend.mentoring.cohort_serializers import HomeSerializer, ProgrammeSerializer, QualitySerializer
from backend.mentoring.models import Cohort, PairWish, Participant, Programme, ProgrammeNote
from backend.mentoring.programmes import filled_in

EVENTS = ["open", "run", "close"]
OUTCOMES = ["given", "impossible", "apart", "full", "others_gain_more", "dearer_given", "others_dearer"]


class ProgrammeChangeSerializer(serializers.ModelSerializer[Programme]):
    """What coordinators may set; whatever is left out stays."""

    questions = serializers.ListField(child=serializers.CharField(max_length=200), max_length=10, required=False)
    most_wishes = serializers.IntegerField(min_value=1, max_value=5, required=False)
    most_people = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True, required=False)
    floor = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    takes = serializers.ChoiceField(choices=Programme.Takes.choices, required=False)
    decides = serializers.ChoiceField(choices=Programme.Decides.choices, required=False)
    partners = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.all(), many=True, required=False, help_text="Whose members take part as well."
    )

    class Meta:
        model = Programme
        fields = [
            "name", "track", "partners", "about", "takes", "decides", "starts_on", "ends_on", "questions", "most_wishes", "most_people", "floor",
            "words_on_joining", "words_with_guide",
        ]  # fmt: skip


class CoordinatorSerializer(serializers.Serializer[Any]):
    member = VisibleMemberField()


class MoveSerializer(serializers.Serializer[Any]):
    event = serializers.ChoiceField(choices=EVENTS)


class HealthSerializer(serializers.Serializer[Any]):
    """Counts of the last 90 days where they are about what came to an end."""

    members = serializers.IntegerField()
    looking = serializers.IntegerField(help_text="Want help, and have no guide on this track.")
    guides = serializers.IntegerField()
    guides_paused = serializers.IntegerField()
    requests_waiting = serializers.IntegerField()
    requests_waiting_long = serializers.IntegerField(help_text="For three days and more.")
    requests_lapsed = serializers.IntegerField(help_text="Never answered.")
    silent_guides = serializers.IntegerField(help_text="Who keep a request waiting for long, or let one lapse.")
    pairs = serializers.IntegerField()
    pairs_paused = serializers.IntegerField()
    pairs_without_session = serializers.IntegerField()
    pairs_closed = serializers.IntegerField()
    pulses_that_need_care = serializers.IntegerField(
        allow_null=True, help_text="null: fewer than five people answered."
    )
    calls_for_help = serializers.IntegerField()


class GuideHealthSerializer(serializers.Serializer[Any]):
    """A guide, and how many of what; never who."""

    person = PersonSerializer()
    guide_capacity = serializers.IntegerField(source="person.guide_capacity")
    guide_paused = serializers.BooleanField(source="person.guide_paused")
    running = serializers.IntegerField()
    waiting = serializers.IntegerField()
    silent = serializers.IntegerField()
    without_session = serializers.IntegerField()


class ProgrammeHealthSerializer(serializers.Serializer[Any]):
    programme = ProgrammeSerializer()
    organisations = HomeSerializer(many=True)
    counts = HealthSerializer()
    guides = GuideHealthSerializer(many=True, help_text="The first 50.")


class ProgrammeNoteSerializer(serializers.ModelSerializer[ProgrammeNote]):
    author = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ProgrammeNote
        fields = ["id", "author", "body", "written_at"]
        read_only_fields = ["id", "author", "written_at"]


class DemandTableSerializer(serializers.Serializer[Any]):
    table = serializers.CharField(max_length=200_000, help_text="CSV: mentee, mentor (e-mail addresses), kind.")


class DemandsReadSerializer(serializers.Serializer[Any]):
    demands = serializers.IntegerField()


class WhySerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    for_mentee = serializers.IntegerField(allow_null=True, help_text="null: it was no candidate.")
    for_mentor = serializers.IntegerField(allow_null=True)
    instead = serializers.IntegerField(allow_null=True, help_text="What the mentee gained with the guide they got.")
    places = serializers.IntegerField()
    taken = serializers.IntegerField()


class AnswerSerializer(serializers.Serializer[Any]):
    question = serializers.CharField()
    answer = serializers.CharField()


class PairWishSerializer(serializers.ModelSerializer[PairWish]):
    whom = PersonSerializer(read_only=True)

    class Meta:
        model = PairWish
        fields = ["whom", "rank", "reason"]
        read_only_fields = fields


class ParticipantSerializer(serializers.ModelSerializer[Participant]):
    member = PersonSerializer(read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)
    wishes = PairWishSerializer(many=True, read_only=True)

    class Meta:
        model = Participant
        fields = ["member", "role", "answers", "wishes", "joined_at"]
        read_only_fields = fields


class OfferedMaySerializer(serializers.Serializer[Any]):
    join = serializers.BooleanField()
    leave = serializers.BooleanField()
    wish = serializers.BooleanField()
    read_decision = serializers.BooleanField()


class OfferedProgrammeSerializer(serializers.ModelSerializer[Programme]):
    """A programme as members see it, with what I said in it. Needs `my_rows` and `is_decided` on each."""

    organisation = serializers.CharField(source="organisation.name", read_only=True)
    questions = serializers.ListField(child=serializers.CharField(), read_only=True)
    mine = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField(help_text="What coordinators say to those who joined.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = Programme
        fields = [
            "id", "name", "organisation", "track", "state", "takes", "decides", "about", "starts_on", "ends_on", "questions",
            "most_wishes", "mine", "words", "may",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ParticipantSerializer(allow_null=True))
    def get_mine(self, programme: Programme) -> dict[str, Any] | None:
        mine = _mine(programme)
        return None if mine is None else ParticipantSerializer(mine).data

    def get_words(self, programme: Programme) -> str:
        mine = _mine(programme)
        if mine is None:
            return ""
        return filled_in(programme.words_on_joining, name=mine.member.name, guide="", programme=programme.name)

    @extend_schema_field(OfferedMaySerializer())
    def get_may(self, programme: Programme) -> dict[str, bool]:
        joined = _mine(programme) is not None
        return {
            "join": programme.state == Programme.State.OPEN,
            "leave": joined,
            "wish": joined and programme.state != Programme.State.CLOSED,
            "read_decision": programme.is_decided,  # type: ignore[attr-defined]
        }


def _mine(programme: Programme) -> Participant | None:
    rows: list[Participant] = programme.my_rows  # type: ignore[attr-defined]
    return rows[0] if rows else None


class JoinSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Participant.Role.choices)
    answers = serializers.ListField(
        child=serializers.CharField(max_length=1000, allow_blank=True), max_length=10, default=list
    )


AVOIDED_MOST = 20


class AvoidSerializer(serializers.Serializer[Any]):
    member = VisibleMemberField()
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class WishesSerializer(serializers.Serializer[Any]):
    """Replaces what was said before; `wanted` with the dearest first."""

    wanted = serializers.ListField(child=VisibleMemberField(), max_length=5, default=list)
    avoided = AvoidSerializer(many=True, default=list, max_length=AVOIDED_MOST)  # type: ignore[call-arg]


class DecidedWishSerializer(WhySerializer):
    whom = PersonSerializer()
    rank = serializers.IntegerField()


class DecidedSerializer(serializers.Serializer[Any]):
    """How the last proposal was decided, and what became of me and of my wishes in it."""

    published_at = serializers.DateTimeField()
    seed = serializers.IntegerField()
    objective = serializers.ChoiceField(choices=Cohort.Objective.choices)
    quality = QualitySerializer()
    people = PersonSerializer(many=True, help_text="Who was proposed to me.")
    why_empty = serializers.CharField(help_text="Why nobody was; empty otherwise.")
    wishes = DecidedWishSerializer(many=True)
    words = serializers.CharField(help_text="What coordinators say to those with a guide.")
