"""My rooms, the directory, topics and who has seen what, each in a fixed number of queries."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from backend.conversations import rules
from backend.conversations.facts import as_facts
from backend.conversations.limits import SEEN_IS_COUNTED_FROM
from backend.conversations.models import Event, Membership, Mention, Pin, Restriction, Room, Topic, TopicReading
from backend.conversations.text import plainly
from backend.members.models import Block, Member
from backend.skills.folding import fold

ROOMS_MAX = 200
DIRECTORY_MAX = 100
TOPICS_MAX = 300
TEASER = 140


def rooms_of(member: Member) -> QuerySet[Room]:
    """The rooms this person is in, most recent first, each with `unread` and `read_seq`."""
    mine = Membership.objects.filter(member=member, room=OuterRef("pk"))
    return (
        Room.objects.filter(memberships__member=member)
        .annotate(
            read_seq=Subquery(mine.values("read_seq")),
            unread=F("message_count") - Subquery(mine.values("read_count")),
        )
        .select_related("collective", "mentorship")
        .order_by(F("last_event_at").desc(nulls_last=True), "-pk")
    )


def furnished(rooms: QuerySet[Room] | list[Room], viewer: Member) -> list[Any]:
    """These rooms with `members_count`, `partner` (rooms of two), `last_message`, `standing`, `mentions_unread`, `pinned_count`; and how many of
    the unread messages the viewer wants to hear of (`wanted`), by what they chose for the room and for its topics (`topic_levels`).

    Without those that the viewer has left since they were read.
    """
    found: list[Any] = list(rooms)
    ids = [room.pk for room in found]
    counts = dict(Membership.objects.filter(room__in=ids).values_list("room").annotate(Count("pk")).order_by())
    twos = [
        room.pk
        for room in found
        if room.kind in (Room.Kind.DIRECT, Room.Kind.MENTORSHIP) and counts.get(room.pk, 0) <= 2
    ]
    others = Membership.objects.filter(room__in=twos).exclude(member=viewer).select_related("member")
    partners = {row.room_id: row.member for row in others}
    standings = rules.standings((pk, viewer.pk) for pk in ids)
    found = [room for room in found if (room.pk, viewer.pk) in standings]
    last = _last_messages(viewer, ids)
    pins = dict(Pin.objects.filter(room__in=ids).values_list("room").annotate(Count("pk")).order_by())
    mentions = _unread_mentions(viewer, ids)
    apart: dict[int, list[Any]] = {pk: [] for pk in ids}
    for topic in _as_read_by(viewer, Topic.objects.filter(room__in=ids)).exclude(level=""):
        apart[topic.room_id].append(topic)
    for room in found:
        room.members_count = counts.get(room.pk, 0)
        room.partner = partners.get(room.pk)
        room.last_message = last.get(room.pk)
        room.standing = standings[room.pk, viewer.pk]
        room.pinned_count = pins.get(room.pk, 0)
        room.mentions_unread = mentions.get(room.pk, 0)
        own = apart[room.pk]
        rest = room.unread - sum(topic.unread for topic in own)
        named = room.mentions_unread - sum(topic.mentions_unread for topic in own)
        room.wanted = _wanted(room.standing.membership.level, rest, named)
        room.wanted += sum(_wanted(topic.level, topic.unread, topic.mentions_unread) for topic in own)
        room.topic_levels = {topic.pk: topic.level for topic in own}
    return found


def _wanted(level: str, unread: int, mentions: int) -> int:
    return {Membership.Level.EVERYTHING: unread, Membership.Level.MENTIONS: mentions}.get(Membership.Level(level), 0)


def _unread_mentions(member: Member, ids: list[int]) -> dict[int, int]:
    mark = Membership.objects.filter(room=OuterRef("room"), member=member).values("read_seq")
    own = TopicReading.objects.filter(member=member, topic=OuterRef("message__topic"), read_seq__gte=OuterRef("seq"))
    rows = Mention.objects.filter(~Exists(own), member=member, room__in=ids, seq__gt=Subquery(mark))
    return dict(rows.values_list("room").annotate(Count("pk")).order_by())


def _last_messages(viewer: Member, ids: list[int]) -> dict[int, dict[str, Any]]:
    """By room; without words and author where the viewer has blocked who wrote it."""
    blocked = set(Block.objects.filter(by=viewer).values_list("whom", flat=True))
    newest = Event.objects.filter(room=OuterRef("pk"), kind=Event.Kind.MESSAGE).order_by("-seq").values("pk")[:1]
    wanted = Room.objects.filter(pk__in=ids).values_list(Subquery(newest), flat=True)
    rows = Event.objects.filter(pk__in=[pk for pk in wanted if pk]).select_related("author", "subject")
    return {
        fact["room"]: {
            "author_name": fact["author"]["name"] if fact["author"] and not is_covered else "",
            "body": "" if is_covered else plainly(fact["body"], fact["html"])[:TEASER],
            "created_at": fact["created_at"],
        }
        for fact in as_facts(rows)
        for is_covered in [fact["author"] is not None and fact["author"]["id"] in blocked]
    }


def directory(
    member: Member, *, q: str = "", kind: str = "", about_kind: str = "", about_id: int | None = None
) -> list[Any]:
    """Rooms that can be found, busiest first: each with `members_count` and `is_mine`. Private ones only to those in them."""
    mine = Membership.objects.filter(room=OuterRef("pk"), member=member)
    rows = Room.objects.annotate(is_mine=Exists(mine)).exclude(kind__in=[*rules.BOUND, Room.Kind.DIRECT])
    rows = rows.filter(Q(is_mine=True) | ~Q(access=Room.Access.PRIVATE))
    if kind:
        rows = rows.filter(kind=kind)
    if about_kind:
        rows = rows.filter(about_kind=about_kind)
    if about_id is not None:
        rows = rows.filter(about_id=about_id)
    for word in q.split()[:6]:
        rows = rows.filter(Q(title__icontains=word) | Q(purpose__icontains=word))
    people = Membership.objects.filter(room=OuterRef("pk")).order_by().values("room").annotate(n=Count("pk"))
    rows = rows.annotate(members_count=Coalesce(Subquery(people.values("n")), Value(0)))
    return list(rows.order_by(F("last_event_at").desc(nulls_last=True), "-pk")[:DIRECTORY_MAX])


def topics_of(room: Room, member: Member, *, only: int | None = None) -> list[Any]:
    """The topics of a room, most recent first, each with `unread`, `level` and up to where it is read (`read_seq`)."""
    rows = Topic.objects.filter(room=room) if only is None else Topic.objects.filter(room=room, pk=only)
    return list(_as_read_by(member, rows).order_by("-last_seq", "-pk")[:TOPICS_MAX])


def _as_read_by(member: Member, topics: QuerySet[Topic]) -> QuerySet[Any]:
    """These topics with `level`, `read_seq`, `unread` and `mentions_unread` of this member."""
    own = TopicReading.objects.filter(topic=OuterRef("pk"), member=member)
    mark = Membership.objects.filter(room=OuterRef("room"), member=member).values("read_seq")
    read = Greatest(Coalesce(Subquery(mark), Value(0)), Coalesce(Subquery(own.values("read_seq")), Value(0)))
    fresh = Event.objects.filter(topic=OuterRef("pk"), kind=Event.Kind.MESSAGE, seq__gt=OuterRef("read_seq")).order_by()
    named = Mention.objects.filter(member=member, message__topic=OuterRef("pk"), seq__gt=OuterRef("read_seq"))
    counts = {
        "unread": fresh.values("topic").annotate(n=Count("pk")).values("n"),
        "mentions_unread": named.values("message__topic").annotate(n=Count("pk")).values("n"),
    }
    rows = topics.annotate(level=Coalesce(Subquery(own.values("level")), Value("")), read_seq=read)
    return rows.annotate(**{name: Coalesce(Subquery(count), Value(0)) for name, count in counts.items()})


def seen_by(room: Room, seq: int, viewer: Member) -> dict[str, Any]:
    """Who of the others has read up to this number: those who let it be seen; how many in all only where that betrays nobody."""
    others = Membership.objects.filter(room=room, member__is_active=True).exclude(member=viewer)
    topic = Event.objects.filter(room=room, seq=seq).values("topic")
    there = TopicReading.objects.filter(topic__in=topic, member=OuterRef("member"), read_seq__gte=seq)
    readers = others.filter(Q(read_seq__gte=seq) | Exists(there))
    size = others.count() + 1
    named = readers.filter(shares_seen=True).select_related("member").order_by("member__name", "pk")
    return {
        "count": readers.count() if size >= SEEN_IS_COUNTED_FROM else None,
        "members": [row.member for row in named[:200]],
    }


def people_in(room: Room, *, q: str = "") -> list[Any]:
    """Those in a room by name, each with `role` and `muted`; with `q` those whose names hold its words."""
    rows = Membership.objects.filter(room=room, member__is_active=True).select_related("member")
    for word in fold(q).split():
        rows = rows.filter(member__folded__contains=word)
    mutes = Restriction.objects.filter(room=room, kind=Restriction.Kind.MUTE)
    muted = {row.member_id for row in mutes if rules.is_in_force(row, timezone.now())}
    people: list[Any] = []
    for row in rows.order_by("member__name", "member"):
        person: Any = row.member
        person.role, person.muted = row.role, row.member_id in muted
        people.append(person)
    return people
