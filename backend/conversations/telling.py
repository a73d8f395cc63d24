"""Who is told of what happens in rooms: as much as each has chosen for the room and the topic."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from backend.conversations.models import Event, Membership, Room, TopicReading
from backend.members.models import Member
from backend.notices.actions import tell_all
from backend.notices.models import Notice

Level = Membership.Level


def levels(rows: Iterable[Membership], topic: int | None) -> dict[int, str]:
    """What each of these members wants to hear: of the topic where they have chosen, else of the room."""
    found = {row.member_id: str(row.level) for row in rows}
    if topic is not None:
        own = TopicReading.objects.filter(topic=topic, member__in=found).exclude(level="")
        found.update({member: str(level) for member, level in own.values_list("member", "level")})
    return found


def tell_mentioned(message: Event, rows: list[Membership], named: set[int], at: dt.datetime) -> None:
    """Those named by a message, and of an important one everybody, except who wants to hear nothing."""
    wanted = [pk for pk, level in levels(rows, message.topic_id).items() if level != Level.NOTHING]
    facts = message_facts(message)
    tell_all(members=[pk for pk in wanted if pk in named], kind=Notice.Kind.MENTIONED, data=facts, at=at)
    if message.is_important:
        others = [pk for pk in wanted if pk not in named]
        tell_all(members=others, kind=Notice.Kind.MESSAGE_IMPORTANT, data=facts, at=at)


def message_facts(message: Event) -> dict[str, Any]:
    return room_facts(message.room, message.author) | {"seq": message.seq}


def room_facts(room: Room, person: Member | None) -> dict[str, Any]:
    """`{room: {id, title}, person: {id, name}}`: names and ids, never words of a message."""
    return {
        "room": {"id": room.pk, "title": room.title},
        "person": {"id": person.pk, "name": person.name} if person else None,
    }
