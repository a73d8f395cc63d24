"""What is coming in a collective, from every room of the house: bookings, sessions, times that were chosen, and when votes and calls end."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.bookings.models import Booking
from backend.calls.models import Call
from backend.collectives import rules as collectives
from backend.collectives.models import Collective
from backend.decisions.models import Option, Outcome, Proposal
from backend.errors import NotFound
from backend.members.models import Member
from backend.mentoring.models import MentorshipSession

MOST_OF_EACH = 30
# When a decision comes back on its day.
MORNING = dt.time(6, tzinfo=dt.UTC)
Kind = Literal["booking", "session", "meeting", "vote", "review", "call"]


@dataclass(frozen=True)
class Coming:
    """`about` is the booking, the mentorship, the proposal or the call. What only has an end, such as a vote, has it as `starts_at`.

    `row` is what stands behind it, alone of its kind, as it was when it `changed`, for the `version`th time.
    """

    kind: Kind
    about: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    timezone: str = ""
    row: int = 0
    changed: dt.datetime | None = None
    version: int = 0


def coming(collective: Collective, *, viewer: Member, at: dt.datetime) -> list[Coming]:
    """The soonest first, at most MOST_OF_EACH of each kind; for its members alone, and bookings not for those on leave."""
    if collective.closed_at is not None or not collectives.belongs(viewer, collective):
        raise NotFound()
    rows = dated(collective, viewer=viewer, at=at)
    if collectives.is_member(viewer, collective):
        rows += _bookings(collective, at)
    return sorted(rows, key=lambda one: (one.starts_at, one.kind, one.about))


def dated(collective: Collective, *, viewer: Member, at: dt.datetime, most: int = MOST_OF_EACH) -> list[Coming]:
    """The same without bookings, kind by kind: what is not over at this moment."""
    return [
        *_sessions(collective, at, most),
        *_meetings(collective, at),
        *_votes(collective, at, most),
        *_reviews(collective, at, most),
        *_calls(collective, viewer, at, most),
    ]


def _bookings(collective: Collective, at: dt.datetime) -> Iterator[Coming]:
    rows = Booking.objects.going_to_occur(at).filter(collective=collective).prefetch_related("items__resource__place")
    for row in rows.order_by("starts_at", "pk")[:MOST_OF_EACH]:
        things = [item.resource for item in row.items.all()]
        title = ", ".join([*[thing.name for thing in things], *filter(None, [row.title])])
        zone = things[0].place.timezone if things else ""
        yield Coming("booking", row.pk, title, row.starts_at, row.ends_at, zone)


def _sessions(collective: Collective, at: dt.datetime, most: int) -> Iterator[Coming]:
    """Of guidance that the collective has as a whole: when it is, and nothing of what it is about."""
    agreed = MentorshipSession.objects.filter(state=MentorshipSession.State.AGREED, ends_at__gt=at)
    rows = agreed.filter(mentorship__collective=collective).order_by("starts_at", "pk")
    for row in rows[:most]:
        yield Coming(
            "session", row.mentorship_id, "", row.starts_at, row.ends_at,
            row=row.pk, changed=row.changed_at, version=row.sequence,
        )  # fmt: skip


def _meetings(collective: Collective, at: dt.datetime) -> Iterator[Coming]:
    """Times that a date poll has chosen."""
    polls = {"proposal__collective": collective, "proposal__method": Proposal.Method.DATES}
    decided = Option.objects.filter(proposal__verdict=Proposal.Verdict.DECIDED, ends_at__gt=at, **polls)
    for row in decided.select_related("proposal").order_by("starts_at", "pk"):
        if row.starts_at is not None and row.pk in (row.proposal.result or {}).get("winners", ()):
            yield Coming(
                "meeting", row.proposal_id, row.proposal.title, row.starts_at, row.ends_at,
                row=row.pk, changed=row.proposal.closed_at,
            )  # fmt: skip


def _votes(collective: Collective, at: dt.datetime, most: int) -> Iterator[Coming]:
    open_now = Proposal.objects.filter(collective=collective, state=Proposal.State.VOTING, closes_at__gt=at)
    for row in open_now.order_by("closes_at", "pk")[:most]:
        if row.closes_at is not None:
            yield Coming("vote", row.pk, row.title, row.closes_at, row=row.pk, changed=row.opened_at)


def _reviews(collective: Collective, at: dt.datetime, most: int) -> Iterator[Coming]:
    rows = Outcome.objects.filter(proposal__collective=collective, reviewed_at=None, review_on__gte=at.date())
    for row in rows.select_related("proposal").order_by("review_on", "pk")[:most]:
        if row.review_on is not None:
            day = dt.datetime.combine(row.review_on, MORNING)
            yield Coming("review", row.proposal_id, row.proposal.title, day, row=row.pk, changed=row.written_at)


def _calls(collective: Collective, viewer: Member, at: dt.datetime, most: int) -> Iterator[Coming]:
    rows = Call.objects.visible_to(viewer).filter(collective=collective, state=Call.State.OPEN, closes_at__gt=at)
    for row in rows.order_by("closes_at", "pk")[:most]:
        yield Coming("call", row.pk, row.title, row.closes_at, row=row.pk, changed=row.created_at)
