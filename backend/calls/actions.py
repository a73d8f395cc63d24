"""Calling for collaborators: opening a call, changing it, ending it. With `answering`, the only writers of these tables."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.calls import rules
from backend.calls.call_tasks import expire_calls, suggest_calls
from backend.calls.models import Call, CallChoice, CallCountry, CallLanguage, CallSkill
from backend.calls.telling import facts, leading
from backend.collectives import rules as collectives
from backend.collectives.models import Collective
from backend.errors import Conflict, NotFound, field_error
from backend.members.models import Member
from backend.notices.actions import tell_all
from backend.notices.models import Notice

State = Call.State
LISTS = ("skills", "languages", "countries")


@transaction.atomic
def open_call(*, member: Member, collective: Collective | None = None, at: dt.datetime, **wish: Any) -> Call:
    """Look for people, in one's own name or that of one's collective; those whom it fits are told by the worker.

    `wish` has the fields of `Call`, `skills` as {skill, level, people}, `languages` and `countries` as codes.
    """
    # Held, so that two clicks at once are counted one after the other.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if member.seen_by == Member.SeenBy.NOBODY:
        raise Conflict("nobody_sees_you", _("Nobody sees you at the moment, so nobody would see your call."))
    if collective is not None:
        _refuse_to_speak_for(collective, member)
    if Call.objects.filter(author=member, state=State.OPEN).count() >= rules.OPEN_MAX:
        raise Conflict("too_many_calls", _("Close one of your open calls first."), maximum=rules.OPEN_MAX)
    lists = {name: wish.pop(name, ()) for name in LISTS}
    call = Call(author=member, collective=collective, created_at=at, **wish)
    _check(call, at)
    call.save()
    _write(call, lists)
    _look_after(call)
    transaction.on_commit(partial(suggest_calls.enqueue))
    return call


@transaction.atomic
def edit(*, call: Call, by: Member, at: dt.datetime, **changes: Any) -> Call:
    """Say it differently, as long as it is open. Nobody who has answered is left without what they answered for."""
    call = held(call)
    _refuse_strangers(by, call)
    if call.state != State.OPEN:
        raise Conflict("call_ended", _("This call is over."), state=call.state)
    lists = {name: changes.pop(name) for name in LISTS if name in changes}
    for name, value in changes.items():
        setattr(call, name, value)
    _check(call, at, is_prolonged="open_until" in changes)
    if "skills" in lists:
        _refuse_to_drop(call, lists["skills"])
    call.save(update_fields=[*changes, "closes_at"])
    _write(call, lists)
    call = held(call)
    if rules.is_full(call):
        _end(call, "fill", at)
    _look_after(call)
    return call


@transaction.atomic
def close(*, call: Call, by: Member, at: dt.datetime) -> Call:
    """Take no more answers; who is still waiting for one is told that it is over."""
    call = held(call)
    _refuse_strangers(by, call)
    _end(call, "close", at)
    return call


@transaction.atomic
def want_suggestions(*, member: Member, is_wanted: bool) -> None:
    """Whether calls are suggested to this member, in lists and by notices."""
    CallChoice.objects.update_or_create(member=member, defaults={"is_suggested": is_wanted})


def expire_due(*, at: dt.datetime) -> int:
    """End every call whose last day is over, once. Returns how many were ended now."""
    due = Call.objects.filter(state=State.OPEN, closes_at__lte=at).order_by("closes_at", "pk")
    return sum(_expire(call=call, at=at) for call in due)


def end_all(*, member: Member, at: dt.datetime) -> None:
    """Every call of this member that could still be answered or filled ends."""
    for call in Call.objects.filter(author=member).exclude(state=State.CLOSED).order_by("pk"):
        _end(held(call), "close", at)


def held(call: Call) -> Call:
    """The call as it is now, held until the end of the transaction; what hangs on it is read after the lock.

    `formed` is not joined: PostgreSQL joins rows of before it waited, and who waits for who founds would find none.
    """
    rows = Call.objects.select_for_update(of=("self",)).select_related("author", "collective")
    found = rows.prefetch_related("skills", "answers__member", "collective__memberships").filter(pk=call.pk).first()
    if found is None:
        raise NotFound
    return found


def settle_seats(call: Call, at: dt.datetime) -> None:
    """After an answer was accepted or taken back: the call is filled, or goes on."""
    if rules.is_full(call) and call.state != State.FILLED:
        _end(call, "fill", at)
    elif call.state == State.FILLED and not rules.is_full(call):
        if at < call.closes_at:
            call.state, call.ended_at = rules.after(call, "reopen"), None
        else:
            call.state = rules.after(call, "expire")
        call.save(update_fields=["state", "ended_at"])
        _look_after(call)


@transaction.atomic
def _expire(*, call: Call, at: dt.datetime) -> bool:
    call = held(call)
    if call.state != State.OPEN or call.closes_at > at:
        return False
    call.state, call.ended_at = rules.after(call, "expire"), at
    call.save(update_fields=["state", "ended_at"])
    tell_all(members=leading(call), kind=Notice.Kind.CALL_EXPIRED, data=facts(call), at=at)
    return True


def _end(call: Call, event: str, at: dt.datetime) -> None:
    call.state, call.ended_at = rules.after(call, event), at
    call.save(update_fields=["state", "ended_at"])
    waiting = [one for one in call.answers.all() if one.state == rules.Said.SENT]
    for one in waiting:
        one.state, one.settled_at = rules.answered(one, "lapse"), at
        one.save(update_fields=["state", "settled_at"])
    tell_all(members=[one.member_id for one in waiting], kind=Notice.Kind.CALL_OVER, data=facts(call), at=at)


def _look_after(call: Call) -> None:
    if call.state == State.OPEN:
        transaction.on_commit(partial(expire_calls.using(run_after=call.closes_at).enqueue))


def _refuse_strangers(by: Member, call: Call) -> None:
    if not Call.objects.visible_to(by).filter(pk=call.pk).exists():
        raise NotFound
    rules.refuse_unless_leading(by, call)


def _refuse_to_speak_for(collective: Collective, member: Member) -> None:
    if not collectives.may_invite(member, collective):
        raise field_error("collective", "not_in_collective", _("Only members of this collective may do this."))
    if not collective.is_listed:
        raise field_error(
            "collective", "collective_hides", _("This collective does not show itself. Call in your own name.")
        )


def _check(call: Call, at: dt.datetime, *, is_prolonged: bool = True) -> None:
    """What the fields say together; fills in the moment at which the call ends."""
    zone = ZoneInfo(call.author.timezone)
    today = at.astimezone(zone).date()
    if is_prolonged and call.open_until < today:
        raise field_error("open_until", "in_the_past", _("Choose a day that is still to come."))
    if is_prolonged and call.open_until > today + rules.LONGEST:
        raise field_error("open_until", "too_late", _("A call stays open for half a year at most."))
    if call.ends_on is not None and call.ends_on < (call.starts_on or today):
        raise field_error("ends_on", "ends_before_start", _("It ends after it begins."))
    if not call.is_remote and not call.country:
        raise field_error("country", "where_is_it", _("Say where it is, or that it can be done from anywhere."))
    call.closes_at = dt.datetime.combine(call.open_until + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC)


def _refuse_to_drop(call: Call, skills: Sequence[Mapping[str, Any]]) -> None:
    wanted = {row["skill"].pk: row["people"] for row in skills}
    live = {one.skill_id for one in call.answers.all() if one.state in (rules.Said.SENT, rules.Said.ACCEPTED)}
    if live - wanted.keys():
        raise field_error("skills", "skill_answered", _("Somebody has answered for a skill that you take away."))
    if any(people > wanted[skill] for skill, people in rules.taken(call).items()):
        raise field_error("skills", "seats_given", _("More people than that were taken in already."))


def _write(call: Call, lists: Mapping[str, Iterable[Any]]) -> None:
    """The lists that are given replace what was there."""
    if "skills" in lists:
        call.skills.all().delete()
        CallSkill.objects.bulk_create(CallSkill(call=call, **row) for row in lists["skills"])
    if "languages" in lists:
        call.languages.all().delete()
        CallLanguage.objects.bulk_create(CallLanguage(call=call, code=code) for code in lists["languages"])
    if "countries" in lists:
        call.countries.all().delete()
        CallCountry.objects.bulk_create(CallCountry(call=call, code=code) for code in lists["countries"])
