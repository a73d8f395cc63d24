"""Guidance between members: requests, the mentorships that come of them, and cohorts of programmes."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backend.conversations.models import Room
from backend.members.models import Organisation
from backend.skills.models import Skill


class Track(models.TextChoices):
    """What guidance is about: the worker, the activity, or one's place in the shared enterprise."""

    SOCIAL = "social"
    ECONOMIC = "economic"
    COOPERATIVE = "cooperative"


class MentorshipRequest(models.Model):
    """A mentee asks a mentor. At most one is pending between the same two people."""

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    class DeclineReason(models.TextChoices):
        NO_TIME = "no_time"
        NOT_MY_FIELD = "not_my_field"
        BETTER_GUIDE = "better_guide"
        OTHER = "other"

    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_made")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_received")
    track = models.CharField(max_length=12, choices=Track)
    wishes = models.ManyToManyField(Skill, blank=True, related_name="+")
    message = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    decline_reason = models.CharField(max_length=16, choices=DeclineReason, blank=True)
    answer = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["mentor", "status", "-id"], name="request_for_mentor"),
            models.Index(fields=["mentee", "status", "-id"], name="request_of_mentee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"], condition=Q(status="pending"), name="one_request_waits_between_two_people"
            ),
            models.CheckConstraint(condition=~Q(mentee=models.F("mentor")), name="nobody_asks_themselves"),
        ]


class Mentorship(models.Model):
    """A mentor guides a mentee in one track, with a room of their own."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        CLOSED = "closed"

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_given")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_received")
    request = models.OneToOneField(MentorshipRequest, models.CASCADE, related_name="mentorship")
    track = models.CharField(max_length=12, choices=Track)
    room = models.OneToOneField(Room, models.PROTECT, related_name="mentorship")
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_words = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "mentee", "track"],
                condition=~Q(status="closed"),
                name="two_people_have_one_running_mentorship_per_track",
            ),
        ]


class Dismissal(models.Model):
    """A member does not want this person suggested: only they are told, and they can take it back."""

    class Reason(models.TextChoices):
        OTHER_NEEDS = "other_needs"
        KNOWN_ALREADY = "known_already"
        WORKS_DIFFERENTLY = "works_differently"
        NO_TIME_IN_COMMON = "no_time_in_common"
        OTHER = "other"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dismissals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "person"], name="somebody_is_dismissed_once"),
            models.CheckConstraint(condition=~Q(member=models.F("person")), name="nobody_dismisses_themselves"),
        ]


class Showing(models.Model):
    """A guide was suggested to a member on a day, and with which chance: certain, or drawn for one of the last places.

    Without the chances, what people choose would only confirm the ranking that they were shown.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)
    place = models.PositiveSmallIntegerField(help_text="In the list, from 1.")
    chance = models.FloatField(help_text="Of being shown, 1 for the best.")
    points = models.JSONField(default=dict, help_text="What each part of the score gave, by its name.")
    weights = models.CharField(max_length=40, blank=True, help_text="Version of the weights behind the points.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "person", "day"], name="somebody_is_shown_once_a_day"),
            models.CheckConstraint(condition=Q(chance__gt=0, chance__lte=1), name="a_chance_is_up_to_1"),
        ]


class Programme(models.Model):
    """Guidance that an organisation offers: its track, who looks after it, and how people are matched in it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=80)
    track = models.CharField(max_length=12, choices=Track)
    coordinators = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="programmes_coordinated")
    weights = models.JSONField(default=dict, blank=True, help_text="Points that differ from the defaults, by name.")
    weights_version = models.PositiveIntegerField(default=1, help_text="One more with each change of the weights.")
    floor = models.PositiveSmallIntegerField(default=100, help_text="Nobody is paired below this many points (0–1000).")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_programme_has_a_name_of_its_own"),
            models.CheckConstraint(condition=Q(floor__lte=1000), name="a_floor_is_at_most_1000_points"),
        ]

    def __str__(self) -> str:
        return self.name


class WeightsVersion(models.Model):
    """The weights of a programme as they were from a moment on. Written once, never changed: results name their version."""

    class Source(models.TextChoices):
        GIVEN = "given"
        EDITED = "edited"
        ESTIMATED = "estimated"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    points = models.JSONField(default=dict, help_text="What differs from the defaults, by name.")
    source = models.CharField(max_length=9, choices=Source)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="weights_have_a_number_of_their_own"),
        ]


class WeightsProposal(models.Model):
    """Weights that what members chose speaks for, with the evidence. They count for nothing until a coordinator says so."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        OVERTAKEN = "overtaken"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField(help_text="Of the version that it would replace.")
    points = models.JSONField(help_text="By name.")
    evidence = models.JSONField(
        help_text="Lists learnt from and held out, and how well both weights foretold the latter."
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state="open"), name="a_programme_has_one_open_proposal"
            ),
        ]


class PlacePrice(models.Model):
    """What one more place with this guide would be worth to a programme, in points: how many people need exactly them."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="prices")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "mentor"], name="a_guide_has_one_price_per_programme")
        ]


class PairDemand(models.Model):
    """What a coordinator demands of every run: two people are kept together, or kept apart."""

    class Kind(models.TextChoices):
        KEPT = "kept"
        EXCLUDED = "excluded"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="demands")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "mentee", "mentor"], name="one_demand_for_two_people"),
            models.CheckConstraint(condition=~Q(mentee=models.F("mentor")), name="a_demand_is_about_two_people"),
        ]


class Cohort(models.Model):
    """One run of a programme's matching: asked for, worked out in the background, looked at, and perhaps published."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"
        PUBLISHED = "published"

    class Objective(models.TextChoices):
        TOTAL = "total"
        PROTECT_WORST_OFF = "protect_worst_off"
        PREFER_STABILITY = "prefer_stability"

    class Step(models.TextChoices):
        READING = "reading"
        SCORING = "scoring"
        ASSIGNING = "assigning"
        CHECKING = "checking"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="cohorts")
    objective = models.CharField(max_length=20, choices=Objective, default=Objective.TOTAL)
    seed = models.BigIntegerField(help_text="Settles ties; drawn when the run is asked for, before anything is known.")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    step = models.CharField(max_length=10, choices=Step, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="Members scored so far, of `people`.")
    people = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="When the run last showed a sign of life.")
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=20, blank=True, help_text="Code of why it failed.")
    failure_detail = models.TextField(blank=True)
    intake = models.JSONField(
        null=True, blank=True, help_text="All that the engine was given: who checks it needs no more."
    )
    certificate = models.JSONField(
        null=True, blank=True, help_text="The proof and the figures, as the engine gave them."
    )

    LIFELESS_AFTER = dt.timedelta(minutes=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(status__in=["waiting", "running"]),
                name="a_programme_is_matched_once_at_a_time",
            ),
        ]

    def is_dead(self, at: dt.datetime) -> bool:
        """Under way by its own account, but without a sign of life for so long that its worker must be gone."""
        under_way = self.status in (self.Status.WAITING, self.Status.RUNNING)
        return under_way and self.moved_at < at - self.LIFELESS_AFTER


class CohortSeat(models.Model):
    """A mentee of a cohort: with the mentor found and what each gains in points, or with the reason why there is none."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="seats")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    for_mentee = models.PositiveSmallIntegerField(null=True)
    for_mentor = models.PositiveSmallIntegerField(null=True)
    why_empty = models.CharField(max_length=16, blank=True)
    is_stale = models.BooleanField(
        default=False, help_text="The pair was possible when found, and no longer when published."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "mentee"], name="a_mentee_has_one_seat_in_a_cohort"),
        ]
