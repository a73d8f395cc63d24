"""Members, their organisations, and what each of them offers, wants, speaks and has time for."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from backend.members import towns
from backend.members.derived import Coordinate, FreeWeekdays, RegionOfTown, TileOfTown
from backend.skills.folding import fold
from backend.skills.models import Profession, Sector, Skill

MINUTES_A_DAY = 24 * 60


class Organisation(models.Model):
    """One cooperative enterprise in one country; they live side by side in one installation."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    country = models.CharField(max_length=2)
    timezone = models.CharField(max_length=64, default="Europe/Brussels")
    is_open = models.BooleanField(default=True, help_text="New members may choose it when they join.")

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    def present(self) -> "MemberQuerySet":
        """Members who have introduced themselves and whose account is open."""
        return self.filter(is_active=True, onboarded_at__isnull=False)

    def visible_to(self, viewer: "Member") -> "MemberQuerySet":
        """Members whom this viewer may meet: those seen by everyone, those of the same organisation, and themselves.

        Nobody of those whom they blocked or who blocked them, nor of those who are not seen in other countries.
        """
        everyone = Q(seen_by=Member.SeenBy.EVERYONE) & (~Q(seen_abroad=Member.SeenAbroad.NOTHING) | near(viewer))
        ours = Q(seen_by=Member.SeenBy.ORGANISATION, organisation__isnull=False, organisation=viewer.organisation_id)
        seen = self.present().filter(everyone | ours | Q(pk=viewer.pk))
        blocked, blocking = Block.objects.filter(by=viewer.pk), Block.objects.filter(whom=viewer.pk)
        # One list: PostgreSQL takes each that is left out for half of everybody.
        return seen.exclude(pk__in=blocked.values("whom").union(blocking.values("by"), all=True))

    def telling(self, viewer: "Member") -> "MemberQuerySet":
        """Those who tell this viewer where they live, when they are free and what they wrote about themselves."""
        return self.filter(tells(viewer))

    def guides(self) -> "MemberQuerySet":
        """Members who offer to guide others and have not paused."""
        return self.filter(guide_capacity__gt=0, guide_paused=False)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        member: Member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def near(viewer: "Member") -> Q:
    """Members who are not abroad for this viewer: of the same country or organisation, and themselves."""
    home = Q(country=viewer.country) | Q(pk=viewer.pk)
    return home if viewer.organisation_id is None else home | Q(organisation=viewer.organisation_id)


def tells(viewer: "Member") -> Q:
    """Members who tell this viewer everything that others read; the row of `Member.tells`."""
    return Q(seen_abroad=Member.SeenAbroad.EVERYTHING) | near(viewer)


class FoldedName(models.CharField[str, str]):
    """The name and the town as they are searched and sorted, written by itself at every save.

    Without the town where it is not told in other countries: pages are cut at this value.
    """

    def pre_save(self, member: models.Model, add: bool) -> str:
        assert self.max_length is not None
        told = getattr(member, "seen_abroad", "") == Member.SeenAbroad.EVERYTHING
        words = [getattr(member, "name", ""), getattr(member, "city", "") if told else ""]
        folded = fold(" ".join(words))[: self.max_length].strip()
        setattr(member, self.attname, folded)
        return folded


class Member(AbstractBaseUser, PermissionsMixin):
    """A person of the cooperative; also the account they sign in with."""

    class SeenBy(models.TextChoices):
        EVERYONE = "everyone"
        ORGANISATION = "organisation"
        NOBODY = "nobody"

    class SeenAbroad(models.TextChoices):
        """What those of other countries, outside the own organisation, see of somebody seen by everyone."""

        EVERYTHING = "everything"
        WORK = "work", "name, country, work and languages"
        NOTHING = "nothing"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    onboarded_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(
        default=timezone.now, db_index=True, help_text="When anything that matching looks at last changed."
    )

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="members")
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=80, blank=True)
    folded = FoldedName(max_length=200, editable=False, default="", db_index=True)
    x = Coordinate(null=True, editable=False)
    y = Coordinate(null=True, editable=False)
    z = Coordinate(null=True, editable=False)
    tile = TileOfTown(null=True, editable=False)
    region = RegionOfTown(max_length=6, editable=False, default="")
    timezone = models.CharField(max_length=64, default="Europe/Brussels")
    language = models.CharField(max_length=2, default="en", help_text="Of the interface and of mails.")
    free_weekdays = FreeWeekdays(editable=False, default=0, help_text="A bit for each day with hours; Monday is 1.")
    about = models.TextField(max_length=1000, blank=True)
    photo = models.ImageField(upload_to="members", blank=True)
    profession = models.ForeignKey(Profession, models.SET_NULL, null=True, blank=True, related_name="members")
    sectors = models.ManyToManyField(Sector, blank=True, related_name="members")
    seen_by = models.CharField(max_length=12, choices=SeenBy, default=SeenBy.EVERYONE)
    seen_abroad = models.CharField(max_length=10, choices=SeenAbroad, default=SeenAbroad.EVERYTHING)
    shows_presence = models.BooleanField(default=True, help_text="Others in a room may see that this member is there.")

    wishes_abroad = models.BooleanField(default=True, help_text="Likes to meet people in other countries.")
    meets_online = models.BooleanField(default=True)
    meets_in_person = models.BooleanField(default=True)
    guide_capacity = models.PositiveSmallIntegerField(default=0, help_text="People guided at once; 0 is not a guide.")
    guide_paused = models.BooleanField(default=False)
    guides_social = models.BooleanField(default=False)
    guides_economic = models.BooleanField(default=False)
    guides_cooperative = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[MemberManager] = MemberManager()

    class Meta:
        indexes = [
            models.Index(fields=["country", "id"], name="member_by_country"),
            models.Index(fields=["organisation", "id"], name="member_by_organisation"),
            models.Index(fields=["tile", "id"], name="member_by_tile"),
            models.Index(fields=["region", "id"], name="member_by_region"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="an_email_belongs_to_one_member"),
            models.CheckConstraint(condition=Q(guide_capacity__lte=20), name="a_guide_has_at_most_20_places"),
        ]

    def __str__(self) -> str:
        return self.name or f"Member {self.pk}"

    @property
    def is_onboarded(self) -> bool:
        return self.onboarded_at is not None

    def is_near(self, viewer: "Member") -> bool:
        """The row of `near`."""
        same_house = self.organisation_id is not None and self.organisation_id == viewer.organisation_id
        return same_house or self.country == viewer.country or self.pk == viewer.pk

    def tells(self, viewer: "Member") -> bool:
        """Whether this viewer reads where they live, when they are free and what they wrote about themselves."""
        return self.seen_abroad == Member.SeenAbroad.EVERYTHING or self.is_near(viewer)

    def is_shown_to(self, viewer: "Member") -> bool:
        """Whether they show themselves to this viewer, whoever blocked whom: the row of `visible_to`."""
        if self.seen_by == Member.SeenBy.EVERYONE:
            return self.seen_abroad != Member.SeenAbroad.NOTHING or self.is_near(viewer)
        same_house = self.organisation_id is not None and self.organisation_id == viewer.organisation_id
        return self.pk == viewer.pk or (self.seen_by == Member.SeenBy.ORGANISATION and same_house)

    @property
    def point(self) -> towns.Point | None:
        """The middle of their town, where we know it."""
        if self.x is None or self.y is None or self.z is None:
            return None
        return towns.on_earth(self.x, self.y, self.z)

    @property
    def is_guide(self) -> bool:
        return self.guide_capacity > 0 and not self.guide_paused

    @property
    def guide_tracks(self) -> list[str]:
        """The tracks in which this member guides: of `social`, `economic`, `cooperative`."""
        offered = (self.guides_social, self.guides_economic, self.guides_cooperative)
        return [track for track, does in zip(("social", "economic", "cooperative"), offered, strict=True) if does]


class Block(models.Model):
    """A member wants nothing to do with another: from then on neither exists for the other. Nobody else is told."""

    by = models.ForeignKey(Member, models.CASCADE, related_name="blocks")
    whom = models.ForeignKey(Member, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "whom"], name="somebody_is_blocked_once"),
            models.CheckConstraint(condition=~Q(by=models.F("whom")), name="nobody_blocks_themselves"),
        ]

    @classmethod
    def between(cls, member: Member) -> frozenset[int]:
        """Those whom this member blocked and those who blocked them."""
        pairs = cls.objects.filter(Q(by=member.pk) | Q(whom=member.pk)).values_list("by", "whom")
        return frozenset(pk for pair in pairs for pk in pair) - {member.pk}


class Reach(models.Model):
    """How somebody can be reached elsewhere, as they wrote it down: a table of its own, so that nothing that shows members shows it.

    Who reads it is said in `reach` alone. Never the address they sign in with, unless they write it here.
    """

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=32, blank=True)
    link = models.CharField(max_length=300, blank=True, help_text="https: of a messenger or a page.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="", telephone="", link=""), name="who_can_be_reached_has_said_how"
            ),
        ]


class MemberChange(models.Model):
    """The latest change of a member that matching looks at, also of one who is gone. Written by triggers alone: see `changes`."""

    member = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(db_index=True)
    within = models.BigIntegerField(db_index=True, help_text="The transaction, on PostgreSQL.")


class SpokenLanguage(models.Model):
    """A language (ISO 639 code) with its level: 1–6 are CEFR A1–C2, 7 is native."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="languages")
    code = models.CharField(max_length=3)
    level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-level", "code"]
        indexes = [models.Index(fields=["code", "level", "member"], name="who_speaks_it")]
        constraints = [
            models.UniqueConstraint(fields=["member", "code"], name="a_language_is_named_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 7)), name="a_language_level_is_1_to_7"),
        ]


class WorkCountry(models.Model):
    """Another country in which a member works, beside the one in which they live."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="works_in")
    code = models.CharField(max_length=2)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["code", "member"], name="who_works_there")]
        constraints = [models.UniqueConstraint(fields=["member", "code"], name="a_country_is_worked_in_once")]


class Offer(models.Model):
    """A skill that a member can help with. Level 1: I have done it a few times … 5: others learn it from me."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="offers")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="offers", db_index=False)
    level = models.PositiveSmallIntegerField(default=3)

    class Meta:
        ordering = ["-level", "id"]
        indexes = [models.Index(fields=["skill", "member"], name="who_offers_it")]
        constraints = [
            models.UniqueConstraint(fields=["member", "skill"], name="a_skill_is_offered_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="an_offer_level_is_1_to_5"),
        ]


class Want(models.Model):
    """A skill that a member wants help with: their level now (0 none … 4) and its priority (1 … 3 most)."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="wants")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="wants")
    level_now = models.PositiveSmallIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=2)

    class Meta:
        ordering = ["-priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "skill"], name="a_skill_is_wanted_once"),
            models.CheckConstraint(condition=Q(level_now__range=(0, 4)), name="a_want_level_is_0_to_4"),
            models.CheckConstraint(condition=Q(priority__range=(1, 3)), name="a_want_priority_is_1_to_3"),
        ]


class FreeHoursQuerySet(models.QuerySet["FreeHours"]):
    """Whatever changes the hours of members also notes on which weekdays they have some (`Member.free_weekdays`)."""

    def note(self, members: Iterable[int]) -> None:
        bit = Case(*(When(weekday=day, then=1 << day) for day in range(7)))
        hours = self.model.objects.filter(member=OuterRef("pk")).order_by().values("member")
        days = Coalesce(Subquery(hours.annotate(days=Sum(bit, distinct=True)).values("days")), 0)
        Member.objects.filter(pk__in=members).update(free_weekdays=days)

    def bulk_create(self, *given: Any, **how: Any) -> Any:
        made = super().bulk_create(*given, **how)
        self.note({hours.member_id for hours in made})
        return made

    def update(self, **changes: Any) -> int:
        members = list(self.values_list("member", flat=True))
        count = super().update(**changes)
        self.note(members)
        return count

    def delete(self) -> tuple[int, dict[str, int]]:
        members = list(self.values_list("member", flat=True))
        gone = super().delete()
        self.note(members)
        return gone


class FreeHours(models.Model):
    """Weekly hours in which a member can usually meet, on their own clock (`Member.timezone`), half-open, within one day."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="free_hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday.")
    from_minute = models.PositiveSmallIntegerField()
    until_minute = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["FreeHours"]] = FreeHoursQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "from_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="free_hours_are_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(from_minute__lt=F("until_minute"), until_minute__lte=MINUTES_A_DAY),
                name="free_hours_end_after_they_start",
            ),
        ]

    def save(self, *given: Any, **how: Any) -> None:
        super().save(*given, **how)
        FreeHoursQuerySet(FreeHours).note([self.member_id])

    def delete(self, *given: Any, **how: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*given, **how)
        FreeHoursQuerySet(FreeHours).note([self.member_id])
        return gone


class Away(models.Model):
    """Days on which a member cannot meet, whatever their usual hours, on their own clock; the last one included."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="away")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="away_ends_after_it_begins"),
        ]
