"""The shapes of calls and answers, as one person sees them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.calls import rules
from backend.calls.models import Call, CallAnswer, CallSkill
from backend.collectives.models import Collective
from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.skills.serializers import NamedSerializer


class CalledSkillSerializer(serializers.ModelSerializer[CallSkill]):
    """A skill that is looked for; `taken` of the `people` have been found."""

    skill = NamedSerializer()
    taken = serializers.SerializerMethodField()

    class Meta:
        model = CallSkill
        fields = ["skill", "level", "people", "taken"]
        read_only_fields = fields

    def get_taken(self, wanted: CallSkill) -> int:
        return rules.taken(wanted.call)[wanted.skill_id]


class CallingCollectiveSerializer(serializers.ModelSerializer[Collective]):
    class Meta:
        model = Collective
        fields = ["id", "name"]
        read_only_fields = fields


class CallCardSerializer(serializers.ModelSerializer[Call]):
    """A call in a list."""

    author = PersonSerializer(read_only=True)
    collective = CallingCollectiveSerializer(read_only=True, allow_null=True)
    skills = CalledSkillSerializer(many=True, read_only=True)
    languages = serializers.SerializerMethodField()
    countries = serializers.SerializerMethodField()
    my_answer = serializers.SerializerMethodField(help_text="What became of my answer; null without one.")
    is_ours = serializers.SerializerMethodField(help_text="I called, or my collective did.")

    class Meta:
        model = Call
        fields = [
            "id", "title", "author", "collective", "state", "is_remote", "country", "city", "starts_on", "ends_on",
            "open_until", "closes_at", "skills", "languages", "countries", "created_at", "my_answer", "is_ours",
        ]  # fmt: skip
        read_only_fields = fields

    @property
    def viewer(self) -> Member:
        member: Member = self.context["request"].user
        return member

    @extend_schema_field(serializers.ChoiceField(choices=CallAnswer.State.choices, allow_null=True))
    def get_my_answer(self, call: Call) -> str | None:
        mine = rules.answer_of(self.viewer, call)
        return mine.state if mine else None

    def get_languages(self, call: Call) -> list[str]:
        return [row.code for row in call.languages.all()]

    def get_countries(self, call: Call) -> list[str]:
        return [row.code for row in call.countries.all()]

    def get_is_ours(self, call: Call) -> bool:
        return rules.is_ours(self.viewer, call)


class CallAnswerSerializer(serializers.ModelSerializer[CallAnswer]):
    """An answer as those who called see it, or as who gave it does."""

    member = PersonSerializer(read_only=True)
    skill = NamedSerializer(read_only=True)
    room = serializers.IntegerField(source="room_id", read_only=True, allow_null=True, help_text="Where the two talk.")

    class Meta:
        model = CallAnswer
        fields = ["id", "member", "skill", "message", "state", "room", "sent_at", "settled_at"]
        read_only_fields = fields


class CallMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()
    close = serializers.BooleanField()
    answer = serializers.BooleanField()
    withdraw = serializers.BooleanField()
    decide = serializers.BooleanField(help_text="About answers that wait.")
    gather = serializers.BooleanField(help_text="Invite those who were taken in to a collective.")


class CallSerializer(CallCardSerializer):
    """A call with all that this person may know of it. Answers are told to those who decide about them."""

    formed = serializers.SerializerMethodField(help_text="Where those who came together are, for who may see that.")
    mine = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta(CallCardSerializer.Meta):
        fields = [*CallCardSerializer.Meta.fields, "text", "offer", "formed", "mine", "answers", "may"]
        read_only_fields = fields

    @extend_schema_field(CallingCollectiveSerializer(allow_null=True))
    def get_formed(self, call: Call) -> Any:
        if call.formed_id is None:
            return None
        home = Collective.objects.visible_to(self.viewer).filter(pk=call.formed_id).first()
        return CallingCollectiveSerializer(home, context=self.context).data if home else None

    @extend_schema_field(CallAnswerSerializer(allow_null=True))
    def get_mine(self, call: Call) -> Any:
        mine = rules.answer_of(self.viewer, call)
        return CallAnswerSerializer(mine, context=self.context).data if mine else None

    @extend_schema_field(CallAnswerSerializer(many=True))
    def get_answers(self, call: Call) -> Any:
        if not rules.may_lead(self.viewer, call):
            return []
        shown = [one for one in call.answers.all() if one.state not in (rules.Said.WITHDRAWN, rules.Said.LAPSED)]
        met = set(
            Member.objects.visible_to(self.viewer)
            .filter(pk__in=[one.member_id for one in shown])
            .values_list("pk", flat=True)
        )
        return CallAnswerSerializer(
            [one for one in shown if one.member_id in met], many=True, context=self.context
        ).data

    @extend_schema_field(CallMaySerializer())
    def get_may(self, call: Call) -> dict[str, bool]:
        me, leads = self.viewer, rules.may_lead(self.viewer, call)
        mine = rules.answer_of(me, call)
        return {
            "edit": leads and call.state == rules.State.OPEN,
            "close": leads and "close" in rules.CALLS[call.state],
            "answer": rules.may_answer(me, call, timezone.now()),
            "withdraw": mine is not None and "withdraw" in rules.ANSWERS[mine.state],
            "decide": leads and call.state in rules.DECIDED_IN,
            "gather": leads and any(one.state == rules.Said.ACCEPTED for one in call.answers.all()),
        }


class FittingSkillSerializer(serializers.Serializer[Any]):
    """A skill that is looked for, and what I offer for it, `percent` close."""

    skill = NamedSerializer()
    offered = NamedSerializer()
    percent = serializers.IntegerField()


class CallFitSerializer(serializers.Serializer[Any]):
    """A call that fits me, and why."""

    call = CallCardSerializer()
    points = serializers.IntegerField(help_text="Of 1,000.")
    covers = FittingSkillSerializer(many=True)
    languages = serializers.ListField(child=serializers.CharField(), help_text="That I speak and it is done in.")
    sectors = NamedSerializer(many=True)
    is_abroad = serializers.BooleanField(help_text="In another country, which I like.")


class CallFitsSerializer(serializers.Serializer[Any]):
    is_wanted = serializers.BooleanField(help_text="Whether I want calls suggested.")
    results = CallFitSerializer(many=True)
