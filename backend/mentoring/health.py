"""How a programme goes, at a glance: counts, and per guide what waits with them. Never who asked, nor a word of what was written."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from backend.members.models import Block, Member, Want
from backend.mentoring.models import HelpCall, Kind, Mentorship, MentorshipRequest, MentorshipSession, Programme, Pulse

WAITS_LONG = dt.timedelta(days=3)
SETTLES_IN = dt.timedelta(days=30)
"""So long may a new pair take until its first session."""
LATELY = dt.timedelta(days=90)
FEWEST_ASKED = 5
"""With fewer people who answered, a count would say who it was."""
SORTS = ("waiting", "silent", "without_session")
Status = MentorshipRequest.Status


class Health(TypedDict):
    """What a coordinator sees first. Pulses are None where too few answered."""

    members: int
    looking: int
    guides: int
    guides_paused: int
    requests_waiting: int
    requests_waiting_long: int
    requests_lapsed: int
    silent_guides: int
    pairs: int
    pairs_paused: int
    pairs_without_session: int
    pairs_closed: int
    pulses_that_need_care: int | None
    calls_for_help: int


@dataclass(frozen=True, slots=True)
class GuideCounts:
    """A guide, and how many of what: under way, waiting for an answer, kept waiting long or let lapse, without a session."""

    person: Member
    running: int
    waiting: int
    silent: int
    without_session: int


def members_of(programme: Programme, organisation: int | None = None) -> QuerySet[Member]:
    """Members of its organisations, or of one of them."""
    homes = {programme.organisation_id, *programme.partners.values_list("pk", flat=True)}
    # Numbers, not a question within the question: each count below would ask it again.
    return Member.objects.present().filter(organisation__in=homes if organisation is None else homes & {organisation})


def health_of(programme: Programme, *, at: dt.datetime, organisation: int | None = None) -> Health:
    """The counts, in a fixed number of queries. Pairs and requests count where the member who is guided is at home."""
    members = members_of(programme, organisation)
    ours = members.values("pk")
    guided = Mentorship.objects.filter(track=programme.track, kind=Kind.SPONSORSHIP).running()
    looking = members.filter(Exists(Want.objects.filter(member=OuterRef("pk")))).exclude(pk__in=guided.values("mentee"))
    requests = MentorshipRequest.objects.filter(track=programme.track, mentee__in=ours)
    asked = requests.aggregate(
        waiting=Count("pk", filter=Q(status=Status.PENDING)),
        long=Count("pk", filter=Q(status=Status.PENDING, created_at__lte=at - WAITS_LONG)),
        lapsed=Count("pk", filter=Q(status=Status.EXPIRED, answered_at__gte=at - LATELY)),
    )
    pairs = Mentorship.objects.filter(track=programme.track, mentee__in=ours)
    counted = pairs.aggregate(
        active=Count("pk", filter=Q(status=Mentorship.Status.ACTIVE)),
        paused=Count("pk", filter=Q(status=Mentorship.Status.PAUSED)),
        closed=Count("pk", filter=Q(status=Mentorship.Status.CLOSED, closed_at__gte=at - LATELY)),
    )
    guides = _guides(programme, members)
    free = guides.aggregate(all=Count("pk"), paused=Count("pk", filter=Q(guide_paused=True)))
    answered = Pulse.objects.filter(mentorship__in=pairs.values("pk"), answered_at__gte=at - LATELY)
    hard = Q(going__lte=2) | Q(need__in=[Pulse.Need.UNDERSTANDING, Pulse.Need.ANOTHER_GUIDE])
    pulses = answered.aggregate(people=Count("member", distinct=True), hard=Count("member", distinct=True, filter=hard))
    return Health(
        members=members.count(),
        looking=looking.count(),
        guides=free["all"],
        guides_paused=free["paused"],
        requests_waiting=asked["waiting"],
        requests_waiting_long=asked["long"],
        requests_lapsed=asked["lapsed"],
        silent_guides=_silent(programme, members, at).values("mentor").distinct().count(),
        pairs=counted["active"],
        pairs_paused=counted["paused"],
        pairs_without_session=without_session(pairs, at).count(),
        pairs_closed=counted["closed"],
        pulses_that_need_care=pulses["hard"] if pulses["people"] >= FEWEST_ASKED else None,
        calls_for_help=HelpCall.objects.filter(mentorship__in=pairs.values("pk"), state=HelpCall.State.OPEN).count(),
    )


def guides_of(
    programme: Programme,
    *,
    by: Member,
    at: dt.datetime,
    organisation: int | None = None,
    only: str = "",
    sort: str = "waiting",
    first: int | None = None,
) -> list[GuideCounts]:
    """Its guides, without any between whom and the coordinator stands a block, with their counts; the first so many, or all.

    `only` leaves those with at least one of a count; `sort` puts the most of a count first. A fixed number of queries: each
    count is asked once for all guides, not once for each.
    """
    members = members_of(programme, organisation).exclude(pk__in=Block.between(by))
    guides = list(_guides(programme, members).order_by("name", "pk").values_list("pk", flat=True))
    requests = MentorshipRequest.objects.filter(track=programme.track)
    pairs = Mentorship.objects.filter(track=programme.track)
    counts = {
        "running": _by_guide(pairs.filter(status=Mentorship.Status.ACTIVE)),
        "waiting": _by_guide(requests.filter(status=Status.PENDING)),
        "silent": _by_guide(_unanswered(requests, at)),
        "without_session": _by_guide(without_session(pairs, at)),
    }
    if only:
        guides = [pk for pk in guides if pk in counts[only]]
    guides.sort(key=lambda pk: -counts[sort].get(pk, 0))
    shown = guides[:first]
    people = Member.objects.in_bulk(shown)
    return [
        GuideCounts(people[pk], **{name: many.get(pk, 0) for name, many in counts.items()})
        for pk in shown
        if pk in people
    ]


def without_session(pairs: QuerySet[Mentorship], at: dt.datetime) -> QuerySet[Mentorship]:
    """Pairs under way who have had time to meet, and have not met lately."""
    held = MentorshipSession.objects.filter(
        mentorship=OuterRef("pk"), state=MentorshipSession.State.HELD, began_at__gte=at - LATELY
    )
    return pairs.filter(~Exists(held), status=Mentorship.Status.ACTIVE, started_at__lte=at - SETTLES_IN)


def _unanswered(requests: QuerySet[MentorshipRequest], at: dt.datetime) -> QuerySet[MentorshipRequest]:
    kept_waiting = Q(status=Status.PENDING, created_at__lte=at - WAITS_LONG)
    return requests.filter(kept_waiting | Q(status=Status.EXPIRED, answered_at__gte=at - LATELY))


def _silent(programme: Programme, members: QuerySet[Member], at: dt.datetime) -> QuerySet[MentorshipRequest]:
    requests = MentorshipRequest.objects.filter(track=programme.track, mentor__in=members.values("pk"))
    return _unanswered(requests, at)


def _guides(programme: Programme, members: QuerySet[Member]) -> QuerySet[Member]:
    return members.filter(guide_capacity__gt=0).filter(**{f"guides_{programme.track}": True})


def _by_guide(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("mentor").annotate(Count("pk")))
