"""Opening rooms, coming and going, and writing in them. The only writers of the log."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.conversations import rules
from backend.conversations.facts import as_fact
from backend.conversations.models import BODY_MAX_LENGTH, Event, Membership, Room
from backend.errors import Conflict, NotFound, field_error
from backend.events import announce
from backend.members.models import Member

Kind = Event.Kind


@transaction.atomic
def open_room(*, kind: str, title: str, purpose: str, members: Iterable[Member], at: dt.datetime) -> Room:
    """A new room with these people in it."""
    room = Room.objects.create(kind=kind, title=title, purpose=purpose, created_at=at)
    people = list(members)
    Membership.objects.bulk_create(Membership(room=room, member=member, joined_at=at) for member in people)
    for member in people:
        announce(("member", member.pk), {"type": "room.joined", "room": room.pk})
    return room


@transaction.atomic
def direct_room(*, member: Member, partner: Member, at: dt.datetime) -> Room:
    """The room of two people, opened if they have none yet."""
    if member.pk == partner.pk:
        raise field_error("member", "oneself", _("Choose someone else to write to."))
    # Both rows are held in a fixed order, so that two first words at once end up in one room.
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=[member.pk, partner.pk]).order_by("pk"))
    ours = Room.objects.filter(kind=Room.Kind.DIRECT, memberships__member=member)
    known = ours.filter(pk__in=Membership.objects.filter(member=partner).values("room")).first()
    return known or open_room(kind=Room.Kind.DIRECT, title="", purpose="", members=[member, partner], at=at)


@transaction.atomic
def join_room(*, room: Room, member: Member, at: dt.datetime) -> Membership:
    """Come in; what was said before can be read too, and counts as read. Twice is once."""
    Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    row, created = Membership.objects.get_or_create(room=room, member=member, defaults={"joined_at": at})
    if created:
        event = _append(room, kind=Kind.MEMBER_JOINED, author=member, at=at)
        Membership.objects.filter(pk=row.pk).update(read_seq=event.seq, read_count=event.message_no)
        announce(("member", member.pk), {"type": "room.joined", "room": room.pk})
    return row


@transaction.atomic
def leave_room(*, room: Room, member: Member, at: dt.datetime) -> None:
    """Go out: what comes later is not heard, in open windows neither. Twice is once."""
    # The room before the membership, as when posting: two orders would be a deadlock.
    Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    gone, _rows = Membership.objects.filter(room=room, member=member).delete()
    if gone:
        announce(("member", member.pk), {"type": "room.revoked", "room": room.pk})
        _append(room, kind=Kind.MEMBER_LEFT, author=member, at=at)


def post_message(*, room: Room, author: Member, client_id: uuid.UUID, body: str, at: dt.datetime) -> tuple[Event, bool]:
    """Write a message; returns it and whether it is new.

    Sending again with the same `client_id` returns what was stored the first time, at any later moment. Refuses an
    empty body (`empty_message`), one of more than BODY_MAX_LENGTH characters (`message_too_long`), a `client_id` that
    the author used in another room (`client_id_taken`), and anyone who is not in the room (404).
    """
    body = _checked(body)
    try:
        with transaction.atomic():
            return _post(room, author, client_id, body, at)
    except IntegrityError:
        # The same message came in twice at the same instant and the other one was stored first.
        return _stored(room, author, client_id), False


def _post(room: Room, author: Member, client_id: uuid.UUID, body: str, at: dt.datetime) -> tuple[Event, bool]:
    if not rules.may_post(author, room):
        raise NotFound
    if Event.objects.filter(author=author, client_id=client_id).exists():
        return _stored(room, author, client_id), False
    event = _append(room, kind=Kind.MESSAGE, author=author, at=at, client_id=client_id, body=body)
    # Who writes has read what was there before. Now that the room is held: who has left it in the same instant writes nothing.
    mine = Membership.objects.filter(room=room, member=author)
    if not mine.update(read_seq=event.seq, read_count=event.message_no):
        raise NotFound
    return event, True


@transaction.atomic
def edit_message(*, room: Room, seq: int, by: Member, body: str, at: dt.datetime) -> Event:
    """Put other words in place of a message; its history stays in the log."""
    target = _mine(room, seq, by)
    return _append(room, kind=Kind.MESSAGE_EDITED, author=by, at=at, body=_checked(body), target_seq=target.seq)


@transaction.atomic
def delete_message(*, room: Room, seq: int, by: Member, at: dt.datetime) -> Event:
    """Take a message back: its words, and those of its edits, are gone for everyone."""
    target = _mine(room, seq, by)
    event = _append(room, kind=Kind.MESSAGE_DELETED, author=by, at=at, target_seq=target.seq)
    Event.objects.filter(room=room, seq=target.seq).update(body="")
    Event.objects.filter(room=room, target_seq=target.seq, kind=Kind.MESSAGE_EDITED).update(body="")
    return event


@transaction.atomic
def mark_read(*, room: Room, member: Member, seq: int) -> int:
    """Move my reading mark forward to this number, never back nor past the end. Returns how many messages stay unread."""
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("room")
        .filter(room=room, member=member)
        .first()
    )
    if row is None:
        raise NotFound
    seq = min(seq, row.room.last_seq)
    if seq > row.read_seq:
        upto = (
            Event.objects.filter(room=room, seq__lte=seq).order_by("-seq").values_list("message_no", flat=True).first()
        )
        row.read_seq, row.read_count = seq, upto or 0
        row.save(update_fields=["read_seq", "read_count"])
        announce(("member", member.pk), {"type": "room.read", "room": room.pk, "seq": seq})
    return row.room.message_count - row.read_count


def _append(
    room: Room,
    *,
    kind: str,
    author: Member,
    at: dt.datetime,
    client_id: uuid.UUID | None = None,
    body: str = "",
    target_seq: int | None = None,
) -> Event:
    """The next event of the room. The number is taken first, which holds the room until the transaction ends."""
    is_message = 1 if kind == Kind.MESSAGE else 0
    Room.objects.filter(pk=room.pk).update(
        last_seq=F("last_seq") + 1, message_count=F("message_count") + is_message, last_event_at=at
    )
    seq, message_no = Room.objects.values_list("last_seq", "message_count").get(pk=room.pk)
    event = Event.objects.create(
        room=room,
        seq=seq,
        kind=kind,
        author=author,
        client_id=client_id,
        body=body,
        target_seq=target_seq,
        message_no=message_no,
        created_at=at,
    )
    announce(("room", room.pk), {"type": "room.events", "room": room.pk, "events": [as_fact(event)]})
    return event


def _checked(body: str) -> str:
    body = body.replace("\x00", "").strip()
    if not body:
        raise field_error("body", "empty_message", _("Write something first."))
    if len(body) > BODY_MAX_LENGTH:
        raise field_error("body", "message_too_long", _("A message may have 8,000 characters at most."))
    return body


def _mine(room: Room, seq: int, by: Member) -> Event:
    """My message with this number, while I am in the room and it has not been deleted; the room is held."""
    Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if not rules.may_read(by, room):
        raise NotFound
    event = Event.objects.filter(room=room, seq=seq).first()
    if event is None or not rules.may_change(by, event):
        raise NotFound
    if Event.objects.filter(room=room, target_seq=seq, kind=Kind.MESSAGE_DELETED).exists():
        raise Conflict("already_deleted", _("This message has been deleted."))
    return event


def _stored(room: Room, author: Member, client_id: uuid.UUID) -> Event:
    event = Event.objects.select_related("author", "subject").get(author=author, client_id=client_id)
    if event.room_id != room.pk:
        raise Conflict("client_id_taken", _("This message was sent to another room already."))
    return event
