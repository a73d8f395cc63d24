"""Who may ask, answer and end."""

from backend.members.models import Member
from backend.mentoring.models import Mentorship, MentorshipRequest

OPEN_REQUESTS_MAX = 5
WISHES_MAX = 3

Status = MentorshipRequest.Status


def places_taken(mentor: Member) -> int:
    """How many people this mentor guides now; a paused mentorship keeps its place."""
    return Mentorship.objects.filter(mentor=mentor).exclude(status=Mentorship.Status.CLOSED).count()


def places_open(mentor: Member) -> int:
    return max(0, mentor.guide_capacity - places_taken(mentor))


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
