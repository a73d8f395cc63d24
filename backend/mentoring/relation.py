"""Between the two of a mentorship: pausing, going on, ending. Whoever else asks learns that there is nothing."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from backend.bookings.times import clock, midnight
from backend.errors import Conflict, field_error
from backend.members.models import Member
from backend.mentoring import pulses, sessions, waiting
from backend.mentoring.lifecycle import MENTORSHIPS, after
from backend.mentoring.models import Mentorship, Programme
from backend.mentoring.pair import held, tell_other
from backend.mentoring.relation_tasks import go_on
from backend.mentoring.telling import hold, touch
from backend.notices.actions import tell_all
from backend.notices.models import Notice

LONGEST_PAUSE = dt.timedelta(days=366)
Reason = Mentorship.CloseReason


@transaction.atomic
def pause(*, mentorship: Mentorship, by: Member, until: dt.date | None = None, at: dt.datetime) -> Mentorship:
    """Rest for a while, until a day or until one of them goes on. The place stays taken; sessions in between are cancelled."""
    mentorship = held(mentorship, by)
    today = clock(at, by.timezone)[0]
    if until is not None and not today < until <= today + LONGEST_PAUSE:
        raise field_error("until", "out_of_range", _("Choose a day within the next year."))
    mentorship.status = after(MENTORSHIPS, mentorship.status, "pause", _not_possible(mentorship))
    mentorship.paused_at, mentorship.paused_until, mentorship.paused_by = at, until, by
    mentorship.save(update_fields=["status", "paused_at", "paused_until", "paused_by"])
    sessions.cancel_ahead(mentorship, by=by, at=at, until=until)
    if until is not None:
        go_on.using(run_after=midnight(until, by.timezone)).enqueue()
    tell_other(mentorship, by, Notice.Kind.MENTORSHIP_PAUSED, at)
    return mentorship


@transaction.atomic
def resume(*, mentorship: Mentorship, by: Member, at: dt.datetime) -> Mentorship:
    """Go on: either of the two may."""
    mentorship = held(mentorship, by)
    _go_on(mentorship, Conflict("not_paused", _("This mentorship is not paused.")), at)
    tell_other(mentorship, by, Notice.Kind.MENTORSHIP_RESUMED, at)
    return mentorship


def resume_all(*, at: dt.datetime) -> int:
    """All pauses whose last day is over, those too that were missed while nothing ran. Returns how many there were."""
    late = Mentorship.objects.filter(
        status=Mentorship.Status.PAUSED, paused_until__lte=at.date() + dt.timedelta(days=1)
    )
    count = 0
    for pk in list(late.order_by("paused_until", "pk").values_list("pk", flat=True)):
        count += _resume_due(pk, at)
    return count


@transaction.atomic
def close(
    *,
    mentorship: Mentorship,
    by: Member,
    reason: str = "",
    closing_words: str = "",
    new_guide: bool = False,
    at: dt.datetime,
) -> Mentorship:
    """End a mentorship, with a reason and a word of thanks. Its place is free again; its room stays open to both.

    With `new_guide` the mentee asks for somebody else: they stand in the line of the track before those who were never left out, and
    coordinators are told that.
    """
    # People before the mentorship, as whoever accepts does: two who wait for each other would wait for ever.
    hold(mentorship.mentor_id, mentorship.mentee_id)
    mentorship = held(mentorship, by)
    if new_guide and by.pk != mentorship.mentee_id:
        raise field_error("new_guide", "not_the_mentee", _("Only who is guided asks for another guide."))
    end(mentorship, by=by, reason=reason, closing_words=closing_words, at=at)
    if new_guide:
        mentorship.new_guide_wanted_at = at
        mentorship.save(update_fields=["new_guide_wanted_at"])
        waiting.wait_for(member=mentorship.mentee, mentor=None, track=mentorship.track, at=at, left_out=1)
        _tell_coordinators(mentorship, at)
    tell_other(mentorship, by, Notice.Kind.MENTORSHIP_CLOSED, at)
    return mentorship


def end(
    mentorship: Mentorship, *, by: Member | None, reason: str = "", closing_words: str = "", at: dt.datetime
) -> None:
    """Close what is held by this transaction, with its sessions ahead and their rooms; nobody is told here.

    The guide is held too. Refuses with `already_closed`.
    """
    refusal = Conflict("already_closed", _("This mentorship has ended already."))
    mentorship.status = after(MENTORSHIPS, mentorship.status, "close", refusal)
    mentorship.closed_at, mentorship.closed_by = at, by
    mentorship.close_reason, mentorship.closing_words = reason, closing_words
    mentorship.paused_until = None
    mentorship.save(update_fields=["status", "closed_at", "closed_by", "close_reason", "closing_words", "paused_until"])
    sessions.cancel_ahead(mentorship, by=by, at=at)
    touch([mentorship.mentor_id], at)
    waiting.move_up([mentorship.mentor_id], at=at)
    pulses.at_closing(mentorship, at=at)


@transaction.atomic
def _resume_due(pk: int, at: dt.datetime) -> bool:
    """Looked at again under the lock: it may have gone on, or been paused anew, since it was listed."""
    rows = Mentorship.objects.select_for_update(of=("self",)).select_related("mentor", "mentee", "paused_by")
    mentorship = rows.get(pk=pk)
    until, pauser = mentorship.paused_until, mentorship.paused_by or mentorship.mentor
    if mentorship.status != Mentorship.Status.PAUSED or until is None or midnight(until, pauser.timezone) > at:
        return False
    _go_on(mentorship, _not_possible(mentorship), at)
    tell_other(mentorship, mentorship.mentor, Notice.Kind.MENTORSHIP_RESUMED, at)
    tell_other(mentorship, mentorship.mentee, Notice.Kind.MENTORSHIP_RESUMED, at)
    return True


def _go_on(mentorship: Mentorship, refusal: Conflict, at: dt.datetime) -> None:
    """Nobody was to be heard while it rested: what counts as quiet is counted anew."""
    mentorship.status = after(MENTORSHIPS, mentorship.status, "resume", refusal)
    mentorship.paused_at = mentorship.paused_until = mentorship.paused_by = mentorship.quiet_told_at = None
    mentorship.kept_on_at = at
    changed = ["status", "paused_at", "paused_until", "paused_by", "quiet_told_at", "kept_on_at"]
    mentorship.save(update_fields=changed)


def _not_possible(mentorship: Mentorship) -> Conflict:
    if mentorship.status == Mentorship.Status.CLOSED:
        return Conflict("already_closed", _("This mentorship has ended already."))
    return Conflict("already_paused", _("This mentorship is paused already."))


def _tell_coordinators(mentorship: Mentorship, at: dt.datetime) -> None:
    """Those who look after this track where the mentee is at home: that somebody needs a guide, not why."""
    here = Programme.objects.filter(organisation=mentorship.mentee.organisation_id, track=mentorship.track)
    people = set(here.values_list("coordinators", flat=True)) - {None, mentorship.mentor_id, mentorship.mentee_id}
    data = {"track": mentorship.track, "person": {"id": mentorship.mentee_id, "name": mentorship.mentee.name}}
    tell_all(members=sorted(people), kind=Notice.Kind.NEW_GUIDE_WANTED, data=data, at=at)
