"""Asking for guidance and answering: one wish, perhaps several people asked, and at most one yes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.collectives.models import Collective
from backend.conversations import actions as conversations
from backend.conversations.models import Room
from backend.errors import Conflict, NotFound, Refusal
from backend.members.models import Member
from backend.mentoring import asked, rounds, waiting
from backend.mentoring.asked import Asked
from backend.mentoring.asking_tasks import look_after_requests
from backend.mentoring.lifecycle import REQUESTS, after, can
from backend.mentoring.models import Kind, Mentorship, MentorshipRequest, NextChoice
from backend.mentoring.rules import may_answer
from backend.mentoring.telling import facts, hold, touch
from backend.mentoring.times import ANSWERED_WITHIN, REMINDED_AFTER
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently
from backend.skills.models import Skill

Status = MentorshipRequest.Status
Outcome = NextChoice.Outcome


@dataclass(frozen=True)
class Further:
    """What a wish may carry beside whom it asks: who is next, for which collective, and whether it joins an open wish."""

    choices: Sequence[Member] = ()
    joins: bool = True
    collective: Collective | None = None
    by_collective: Collective | None = None


@patiently
def ask(
    *,
    mentee: Member,
    mentor: Member,
    track: str,
    wishes: Sequence[Skill],
    message: str,
    at: dt.datetime,
    kind: str = Kind.SPONSORSHIP,
    further: Further = Further(),
) -> MentorshipRequest:
    """Ask a guide. Nothing is reserved by asking: a place is taken when the guide accepts.

    An open wish of the same kind in the same track is joined unless `further` says no: the first yes settles it, and the others
    are withdrawn. When the answer is no, or does not come in time, the next choice is asked in the same words.
    """
    hold(mentee.pk, mentor.pk)
    wish = Asked(mentee, mentor, track, kind, further.collective, further.by_collective)
    asked.refuse(wish, at)
    asked.refuse_choices(wish, further.choices)
    first = _open_wish(mentee, track, kind) if further.joins else None
    if first is not None and further.choices and first.next_choices.filter(outcome="").exists():
        raise Conflict("choices_named", _("This wish has next choices already. Change those instead."))
    request = _write(wish, message, first, at)
    request.wishes.set(wishes)
    name_choices(first or request, further.choices)
    return request


@patiently
def accept(*, request: MentorshipRequest, by: Member, at: dt.datetime) -> Mentorship:
    """Begin to guide: takes a place, opens the mentorship and its room, and settles the wish.

    Refused when the last place has just gone, and when another guide of the same wish was quicker.
    """
    request = _to_answer(request, by)
    if not can(REQUESTS, request.status, "accept"):
        raise not_pending()
    asked.refuse_to_accept(request, by, at)
    _end_talks(request, by, at)
    people = [by, request.mentee, *_companions(request, by)]
    room = conversations.open_room(kind=Room.Kind.MENTORSHIP, title="", purpose="", members=people, at=at)
    mentorship = Mentorship.objects.create(
        mentor=by, mentee=request.mentee, request=request, kind=request.kind, track=request.track, room=room,
        collective=request.collective, by_collective=request.by_collective, started_at=at,
    )  # fmt: skip
    end(request, "accept", at)
    _settle(request, at)
    data = facts(request, by) | {"mentorship": mentorship.pk, "room": room.pk}
    tell(member=request.mentee, kind=Notice.Kind.REQUEST_ACCEPTED, data=data, at=at)
    rounds.see_to_it(at=at)
    return mentorship


@patiently
def decline(
    *, request: MentorshipRequest, by: Member, reason: str, answer: str = "", at: dt.datetime
) -> MentorshipRequest:
    """Say no, with a reason that the mentee reads; the wish goes on to the next choice."""
    request = _to_answer(request, by)
    request.decline_reason, request.answer = reason, answer
    end(request, "decline", at)
    data = facts(request, by) | {"decline_reason": reason}
    tell(member=request.mentee, kind=Notice.Kind.REQUEST_DECLINED, data=data, at=at)
    pass_on(request, at)
    waiting.move_up([request.mentor_id], at=at)
    return request


@patiently
def withdraw(*, request: MentorshipRequest, by: Member, at: dt.datetime) -> MentorshipRequest:
    """Take a request back before it is answered. With the last one that waits, the next choices go too."""
    request = held(request)
    if request.mentee_id != by.pk:
        raise NotFound
    end(request, "withdraw", at)
    first = first_of(request)
    if not _of_wish(first).filter(status=Status.PENDING).exists():
        first.next_choices.filter(outcome="").delete()
    tell(member=request.mentor, kind=Notice.Kind.REQUEST_WITHDRAWN, data=facts(request, request.mentee), at=at)
    waiting.move_up([request.mentor_id], at=at)
    return request


@patiently
def expire(*, request: MentorshipRequest, at: dt.datetime) -> bool:
    """A request that nobody answered in time is over and goes on. False when it was answered meanwhile, or is not due."""
    request = held(request)
    if request.status != Status.PENDING or request.created_at > at - ANSWERED_WITHIN:
        return False
    end(request, "expire", at)
    tell(member=request.mentee, kind=Notice.Kind.REQUEST_EXPIRED, data=facts(request, request.mentor), at=at)
    tell(member=request.mentor, kind=Notice.Kind.REQUEST_MISSED, data=facts(request, request.mentee), at=at)
    pass_on(request, at)
    waiting.move_up([request.mentor_id], at=at)
    return True


@patiently
def choose_next(*, request: MentorshipRequest, by: Member, choices: Sequence[Member], at: dt.datetime) -> None:
    """Name anew whom an open wish goes on to, the most wanted first; none: it stays with who is asked."""
    request = held(request)
    if request.mentee_id != by.pk:
        raise NotFound
    if request.status != Status.PENDING:
        raise not_pending()
    wish = Asked(request.mentee, request.mentor, request.track, request.kind, request.collective)
    asked.refuse_choices(wish, choices)
    first = first_of(request)
    first.next_choices.filter(outcome="").delete()
    name_choices(first, choices)


def name_choices(first: MentorshipRequest, choices: Sequence[Member]) -> None:
    """Those already asked or passed over in this wish are not asked again."""
    known = set(first.next_choices.values_list("mentor", flat=True)) | set(
        _of_wish(first).values_list("mentor", flat=True)
    )
    ranks = first.next_choices.count()
    NextChoice.objects.bulk_create(
        NextChoice(first=first, mentor=mentor, rank=rank)
        for rank, mentor in enumerate((one for one in choices if one.pk not in known), start=ranks + 1)
    )


def pass_on(request: MentorshipRequest, at: dt.datetime) -> MentorshipRequest | None:
    """Ask the next choice who can still be asked, in the same words; those who cannot are passed over, and nobody is told why."""
    first = first_of(request)
    for choice in first.next_choices.filter(outcome="").select_related("mentor"):
        wish = Asked(request.mentee, choice.mentor, request.track, request.kind, request.collective)
        try:
            asked.refuse(wish, at)
        except Refusal:
            choice.outcome = Outcome.IMPOSSIBLE
            choice.save(update_fields=["outcome"])
            continue
        fresh = _write(wish, request.message, first, at)
        fresh.wishes.set(request.wishes.all())
        choice.outcome = Outcome.ASKED
        choice.save(update_fields=["outcome"])
        tell(member=request.mentee, kind=Notice.Kind.REQUEST_PASSED_ON, data=facts(fresh, choice.mentor), at=at)
        return fresh
    return None


def held(request: MentorshipRequest, *also: int) -> MentorshipRequest:
    """The request as it is now, held until the end of the transaction with everyone whom its wish concerns, and with these."""
    first = first_of(request)
    concerned = _concerned(first) | set(also)
    hold(*concerned)
    # Nobody else changes the wish now; who joined it while its people were waited for is held too.
    hold(*(_concerned(first) - concerned))
    rows = MentorshipRequest.objects.select_for_update(of=("self",))
    return rows.select_related("mentee", "mentor", "wish", "collective", "by_collective").get(pk=request.pk)


def end(request: MentorshipRequest, event: str, at: dt.datetime, why: str = "") -> None:
    """What happened to a request that waited; to be called while its people are held. Refused when it waits no more."""
    request.status = after(REQUESTS, request.status, event, not_pending())
    request.answered_at, request.why_withdrawn = at, why
    request.save(update_fields=["status", "decline_reason", "answer", "answered_at", "why_withdrawn"])
    touch([request.mentor_id], at)


def first_of(request: MentorshipRequest) -> MentorshipRequest:
    return request.wish or request


def not_pending() -> Conflict:
    return Conflict("not_pending", _("This request is no longer open."))


def _to_answer(request: MentorshipRequest, by: Member) -> MentorshipRequest:
    """The same, held, once it is clear that this person may answer it."""
    request = held(request, by.pk, request.mentor_id)
    if not may_answer(by, request):
        raise NotFound
    return request


def _concerned(first: MentorshipRequest) -> set[int]:
    pending = _of_wish(first).filter(status=Status.PENDING).values_list("mentor", flat=True)
    to_come = first.next_choices.filter(outcome="").values_list("mentor", flat=True)
    return {first.mentee_id, first.mentor_id, *pending, *to_come}


def _of_wish(first: MentorshipRequest) -> QuerySet[MentorshipRequest]:
    return MentorshipRequest.objects.filter(Q(pk=first.pk) | Q(wish=first.pk))


def _open_wish(mentee: Member, track: str, kind: str) -> MentorshipRequest | None:
    """The wish of this kind in this track that waits for an answer. Short talks before choosing do not exclude each other."""
    if kind == Kind.TASTER:
        return None
    waits = MentorshipRequest.objects.filter(mentee=mentee, track=track, kind=kind, status=Status.PENDING)
    found = waits.select_related("wish").order_by("-pk").first()
    return None if found is None else first_of(found)


def _write(wish: Asked, message: str, first: MentorshipRequest | None, at: dt.datetime) -> MentorshipRequest:
    try:
        with transaction.atomic():
            request = MentorshipRequest.objects.create(
                mentee=wish.mentee, mentor=wish.mentor, track=wish.track, kind=wish.kind, collective=wish.collective,
                by_collective=wish.by_collective, message=message, wish=first, created_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise asked.already_asked() from error
    touch([wish.mentor.pk], at)
    waiting.note_asked(wish.mentee, wish.mentor, at=at)
    tell(member=wish.mentor, kind=Notice.Kind.REQUEST_RECEIVED, data=facts(request, wish.mentee), at=at)
    for moment in (REMINDED_AFTER, ANSWERED_WITHIN):
        transaction.on_commit(partial(look_after_requests.using(run_after=at + moment).enqueue))
    return request


def _settle(request: MentorshipRequest, at: dt.datetime) -> None:
    """The others of the wish are withdrawn, and nobody is next any more; a guide for long ends the talks before choosing."""
    if request.kind == Kind.TASTER:
        return
    others = Q(pk__in=_of_wish(first_of(request)).values("pk"))
    if request.kind == Kind.SPONSORSHIP:
        others |= Q(mentee=request.mentee_id, track=request.track, kind=Kind.TASTER)
    rows = MentorshipRequest.objects.filter(others, status=Status.PENDING).exclude(pk=request.pk)
    for other in rows.select_for_update(of=("self",)).select_related("mentor").order_by("pk"):
        end(other, "settle", at, MentorshipRequest.WhyWithdrawn.SETTLED)
        tell(member=other.mentor, kind=Notice.Kind.REQUEST_SETTLED, data=facts(other, request.mentee), at=at)
        waiting.move_up([other.mentor_id], at=at)
    first_of(request).next_choices.filter(outcome="").delete()
    if request.kind == Kind.SPONSORSHIP:
        waiting.note_guided(request.mentee, request.track, at=at)


def _end_talks(request: MentorshipRequest, by: Member, at: dt.datetime) -> None:
    """Talks that led to long guidance are over: those with this guide, and those before choosing in the same track."""
    if request.kind != Kind.SPONSORSHIP:
        return
    talks = Mentorship.objects.filter(mentee=request.mentee_id, kind__in=[Kind.ADVICE, Kind.TASTER])
    talks = talks.exclude(status=Mentorship.Status.CLOSED)
    over = talks.filter(Q(mentor=by) | Q(kind=Kind.TASTER, track=request.track))
    over.update(status=Mentorship.Status.CLOSED, closed_at=at)


def _companions(request: MentorshipRequest, by: Member) -> list[Member]:
    """Who else comes into the room, where a collective is guided or guides."""
    ids = [one for one in (request.collective_id, request.by_collective_id) if one is not None]
    if not ids:
        return []
    inside = Member.objects.present().filter(
        collective_memberships__collective__in=ids, collective_memberships__state="member"
    )
    return list(inside.exclude(pk__in=[by.pk, request.mentee_id]).distinct().order_by("pk"))
