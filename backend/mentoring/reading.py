"""Members as the matching engine sees them: read in handfuls, so that a hundred thousand ask no more of the database at a time than a few."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from backend.members.models import FreeHours, Member, Offer, SpokenLanguage, Want
from backend.mentoring import rules
from backend.mentoring.models import MentorshipRequest, PlacePrice
from matching import HOURS_A_WEEK, Person, rarity

HANDFUL = 900
"""Some SQLite take no more than 999 values in one query."""
DENSE = 4
"""Where ids lie so close to each other, all from the first to the last are read."""
COLUMNS = (
    "timezone", "country", "wishes_abroad", "meets_online", "meets_in_person",
    "guide_capacity", "guide_paused", "guides_social", "guides_economic", "guides_cooperative",
)  # fmt: skip


def everyone(*, at: dt.datetime) -> Iterator[Person]:
    """All who are present, by ascending id."""
    last = 0
    while some := persons(Member.objects.present().filter(pk__gt=last).order_by("pk")[:HANDFUL], at=at):
        yield from some
        last = some[-1].id


def persons(members: QuerySet[Member], *, at: dt.datetime) -> list[Person]:
    """These members for the engine, in nine queries for each 900 of them."""
    rows = list(members.only(*COLUMNS))
    return [person for start in range(0, len(rows), HANDFUL) for person in _handful(rows[start : start + HANDFUL], at)]


def rarity_of_skills(people: int) -> dict[int, int]:
    """How much a wish for each skill weighs, from how many of these people offer it."""
    offering = Offer.objects.filter(member__in=Member.objects.present()).values_list("skill")
    return rarity(dict(offering.annotate(count=Count("pk")).order_by()), people)


def week_hours(free: Iterable[FreeHours], *, zone: str, at: dt.datetime) -> int:
    """A 168-bit mask of UTC week hours that are free as a whole; bit 0 is Monday 00:00.

    Weekly hours are kept on the member's own clock; the offset of `at` says which UTC hours they are in this season.
    """
    return _week([(row.weekday, row.from_minute, row.until_minute) for row in free], zone, at)


def _handful(members: Sequence[Member], at: dt.datetime) -> list[Person]:
    ids = [member.pk for member in members]
    offers, wants = _of(Offer, ids, "skill", "level"), _of(Want, ids, "skill", "level_now", "priority")
    sectors, languages = _of(Member.sectors.through, ids, "sector"), _of(SpokenLanguage, ids, "code", "level")
    free = _of(FreeHours, ids, "weekday", "from_minute", "until_minute")
    taken = _count(rules.taking_places(), ids)
    waiting = _count(MentorshipRequest.objects.filter(status=MentorshipRequest.Status.PENDING), ids)
    prices = dict(
        PlacePrice.objects.filter(_among("mentor", ids)).values_list("mentor").annotate(Max("points")).order_by()
    )
    people = []
    for member in members:
        formats = {"online": member.meets_online, "in_person": member.meets_in_person}
        places = max(0, member.guide_capacity - taken[member.pk]) if member.is_guide else 0
        people.append(
            Person(
                id=member.pk,
                offers=tuple(offers[member.pk]),
                wants=tuple(wants[member.pk]),
                sectors=frozenset(sector for (sector,) in sectors[member.pk]),
                languages=tuple(languages[member.pk]),
                hours=_week(free[member.pk], member.timezone, at),
                country=member.country,
                tracks=frozenset(member.guide_tracks if member.is_guide else ()),
                places_open=places,
                waiting=waiting[member.pk],
                scarcity=prices.get(member.pk, 0),
                abroad=member.wishes_abroad,
                formats=frozenset(name for name, does in formats.items() if does),
            )
        )
    return people


def _of(model: Any, ids: Sequence[int], *columns: str) -> defaultdict[int, list[Any]]:
    """These columns of the rows of each member."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for member, *row in model.objects.filter(_among("member", ids)).order_by().values_list("member", *columns):
        found[member].append(tuple(row))
    return found


def _count(rows: QuerySet[Any], ids: Sequence[int]) -> Counter[int]:
    """Rows per mentor."""
    counted = rows.filter(_among("mentor", ids)).values_list("mentor").annotate(count=Count("pk")).order_by()
    return Counter(dict(counted))


def _among(name: str, ids: Sequence[int]) -> Q:
    """Rows of these members, and perhaps of some between them."""
    first, last = min(ids), max(ids)
    if last - first < DENSE * len(ids):
        return Q(**{f"{name}__gte": first, f"{name}__lte": last})
    return Q(**{f"{name}__in": ids})


def _week(free: Sequence[tuple[int, int, int]], zone: str, at: dt.datetime) -> int:
    if not free:
        return 0
    offset = ZoneInfo(zone).utcoffset(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) or dt.timedelta()
    shift = int(offset.total_seconds()) // 60
    mask = 0
    for weekday, from_minute, until_minute in free:
        start, end = weekday * 1440 + from_minute - shift, weekday * 1440 + until_minute - shift
        for hour in range(-(-start // 60), end // 60):
            mask |= 1 << (hour % HOURS_A_WEEK)
    return mask
