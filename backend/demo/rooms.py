"""Rooms about something, as lively as they would be: topics, answers, reactions, a call, a pin, four languages."""

import datetime as dt
import uuid
from typing import NamedTuple

from backend.bookings.models import Place
from backend.conversations import actions
from backend.conversations.models import Event, Room
from backend.members.models import Member
from backend.skills.models import Sector


class Said(NamedTuple):
    """Who says what: a number among the people of the room, the words, their language, and what is done with them."""

    who: int
    words: str
    language: str
    topic: str = ""
    answers: int | None = None
    names: tuple[int, ...] = ()
    reactions: str = ""
    is_pinned: bool = False
    is_important: bool = False


TRADE = [
    Said(0, "**House rules**\n\n- write in the language you think in\n- one topic per tour\n- ask before you share a rate", "en", is_pinned=True),
    Said(1, "Qui a déjà éclairé en extérieur avec des *LED sur batterie* ?", "fr", topic="Lighting outdoors"),
    Said(2, "Wij, vorige zomer op de kade. Acht uur op één lading, met `60 %` intensiteit.", "nl", topic="Lighting outdoors", answers=1, reactions="👍🎉"),
    Said(3, "Und im Regen? Haltet ihr IP65 für genug?", "de", topic="Lighting outdoors", answers=2),
    Said(0, "IP65 is fine as long as the plugs are off the ground. @{3} shall I send you our list?", "en", topic="Lighting outdoors", answers=3, names=(3,), reactions="❤️"),
    Said(4, "Day rates for 2027: where do you stand?\n\n> Last year we said 320 for a ten-hour day.", "en", topic="Rates", reactions="🤔"),
    Said(1, "Pour la Belgique, 340 avec le transport.", "fr", topic="Rates", answers=5),
    Said(2, "Eens. En vanaf het elfde uur 50 % erbij.", "nl", topic="Rates", answers=6, reactions="👍"),
]  # fmt: skip
PLACE = [
    Said(0, "The lift is out of order until Thursday. The ramp at the back is open.", "en", is_important=True),
    Said(1, "Merci de prévenir ! Je passe par derrière avec la table.", "fr", answers=0, reactions="🙏"),
    Said(2, "Wie heeft de sleutel van de keuken?", "nl"),
    Said(3, "Hängt wieder am Brett, entschuldigt bitte.", "de", answers=2, reactions="😅👍"),
]
BORDER = [
    Said(0, "Working in another country for less than a month: what did you have to declare, and where?", "en", topic="A1 and friends", is_pinned=True),
    Said(1, "Pour la France : l’attestation A1, et la déclaration SIPSI si tu es détaché. Voir https://www.cleiss.fr", "fr", topic="A1 and friends", answers=0, reactions="💡"),
    Said(2, "Für Deutschland reichte mir die A1. Dauer: zwei Wochen.", "de", topic="A1 and friends", answers=1),
    Said(3, "@{0} ik heb er een stappenplan van gemaakt, zal ik het hier zetten?", "nl", topic="A1 and friends", names=(0,), reactions="👏❤️"),
]  # fmt: skip
CIRCLE = [
    Said(0, "Friday at ten, as always. One success and one knot each.", "en"),
    Said(1, "Mon nœud : je dis oui à tout.", "fr", answers=0, reactions="🫂"),
    Said(2, "Herkenbaar. Ik neem het lijstje mee dat mij hielp.", "nl", answers=1, reactions="🙏"),
]


def talk_over(people: list[Member], at: dt.datetime) -> None:
    """Open these rooms with some of these people, the first one among them, and let them talk until this moment."""
    sector, place = Sector.objects.order_by("pk").first(), Place.objects.order_by("pk").first()
    crew = [person for person in people if person.seen_by == Member.SeenBy.EVERYONE]
    if sector is not None:
        name = sector.name_in("en")
        _room(crew[:12], Room.Kind.TRADE, name, "Our trade, across all borders.", TRADE, at, "sector", sector.pk)
    if place is not None:
        _room(crew[:9], Room.Kind.PLACE, place.name, "For all who work in this house.", PLACE, at, "place", place.pk)
    _room(crew[:15], Room.Kind.TOPIC, "Working across the border", "What to declare, and where.", BORDER, at)
    _room(crew[:1] + crew[4:8], Room.Kind.CIRCLE, "Friday circle", "Five people, one hour, every week.", CIRCLE, at)


def _room(
    people: list[Member],
    kind: str,
    title: str,
    purpose: str,
    talk: list[Said],
    at: dt.datetime,
    about_kind: str = "",
    about_id: int | None = None,
) -> None:
    founder, opened = people[0], at - dt.timedelta(days=9)
    access = Room.Access.PRIVATE if kind == Room.Kind.CIRCLE else Room.Access.OPEN
    room = actions.create_room(
        by=founder,
        kind=kind,
        title=title,
        purpose=purpose,
        access=access,
        about_kind=about_kind,
        about_id=about_id,
        members=people,
        at=opened,
    )
    topics: dict[str, int] = {}
    seqs: list[int] = []
    for number, said in enumerate(talk):
        moment = opened + dt.timedelta(hours=25 * number + 1)
        author = people[said.who % len(people)]
        if said.topic and said.topic not in topics:
            topics[said.topic] = actions.open_topic(room=room, by=author, title=said.topic, at=moment).pk
        event = _say(room, people, author, said, topics, seqs, moment)
        seqs.append(event.seq)
        for offset, emoji in enumerate(_emoji(said.reactions)):
            fan = people[(said.who + 1 + offset) % len(people)]
            actions.react(room=room, seq=event.seq, by=fan, emoji=emoji, is_on=True, at=moment)
        if said.is_pinned:
            actions.pin(room=room, seq=event.seq, by=founder, is_on=True, at=moment)
        if said.is_important:
            actions.acknowledge(room=room, seq=event.seq, by=people[1], at=moment)


def _say(
    room: Room,
    people: list[Member],
    author: Member,
    said: Said,
    topics: dict[str, int],
    seqs: list[int],
    at: dt.datetime,
) -> Event:
    words = said.words
    for number in said.names:
        words = words.replace(f"{{{number}}}", people[number].name)
    # The same day gives the same words under the same numbers.
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{room.kind}/{len(seqs)}/{author.email}")
    return actions.post_message(
        room=room,
        author=author,
        client_id=key,
        body=words,
        topic=topics.get(said.topic),
        reply_to=seqs[said.answers] if said.answers is not None else None,
        language=said.language,
        important=said.is_important,
        mentions=tuple(people[number].pk for number in said.names),
        at=at,
    )[0]


def _emoji(text: str) -> list[str]:
    """The emoji of a text one by one; a variation selector stays with the one before it."""
    found: list[str] = []
    for letter in text:
        if letter == "\ufe0f" and found:
            found[-1] += letter
        else:
            found.append(letter)
    return found
