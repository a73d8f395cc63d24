"""What is done to a message: edits and deletion by its author, reactions and notes by those in the room, pins and covers."""

import datetime as dt
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.conversations import posting, rules, text
from backend.conversations.actions.log import Kind, append, held
from backend.conversations.facts import attachment_fact
from backend.conversations.limits import EMOJI_OF_A_MESSAGE_MAX
from backend.conversations.models import (
    Acknowledgement,
    Attachment,
    Event,
    Hidden,
    Membership,
    Mention,
    Pin,
    Reaction,
    Room,
    SearchText,
)
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.skills.folding import fold
from backend.trust.models import Rule


@transaction.atomic
def edit_message(
    *,
    room: Room,
    seq: int,
    by: Member,
    body: str,
    at: dt.datetime,
    mentions: tuple[int, ...] | None = None,
    language: str | None = None,
) -> Event:
    """Put other words in place of a message; its history stays in the log. Who is mentioned anew is told."""
    target = _mine(room, seq, by, at=at)
    said = text.checked_body(body, may_be_empty=target.attachments.exists())
    named = target.data.get("mentions", []) if mentions is None else _present(room, mentions)
    data: dict[str, Any] = {"mentions": named} if named else {}
    if target.data.get("everyone"):
        data["everyone"] = True
    event = append(
        room,
        kind=Kind.MESSAGE_EDITED,
        author=by,
        at=at,
        body=said,
        html=text.rendered(said),
        target_seq=target.seq,
        data=data,
        language=target.language if language is None else text.checked_language(language),
    )
    _index(target, said)
    if mentions is not None:
        Mention.objects.filter(message=target).exclude(member__in=named).delete()
        posting.mention(event, at, message=target)
    return event


@transaction.atomic
def delete_message(*, room: Room, seq: int, by: Member, at: dt.datetime) -> Event:
    """Take a message back: its words, those of its edits, and its files are gone for everyone."""
    return take_back(room, _mine(room, seq, by), by=by, at=at)


def take_back(room: Room, target: Event, *, by: Member, at: dt.datetime) -> Event:
    """Leave nothing of a message of this room, which is held."""
    event = append(room, kind=Kind.MESSAGE_DELETED, author=by, at=at, target_seq=target.seq)
    Event.objects.filter(room=room, seq=target.seq).update(body="", html="", data={})
    Event.objects.filter(room=room, target_seq=target.seq, kind__in=(Kind.MESSAGE_EDITED, Kind.MESSAGE_SHOWN)).update(
        body="", html="", data={}
    )
    for model in (Reaction, Pin, Mention, Acknowledgement):
        model._default_manager.filter(message=target).delete()
    SearchText.objects.filter(event=target).delete()
    drop_files(Attachment.objects.filter(message=target))
    return event


@transaction.atomic
def react(*, room: Room, seq: int, by: Member, emoji: str, is_on: bool, at: dt.datetime) -> Event | None:
    """Put an emoji on a message or take it away; twice is once (None: nothing changed)."""
    text.checked_emoji(emoji)
    target = _said(room, seq, by, at=at)
    mine = Reaction.objects.filter(message=target, member=by, emoji=emoji)
    if mine.exists() == is_on:
        return None
    given = Reaction.objects.filter(message=target, emoji=emoji)
    if is_on:
        if not given.exists() and _emoji_count(target) >= EMOJI_OF_A_MESSAGE_MAX:
            raise Invalid("too_many_reactions", _("A message may carry 20 different emoji at most."))
        Reaction.objects.create(message=target, member=by, emoji=emoji)
    else:
        mine.delete()
    kind = Kind.REACTION_ADDED if is_on else Kind.REACTION_REMOVED
    return append(room, kind=kind, author=by, at=at, target_seq=seq, emoji=emoji, data={"count": given.count()})


@transaction.atomic
def pin(*, room: Room, seq: int, by: Member, is_on: bool, at: dt.datetime) -> Event | None:
    """Keep a message in view, or no longer: stewards, and everyone in rooms without any. Twice is once."""
    target = _said(room, seq, by)
    membership = Membership.objects.get(room=room, member=by)
    if not rules.may_pin(target.room, membership.role):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    if Pin.objects.filter(message=target).exists() == is_on:
        return None
    if is_on:
        Pin.objects.create(room=room, message=target, member=by, at=at)
    else:
        Pin.objects.filter(message=target).delete()
    kind = Kind.MESSAGE_PINNED if is_on else Kind.MESSAGE_UNPINNED
    return append(room, kind=kind, author=by, at=at, target_seq=seq)


@transaction.atomic
def acknowledge(*, room: Room, seq: int, by: Member, at: dt.datetime) -> Event | None:
    """I have taken note of an important message; twice is once."""
    target = _said(room, seq, by)
    if not target.is_important:
        raise Conflict("not_important", _("Only important messages are acknowledged."))
    _row, is_new = Acknowledgement.objects.get_or_create(message=target, member=by, defaults={"at": at})
    if not is_new:
        return None
    count = Acknowledgement.objects.filter(message=target).count()
    return append(room, kind=Kind.MESSAGE_ACKNOWLEDGED, author=by, at=at, target_seq=seq, data={"count": count})


@transaction.atomic
def hide(*, room: Room, seq: int, by: Member, rule: str, at: dt.datetime) -> Event:
    """Cover a message that breaks a rule: its words and files are gone from every page, search and list until it is shown."""
    target = _moderated(room, seq, by)
    if Hidden.objects.filter(message=target).exists():
        raise Conflict("already_hidden", _("This message has been hidden already."))
    Hidden.objects.create(message=target, by=by, rule=checked_rule(rule), at=at)
    SearchText.objects.filter(event=target).delete()
    Mention.objects.filter(message=target).delete()
    Pin.objects.filter(message=target).delete()
    return append(
        room, kind=Kind.MESSAGE_HIDDEN, author=by, at=at, target_seq=seq, subject=target.author, data={"rule": rule}
    )


@transaction.atomic
def show(*, room: Room, seq: int, by: Member, at: dt.datetime) -> Event | None:
    """Uncover a hidden message; twice is once. The event carries its words again, as an edit does."""
    target = _moderated(room, seq, by)
    gone, _rows = Hidden.objects.filter(message=target).delete()
    if not gone:
        return None
    edits = Event.objects.filter(room=room, target_seq=seq, kind=Kind.MESSAGE_EDITED)
    newest = edits.order_by("-seq").first() or target
    _index(target, newest.body)
    files = [attachment_fact(row) for row in Attachment.objects.filter(message=target).order_by("place", "pk")]
    return append(
        room,
        kind=Kind.MESSAGE_SHOWN,
        author=by,
        at=at,
        target_seq=seq,
        subject=target.author,
        body=newest.body,
        html=newest.html,
        data=newest.data,
        fact={"attachments": files},
    )


def checked_rule(rule: str) -> str:
    if rule not in Rule.values:
        raise field_error("rule", "rule_missing", _("Name the rule that this breaks."))
    return rule


def _said(room: Room, seq: int, by: Member, *, at: dt.datetime | None = None) -> Event:
    """The message with this number, for someone in the room; with `at`, for someone who may speak there. The room is held."""
    room = held(room)
    standing = rules.standing_of(by, room)
    if standing.membership is None or standing.is_blocked:
        raise NotFound
    if at is not None and (refusal := rules.refusal_to_speak(standing, at)) is not None:
        raise refusal
    event = Event.objects.filter(room=room, seq=seq, kind=Kind.MESSAGE).select_related("room", "author").first()
    if event is None:
        raise NotFound
    if Event.objects.filter(room=room, target_seq=seq, kind=Kind.MESSAGE_DELETED).exists():
        raise Conflict("already_deleted", _("This message has been deleted."))
    return event


def _mine(room: Room, seq: int, by: Member, *, at: dt.datetime | None = None) -> Event:
    """My message with this number; to be changed (`at`) only by someone who may speak. A deleted one cannot be changed."""
    held(room)
    if not rules.may_read(by, room):
        raise NotFound
    event = Event.objects.filter(room=room, seq=seq).first()
    if event is None or not rules.may_change(by, event):
        raise NotFound
    target = _said(room, seq, by, at=at) if at is not None else event
    if Event.objects.filter(room=room, target_seq=seq, kind=Kind.MESSAGE_DELETED).exists():
        raise Conflict("already_deleted", _("This message has been deleted."))
    if at is not None and Hidden.objects.filter(message=target).exists():
        raise Conflict("already_hidden", _("This message has been hidden already."))
    return target


def _moderated(room: Room, seq: int, by: Member) -> Event:
    target = _said(room, seq, by)
    if not rules.may_moderate(by, room):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    return target


def _present(room: Room, members: tuple[int, ...]) -> list[int]:
    there = Membership.objects.filter(room=room, member__in=members, member__is_active=True)
    found = set(there.values_list("member", flat=True))
    return [pk for pk in dict.fromkeys(members) if pk in found]


def _emoji_count(message: Event) -> int:
    return Reaction.objects.filter(message=message).order_by().values("emoji").distinct().count()


def _index(message: Event, body: str) -> None:
    if words := fold(body):
        SearchText.objects.update_or_create(event=message, defaults={"words": words})
    else:
        SearchText.objects.filter(event=message).delete()


def drop_files(rows: QuerySet[Attachment]) -> None:
    """Their rows now, what is stored of them once this is committed."""
    names = [name for row in rows for name in (row.file.name, row.thumb.name)]
    rows.delete()
    for name in names:
        if name:
            transaction.on_commit(partial(default_storage.delete, name))
