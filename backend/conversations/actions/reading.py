"""How far I have read, and how much I want to hear."""

from django.db import transaction

from backend.conversations import rules
from backend.conversations.actions.log import changed_for
from backend.conversations.models import Event, Membership, Room, Topic, TopicReading
from backend.errors import NotFound
from backend.events import announce
from backend.members.models import Member


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


@transaction.atomic
def choose(*, room: Room, member: Member, level: str | None = None, shares_seen: bool | None = None) -> Membership:
    """How much of the room I want to hear, and whether others see how far I have read."""
    row = Membership.objects.filter(room=room, member=member).first()
    if row is None:
        raise NotFound
    if level is not None:
        row.level = level
    if shares_seen is not None:
        row.shares_seen = shares_seen
    row.save(update_fields=["level", "shares_seen"])
    changed_for(member.pk, room)
    return row


@transaction.atomic
def choose_topic(*, room: Room, topic: int, member: Member, level: str) -> TopicReading:
    """How much of a topic I want to hear; an empty level: as in the room."""
    row, _new = TopicReading.objects.update_or_create(
        topic=_known(room, topic, member), member=member, defaults={"level": level}
    )
    changed_for(member.pk, room)
    return row


@transaction.atomic
def mark_topic_read(*, room: Room, topic: int, member: Member, seq: int) -> TopicReading:
    """Move my mark in a topic forward, never back nor past its end."""
    known = _known(room, topic, member)
    row, _new = TopicReading.objects.get_or_create(topic=known, member=member)
    seq = min(seq, known.last_seq)
    if seq > row.read_seq:
        row.read_seq = seq
        row.save(update_fields=["read_seq"])
        changed_for(member.pk, room)
    return row


def _known(room: Room, topic: int, member: Member) -> Topic:
    if not rules.may_read(member, room):
        raise NotFound
    row = Topic.objects.filter(room=room, pk=topic).first()
    if row is None:
        raise NotFound
    return row
