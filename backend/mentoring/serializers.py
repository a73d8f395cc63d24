"""The shapes of requests and mentorships, as one of the two people sees them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.bookings.times import iso
from backend.collectives.models import Collective
from backend.members.models import Member
from backend.members.serializers import MemberCardSerializer, PersonSerializer, VisibleMemberField
from backend.mentoring import rules
from backend.mentoring.models import Dismissal, Kind, Mentorship, MentorshipRequest, NextChoice, Track
from backend.mentoring.times import ANSWERED_WITHIN, NOTICE_OF
from backend.skills.models import Skill
from backend.skills.serializers import NamedSerializer
from matching import Condition, Part, Rung

MESSAGE_MIN_LENGTH = 10
ROLES = ["mentor", "mentee"]
# Some ends come of themselves and are nobody's reason.
OF_ITSELF = (Mentorship.CloseReason.DORMANT, Mentorship.CloseReason.LEFT)


class CollectiveNameSerializer(serializers.ModelSerializer[Collective]):
    class Meta:
        model = Collective
        fields = ["id", "name"]
        read_only_fields = fields


class VisibleMembersField(serializers.ManyRelatedField):
    """Other members, the most wanted first; see VisibleMemberField."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child_relation=VisibleMemberField(), **options)


class RequestMaySerializer(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    decline = serializers.BooleanField()
    withdraw = serializers.BooleanField()


class ChoiceSerializer(serializers.ModelSerializer[NextChoice]):
    mentor = PersonSerializer(read_only=True)

    class Meta:
        model = NextChoice
        fields = ["mentor", "rank", "outcome"]
        read_only_fields = fields


class MentorshipRequestSerializer(serializers.ModelSerializer[MentorshipRequest]):
    mentee = PersonSerializer(read_only=True)
    mentor = PersonSerializer(read_only=True)
    wishes = NamedSerializer(many=True, read_only=True)
    mentorship = serializers.SerializerMethodField(help_text="The mentorship that came of it.")
    room = serializers.SerializerMethodField(help_text="Its room.")
    wish = serializers.SerializerMethodField(help_text="The first request of the same wish.")
    collective = CollectiveNameSerializer(read_only=True, allow_null=True, help_text="For whom the mentee asks.")
    by_collective = CollectiveNameSerializer(read_only=True, allow_null=True, help_text="That would guide as a whole.")
    answer_by = serializers.SerializerMethodField(help_text="Until when it waits for an answer.")
    next_choices = serializers.SerializerMethodField(help_text="Whom it goes on to; only the mentee is told.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = MentorshipRequest
        fields = [
            "id", "mentee", "mentor", "kind", "track", "wish", "collective", "by_collective", "wishes", "message",
            "status", "why_withdrawn", "decline_reason", "answer", "created_at", "answer_by", "answered_at",
            "next_choices", "mentorship", "room", "may",
        ]  # fmt: skip

    def get_wish(self, request: MentorshipRequest) -> int:
        return request.wish_id or request.pk

    @extend_schema_field(serializers.DateTimeField())
    def get_answer_by(self, request: MentorshipRequest) -> Any:
        return serializers.DateTimeField().to_representation(request.created_at + ANSWERED_WITHIN)

    @extend_schema_field(ChoiceSerializer(many=True))
    def get_next_choices(self, request: MentorshipRequest) -> Any:
        if self.context["request"].user.pk != request.mentee_id:
            return []
        first = request.wish or request
        return ChoiceSerializer(first.next_choices.all(), many=True, context=self.context).data

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_mentorship(self, request: MentorshipRequest) -> int | None:
        return request.mentorship.pk if hasattr(request, "mentorship") else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_room(self, request: MentorshipRequest) -> int | None:
        return request.mentorship.room_id if hasattr(request, "mentorship") else None

    @extend_schema_field(RequestMaySerializer())
    def get_may(self, request: MentorshipRequest) -> dict[str, bool]:
        viewer: Member = self.context["request"].user
        answers = rules.may_accept(viewer, request, steered=self.context.get("steered"))
        return {"accept": answers, "decline": answers, "withdraw": rules.may_withdraw(viewer, request)}


class MyCollectiveField(serializers.PrimaryKeyRelatedField[Collective]):
    """A collective that I can see; whether I may speak for it is for the action to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Collective.objects.none(), required=False, allow_null=True, default=None, **options)

    def get_queryset(self) -> Any:
        rows = Collective.objects.visible_to(self.context["request"].user)
        return rows.select_related("guiding")


class AskSerializer(serializers.Serializer[Any]):
    mentor = VisibleMemberField()
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.SPONSORSHIP)
    track = serializers.ChoiceField(choices=Track.choices)
    next_choices = VisibleMembersField(required=False, help_text="Whom to ask when the answer is no or does not come.")
    joins = serializers.BooleanField(
        default=True, help_text="Part of my open wish of this kind in this track: the first yes settles it."
    )
    collective = MyCollectiveField(help_text="I ask for this collective.")
    by_collective = MyCollectiveField(help_text="I ask this collective; the mentor is one of its stewards.")
    wishes = serializers.PrimaryKeyRelatedField(
        queryset=Skill.objects.exclude(status=Skill.Status.RETIRED), many=True, required=False
    )
    message = serializers.CharField(min_length=MESSAGE_MIN_LENGTH, max_length=2000)

    def validate_wishes(self, wishes: list[Skill]) -> list[Skill]:
        distinct = list(dict.fromkeys(wishes))
        if len(distinct) > rules.WISHES_MAX:
            raise serializers.ValidationError(_("Choose three wishes at most."), code="too_many_wishes")
        return distinct


class NextChoicesSerializer(serializers.Serializer[Any]):
    next_choices = VisibleMembersField(help_text="The most wanted first; empty: nobody.")


class DeclineSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=MentorshipRequest.DeclineReason.choices)
    answer = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class CloseSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(
        choices=[choice for choice in Mentorship.CloseReason.choices if choice[0] not in OF_ITSELF], required=False
    )
    new_guide = serializers.BooleanField(
        required=False, help_text="As the one who is guided: I would like somebody else, and come first."
    )
    closing_words = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class MentorshipMaySerializer(serializers.Serializer[Any]):
    close = serializers.BooleanField()


class MentorshipSerializer(serializers.ModelSerializer[Mentorship]):
    mentor = PersonSerializer(read_only=True)
    mentee = PersonSerializer(read_only=True)
    my_role = serializers.SerializerMethodField()
    ends_quietly_at = serializers.SerializerMethodField(help_text="It has been quiet, and ends then without a sign.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = Mentorship
        fields = [
            "id", "mentor", "mentee", "kind", "track", "status", "room", "started_at", "closed_at", "closing_words", "my_role",
            "ends_quietly_at", "may",
        ]  # fmt: skip

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ends_quietly_at(self, mentorship: Mentorship) -> str | None:
        told = mentorship.quiet_told_at if mentorship.status == Mentorship.Status.ACTIVE else None
        return iso(told + NOTICE_OF) if told else None

    @extend_schema_field(serializers.ChoiceField(choices=ROLES))
    def get_my_role(self, mentorship: Mentorship) -> str:
        return "mentor" if mentorship.mentor_id == self.context["request"].user.pk else "mentee"

    @extend_schema_field(MentorshipMaySerializer())
    def get_may(self, mentorship: Mentorship) -> dict[str, bool]:
        return {"close": rules.may_close(self.context["request"].user, mentorship)}


class DismissSerializer(serializers.Serializer[Any]):
    person = VisibleMemberField()
    reason = serializers.ChoiceField(choices=Dismissal.Reason.choices)


class DismissalSerializer(serializers.ModelSerializer[Dismissal]):
    person = PersonSerializer(read_only=True)

    class Meta:
        model = Dismissal
        fields = ["person", "reason", "created_at"]


class MatchRowSerializer(serializers.Serializer[Any]):
    """One addend of the score, in words and with the facts behind it."""

    part = serializers.ChoiceField(choices=[part.value for part in Part])
    points = serializers.IntegerField()
    maximum = serializers.IntegerField(help_text="What it could have been; 0 for a deduction.")
    sentence = serializers.CharField()
    facts = serializers.DictField(help_text="Ids and numbers that the sentence is about.")


class WhyNotSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=[condition.value for condition in Condition])
    sentence = serializers.CharField()


class MatchMaySerializer(serializers.Serializer[Any]):
    ask = serializers.BooleanField()


class MatchSerializer(serializers.Serializer[Any]):
    """A person and why: the points of the rows sum to `total`."""

    member = MemberCardSerializer()
    total = serializers.IntegerField()
    sentence = serializers.CharField(allow_blank=True, help_text="The strongest reasons in one line.")
    rows = MatchRowSerializer(many=True)
    places_open = serializers.IntegerField()
    answers_within_days = serializers.IntegerField(
        allow_null=True, help_text="Usually answers within so many days; null where too few answers tell."
    )
    is_drawn = serializers.BooleanField(help_text="Drawn for one of the last places, among those who are rarely shown.")
    why_not = WhyNotSerializer(many=True)
    may = MatchMaySerializer()


class MissingSerializer(NamedSerializer):
    close = NamedSerializer(allow_null=True, help_text="What somebody offers that is close to it.")


class FoundSerializer(serializers.Serializer[Any]):
    """People, best first. `rung` says how far wishes had to be stretched, `missing` which nobody offers who could be asked."""

    results = MatchSerializer(many=True)
    elsewhere = MatchSerializer(many=True, help_text="Guides in other tracks, where the one asked for has too few.")
    rung = serializers.ChoiceField(choices=[rung.word for rung in Rung])
    missing = MissingSerializer(many=True)
    receipt = serializers.CharField(help_text="To be handed in once the list is shown.")
    programme = serializers.IntegerField(allow_null=True, help_text="Whose weights were used.")


class ShownSerializer(serializers.Serializer[Any]):
    receipt = serializers.CharField(max_length=20_000)


class HelpedSerializer(serializers.Serializer[Any]):
    """People who look for what I offer, best first."""

    results = MatchSerializer(many=True)
    places_open = serializers.IntegerField(help_text="How many more I can guide.")
