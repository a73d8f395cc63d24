"""What a collective, an organisation or the federation decides: proposals, who may vote on them, their ballots, and what takes effect."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.collectives.models import Collective, CollectiveMembership
from backend.consultations.models import Consultation
from backend.conversations.models import Topic
from backend.members.models import Member, Organisation


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, viewer: Member) -> "ProposalQuerySet":
        """Those of collectives in which the viewer is a member now, or on leave, and of consultations that concern them.

        A draft is its author's alone; in a consultation, of all who look after it.
        """
        inside = CollectiveMembership.objects.filter(
            member=viewer, state__in=["member", "on_leave"], collective__closed_at=None
        )
        asked = Consultation.objects.concerning(viewer)
        ours = Q(collective__in=inside.values("collective")) | Q(consultation__in=asked.values("pk"))
        lead = Consultation.objects.filter(facilitators=viewer)
        return self.filter(ours, ~Q(state="draft") | Q(author=viewer) | Q(consultation__in=lead.values("pk")))


class Proposal(models.Model):
    """Something to decide, talked about in a topic of its people's room, then voted on by one method until a moment.

    Its people are those of a collective, or all whom a consultation concerns: see `people`.
    """

    class Method(models.TextChoices):
        CONSENT = "consent"
        MAJORITY = "majority"
        SCORE = "score"
        RANKED = "ranked"
        DOTS = "dots"
        DATES = "dates"

    class State(models.TextChoices):
        DRAFT = "draft"
        DISCUSSION = "discussion"
        OPENING = "opening", "being opened: who may vote is written down"
        VOTING = "voting"
        COUNTING = "counting"
        CLOSED = "closed"
        CONCLUDED = "concluded"
        WITHDRAWN = "withdrawn"

    class Verdict(models.TextChoices):
        DECIDED = "decided"
        REJECTED = "rejected"
        TIE = "tie"
        NO_QUORUM = "no_quorum"

    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="proposals")
    consultation = models.ForeignKey(Consultation, models.CASCADE, null=True, blank=True, related_name="proposals")
    topic = models.OneToOneField(Topic, models.PROTECT, null=True, blank=True, related_name="proposal")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="proposals")
    title = models.CharField(max_length=110)
    text = models.TextField(max_length=10_000, blank=True, help_text="Markdown.")
    method = models.CharField(max_length=8, choices=Method)
    threshold = models.PositiveSmallIntegerField(default=50, help_text="Percent of yes and no, of a majority.")
    quorum = models.PositiveSmallIntegerField(default=50, help_text="Percent of those who may vote.")
    dots = models.PositiveSmallIntegerField(default=8, help_text="How many dots each voter has.")
    is_secret = models.BooleanField(default=False, help_text="Who voted what is told to nobody.")
    hides_results = models.BooleanField(default=False, help_text="Nothing is told of the result until it is closed.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When voting began.")
    closes_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True)
    result = models.JSONField(null=True, blank=True, help_text="The figures of the tally, once it is closed.")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["collective", "state", "-id"], name="proposals_of_a_collective"),
            models.Index(fields=["closes_at"], condition=Q(state="voting"), name="votes_that_will_close"),
            models.Index(fields=["state"], condition=Q(state__in=["opening", "counting"]), name="votes_at_work"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold__gte=50, threshold__lte=100, quorum__lte=100), name="shares_are_percentages"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "concluded"], closed_at__isnull=False, result__isnull=False)
                | (~Q(state__in=["closed", "concluded"]) & Q(closed_at__isnull=True, verdict="")),
                name="what_is_closed_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(collective__isnull=False, consultation__isnull=True)
                | Q(collective__isnull=True, consultation__isnull=False),
                name="a_proposal_belongs_to_a_collective_or_a_consultation",
            ),
            models.UniqueConstraint(
                fields=["consultation"], condition=~Q(state="withdrawn"), name="a_consultation_has_one_vote"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Option(models.Model):
    """One of several that can win; of a date poll, a time to meet."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="options_stand_in_order")]


class Voter(models.Model):
    """Someone who may vote, and where they live: written down when voting begins, and not changed by who comes and goes afterwards.

    `delegate` votes for this person too, as long as they have not voted themselves; a delegate's own delegate does not.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="voters")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    delegate = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="votes_for")
    voted_at = models.DateTimeField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "member"], name="a_member_votes_once")]


class Ballot(models.Model):
    """What somebody voted, the last that they said. Of a secret vote, the voter is erased when it closes."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="ballots")
    voter = models.OneToOneField(Voter, models.SET_NULL, null=True, related_name="ballot")
    content = models.JSONField()


class StandingDelegation(models.Model):
    """Who votes for a member in every vote that begins, until it is taken back: in a collective, an organisation or the federation.

    It is written into the electorate when a vote begins. It goes one step, and the member's own vote goes before it.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes_lent")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes_borrowed")
    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", help_text="Neither: the federation."
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "collective"],
                condition=Q(collective__isnull=False),
                name="one_delegate_in_a_collective",
            ),
            models.UniqueConstraint(
                fields=["member", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_delegate_in_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(collective__isnull=True, organisation__isnull=True),
                name="one_delegate_in_the_federation",
            ),
            models.CheckConstraint(
                condition=Q(collective__isnull=True) | Q(organisation__isnull=True), name="a_delegate_is_for_one_body"
            ),
            models.CheckConstraint(condition=~Q(member=F("delegate")), name="nobody_is_their_own_delegate"),
        ]


class Change(models.Model):
    """What takes effect when the proposal is decided: applied once, or the reason why it could not be."""

    class Kind(models.TextChoices):
        BOOKING_RULE = "booking_rule"
        HOURS = "hours"
        AGREEMENT = "agreement"
        STEWARD = "steward"
        ADMISSION = "admission"
        EXCLUSION = "exclusion"

    class State(models.TextChoices):
        WAITING = "waiting"
        APPLIED = "applied"
        FAILED = "failed"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="changes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    terms = models.JSONField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    code = models.CharField(max_length=40, blank=True, help_text="Of the refusal, when it could not be.")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="changes_stand_in_order")]


class Outcome(models.Model):
    """What somebody wrote about how it ended, and when it is looked at again. The newest counts; earlier ones stay."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="outcomes")
    text = models.TextField(max_length=4000)
    review_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True, help_text="When its review was called for.")

    class Meta:
        ordering = ["-id"]
