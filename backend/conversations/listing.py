"""My rooms, the directory, topics and who has seen what, each in a fixed number of queries."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from backend.conversations import rules
from backend.conversations.facts import as_facts
from backend.conversations.limits import SEEN_IS_COUNTED_FROM
from backend.conversations.models import Event, Membership, Mention, Pin, Restriction, Room, Topic, TopicReading
from backend.members.models import Member
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
    """These rooms with `members_count`, `partner` (rooms of two), `last_message`, `standing`, `mentions_unread`, `pinned_count`.

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
    last = _last_messages(ids)
    pins = dict(Pin.objects.filter(room__in=ids).values_list("room").annotate(Count("pk")).order_by())
    mentions = _unread_mentions(viewer, ids)
    for room in found:
        room.members_count = counts.get(room.pk, 0)
        room.partner = partners.get(room.pk)
        room.last_message = last.get(room.pk)
        room.standing = standings[room.pk, viewer.pk]
        room.pinned_count = pins.get(room.pk, 0)
        room.mentions_unread = mentions.get(room.pk, 0)
    return found


def _unread_mentions(member: Member, ids: list[int]) -> dict[int, int]:
    mark = Membership.objects.filter(room=OuterRef("room"), member=member).values("read_seq")
    rows = Mention.objects.filter(member=member, room__in=ids, seq__gt=Subquery(mark))
    return dict(rows.values_list("room").annotate(Count("pk")).order_by())


def _last_messages(ids: list[int]) -> dict[int, dict[str, Any]]:
    newest = Event.objects.filter(room=OuterRef("pk"), kind=Event.Kind.MESSAGE).order_by("-seq").values("pk")[:1]
    wanted = Room.objects.filter(pk__in=ids).values_list(Subquery(newest), flat=True)
    rows = Event.objects.filter(pk__in=[pk for pk in wanted if pk]).select_related("author", "subject")
    return {
        fact["room"]: {
            "author_name": fact["author"]["name"] if fact["author"] else "",
            "body": fact["body"][:TEASER],
            "created_at": fact["created_at"],
        }
        for fact in as_facts(rows)
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
    """The topics of a room, most recent first, each with `unread` and `level`."""
    own = TopicReading.objects.filter(topic=OuterRef("pk"), member=member)
    rows = Topic.objects.filter(room=room) if only is None else Topic.objects.filter(room=room, pk=only)
    rows = rows.annotate(level=Coalesce(Subquery(own.values("level")), Value("")))
    topics: list[Any] = list(rows.order_by("-last_seq", "-pk")[:TOPICS_MAX])
    mark = Membership.objects.filter(room=room, member=member).values("read_seq")
    read = TopicReading.objects.filter(topic=OuterRef("topic"), member=member).values("read_seq")
    fresh = (
        Event.objects.filter(topic__in=[topic.pk for topic in topics], kind=Event.Kind.MESSAGE)
        .filter(seq__gt=Greatest(Subquery(mark), Coalesce(Subquery(read), Value(0))))
        .exclude(author=member)
    )
    unread = dict(fresh.values_list("topic").annotate(Count("pk")).order_by())
    for topic in topics:
        topic.unread = unread.get(topic.pk, 0)
    return topics


def seen_by(room: Room, seq: int, viewer: Member) -> dict[str, Any]:
    """Who of the others has read up to this number: those who let it be seen; how many in all only where that betrays nobody."""
    others = Membership.objects.filter(room=room, member__is_active=True).exclude(member=viewer)
    readers = others.filter(read_seq__gte=seq)
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
