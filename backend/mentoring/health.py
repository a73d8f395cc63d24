"""How a programme goes, at a glance: counts, and per guide what waits with them. Never who asked, nor a word of what was written."""

import datetime as dt
from typing import Any, TypedDict

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from backend.members.models import Block, Member
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


def members_of(programme: Programme, organisation: int | None = None) -> QuerySet[Member]:
    """Members of its organisations, or of one of them."""
    at_home = Q(organisation=programme.organisation_id) | Q(organisation__in=programme.partners.all())
    rows = Member.objects.present().filter(at_home)
    return rows if organisation is None else rows.filter(organisation=organisation)


def health_of(programme: Programme, *, at: dt.datetime, organisation: int | None = None) -> Health:
    """The counts, in a fixed number of queries. Pairs and requests count where the member who is guided is at home."""
    members = members_of(programme, organisation)
    ours = members.values("pk")
    looking = members.filter(wants__isnull=False).exclude(
        pk__in=Mentorship.objects.filter(track=programme.track, kind=Kind.SPONSORSHIP).running().values("mentee")
    )
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
        looking=looking.values("pk").distinct().count(),
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
) -> QuerySet[Member]:
    """Its guides, without any between whom and the coordinator stands a block, with their counts: `running`, `waiting`, `silent` (requests kept waiting long or let lapse), `without_session`.

    `only` leaves those with at least one of a count; `sort` puts the most of a count first.
    """
    members = members_of(programme, organisation).exclude(pk__in=Block.between(by))
    requests = MentorshipRequest.objects.filter(track=programme.track)
    pairs = Mentorship.objects.filter(track=programme.track)
    rows = _guides(programme, members).annotate(
        running=_count(pairs.filter(status=Mentorship.Status.ACTIVE)),
        waiting=_count(requests.filter(status=Status.PENDING)),
        silent=_count(_unanswered(requests, at)),
        without_session=_count(without_session(pairs, at)),
    )
    if only:
        rows = rows.filter(**{f"{only}__gt": 0})
    return rows.order_by(F(sort).desc(), "name", "pk")


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


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.filter(mentor=OuterRef("pk")).order_by().values("mentor").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
