"""My rooms with what a list shows of each, in a fixed number of queries."""

from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from backend.conversations.facts import as_facts
from backend.conversations.models import Event, Membership, Room
from backend.members.models import Member

ROOMS_MAX = 200
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
    """These rooms with `members_count`, `partner` (rooms of two) and `last_message`."""
    found: list[Any] = list(rooms)
    ids = [room.pk for room in found]
    counts = dict(Membership.objects.filter(room__in=ids).values_list("room").annotate(Count("pk")).order_by())
    twos = [room.pk for room in found if room.kind in (Room.Kind.DIRECT, Room.Kind.MENTORSHIP)]
    others = Membership.objects.filter(room__in=twos).exclude(member=viewer).select_related("member")
    partners = {row.room_id: row.member for row in others}
    last = _last_messages(ids)
    for room in found:
        room.members_count = counts.get(room.pk, 0)
        room.partner = partners.get(room.pk)
        room.last_message = last.get(room.pk)
    return found


def _last_messages(ids: list[int]) -> dict[int, dict[str, Any]]:
    newest = Event.objects.filter(room=OuterRef("pk"), kind=Event.Kind.MESSAGE).order_by("-seq").values("pk")[:1]
    wanted = Room.objects.filter(pk__in=ids).values_list(Subquery(newest), flat=True)
    facts = as_facts(Event.objects.filter(pk__in=[pk for pk in wanted if pk]).select_related("author", "subject"))
    return {
        fact["room"]: {
            "author_name": fact["author"]["name"] if fact["author"] else "",
            "body": fact["body"][:TEASER],
            "created_at": fact["created_at"],
        }
        for fact in facts
    }
