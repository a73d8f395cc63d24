"""Giving and receiving, without points: hours with others, what is passed on, and a certificate of it. Counted from what was held."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotFound
from backend.members.models import Member
from backend.mentoring.models import Certificate, CircleMeeting, CircleSeat, Giving, MentorshipSession, OpenHour
from backend.skills.models import Skill

# Without what looks alike when it is written by hand: 0 and O, 1, I and L.
SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
Spans = Iterable[tuple[dt.datetime, dt.datetime]]


@dataclass(frozen=True)
class Hours:
    """So many people, talks and minutes."""

    people: int
    talks: int
    minutes: int


def held(member: Member, side: str) -> QuerySet[MentorshipSession]:
    """Sessions that were held in which the member was the `mentor` or the `mentee`."""
    return MentorshipSession.objects.filter(state=MentorshipSession.State.HELD, **{f"mentorship__{side}": member})


def given(member: Member, *, at: dt.datetime) -> Hours:
    """To those whom the member guides, and in open hours that somebody took."""
    return _hours(member, "mentor", "guide", at)


def received(member: Member, *, at: dt.datetime) -> Hours:
    """From those who guide the member, and in open hours that the member took."""
    return _hours(member, "mentee", "taken_by", at)


def in_circles(member: Member, *, at: dt.datetime) -> Hours:
    """Meetings of circles that took place while the member had a seat. `people` is how many circles that were."""
    mine = CircleSeat.objects.filter(member=member, seated_at__isnull=False)
    since = {seat.circle_id: (seat.seated_at, seat.left_at) for seat in mine}
    rows = CircleMeeting.objects.filter(circle__in=since, cancelled_at__isnull=True, ends_at__lte=at)
    met = [(row.circle_id, row) for row in rows if _sat(since[row.circle_id], row.starts_at)]
    return Hours(len({pk for pk, _row in met}), len(met), _minutes((row.starts_at, row.ends_at) for _pk, row in met))


def passed_on(member: Member) -> list[Skill]:
    """What somebody once asked help with, was guided in, and now offers to others: by name of the skill in the database."""
    learnt = Skill.objects.filter(pk__in=_wished(member))
    return list(learnt.filter(offers__member=member).distinct().order_by("pk"))


def _wished(member: Member) -> QuerySet[Any]:
    guided = member.mentorships_received.filter(sessions__state=MentorshipSession.State.HELD)
    return guided.values("request__wishes")


def of(member: Member) -> Giving:
    """What the member says about it; by default nothing, and to nobody."""
    return Giving.objects.filter(member=member).first() or Giving(member=member)


@transaction.atomic
def tell(*, member: Member, is_shown: bool, passes_on: str) -> Giving:
    """Say what I pass on, and whether others may see it with my hours."""
    said = {"is_shown": is_shown, "passes_on": passes_on}
    return Giving.objects.update_or_create(member=member, defaults=said)[0]


@transaction.atomic
def certify(*, member: Member, at: dt.datetime) -> tuple[Certificate, bool]:
    """A certificate of what the member gave as a guide up to now, and whether it is new: nothing new needs no new number.

    Refused with `nothing_given` before a first session was held.
    """
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    sessions = held(member, "mentor")
    told = sessions.aggregate(first=Min("began_at"), last=Max("began_at"))
    if told["first"] is None:
        raise Conflict("nothing_given", _("A certificate tells of sessions that were held. There is none yet."))
    sums = _sums(sessions, "mentee")
    facts = {
        "name": member.name,
        "organisation": member.organisation.name if member.organisation else "",
        "since": told["first"].date(),
        "until": told["last"].date(),
        "people": sums.people,
        "talks": sums.talks,
        "minutes": sums.minutes,
        "tracks": sorted(set(sessions.values_list("mentorship__track", flat=True))),
    }
    same = member.certificates.filter(withdrawn_at__isnull=True, **facts).first()
    if same is not None:
        return same, False
    return Certificate.objects.create(member=member, number=_number(), issued_at=at, **facts), True


@transaction.atomic
def withdraw(*, number: str, by: Member, at: dt.datetime) -> None:
    """From now on its number tells nothing; said twice, it is the same."""
    mine = by.certificates.filter(number=_said(number))
    if not mine.exists():
        raise NotFound
    mine.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)


def written(number: str) -> Certificate | None:
    """The certificate of this number, typed with or without dashes and in any case; None when there is none that holds."""
    return Certificate.objects.filter(withdrawn_at__isnull=True, number=_said(number)).first()


def _hours(member: Member, side: str, hour_side: str, at: dt.datetime) -> Hours:
    other = {"mentor": "mentee", "mentee": "mentor"}[side]
    sums = _sums(held(member, side), other)
    taken = OpenHour.objects.filter(status=OpenHour.Status.TAKEN, ends_at__lte=at, **{hour_side: member})
    hours = list(taken.values_list("starts_at", "ends_at", "taken_by" if hour_side == "guide" else "guide"))
    people = set(held(member, side).values_list(f"mentorship__{other}", flat=True)) | {who for *_span, who in hours}
    minutes = sums.minutes + _minutes((start, end) for start, end, _who in hours)
    return Hours(len(people), sums.talks + len(hours), minutes)


def _sums(sessions: QuerySet[MentorshipSession], other: str) -> Hours:
    found = sessions.aggregate(
        people=Count(f"mentorship__{other}", distinct=True), talks=Count("pk"), minutes=Sum("minutes")
    )
    return Hours(found["people"], found["talks"], found["minutes"] or 0)


def _sat(seat: tuple[dt.datetime | None, dt.datetime | None], moment: dt.datetime) -> bool:
    since, until = seat
    return since is not None and since <= moment and (until is None or moment < until)


def _minutes(spans: Spans) -> int:
    return sum(int((end - start).total_seconds() // 60) for start, end in spans)


def _number() -> str:
    return _dashed("".join(secrets.choice(SYMBOLS) for _place in range(12)))


def _said(number: str) -> str:
    """As it is kept, whatever case and dashes it was typed with."""
    return _dashed("".join(symbol for symbol in number.upper() if symbol in SYMBOLS))


def _dashed(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
