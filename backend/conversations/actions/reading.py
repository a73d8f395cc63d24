"""How far I have read, and how much I want to hear."""

from django.db import transaction
from django.db.models import F

from backend.conversations import rules
from backend.conversations.actions.log import changed_for
from backend.conversations.models import Event, Membership, Room, Topic, TopicReading
from backend.errors import NotFound
from backend.events import announce
from backend.members.models import Member


@transaction.atomic
def mark_read(*, room: Room, member: Member, seq: int, topic: int | None = None) -> int:
    """I have read up to this number: in a topic, or everything. Marks move forward, never back nor past the end.

    Returns how many messages of the room stay unread.
    """
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("room")
        .filter(room=room, member=member)
        .first()
    )
    if row is None:
        raise NotFound
    reached = _read_everything(row, seq) if topic is None else _read_topic(row, _known(room, topic), seq)
    if reached is not None:
        row.save(update_fields=["read_seq", "read_count"])
        fact = {"type": "room.read", "room": room.pk, "seq": reached, "topic": topic}
        announce(("member", member.pk), fact)
    return row.room.message_count - row.read_count


def _read_everything(row: Membership, seq: int) -> int | None:
    """How far the mark of the room has moved; None when it stays."""
    seq = min(seq, row.room.last_seq)
    if seq <= row.read_seq:
        return None
    log = Event.objects.filter(room=row.room_id, seq__lte=seq).order_by("-seq")
    row.read_seq, row.read_count = seq, log.values_list("message_no", flat=True).first() or 0
    if seq < row.room.last_seq:
        own = TopicReading.objects.filter(topic__room=row.room_id, member=row.member_id, read_seq__gt=seq)
        beyond = {"topic__events__seq__gt": seq, "topic__events__seq__lte": F("read_seq")}
        row.read_count += own.filter(topic__events__kind=Event.Kind.MESSAGE, **beyond).count()
    return seq


def _read_topic(row: Membership, topic: Topic, seq: int) -> int | None:
    """How far the mark of the topic has moved; None when it stays."""
    mine, _new = TopicReading.objects.get_or_create(topic=topic, member=row.member)
    seq, before = min(seq, topic.last_seq), max(mine.read_seq, row.read_seq)
    if seq <= before:
        return None
    fresh = Event.objects.filter(topic=topic, kind=Event.Kind.MESSAGE, seq__gt=before, seq__lte=seq)
    row.read_count += fresh.count()
    mine.read_seq = seq
    mine.save(update_fields=["read_seq"])
    return seq


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
    if not rules.may_read(member, room):
        raise NotFound
    row, _new = TopicReading.objects.update_or_create(
        topic=_known(room, topic), member=member, defaults={"level": level}
    )
    changed_for(member.pk, room)
    return row


def _known(room: Room, topic: int) -> Topic:
    row = Topic.objects.filter(room=room, pk=topic).first()
    if row is None:
        raise NotFound
    return row
