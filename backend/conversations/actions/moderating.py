"""Keeping a room a good place: reports and what comes of them, muting, removing."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.conversations import rules
from backend.conversations.actions.changing import checked_rule, hide
from backend.conversations.actions.coming import part
from backend.conversations.actions.log import Kind, append, changed_for, held
from backend.conversations.models import Event, Hidden, Membership, Restriction, Room
from backend.conversations.telling import room_facts
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.notices.actions import tell, tell_all
from backend.notices.models import Notice
from backend.trust import actions as trust
from backend.trust.models import Report


@transaction.atomic
def report_message(*, room: Room, seq: int, by: Member, rule: str, words: str, at: dt.datetime) -> Report:
    """Tell the room's stewards that a message breaks a rule; where it has none, or the message is a steward's, the coordinators.

    Said twice by the same person it is one report. One's own message cannot be reported.
    """
    if not rules.may_read(by, room):
        raise NotFound
    message = Event.objects.filter(room=room, seq=seq, kind=Kind.MESSAGE).select_related("author", "room").first()
    if message is None:
        raise NotFound
    if message.author_id == by.pk:
        raise field_error("seq", "oneself", _("This is your own message."))
    report, is_new = trust.report(
        by=by,
        about=message.author,
        kind=Report.Kind.MESSAGE,
        ref={"room": room.pk, "seq": seq},
        rule=checked_rule(rule),
        words=words,
        at=at,
    )
    if is_new:
        facts = room_facts(message.room, None) | {"seq": seq, "report": report.pk, "rule": rule}
        tell_all(members=_deciders(message, by), kind=Notice.Kind.MESSAGE_REPORTED, data=facts, at=at)
    return report


def _deciders(message: Event, by: Member) -> list[int]:
    stewards = Membership.objects.filter(room=message.room, role=Membership.Role.STEWARD, member__is_active=True)
    found = set(stewards.values_list("member", flat=True)) - {by.pk, message.author_id}
    if not found:
        staff = Member.objects.filter(is_active=True, is_staff=True).exclude(pk__in=[by.pk, message.author_id])
        found = set(staff.values_list("pk", flat=True))
    return sorted(found)


@transaction.atomic
def decide_report(*, room: Room, report: int, by: Member, uphold: bool, at: dt.datetime) -> Report:
    """A steward says whether a reported message breaks the rule; not about their own. Who reported it is told.

    Upheld, the message is hidden by that rule, unless it has been hidden or deleted already.
    """
    room = _moderating(room, by)
    row = Report.objects.filter(pk=report, kind=Report.Kind.MESSAGE, ref__room=room.pk).first()
    if row is None:
        raise NotFound
    if by.pk in (row.about_member_id, row.by_id):
        raise NotAllowed("own_report", _("Someone else decides about this."))
    row = trust.decide(report=row, by=by, uphold=uphold, at=at)
    if uphold and _is_shown(room, seq := row.ref["seq"]):
        hide(room=room, seq=seq, by=by, rule=row.rule, at=at)
    if row.by is not None:
        facts = room_facts(room, None) | {"seq": row.ref.get("seq"), "upheld": uphold, "rule": row.rule}
        tell(member=row.by, kind=Notice.Kind.REPORT_DECIDED, data=facts, at=at)
    return row


@transaction.atomic
def mute(
    *, room: Room, by: Member, member: Member, rule: str, at: dt.datetime, until: dt.datetime | None = None
) -> Restriction:
    """Someone may read here and not write, until then or until it is taken back. Stewards are not muted."""
    room = _moderating(room, by)
    _subject(room, member)
    if until is not None and until <= at:
        raise field_error("until", "in_the_past", _("Choose a moment to come."))
    row, _new = Restriction.objects.update_or_create(
        room=room,
        member=member,
        kind=Restriction.Kind.MUTE,
        defaults={"by": by, "rule": checked_rule(rule), "until": until, "created_at": at},
    )
    data = {"rule": rule, "until": until.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if until else None}
    append(room, kind=Kind.MEMBER_MUTED, author=by, at=at, subject=member, data=data)
    changed_for(member.pk, room)
    return row


@transaction.atomic
def unmute(*, room: Room, by: Member, member: Member, at: dt.datetime) -> None:
    """Let someone write again; twice is once."""
    room = _moderating(room, by)
    gone, _rows = Restriction.objects.filter(room=room, member=member, kind=Restriction.Kind.MUTE).delete()
    if gone:
        append(room, kind=Kind.MEMBER_UNMUTED, author=by, at=at, subject=member)
        changed_for(member.pk, room)


@transaction.atomic
def remove_member(*, room: Room, by: Member, member: Member, rule: str, at: dt.datetime, ban: bool = False) -> None:
    """Put someone out of the room, with `ban` for good; in open windows nothing more of it is heard. They are told the rule."""
    room = _moderating(room, by)
    if rules.is_bound(room):
        raise Conflict("bound_room", _("This is changed where the room belongs to."))
    _subject(room, member)
    checked_rule(rule)
    part(room, member)
    if ban:
        Restriction.objects.update_or_create(
            room=room,
            member=member,
            kind=Restriction.Kind.BAN,
            defaults={"by": by, "rule": rule, "until": None, "created_at": at},
        )
    append(room, kind=Kind.MEMBER_REMOVED, author=by, at=at, subject=member, data={"rule": rule})
    tell(member=member, kind=Notice.Kind.ROOM_REMOVED, data=room_facts(room, by) | {"rule": rule}, at=at)


def _is_shown(room: Room, seq: int) -> bool:
    is_deleted = Event.objects.filter(room=room, target_seq=seq, kind=Kind.MESSAGE_DELETED).exists()
    return not is_deleted and not Hidden.objects.filter(message__room=room, message__seq=seq).exists()


def _moderating(room: Room, by: Member) -> Room:
    """The room, held, for one of its stewards."""
    room = held(room)
    if not rules.may_read(by, room):
        raise NotFound
    if not rules.may_moderate(by, room):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    return room


def _subject(room: Room, member: Member) -> None:
    if not rules.is_in(member, room):
        raise NotFound
    if rules.is_steward(member, room):
        raise Conflict("is_steward", _("This person is a steward. Relieve them first."))
