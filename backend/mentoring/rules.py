"""Who may ask, answer and end."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Count, Q, QuerySet

from backend.collectives.models import Collective, CollectiveMembership
from backend.members.models import Member
from backend.mentoring.lifecycle import REQUESTS, can
from backend.mentoring.models import (
    Circle,
    CollectiveGuiding,
    Guiding,
    HelpCall,
    Kind,
    Mentorship,
    MentorshipRequest,
    Programme,
)

OPEN_REQUESTS_MAX = 5
CHOICES_MAX = 5
WISHES_MAX = 3
TASTERS_MAX = 3
PEERS_MAX = 3

Status = MentorshipRequest.Status


def places_open(mentor: Member) -> int:
    return places_open_of([mentor])[mentor.pk]


def places_open_of(mentors: Sequence[Member]) -> dict[int, int]:
    """Open places for long guidance by mentor, in one query; a paused mentorship keeps its place, talks and peers take none."""
    running = taking_places().filter(mentor__in=mentors)
    taken = dict(running.values_list("mentor").annotate(Count("pk")).order_by())
    return {mentor.pk: max(0, mentor.guide_capacity - taken.get(mentor.pk, 0)) for mentor in mentors}


def taking_places() -> QuerySet[Mentorship]:
    """Mentorships that take one of the guide's own places: long ones that are not over, and not a collective's."""
    running = Mentorship.objects.filter(kind=Kind.SPONSORSHIP, by_collective__isnull=True)
    return running.exclude(status=Mentorship.Status.CLOSED)


def places_of_collective(collective: Collective, *, held: bool = False) -> int:
    """Open places of a collective that guides as a whole; `held`: nobody else counts them until the transaction ends."""
    rows = CollectiveGuiding.objects.filter(collective=collective)
    guiding = (rows.select_for_update() if held else rows).first()
    if guiding is None:
        return 0
    running = Mentorship.objects.filter(by_collective=collective).exclude(status=Mentorship.Status.CLOSED)
    return max(0, guiding.places - running.count())


def guiding_of(member: Member) -> Guiding:
    """What they offer beside long guidance; the defaults where they have said nothing."""
    found: Guiding | None = Guiding.objects.filter(member=member).first()
    return found or Guiding(member=member)


def gives_talks(member: Member) -> bool:
    """Takes on single talks; who guides for long does unless they said no, others once they said how many."""
    if member.guide_paused:
        return False
    guiding = Guiding.objects.filter(member=member).first()
    return member.guide_capacity > 0 if guiding is None else guiding.talks_a_month > 0


def talks_left_of(mentors: Sequence[Member], *, at: dt.datetime) -> dict[int, int]:
    """Single talks that each can still take on in the calendar month of `at` (UTC), in two queries."""
    begun = at.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    held = Mentorship.objects.filter(
        mentor__in=mentors, kind__in=[Kind.ADVICE, Kind.TASTER], started_at__gte=begun, started_at__lte=at
    )
    taken = dict(held.values_list("mentor").annotate(Count("pk")).order_by())
    offered = dict(Guiding.objects.filter(member__in=mentors).values_list("member", "talks_a_month"))
    usual = Guiding().talks_a_month
    return {one.pk: max(0, offered.get(one.pk, usual) - taken.get(one.pk, 0)) for one in mentors}


def peers_of(member: Member) -> int:
    """How many peers this member has now."""
    pairs = Mentorship.objects.filter(Q(mentor=member) | Q(mentee=member), kind=Kind.PEER)
    return pairs.exclude(status=Mentorship.Status.CLOSED).count()


def is_guided_by(mentee: Member, mentor: Member) -> bool:
    """For long, or as a peer; single talks stand in nobody's way."""
    running = Mentorship.objects.filter(kind__in=[Kind.SPONSORSHIP, Kind.PEER]).exclude(status=Mentorship.Status.CLOSED)
    return running.filter(mentee=mentee, mentor=mentor).exists()


def steered_by(member: Member) -> set[int]:
    """Collectives for which this member answers."""
    rows = CollectiveMembership.objects.filter(
        member=member, state=CollectiveMembership.State.MEMBER, role=CollectiveMembership.Role.STEWARD,
        collective__closed_at__isnull=True,
    )  # fmt: skip
    return set(rows.values_list("collective", flat=True))


def may_answer(member: Member, request: MentorshipRequest, *, steered: Collection[int] | None = None) -> bool:
    """Whether the answer is theirs: of the person asked, or of any steward of the collective asked (`steered`, when known)."""
    if request.by_collective_id is None:
        return request.mentor_id == member.pk
    return request.by_collective_id in (steered_by(member) if steered is None else steered)


def may_accept(member: Member, request: MentorshipRequest, *, steered: Collection[int] | None = None) -> bool:
    """Accept or decline now."""
    return can(REQUESTS, request.status, "accept") and may_answer(member, request, steered=steered)


def may_withdraw(member: Member, request: MentorshipRequest) -> bool:
    return request.mentee_id == member.pk and can(REQUESTS, request.status, "withdraw")


def may_close(member: Member, mentorship: Mentorship) -> bool:
    """Either of the two, at any time, without asking the other."""
    return member.pk in (mentorship.mentor_id, mentorship.mentee_id) and mentorship.status != Mentorship.Status.CLOSED


def may_begin_programme(member: Member) -> bool:
    """In their own organisation: whoever coordinates a programme there, and the office."""
    at_home = Programme.objects.filter(organisation=member.organisation_id, organisation__isnull=False)
    return member.organisation_id is not None and (member.is_staff or at_home.filter(coordinators=member).exists())


def may_coordinate(member: Member, programme: Programme) -> bool:
    """Ask for runs, look at them, and publish one."""
    return programme.coordinators.filter(pk=member.pk).exists()


def may_take(member: Member, call: HelpCall) -> bool:
    """Look after a call for help: one of those to whom it was addressed, until one of them does."""
    return call.state == HelpCall.State.OPEN and any(one.pk == member.pk for one in call.coordinators.all())


def may_settle(member: Member, call: HelpCall) -> bool:
    """Say that it is looked after: who took it, or who called."""
    return call.state == HelpCall.State.TAKEN and member.pk in (call.taken_by_id, call.member_id)


def may_withdraw_call(member: Member, call: HelpCall) -> bool:
    return call.member_id == member.pk and call.state in (HelpCall.State.OPEN, HelpCall.State.TAKEN)


def may_lead(member: Member, circle: Circle) -> bool:
    """Change it, plan its meetings, remove somebody, hand it on, close it."""
    return circle.facilitator_id == member.pk and circle.state == Circle.State.OPEN
