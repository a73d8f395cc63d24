"""The shapes of how it goes, and of calls for help as each reader may see them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.mentoring import rules
from backend.mentoring.models import HelpCall, Mentorship, Pulse
from backend.mentoring.models.pulses import BEST, WORST


class PulseSerializer(serializers.ModelSerializer[Pulse]):
    """Two questions to me, and what I said."""

    person = serializers.SerializerMethodField(help_text="The other one of the two.")
    track = serializers.CharField(source="mentorship.track", read_only=True)

    class Meta:
        model = Pulse
        fields = ["id", "mentorship", "person", "track", "occasion", "asked_at", "answered_at", "going", "need"]

    @extend_schema_field(PersonSerializer())
    def get_person(self, pulse: Pulse) -> Any:
        pair = pulse.mentorship
        return PersonSerializer(pair.mentee if pulse.member_id == pair.mentor_id else pair.mentor).data


class PulseAnswerSerializer(serializers.Serializer[Any]):
    going = serializers.IntegerField(min_value=WORST, max_value=BEST)
    need = serializers.ChoiceField(choices=Pulse.Need.choices)


class AnsweredSerializer(serializers.Serializer[Any]):
    """My answer; where it is difficult, who could help: they would read a call, and only what I share in it."""

    pulse = PulseSerializer()
    offers_help = serializers.BooleanField()
    helpers = PersonSerializer(many=True)


class CallSerializer(serializers.Serializer[Any]):
    mentorship = serializers.PrimaryKeyRelatedField(queryset=Mentorship.objects.none())
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    shares_answers = serializers.BooleanField(required=False)
    shares_partner = serializers.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if (request := self.context.get("request")) is not None:
            mine: Any = self.fields["mentorship"]
            mine.queryset = Mentorship.objects.of(request.user).select_related("mentor", "mentee")


class SharedAnswersSerializer(serializers.Serializer[Any]):
    going = serializers.IntegerField()
    need = serializers.ChoiceField(choices=Pulse.Need.choices)


class HelpCallMaySerializer(serializers.Serializer[Any]):
    take = serializers.BooleanField()
    settle = serializers.BooleanField()
    withdraw = serializers.BooleanField()


class HelpCallSerializer(serializers.ModelSerializer[HelpCall]):
    """A call for help. A coordinator sees of the answers and of the other person what the member shares."""

    person = PersonSerializer(source="member", read_only=True)
    track = serializers.CharField(source="mentorship.track", read_only=True)
    is_mine = serializers.SerializerMethodField()
    mentorship = serializers.SerializerMethodField(help_text="To the member who called.")
    partner = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    coordinators = PersonSerializer(many=True, read_only=True, help_text="Who can read it.")
    taken_by = PersonSerializer(read_only=True, allow_null=True)
    room = serializers.SerializerMethodField(help_text="Of the member and who took it.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = HelpCall
        fields = [
            "id", "person", "track", "is_mine", "mentorship", "words", "partner", "answers", "coordinators", "state",
            "called_at", "taken_by", "taken_at", "ended_at", "room", "may",
        ]  # fmt: skip

    @property
    def viewer(self) -> Member:
        member: Member = self.context["request"].user
        return member

    def get_is_mine(self, call: HelpCall) -> bool:
        return call.member_id == self.viewer.pk

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_mentorship(self, call: HelpCall) -> int | None:
        return call.mentorship_id if self.get_is_mine(call) else None

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_partner(self, call: HelpCall) -> Any:
        if not call.shares_partner:
            return None
        pair = call.mentorship
        return PersonSerializer(pair.mentee if call.member_id == pair.mentor_id else pair.mentor).data

    @extend_schema_field(SharedAnswersSerializer(allow_null=True))
    def get_answers(self, call: HelpCall) -> Any:
        shared = call.pulse if call.shares_answers else None
        return {"going": shared.going, "need": shared.need} if shared is not None else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_room(self, call: HelpCall) -> int | None:
        return call.room_id if self.viewer.pk in (call.member_id, call.taken_by_id) else None

    @extend_schema_field(HelpCallMaySerializer())
    def get_may(self, call: HelpCall) -> dict[str, bool]:
        return {
            "take": rules.may_take(self.viewer, call),
            "settle": rules.may_settle(self.viewer, call),
            "withdraw": rules.may_withdraw_call(self.viewer, call),
        }
