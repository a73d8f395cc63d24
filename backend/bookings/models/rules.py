"""Rules of booking as their hosts set them, and who is let off one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.bookings.models.places import Place
from backend.bookings.models.resources import Resource
from backend.collectives.models import Collective
from backend.members.models import Organisation


class Rule(models.Model):
    """One rule for a resource, for all or one kind at a place, or for all or one kind of an organisation.

    What `terms` hold depends on `what`; `terms.py` says and checks it. The nearest rule of a kind counts (resource, place and kind,
    place, organisation and kind, organisation), except for those that add up: who may, quotas, inductions, approval.
    """

    class What(models.TextChoices):
        LENGTH = "length"
        LEAD = "lead"
        AHEAD = "ahead"
        BUFFERS = "buffers"
        NOTICE = "notice"
        RELEASE = "release"
        COST = "cost"
        DEPOSIT = "deposit"
        WHO = "who"
        QUOTA = "quota"
        INDUCTION = "induction"
        APPROVAL = "approval"

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="booking_rules")
    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="rules")
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, blank=True, related_name="rules")
    kind = models.CharField(max_length=10, choices=Resource.Kind, blank=True, help_text="Only this kind of resource.")
    what = models.CharField(max_length=10, choices=What)
    terms = models.JSONField(default=dict)
    message = models.JSONField(default=dict, blank=True, help_text='Why, in the host\'s words: {"en": …, "fr": …}.')
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller ones are asked first.")
    is_active = models.BooleanField(default=True)
    decision = models.BigIntegerField(null=True, blank=True, help_text="The proposal by which a collective decided it.")
    decided_by = models.ForeignKey(Collective, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, place__isnull=True, resource__isnull=True)
                | Q(organisation__isnull=True, place__isnull=False, resource__isnull=True)
                | Q(organisation__isnull=True, place__isnull=True, resource__isnull=False, kind=""),
                name="a_rule_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.terms}"


class Exemption(models.Model):
    """A host lets a person or a collective off one rule, for a time or for good."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="exemptions")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="booking_exemptions"
    )
    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="booking_exemptions")
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, collective__isnull=True)
                | Q(member__isnull=True, collective__isnull=False),
                name="an_exemption_is_for_a_person_or_a_collective",
            ),
        ]


class Induction(models.Model):
    """What one has to be shown before using something on one's own; granted by a host, and good for `valid_days`."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="inductions")
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=1000, blank=True)
    valid_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: for good.")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class InductionSession(models.Model):
    """When a host shows it to up to `seats` people."""

    induction = models.ForeignKey(Induction, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField(default=4)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    booking = models.ForeignKey(
        "bookings.Booking",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Holds its room or thing.",
    )

    class Meta:
        indexes = [models.Index(fields=["induction", "starts_at"], name="induction_sessions_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="an_induction_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="an_induction_has_a_seat"),
        ]


class InductionSeat(models.Model):
    """A member has booked a seat in a session."""

    session = models.ForeignKey(InductionSession, models.CASCADE, related_name="booked")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="induction_seats")
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="a_member_has_one_seat_in_a_session")]


class InductionGrant(models.Model):
    """A member may use what asks for this induction, until it expires or is taken back."""

    induction = models.ForeignKey(Induction, models.CASCADE, related_name="grants")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inductions")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "induction"], name="inductions_of_member")]
