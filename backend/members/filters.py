"""Which members."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from backend.errors import field_error
from backend.members import around, facets, regions
from backend.members.models import Member, MemberQuerySet, Offer, WorkCountry, near, tells
from backend.members.wishes import countries
from backend.skills import typeahead
from backend.skills.folding import fold
from backend.skills.models import Sector, Skill, SkillLink

TRACKS = [("social", "social"), ("economic", "economic"), ("cooperative", "cooperative")]
WORDS_MAX = 6
SEARCH_MAX_LENGTH = 200


def with_narrower(skill: Skill) -> set[int]:
    """The skill and everything below it: who does stage lighting does event technology."""
    found, edge = {skill.pk}, {skill.pk}
    while edge:
        below = SkillLink.objects.filter(source__in=edge, kind=SkillLink.Kind.BROADER).values_list("target", flat=True)
        edge = set(below) - found
        found |= edge
    return found


class MemberFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        method="by_words",
        help_text="Name, town, region, profession, offered skill or what they wrote; in any language.",
    )
    skill = django_filters.ModelChoiceFilter(
        queryset=Skill.objects.all(), method="by_skill", help_text="Offers it, or a narrower one."
    )
    wants_skill = django_filters.ModelChoiceFilter(queryset=Skill.objects.all(), field_name="wants__skill")
    sector = django_filters.ModelChoiceFilter(queryset=Sector.objects.all(), method="by_sector")
    language = django_filters.CharFilter(method="by_language", help_text="Speaks it; with min_level, that well.")
    min_level = django_filters.NumberFilter(method="unchanged", help_text="1–7; goes with language.")
    country = django_filters.CharFilter(method="by_country")
    not_country = django_filters.CharFilter(method="by_country")
    region = django_filters.MultipleChoiceFilter(
        choices=lambda: [(code, code) for code in regions.known().regions],
        method="by_region",
        help_text="Lives in one of these regions, by ISO 3166-2 code (FR-ARA); repeat the parameter.",
    )
    works_in = django_filters.MultipleChoiceFilter(
        choices=lambda: [(code, code) for code in sorted(countries())],
        method="by_work",
        help_text="Lives or works in each of these countries; repeat the parameter.",
    )
    near = django_filters.CharFilter(method="by_distance", help_text="Latitude and longitude: 50.85,4.35.")
    within_km = django_filters.CharFilter(method="by_distance", help_text="50 unless told; 500 at most.")
    free_from = django_filters.DateFilter(
        method="by_days", help_text="With free_until: has time in each week between, and is not away."
    )
    free_until = django_filters.DateFilter(method="by_days", help_text="The last day; eight weeks at most.")
    is_guide = django_filters.BooleanFilter(method="by_guide")
    track = django_filters.ChoiceFilter(choices=TRACKS, method="by_track")
    online = django_filters.BooleanFilter(field_name="meets_online")
    in_person = django_filters.BooleanFilter(field_name="meets_in_person")

    class Meta:
        model = Member
        fields = ["organisation"]

    base_filters: dict[str, Any]

    def __init__(self, data: Any = None, *given: Any, **more: Any) -> None:
        # To make all of them ready takes longer than most of them take to answer.
        self.base_filters = {name: one for name, one in self.base_filters.items() if name in (data or ())}
        super().__init__(data, *given, **more)

    def by_words(self, members: QuerySet[Member], name: str, value: str) -> QuerySet[Member]:
        """Every word must be found in one of these places, whatever its accents and in whichever language."""
        words = [word for word in value[:SEARCH_MAX_LENGTH].split() if fold(word)][:WORDS_MAX]
        for word in words:
            said = typeahead.named(fold(word))
            skilled = Offer.objects.filter(skill__in=said.filter(skill__isnull=False).values("skill"))
            # Who tells those abroad less is not found there by it, and at home by their town all the same.
            found = (
                Q(folded__contains=fold(word))
                | (Q(about__icontains=word) & tells(self.request.user))
                | (Q(city__icontains=word) & near(self.request.user))
                | Q(profession__in=said.filter(profession__isnull=False).values("profession"))
                | Q(pk__in=skilled.values("member"))
            )
            if codes := regions.called(fold(word)):
                found |= Q(region__in=codes) & tells(self.request.user)
            members = members.filter(found)
        return members if words else members.none()

    @extend_schema_field(OpenApiTypes.INT)
    def by_skill(self, members: MemberQuerySet, name: str, skill: Skill) -> MemberQuerySet:
        return facets.offering(members, with_narrower(skill))

    @extend_schema_field(OpenApiTypes.INT)
    def by_sector(self, members: MemberQuerySet, name: str, sector: Sector) -> MemberQuerySet:
        return facets.in_sector(members, sector.pk)

    def by_language(self, members: MemberQuerySet, name: str, code: str) -> MemberQuerySet:
        return facets.speaking(members, code.lower(), self.form.cleaned_data.get("min_level") or Decimal(1))

    def by_country(self, members: QuerySet[Member], name: str, code: str) -> QuerySet[Member]:
        there = Q(country=code.upper())
        return members.filter(there if name == "country" else ~there)

    def by_region(self, members: MemberQuerySet, name: str, value: list[str]) -> MemberQuerySet:
        """By the town, so of those alone who tell where it is."""
        return members.telling(self.request.user).filter(region__in=value) if value else members

    def by_work(self, members: QuerySet[Member], name: str, value: list[str]) -> QuerySet[Member]:
        for code in value:
            there = WorkCountry.objects.filter(code=code)
            members = members.filter(Q(country=code) | Q(pk__in=there.values("member")))
        return members

    def by_distance(self, members: MemberQuerySet, name: str, value: str) -> MemberQuerySet:
        point = around.point_of(self.data.get("near") or "")
        # Both parameters may arrive here; once is enough.
        if name != "near":
            return members
        return around.within(
            members.telling(self.request.user), point, around.radius_of(self.data.get("within_km", ""))
        )

    def by_days(self, members: MemberQuerySet, name: str, value: object) -> MemberQuerySet:
        first, last = (self.form.cleaned_data.get(bound) for bound in ("free_from", "free_until"))
        if first is None or last is None:
            missing = "free_until" if last is None else "free_from"
            raise field_error(missing, "required", _("This is still missing."))
        return members if name == "free_until" else around.free_between(members.telling(self.request.user), first, last)

    def unchanged(self, members: QuerySet[Member], name: str, value: Any) -> QuerySet[Member]:
        return members

    def by_guide(self, members: QuerySet[Member], name: str, value: bool) -> QuerySet[Member]:
        guides = Q(guide_capacity__gt=0, guide_paused=False)
        return members.filter(guides if value else ~guides)

    def by_track(self, members: QuerySet[Member], name: str, track: str) -> QuerySet[Member]:
        return members.filter(guide_capacity__gt=0, guide_paused=False, **{f"guides_{track}": True})
