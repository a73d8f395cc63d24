"""The shapes of short talks before pairs are worked out: to coordinators counts, to each of the two the other and one's own word."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.mentoring.first_talks import progress_of
from backend.mentoring.models import Cohort, FirstTalk, Participant, TalkRound, Track

ROLES = Participant.Role.choices


class BeginTalksSerializer(serializers.Serializer[Any]):
    until = serializers.DateField()


class EndTalksSerializer(serializers.Serializer[Any]):
    objective = serializers.ChoiceField(choices=Cohort.Objective.choices, required=False)


class TalkProgressSerializer(serializers.Serializer[Any]):
    mentees = serializers.IntegerField()
    guides = serializers.IntegerField()
    talks = serializers.IntegerField()
    asked = serializers.IntegerField(help_text="How many were asked for.")
    granted = serializers.IntegerField(help_text="How many guides said yes.")
    rated_by_one = serializers.IntegerField()
    rated_by_both = serializers.IntegerField()


class TalkRoundSerializer(serializers.ModelSerializer[TalkRound]):
    """A round, as coordinators see it: counts, and nobody's word."""

    progress = serializers.SerializerMethodField()

    class Meta:
        model = TalkRound
        fields = ["id", "state", "until", "asked_at", "began_at", "ended_at", "progress"]
        read_only_fields = fields

    @extend_schema_field(TalkProgressSerializer())
    def get_progress(self, talk_round: TalkRound) -> Any:
        return progress_of(talk_round)


class TalkMaySerializer(serializers.Serializer[Any]):
    ask = serializers.BooleanField()
    rate = serializers.BooleanField()


class FirstTalkSerializer(serializers.ModelSerializer[FirstTalk]):
    """A talk of mine. Needs `with_steps`."""

    programme = serializers.CharField(source="round.programme.name", read_only=True)
    track = serializers.ChoiceField(source="round.programme.track", choices=Track.choices, read_only=True)
    until = serializers.DateField(source="round.until", read_only=True)
    role = serializers.SerializerMethodField(help_text="Mine.")
    person = serializers.SerializerMethodField(help_text="The other one.")
    word = serializers.SerializerMethodField(help_text="How gladly I would go on; null until I have said it.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = FirstTalk
        fields = ["id", "programme", "track", "until", "role", "person", "word", "may"]
        read_only_fields = fields

    def _is_mentee(self, talk: FirstTalk) -> bool:
        me: Member = self.context["request"].user
        return talk.mentee_id == me.pk

    @extend_schema_field(serializers.ChoiceField(choices=ROLES))
    def get_role(self, talk: FirstTalk) -> str:
        return Participant.Role.MENTEE if self._is_mentee(talk) else Participant.Role.MENTOR

    @extend_schema_field(PersonSerializer())
    def get_person(self, talk: FirstTalk) -> Any:
        return PersonSerializer(talk.mentor if self._is_mentee(talk) else talk.mentee).data

    @extend_schema_field(serializers.ChoiceField(choices=FirstTalk.Word.choices, allow_null=True))
    def get_word(self, talk: FirstTalk) -> int | None:
        return talk.mentee_word if self._is_mentee(talk) else talk.mentor_word

    @extend_schema_field(TalkMaySerializer())
    def get_may(self, talk: FirstTalk) -> dict[str, bool]:
        asked, granted = talk.was_asked, talk.was_granted  # type: ignore[attr-defined]
        return {"ask": self._is_mentee(talk) and not asked and not granted, "rate": granted}


class TalkWordSerializer(serializers.Serializer[Any]):
    word = serializers.ChoiceField(
        choices=FirstTalk.Word.choices, help_text="1: rather not, 2: perhaps, 3: gladly, 4: very gladly."
    )
