"""Who may ask, answer and end."""

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from backend.members.models import Member
from backend.mentoring.models import Kind, Mentorship, MentorshipRequest, Programme

OPEN_REQUESTS_MAX = 5
WISHES_MAX = 3

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


def is_guided_by(mentee: Member, mentor: Member) -> bool:
    running = Mentorship.objects.exclude(status=Mentorship.Status.CLOSED)
    return running.filter(mentee=mentee, mentor=mentor).exists()


def may_answer(member: Member, request: MentorshipRequest) -> bool:
    """Accept or decline."""
    return request.mentor_id == member.pk and request.status == Status.PENDING


def may_withdraw(member: Member, request: MentorshipRequest) -> bool:
    return request.mentee_id == member.pk and request.status == Status.PENDING


def may_close(member: Member, mentorship: Mentorship) -> bool:
    """Either of the two, at any time, without asking the other."""
    return member.pk in (mentorship.mentor_id, mentorship.mentee_id) and mentorship.status != Mentorship.Status.CLOSED


def may_coordinate(member: Member, programme: Programme) -> bool:
    """Ask for runs, look at them, and publish one."""
    return programme.coordinators.filter(pk=member.pk).exists()
