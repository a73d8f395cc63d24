"""What takes effect when a proposal is decided, by kind: what it may say, and how it is done."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.bookings import sharing, upkeep
from backend.collectives import actions as collectives
from backend.collectives import agreements
from backend.collectives import rules as membership
from backend.collectives.models import Collective, CollectiveMembership
from backend.decisions import rules
from backend.decisions.models import Change, Proposal
from backend.errors import Invalid, NotFound, field_error
from backend.members.models import Member

Kind = Change.Kind
BELONGING = (Kind.ADMISSION, Kind.EXCLUSION)


def read(given: Mapping[str, Any], *, proposal: Proposal) -> dict[str, Any]:
    """The terms of a change as they are kept. Refused when it could not take effect as things are now.

    booking_rule: {resource, what, terms, message}; hours: {resource, opens_minute, closes_minute}, on the place's clock; agreement: {text}; steward: {member, is_steward, until} with the last day or null;
    admission and exclusion: {member}.
    """
    if proposal.method not in (Proposal.Method.CONSENT, Proposal.Method.MAJORITY):
        raise field_error("method", "changes_need_yes_or_no", _("What takes effect is decided by consent or majority."))
    kind, collective = given["kind"], proposal.collective
    if collective is None:
        raise field_error(
            "effects", "effects_need_a_collective", _("Only what a collective decides takes effect by itself.")
        )
    if kind == Kind.BOOKING_RULE:
        rule = upkeep.check_decided_rule(collective=collective, **_rule(given))
        return {"resource": rule.resource_id, "what": rule.what, "terms": rule.terms, "message": rule.message}
    if kind == Kind.HOURS:
        thing = sharing.check_decided_hours(collective=collective, **_hours(given))
        return {"resource": thing.pk, "opens_minute": thing.opens_minute, "closes_minute": thing.closes_minute}
    if kind == Kind.AGREEMENT:
        return {"text": agreements.sound(given.get("text"))}
    member = given.get("member")
    if kind == Kind.ADMISSION:
        if not _may_be_asked(member, proposal.author, collective):
            raise field_error("member", "not_found", _("This person does not exist, or not for you."))
    elif not _is_in(member, collective):
        raise field_error("member", "not_in_collective", _("This person is not a member of this collective."))
    if kind in BELONGING:
        _refuse_weak(proposal)
    if kind != Kind.STEWARD:
        return {"member": member}
    until = given.get("until")
    return {
        "member": member,
        "is_steward": bool(given.get("is_steward", True)),
        "until": until.isoformat() if isinstance(until, dt.date) else until,
    }


def apply(change: Change, *, at: dt.datetime) -> None:
    """Let it take effect; raises the refusal of the action that does it."""
    DO[Kind(change.kind)](change, at)


def _set_rule(change: Change, at: dt.datetime) -> None:
    collective = _ours(change)
    upkeep.set_decided_rule(collective=collective, decision=change.proposal_id, at=at, **_rule(change.terms))


def _set_hours(change: Change, at: dt.datetime) -> None:
    hours = _hours(change.terms)
    sharing.set_decided_hours(collective=_ours(change), decision=change.proposal_id, at=at, **hours)


def _agree(change: Change, at: dt.datetime) -> None:
    proposal = change.proposal
    if proposal.author is None:
        raise NotFound()
    agreements.set_decided(
        collective=_ours(change), by=proposal.author, text=change.terms["text"], decision=proposal.pk, at=at
    )


def _elect(change: Change, at: dt.datetime) -> None:
    last_day = change.terms.get("until")
    until = dt.date.fromisoformat(last_day) if last_day else None
    collectives.name_steward(**_about(change, "member"), is_steward=change.terms["is_steward"], until=until, at=at)


def _admit(change: Change, at: dt.datetime) -> None:
    """They are asked in: nobody becomes a member without wanting it."""
    collectives.invite(**_about(change, "guest"), at=at)


def _exclude(change: Change, at: dt.datetime) -> None:
    collectives.remove(**_about(change, "member"), at=at)


DO: dict[Change.Kind, Callable[[Change, dt.datetime], None]] = {
    Kind.BOOKING_RULE: _set_rule,
    Kind.HOURS: _set_hours,
    Kind.AGREEMENT: _agree,
    Kind.STEWARD: _elect,
    Kind.ADMISSION: _admit,
    Kind.EXCLUSION: _exclude,
}


def _rule(given: Mapping[str, Any]) -> dict[str, Any]:
    message = given.get("message") or {}
    return {
        "resource": given.get("resource") or 0,
        "what": given.get("what") or "",
        "terms_given": given.get("terms") or {},
        "message": message,
    }


def _hours(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resource": given.get("resource") or 0,
        "opens": given.get("opens_minute") or 0,
        "closes": given.get("closes_minute") or 0,
    }


def _about(change: Change, name: str) -> dict[str, Any]:
    """The collective, the person it is about as `name`, and who proposed it."""
    proposal = change.proposal
    person = Member.objects.present().filter(pk=change.terms["member"]).first()
    if person is None or proposal.author is None:
        raise NotFound()
    return {"collective": _ours(change), name: person, "by": proposal.author, "is_decided": True}


def _ours(change: Change) -> Collective:
    if change.proposal.collective is None:
        raise NotFound()
    return change.proposal.collective


def _is_in(member: int | None, collective: Collective) -> bool:
    return collective.memberships.filter(member=member, state=CollectiveMembership.State.MEMBER).exists()


def _may_be_asked(member: int | None, by: Member | None, collective: Collective) -> bool:
    """As when somebody is invited: whoever proposes it has to see them."""
    guest = Member.objects.present().filter(pk=member).first()
    return guest is not None and by is not None and membership.may_be_asked(guest, by, collective)


def _refuse_weak(proposal: Proposal) -> None:
    enough = proposal.method == Proposal.Method.CONSENT or proposal.threshold >= rules.STRONG_THRESHOLD
    if proposal.quorum < rules.STRONG_QUORUM or not enough:
        raise Invalid(
            "stronger_quorum_needed",
            _("Who belongs is decided by half of all at least, by consent or two thirds."),
            quorum=rules.STRONG_QUORUM,
            threshold=rules.STRONG_THRESHOLD,
        )
