"""Proposing a session when both are free, with its room in the same step; agreeing, cancelling, and saying that it was held."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from backend.bookings import actions as bookings
from backend.bookings.free import Span
from backend.bookings.times import iso, midnight
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.mentoring import booked_rooms, pulses
from backend.mentoring.common_time import long_enough, starts
from backend.mentoring.engagements import CommonTime, common_time
from backend.mentoring.lifecycle import SESSIONS, after
from backend.mentoring.models import Mentorship, MentorshipSession
from backend.mentoring.pair import held, refuse_closed, tell_other
from backend.mentoring.telling import hold as hold_people
from backend.notices.models import Notice
from backend.patience import patiently

State, Way = MentorshipSession.State, MentorshipSession.Way
MINUTES = (15, 480)
AHEAD_MOST = 12
FURTHEST = dt.timedelta(days=366)
STEP = dt.timedelta(minutes=30)
LOOK_AHEAD = dt.timedelta(days=14)
ALTERNATIVES = 5


@patiently
def propose(
    *,
    mentorship: Mentorship,
    by: Member,
    starts_at: dt.datetime,
    minutes: int,
    way: str,
    link: str = "",
    resource: int | None = None,
    words: str = "",
    agenda: Sequence[int] = (),
    anyway: bool = False,
    at: dt.datetime,
) -> MentorshipSession:
    """Propose a time; with `resource` the room is booked in the same transaction: either both are made or neither.

    Refused with `not_free_then` when one of the two has something else, and with `outside_hours` when it is not in the hours that both
    have told, unless `anyway`; both say what is free instead. What keeps the room from being booked is told as bookings tell it.
    """
    # Nobody else proposes a time to one of them in the same instant.
    hold_people(mentorship.mentor_id, mentorship.mentee_id)
    mentorship = held(mentorship, by)
    _refuse_unless_running(mentorship)
    span = (starts_at, starts_at + dt.timedelta(minutes=minutes))
    _refuse_badly_said(span, minutes, way, resource, at)
    if mentorship.sessions.filter(state__in=MentorshipSession.AHEAD, ends_at__gt=at).count() >= AHEAD_MOST:
        raise Conflict("too_many_sessions", _("Hold some of the sessions ahead first."), maximum=AHEAD_MOST)
    _refuse_unless_free([mentorship.mentor, mentorship.mentee], span, anyway=anyway, at=at)
    booking = None
    if resource is not None:
        title = _("Mentorship session")
        booking = bookings.book(member=by, resources=[resource], starts_at=span[0], ends_at=span[1], title=title, at=at)
    session = MentorshipSession.objects.create(
        mentorship=mentorship, way=way, starts_at=span[0], ends_at=span[1], link=link if way == Way.ONLINE else "",
        booking=booking, words=words, proposed_by=by, created_at=at, changed_at=at,
    )  # fmt: skip
    mentorship.agenda.filter(pk__in=list(agenda), done_at=None).update(session=session)
    _tell(session, by, Notice.Kind.SESSION_PROPOSED, at)
    return session


@patiently
def agree(*, session: MentorshipSession, by: Member, at: dt.datetime) -> MentorshipSession:
    """Say yes to what the other has proposed."""
    session = _held(session, by)
    _refuse_own(session, by)
    if session.starts_at <= at:
        raise Conflict("already_over", _("This time is already over."))
    _refuse_unless_running(session.mentorship)
    session.answered_at = at
    _move(session, "agree", at, "answered_at")
    _tell(session, by, Notice.Kind.SESSION_AGREED, at)
    return session


@patiently
def decline(*, session: MentorshipSession, by: Member, at: dt.datetime) -> MentorshipSession:
    """Say no to what the other has proposed; its room is given back."""
    session = _held(session, by)
    _refuse_own(session, by)
    session.answered_at, session.ended_by = at, by
    _move(session, "decline", at, "answered_at", "ended_by")
    _give_back(session, at)
    _tell(session, by, Notice.Kind.SESSION_DECLINED, at)
    return session


@patiently
def cancel(*, session: MentorshipSession, by: Member, at: dt.datetime) -> MentorshipSession:
    """Call it off, agreed or not; its room is given back where its own rules still allow that."""
    session = _held(session, by)
    if session.ends_at <= at and session.state in MentorshipSession.AHEAD:
        raise Conflict("already_over", _("This time is already over."))
    _call_off(session, by, at)
    _tell(session, by, Notice.Kind.SESSION_CANCELLED, at)
    return session


@patiently
def hold(*, session: MentorshipSession, by: Member, minutes: int | None = None, at: dt.datetime) -> MentorshipSession:
    """It took place, for so many minutes; as long as planned unless told. What was on its agenda is talked about."""
    session = _held(session, by)
    _refuse_before(session, at)
    session.began_at = session.starts_at
    session.minutes = minutes or int((session.ends_at - session.starts_at).total_seconds()) // 60
    _move(session, "hold", at, "began_at", "minutes")
    session.agenda.filter(done_at=None).update(done_at=at)
    pulses.after_session(session.mentorship, at=at)
    return session


@patiently
def miss(*, session: MentorshipSession, by: Member, at: dt.datetime) -> MentorshipSession:
    """It did not take place; nobody is blamed. What was on its agenda waits in the bank."""
    session = _held(session, by)
    _refuse_before(session, at)
    session.ended_by = by
    _move(session, "miss", at, "ended_by")
    session.agenda.filter(done_at=None).update(session=None)
    return session


@patiently
def note_down(
    *, mentorship: Mentorship, by: Member, began_at: dt.datetime, minutes: int, at: dt.datetime
) -> MentorshipSession:
    """They met without having planned it here: kept as held, so that the time counts."""
    mentorship = held(mentorship, by)
    refuse_closed(mentorship)
    if not mentorship.started_at <= began_at <= at - dt.timedelta(minutes=minutes):
        raise field_error("began_at", "out_of_range", _("Choose a time since you are on the road together."))
    ends_at = began_at + dt.timedelta(minutes=minutes)
    session = MentorshipSession.objects.create(
        mentorship=mentorship, state=State.HELD, way=Way.ONLINE, starts_at=began_at, ends_at=ends_at, began_at=began_at,
        minutes=minutes, proposed_by=by, created_at=at, changed_at=at,
    )  # fmt: skip
    pulses.after_session(mentorship, at=at)
    return session


@patiently
def say_where(*, session: MentorshipSession, by: Member, link: str, at: dt.datetime) -> MentorshipSession:
    """Where they meet online: either of the two may name it, as long as the session is ahead."""
    session = _held(session, by)
    if session.state not in MentorshipSession.AHEAD or session.way != Way.ONLINE:
        raise Conflict("session_over", _("This session is no longer ahead."))
    session.link, session.changed_at, session.sequence = link, at, session.sequence + 1
    session.save(update_fields=["link", "changed_at", "sequence"])
    return session


def cancel_ahead(mentorship: Mentorship, *, by: Member | None, at: dt.datetime, until: dt.date | None = None) -> int:
    """Call off the sessions ahead of a mentorship that is held by this transaction; those before a day, or all. How many there were."""
    ahead = mentorship.sessions.filter(state__in=MentorshipSession.AHEAD, ends_at__gt=at)
    if until is not None:
        ahead = ahead.filter(starts_at__lt=midnight(until, (by or mentorship.mentor).timezone))
    rows = list(ahead.select_related("booking__member").order_by("pk"))
    for session in rows:
        _call_off(session, by, at)
    return len(rows)


def _call_off(session: MentorshipSession, by: Member | None, at: dt.datetime) -> None:
    session.ended_by = by
    _move(session, "cancel", at, "ended_by")
    _give_back(session, at)


def _move(session: MentorshipSession, event: str, at: dt.datetime, *fields: str) -> None:
    """The state that this event leads to, as a new version for calendars."""
    refusal = Conflict("session_over", _("This session is no longer open to that."), state=session.state)
    session.state = after(SESSIONS, session.state, event, refusal)
    session.changed_at, session.sequence = at, session.sequence + 1
    session.save(update_fields=["state", "changed_at", "sequence", *fields])


def _give_back(session: MentorshipSession, at: dt.datetime) -> None:
    """Its room is free again where its rules allow that, and what was on the agenda waits in the bank."""
    session.agenda.filter(done_at=None).update(session=None)
    booked_rooms.give_back(session.booking, at)


def _held(session: MentorshipSession, by: Member) -> MentorshipSession:
    """The session as it is now, with its mentorship, held until the end of the transaction."""
    mentorship = held(session.mentorship, by)
    found = mentorship.sessions.select_related("booking__member").filter(pk=session.pk).first()
    if found is None:
        raise NotFound
    found.mentorship = mentorship
    return found


def _refuse_unless_running(mentorship: Mentorship) -> None:
    refuse_closed(mentorship)
    if mentorship.status == Mentorship.Status.PAUSED:
        raise Conflict("paused", _("This mentorship is paused. Let it go on first."))


def _refuse_badly_said(span: Span, minutes: int, way: str, resource: int | None, at: dt.datetime) -> None:
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise field_error("minutes", "out_of_range", _("A session takes from 15 minutes to 8 hours."))
    if span[0] <= at:
        raise field_error("starts_at", "in_the_past", _("This time is already over."))
    if span[0] > at + FURTHEST:
        raise field_error("starts_at", "too_far_ahead", _("Choose a time within a year."))
    if (way == Way.PLACE) != (resource is not None):
        raise field_error("resource", "required", _("Choose a room, or meet online."))


def _refuse_unless_free(people: Sequence[Member], span: Span, *, anyway: bool, at: dt.datetime) -> None:
    """Somebody who has something else cannot come; hours that are only unusual may be meant."""
    until = max(span[1], at + LOOK_AHEAD)
    common = common_time(people, (at, until))
    if busy := common.engaged(span):
        raise Conflict("not_free_then", _("One of you has something else then."), people=busy, **_instead(common, span))
    if not (anyway or common.covers(span)):
        raise Conflict(
            "outside_hours", _("This is outside the hours that you have both told."), **_instead(common, span)
        )


def _instead(common: CommonTime, span: Span) -> dict[str, list[str]]:
    length = span[1] - span[0]
    found = starts(long_enough(common.spans, length), length, STEP, ALTERNATIVES)
    return {"alternatives": [iso(moment) for moment in found]}


def _refuse_own(session: MentorshipSession, by: Member) -> None:
    if session.proposed_by_id == by.pk and session.state == State.PROPOSED:
        raise NotAllowed("own_proposal", _("The other one answers this. You can cancel it."))


def _refuse_before(session: MentorshipSession, at: dt.datetime) -> None:
    if at < session.starts_at:
        raise Conflict("not_begun", _("This session has not begun yet."))


def _tell(session: MentorshipSession, by: Member, kind: Notice.Kind, at: dt.datetime) -> None:
    """On the clock of who reads it."""
    mentorship = session.mentorship
    reader = mentorship.mentee if by.pk == mentorship.mentor_id else mentorship.mentor
    about = {"session": session.pk, "starts_at": iso(session.starts_at), "ends_at": iso(session.ends_at)}
    tell_other(mentorship, by, kind, at, timezone=reader.timezone, **about)


def between(member: Member, start: dt.datetime, end: dt.datetime) -> list[MentorshipSession]:
    """The sessions of this member that touch the window and were not called off, for their calendar."""
    theirs = Q(mentorship__mentor=member) | Q(mentorship__mentee=member)
    near = MentorshipSession.objects.filter(theirs, starts_at__lt=end, ends_at__gt=start)
    shown = near.filter(state__in=[*MentorshipSession.AHEAD, State.HELD])
    rows = shown.select_related("mentorship__mentor", "mentorship__mentee")
    return list(rows.prefetch_related("booking__items__resource__place", "agenda").order_by("starts_at", "pk"))
