"""People by several of their lists at once: what they offer, in which fields, what they speak.

On PostgreSQL each member carries these lists as one array (`members_member.facets`: `skill:12`, `sector:3`, `speaks:fr:5`), which triggers keep
and an inverted index (GIN) answers: it cuts several lists with each other before it looks at anybody. SQLite joins the tables.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from backend.members.models import Member, MemberQuerySet, Offer, SpokenLanguage

NATIVE = 7


def offering(members: MemberQuerySet, skills: Collection[int]) -> MemberQuerySet:
    """Those who offer one of these skills."""
    offers = Offer.objects.filter(skill__in=skills).values("member")
    return _having(members, [f"skill:{skill}" for skill in sorted(skills)], Q(pk__in=offers))


def in_sector(members: MemberQuerySet, sector: int) -> MemberQuerySet:
    """Those who work in this field."""
    there = Member.sectors.through.objects.filter(sector=sector).values("member")
    return _having(members, [f"sector:{sector}"], Q(pk__in=there))


def speaking(members: MemberQuerySet, code: str, level: Decimal) -> MemberQuerySet:
    """Those who speak this language at this level or better."""
    # Asked of each who is found otherwise: a list of all who speak it would be a long one.
    asked = Exists(SpokenLanguage.objects.filter(member=OuterRef("pk"), code=code, level__gte=level))
    lowest = ceil(min(max(level, Decimal(1)), Decimal(NATIVE + 1)))
    return _having(members, [f"speaks:{code}:{better}" for better in range(lowest, NATIVE + 1)], asked)


def _having(members: MemberQuerySet, facets: Sequence[str], otherwise: Q | Exists) -> MemberQuerySet:
    is_postgresql = connections[members.db].vendor == "postgresql"
    return members.filter(_OneOf(facets) if is_postgresql else otherwise)


class _OneOf(Func):
    """Whether a member has one of these facets; the column is PostgreSQL's alone, so that the model does not know it."""

    output_field = BooleanField()

    def __init__(self, facets: Sequence[str]) -> None:
        super().__init__(F("pk"))
        self.facets = list(facets)

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # No template is filled in here.
        pk: Any = self.source_expressions[0]
        members = compiler.quote_name_unless_alias(pk.alias)
        return f"{members}.facets && %s::text[]", [self.facets]
