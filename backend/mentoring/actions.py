"""Asking for guidance, answering, and ending it. The only writers of these tables."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.conversations import actions as conversations
from backend.conversations.models import Room
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.mentoring import prices, rules, suggestions
from backend.mentoring.models import Dismissal, Mentorship, MentorshipRequest
from backend.mentoring.words import Words
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.skills.models import Skill

Status = MentorshipRequest.Status


@transaction.atomic
def ask(
    *, mentee: Member, mentor: Member, track: str, wishes: Sequence[Skill], message: str, at: dt.datetime
) -> MentorshipRequest:
    """Ask a guide. Nothing is reserved by asking: a place is taken when the guide accepts."""
    # The mentee's row is held so that two requests in the same instant are counted one after the other.
    Member.objects.select_for_update(no_key=True).get(pk=mentee.pk)
    _refuse_to_ask(mentee, mentor, track, at)
    try:
        with transaction.atomic():
            request = MentorshipRequest.objects.create(
                mentee=mentee, mentor=mentor, track=track, message=message, created_at=at
            )
    except IntegrityError as error:
        raise Conflict("already_asked", _("You have asked this person already.")) from error
    request.wishes.set(wishes)
    _touch(mentor, at)
    tell(member=mentor, kind=Notice.Kind.REQUEST_RECEIVED, data=_facts(request, mentee), at=at)
    return request


@transaction.atomic
def accept(*, request: MentorshipRequest, by: Member, at: dt.datetime) -> Mentorship:
    """Begin to guide: takes a place, opens the mentorship and its room. Refused when the last place has just gone."""
    # One guide's acceptances are serial: the second of two in the same instant sees the place taken.
    mentor = Member.objects.select_for_update(no_key=True).get(pk=request.mentor_id)
    request = _pending(request, by)
    if rules.places_open(mentor) < 1:
        raise Conflict("no_open_place", _("All places are taken. End a mentorship or offer more places first."))
    if not request.mentee.is_active:
        raise Conflict("not_pending", _("This request is no longer open."))
    if rules.is_guided_by(request.mentee, mentor):
        raise Conflict("already_guided", _("You guide this person already."))
    people = [mentor, request.mentee]
    room = conversations.open_room(kind=Room.Kind.MENTORSHIP, title="", purpose="", members=people, at=at)
    mentorship = Mentorship.objects.create(
        mentor=mentor, mentee=request.mentee, request=request, track=request.track, room=room, started_at=at
    )
    _answer(request, Status.ACCEPTED, at)
    data = _facts(request, mentor) | {"mentorship": mentorship.pk, "room": room.pk}
    tell(member=request.mentee, kind=Notice.Kind.REQUEST_ACCEPTED, data=data, at=at)
    return mentorship


@transaction.atomic
def decline(
    *, request: MentorshipRequest, by: Member, reason: str, answer: str = "", at: dt.datetime
) -> MentorshipRequest:
    """Say no, with a reason that the mentee reads."""
    request = _pending(request, by)
    request.decline_reason, request.answer = reason, answer
    _answer(request, Status.DECLINED, at)
    data = _facts(request, request.mentor) | {"decline_reason": reason}
    tell(member=request.mentee, kind=Notice.Kind.REQUEST_DECLINED, data=data, at=at)
    return request


@transaction.atomic
def withdraw(*, request: MentorshipRequest, by: Member, at: dt.datetime) -> MentorshipRequest:
    """Take a request back before it is answered."""
    request = _held(request)
    if request.mentee_id != by.pk:
        raise NotFound
    if not rules.may_withdraw(by, request):
        raise Conflict("not_pending", _("This request is no longer open."))
    _answer(request, Status.WITHDRAWN, at)
    tell(member=request.mentor, kind=Notice.Kind.REQUEST_WITHDRAWN, data=_facts(request, request.mentee), at=at)
    return request


@transaction.atomic
def close(*, mentorship: Mentorship, by: Member, closing_words: str = "", at: dt.datetime) -> Mentorship:
    """End a mentorship. Its place is free again; its room stays open to both, so that nothing said is lost."""
    mentorship = (
        Mentorship.objects.select_for_update(of=("self",)).select_related("mentor", "mentee").get(pk=mentorship.pk)
    )
    if by.pk not in (mentorship.mentor_id, mentorship.mentee_id):
        raise NotFound
    if not rules.may_close(by, mentorship):
        raise Conflict("already_closed", _("This mentorship has ended already."))
    mentorship.status, mentorship.closed_at, mentorship.closing_words = Mentorship.Status.CLOSED, at, closing_words
    mentorship.save(update_fields=["status", "closed_at", "closing_words"])
    _touch(mentorship.mentor, at)
    other = mentorship.mentee if by.pk == mentorship.mentor_id else mentorship.mentor
    data = {"mentorship": mentorship.pk, "room": mentorship.room_id, "person": _person(by)}
    tell(member=other, kind=Notice.Kind.MENTORSHIP_CLOSED, data=data, at=at)
    return mentorship


def dismiss(*, member: Member, person: Member, reason: str, at: dt.datetime) -> Dismissal:
    """Suggest this person to this member no more; said again, the last reason counts."""
    if member.pk == person.pk:
        raise field_error("member", "oneself", _("Choose someone else."))
    made, _is_new = Dismissal.objects.update_or_create(
        member=member, person=person, defaults={"reason": reason}, create_defaults={"reason": reason, "created_at": at}
    )
    return made


def suggest_again(*, member: Member, person: int) -> None:
    """Take a dismissal back; nothing where there was none."""
    Dismissal.objects.filter(member=member, person=person).delete()


def _refuse_to_ask(mentee: Member, mentor: Member, track: str, at: dt.datetime) -> None:
    """Raise the first reason why this person cannot ask that one; the order is what one would want to hear first."""
    if mentee.pk == mentor.pk:
        raise field_error("mentor", "oneself", _("Choose someone else as your guide."))
    if not Member.objects.visible_to(mentee).filter(pk=mentor.pk).exists():
        raise field_error("mentor", "not_found", _("This person does not exist, or not for you."))
    if not mentor.is_guide:
        raise NotAllowed("not_a_guide", _("This person does not guide others at the moment."))
    if track not in mentor.guide_tracks:
        raise field_error("track", "track_not_offered", _("This person does not guide in this track."))
    if rules.is_guided_by(mentee, mentor):
        raise Conflict("already_guided", _("This person guides you already."))
    pending = MentorshipRequest.objects.filter(mentee=mentee, status=Status.PENDING)
    if pending.filter(mentor=mentor).exists():
        raise Conflict("already_asked", _("You have asked this person already."))
    if pending.count() >= rules.OPEN_REQUESTS_MAX:
        raise Conflict(
            "too_many_open_requests",
            _("Wait for an answer or withdraw a request first."),
            maximum=rules.OPEN_REQUESTS_MAX,
        )
    if rules.places_open(mentor) < 1:
        raise Conflict("no_open_place", _("This person has no open place at the moment."))
    for reason in suggestions.why_not(mentee, mentor, track=track, at=at):
        raise Conflict(reason.condition.value, Words(()).why_not(reason))


def _held(request: MentorshipRequest) -> MentorshipRequest:
    """The request as it is now, held until the end of the transaction."""
    rows = MentorshipRequest.objects.select_for_update(of=("self",)).select_related("mentee", "mentor")
    return rows.get(pk=request.pk)


def _pending(request: MentorshipRequest, by: Member) -> MentorshipRequest:
    """The same, once it is clear that this person may answer it."""
    request = _held(request)
    if request.mentor_id != by.pk:
        raise NotFound
    if not rules.may_answer(by, request):
        raise Conflict("not_pending", _("This request is no longer open."))
    return request


def _answer(request: MentorshipRequest, status: str, at: dt.datetime) -> None:
    request.status, request.answered_at = status, at
    request.save(update_fields=["status", "decline_reason", "answer", "answered_at"])
    _touch(request.mentor, at)


def _touch(mentor: Member, at: dt.datetime) -> None:
    """Places and waiting requests are part of how a guide is ranked: let matching read them again."""
    Member.objects.filter(pk=mentor.pk).update(changed_at=at)
    prices.soon()


def _facts(request: MentorshipRequest, person: Member) -> dict[str, Any]:
    return {"request": request.pk, "track": str(request.track), "person": _person(person)}


def _person(member: Member) -> dict[str, Any]:
    return {"id": member.pk, "name": member.name}
