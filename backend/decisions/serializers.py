"""The shapes of proposals, as one person sees them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.bookings.models import Resource
from backend.collectives import agreements
from backend.decisions import closing, people, rules
from backend.decisions.models import Ballot, Change, Option, Outcome, Proposal, Voter
from backend.members.models import Member
from backend.members.serializers import PersonSerializer

VOTERS_SHOWN = 200
VOTER = ("member", "delegate__member", "ballot")
KINDS = Change.Kind.choices


class OptionSerializer(serializers.ModelSerializer[Option]):
    class Meta:
        model = Option
        fields = ["id", "title", "starts_at", "ends_at"]


class EffectSerializer(serializers.ModelSerializer[Change]):
    """What takes effect when it is decided: `about` names the thing or the person. `code` says why it could not."""

    terms = serializers.DictField()
    about = serializers.SerializerMethodField()

    class Meta:
        model = Change
        fields = ["kind", "terms", "about", "state", "code", "settled_at"]

    def get_about(self, change: Change) -> str:
        """Empty where the person is not to be seen by whoever reads this."""
        if change.kind in (Change.Kind.BOOKING_RULE, Change.Kind.HOURS):
            return Resource.objects.filter(pk=change.terms["resource"]).values_list("name", flat=True).first() or ""
        if "member" not in change.terms:
            return ""
        ours = Q(collective_memberships__collective__proposals=change.proposal_id)
        seen = Member.objects.visible_to(self.context["request"].user)
        people = Member.objects.filter(ours | Q(pk__in=seen.values("pk"))).filter(pk=change.terms["member"])
        return people.values_list("name", flat=True).first() or ""


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    written_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Outcome
        fields = ["text", "review_on", "written_by", "written_at", "reviewed_at"]


class WhereSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ConsultedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    organisation = serializers.CharField(allow_blank=True, help_text="Its name; empty for the whole federation.")


class ProposalCardSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal in the register."""

    collective = WhereSerializer(read_only=True, allow_null=True)
    consultation = serializers.SerializerMethodField(help_text="Whose vote it is, where it is not of a collective.")
    author = PersonSerializer(read_only=True, allow_null=True)
    my_vote_is_open = serializers.SerializerMethodField(help_text="I may vote, and have not.")

    class Meta:
        model = Proposal
        fields = [
            "id", "title", "collective", "consultation", "author", "method", "state", "verdict", "created_at", "closes_at", "closed_at",
            "my_vote_is_open",
        ]  # fmt: skip
        read_only_fields = fields

    @property
    def viewer(self) -> Member:
        member: Member = self.context["request"].user
        return member

    @extend_schema_field(ConsultedSerializer(allow_null=True))
    def get_consultation(self, proposal: Proposal) -> dict[str, Any] | None:
        asked = proposal.consultation
        if asked is None:
            return None
        organisation = asked.organisation.name if asked.organisation is not None else ""
        return {"id": asked.pk, "title": asked.title, "organisation": organisation}

    def get_my_vote_is_open(self, proposal: Proposal) -> bool:
        return proposal.state == rules.State.VOTING and bool(getattr(proposal, "awaits_me", False))


class MyVoteSerializer(serializers.Serializer[Any]):
    """Whether I may vote, what I said, and who votes for me."""

    may = serializers.BooleanField()
    ballot = serializers.DictField(allow_null=True)
    delegate = PersonSerializer(allow_null=True)


class CountryFiguresSerializer(serializers.Serializer[Any]):
    """Of those who live in a country. Of a secret vote, few are told together: then `country` is empty."""

    country = serializers.CharField(allow_blank=True)
    electorate = serializers.IntegerField()
    voted = serializers.IntegerField()
    figures = serializers.DictField()


class VoteFiguresSerializer(serializers.Serializer[Any]):
    """The tally: `figures` by method as docs/deciding.md says; `voted` counts lent votes, of which there are `lent`.

    `countries` once the vote of a consultation is closed.
    """

    figures = serializers.DictField()
    winners = serializers.ListField(child=serializers.IntegerField())
    voted = serializers.IntegerField()
    lent = serializers.IntegerField()
    electorate = serializers.IntegerField()
    countries = CountryFiguresSerializer(many=True, required=False)


class VoterSerializer(serializers.Serializer[Any]):
    """A voter: that they voted, never more; whom they let vote for them."""

    member = PersonSerializer(allow_null=True)
    has_voted = serializers.BooleanField()
    delegate = serializers.IntegerField(allow_null=True, help_text="Their member id.")
    ballot = serializers.DictField(allow_null=True, help_text="Null where it is not told.")


class ProposalMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()
    discuss = serializers.BooleanField()
    withdraw = serializers.BooleanField()
    open = serializers.BooleanField()
    end = serializers.BooleanField(help_text="Count now, as everyone has voted.")
    conclude = serializers.BooleanField()


class ProposalSerializer(ProposalCardSerializer):
    """A proposal with all that is told of it at this point."""

    room = serializers.SerializerMethodField()
    options = OptionSerializer(many=True, read_only=True)
    effects = EffectSerializer(source="changes", many=True, read_only=True)
    outcomes = OutcomeSerializer(many=True, read_only=True)
    mine = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    voters = serializers.SerializerMethodField()
    electorate = serializers.SerializerMethodField(
        help_text="How many may vote; `voters` are the first 200 of them, and nobody where all are asked."
    )
    may = serializers.SerializerMethodField()

    class Meta(ProposalCardSerializer.Meta):
        fields = [
            *ProposalCardSerializer.Meta.fields, "text", "threshold", "quorum", "dots", "is_secret", "hides_results",
            "opened_at", "topic", "room", "options", "effects", "outcomes", "mine", "result", "voters",
            "electorate", "may",
        ]  # fmt: skip
        read_only_fields = fields

    def get_room(self, proposal: Proposal) -> int:
        return people.room_of(proposal).pk

    @extend_schema_field(MyVoteSerializer())
    def get_mine(self, proposal: Proposal) -> Any:
        mine = proposal.voters.select_related(*VOTER).filter(member=self.viewer).first()
        said = _said(mine) if mine else None
        lent_to = mine.delegate.member if mine and mine.delegate else None
        vote = {"may": mine is not None and proposal.state == rules.State.VOTING, "ballot": said, "delegate": lent_to}
        return MyVoteSerializer(vote, context=self.context).data

    @extend_schema_field(VoteFiguresSerializer(allow_null=True))
    def get_result(self, proposal: Proposal) -> Any:
        """What was counted; while it is voted on what stands now, where that is told."""
        if not rules.shows_figures(proposal):
            return None
        if proposal.state != rules.State.VOTING:
            return proposal.result
        counted, taking_part = closing.count(proposal)
        return {"figures": counted.figures, "winners": list(counted.winners), **taking_part}

    @extend_schema_field(VoterSerializer(many=True))
    def get_voters(self, proposal: Proposal) -> Any:
        told = rules.shows_ballots(proposal)
        rows = [
            {
                "member": row.member,
                "has_voted": row.voted_at is not None,
                "delegate": row.delegate.member_id if row.delegate else None,
                "ballot": _said(row) if told else None,
            }
            for row in self._voters(proposal)
        ]
        return VoterSerializer(rows, many=True, context=self.context).data

    @extend_schema_field(serializers.IntegerField())
    def get_electorate(self, proposal: Proposal) -> int:
        return proposal.voters.count()

    @extend_schema_field(ProposalMaySerializer())
    def get_may(self, proposal: Proposal) -> dict[str, bool]:
        following = rules.TRANSITIONS[proposal.state]
        mine, leads = people.owns(self.viewer, proposal), rules.may_lead(self.viewer, proposal)
        return {
            "edit": rules.may_edit(self.viewer, proposal),
            "discuss": mine and "discuss" in following,
            "withdraw": mine and "withdraw" in following,
            "open": leads and "open" in following,
            "end": leads and "stop" in following and not proposal.voters.filter(voted_at=None).exists(),
            "conclude": leads and "conclude" in following,
        }

    def _voters(self, proposal: Proposal) -> list[Voter]:
        """In the order of their names: the order of the rows would tell nothing either, but looks as if."""
        if proposal.consultation_id is not None:
            return []
        return list(proposal.voters.select_related(*VOTER).order_by("member__name", "pk")[:VOTERS_SHOWN])


def _said(voter: Voter) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = voter.ballot.content
    except Ballot.DoesNotExist:
        return None
    return content


class OptionWriteSerializer(serializers.ModelSerializer[Option]):
    class Meta:
        model = Option
        fields = ["title", "starts_at", "ends_at"]

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        begins, ends = wish.get("starts_at"), wish.get("ends_at")
        if (begins is None) != (ends is None) or (begins is not None and begins >= ends):
            raise serializers.ValidationError({"ends_at": [_("It must end after it begins.")]}, code="end_before_start")
        return wish


class EffectWriteSerializer(serializers.Serializer[Any]):
    """`booking_rule` has resource, what, terms and message; `hours` resource, opens_minute and closes_minute; `agreement` text; `steward` member, is_steward and until; the others a member."""

    kind = serializers.ChoiceField(choices=KINDS)
    resource = IdField(required=False)
    what = serializers.CharField(max_length=10, required=False)
    opens_minute = serializers.IntegerField(min_value=0, max_value=1440, required=False)
    closes_minute = serializers.IntegerField(min_value=0, max_value=1440, required=False)
    terms = serializers.DictField(required=False)
    message = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    member = IdField(required=False)
    is_steward = serializers.BooleanField(required=False)
    until = serializers.DateField(required=False, allow_null=True)
    text = serializers.CharField(max_length=agreements.TEXT_MAX, required=False)


class EditProposalSerializer(serializers.ModelSerializer[Proposal]):
    title = serializers.CharField(min_length=3, max_length=110)
    options = OptionWriteSerializer(many=True, required=False)
    effects = EffectWriteSerializer(many=True, required=False)
    threshold = serializers.IntegerField(min_value=50, max_value=100, required=False)
    quorum = serializers.IntegerField(min_value=0, max_value=100, required=False)
    dots = serializers.IntegerField(min_value=1, max_value=100, required=False)

    class Meta:
        model = Proposal
        fields = [
            "title", "text", "method", "threshold", "quorum", "dots", "is_secret", "hides_results", "options", "effects",
        ]  # fmt: skip
        extra_kwargs = {"text": {"required": False}}

    def validate_options(self, options: list[Any]) -> list[Any]:
        if len(options) > rules.OPTIONS_MAX:
            raise serializers.ValidationError(_("Twenty options at most."), code="too_many_options")
        return options

    def validate_effects(self, effects: list[Any]) -> list[Any]:
        if len(effects) > rules.CHANGES_MAX:
            raise serializers.ValidationError(_("Five effects at most."), code="too_many_effects")
        return effects


class ProposeSerializer(EditProposalSerializer):
    """In a collective, or, by who looks after it, the vote of a consultation."""

    collective = IdField(required=False)
    consultation = IdField(required=False)

    class Meta(EditProposalSerializer.Meta):
        fields = ["collective", "consultation", *EditProposalSerializer.Meta.fields]

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        if ("collective" in wish) == ("consultation" in wish):
            raise serializers.ValidationError({"collective": [_("Say whose decision it is.")]}, code="required")
        return wish


class OpenVoteSerializer(serializers.Serializer[Any]):
    closes_at = serializers.DateTimeField()


class VoteSerializer(serializers.Serializer[Any]):
    """A ballot by method: {stance, reason}, {choice}, {scores}, {ranking}, {dots} or {dates}; or {abstain: true}.

    `voter` may say that it is mine; nobody votes with somebody else's vote.
    """

    ballot = serializers.DictField()
    voter = IdField(required=False)


class DelegateSerializer(serializers.Serializer[Any]):
    member = IdField(allow_null=True)


class ConcludeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)
    review_on = serializers.DateField(required=False, allow_null=True, default=None)
