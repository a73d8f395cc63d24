"""Members as the matching engine sees them, and the index of all of them that each process keeps."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Max, QuerySet

from backend.members.models import FreeHours, Member, Offer
from backend.mentoring.models import Mentorship, MentorshipRequest, PlacePrice
from backend.skills import nearness
from matching import Index, Nearness, Person, rarity

HOURS_A_WEEK = 168
# A transaction may commit a little later than the moment it wrote down; looking back this far finds it all the same.
LOOK_BACK = dt.timedelta(minutes=2)
REBUILT_AFTER = 2_000
# Weekly hours are kept in UTC and shift with the season; nothing in a member's row tells of that.
READ_AGAIN_AFTER = dt.timedelta(hours=6)


def persons(members: QuerySet[Member], *, at: dt.datetime) -> list[Person]:
    """These members for the engine, in a fixed number of queries."""
    rows = list(members.prefetch_related("offers", "wants", "sectors", "languages", "free_hours"))
    ids = [row.pk for row in rows]
    taken, waiting, prices = _places_taken(ids), _requests_waiting(ids), _prices(ids)
    return [_person(row, taken[row.pk], waiting[row.pk], prices.get(row.pk, 0), at) for row in rows]


def _person(member: Member, taken: int, waiting: int, scarcity: int, at: dt.datetime) -> Person:
    formats = {"online": member.meets_online, "in_person": member.meets_in_person}
    return Person(
        id=member.pk,
        offers=tuple((offer.skill_id, offer.level) for offer in member.offers.all()),
        wants=tuple((want.skill_id, want.level_now, want.priority) for want in member.wants.all()),
        sectors=frozenset(sector.pk for sector in member.sectors.all()),
        languages=tuple((language.code, language.level) for language in member.languages.all()),
        hours=week_hours(member.free_hours.all(), zone=member.timezone, at=at),
        country=member.country,
        tracks=frozenset(member.guide_tracks if member.is_guide else ()),
        places_open=max(0, member.guide_capacity - taken) if member.is_guide else 0,
        waiting=waiting,
        scarcity=scarcity,
        abroad=member.wishes_abroad,
        formats=frozenset(name for name, does in formats.items() if does),
    )


def week_hours(free: Iterable[FreeHours], *, zone: str, at: dt.datetime) -> int:
    """A 168-bit mask of UTC week hours that are free as a whole; bit 0 is Monday 00:00.

    Weekly hours are kept on the member's own clock; the offset of `at` says which UTC hours they are in this season.
    """
    offset = ZoneInfo(zone).utcoffset(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) or dt.timedelta()
    shift = int(offset.total_seconds()) // 60
    mask = 0
    for row in free:
        start = row.weekday * 1440 + row.from_minute - shift
        end = row.weekday * 1440 + row.until_minute - shift
        for hour in range(-(-start // 60), end // 60):
            mask |= 1 << (hour % HOURS_A_WEEK)
    return mask


def _rarity(people: int) -> dict[int, int]:
    """How much a wish for each skill weighs, from how many offer it."""
    offering = Offer.objects.filter(member__in=Member.objects.present()).values_list("skill")
    return rarity(dict(offering.annotate(count=Count("pk")).order_by()), people)


def _places_taken(ids: Sequence[int]) -> Counter[int]:
    rows = Mentorship.objects.exclude(status=Mentorship.Status.CLOSED)
    return _counted(rows, ids)


def _requests_waiting(ids: Sequence[int]) -> Counter[int]:
    return _counted(MentorshipRequest.objects.filter(status=MentorshipRequest.Status.PENDING), ids)


def _prices(ids: Sequence[int]) -> dict[int, int]:
    """What a place is worth where it is worth most."""
    rows = PlacePrice.objects.filter(mentor__in=ids) if len(ids) <= 500 else PlacePrice.objects.all()
    return dict(rows.values_list("mentor").annotate(most=Max("points")).order_by())


def _counted(rows: QuerySet[Mentorship] | QuerySet[MentorshipRequest], ids: Sequence[int]) -> Counter[int]:
    """Rows per mentor, for these mentors; for many of them it is cheaper to count all."""
    if len(ids) <= 500:
        rows = rows.filter(mentor__in=ids)
    return Counter(dict(rows.values_list("mentor").annotate(count=Count("pk")).order_by()))


class People:
    """The index of everyone present, kept current by reading what changed before each question.

    One per process. A change made by any process is seen by the next question: members carry `changed_at`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._near: Nearness | None = None
        self._read_until: dt.datetime | None = None
        self._read_all_at: dt.datetime | None = None
        self._seen: dict[int, dt.datetime] = {}
        self._missed: list[int] | None = None

    def index(self, *, at: dt.datetime) -> Index:
        """The index as of now. The first call reads everyone; later ones only who changed."""
        with self._lock:
            near = nearness.current()
            if self._index is None or self._near is not near or self._read_until is None:
                self._read_everyone(near, at)
            else:
                self._read_changes(self._read_until, at)
            assert self._index is not None
            if self._missed is None:
                if self._read_all_at is not None and at - self._read_all_at > READ_AGAIN_AFTER:
                    self._in_background(partial(self.read_again, self._index, at))
                elif self._index.pending > REBUILT_AFTER:
                    self._in_background(partial(self.rebuild, self._index))
            return self._index

    def _in_background(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except BaseException:
                # The old index goes on; the next question begins anew.
                with self._lock:
                    self._missed = None
                raise
            finally:
                if not connection.in_atomic_block:
                    connection.close()

        self._missed = []
        threading.Thread(target=run, daemon=True).start()

    def _read_everyone(self, near: Nearness, at: dt.datetime) -> None:
        present = Member.objects.present()
        self._seen = dict(present.filter(changed_at__gte=at - LOOK_BACK).values_list("pk", "changed_at"))
        people = persons(present, at=at)
        self._index, self._near = Index(people, near.weighed(_rarity(len(people)))), near
        self._read_until = self._read_all_at = at
        self._missed = None

    def _read_changes(self, since: dt.datetime, at: dt.datetime) -> None:
        assert self._index is not None
        recent = dict(Member.objects.filter(changed_at__gte=since - LOOK_BACK).values_list("pk", "changed_at"))
        changed = [pk for pk, moment in recent.items() if self._seen.get(pk) != moment]
        if changed:
            there = persons(Member.objects.present().filter(pk__in=changed), at=at)
            for person in there:
                self._index.put(person)
            for gone in set(changed) - {person.id for person in there}:
                self._index.remove(gone)
            if self._missed is not None:
                self._missed += changed
        self._seen = recent
        self._read_until = max(since, at)

    def rebuild(self, old: Index) -> None:
        """The same people in new arrays, while questions go on; who changed meanwhile is taken over at the end."""
        self._replace(old, Index(old.people(), old.near))

    def read_again(self, old: Index, at: dt.datetime) -> None:
        """Everyone as they are at this moment, while questions go on; nobody waits for it."""
        people = persons(Member.objects.present(), at=at)
        fresh = Index(people, old.near.weighed(_rarity(len(people))))
        with self._lock:
            self._read_all_at = at
        self._replace(old, fresh)

    def _replace(self, old: Index, fresh: Index) -> None:
        with self._lock:
            if self._index is old:
                for pk in set(self._missed or ()):
                    fresh.take_over(pk, old)
                self._index = fresh
            self._missed = None

    def forget(self) -> None:
        """Read everyone again at the next question; tests start from nothing."""
        with self._lock:
            self._index = None


PEOPLE = People()
