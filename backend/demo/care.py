"""How care looks in the demo: a question that waits, a call for help, a pair gone quiet, circles with a line, hours that were given."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from backend.bookings.models import Resource
from backend.errors import Refusal
from backend.members.models import Member
from backend.mentoring import calls, circle_meetings, circles, giving, pulses, sessions
from backend.mentoring.models import Circle, Mentorship, Pulse

DAY = dt.timedelta(days=1)
# Title, purpose, language, seats, and how many more than the facilitator have asked for one.
CIRCLES = [
    ("Prices that hold", "What we ask, and why. We read an offer together each time.", "en", 5, 5),
    ("Premiers contrats", "Lire ensemble ce que l’on signe, avant de le signer.", "fr", 6, 3),
    ("Eerste jaar zelfstandig", "Wat niemand je vertelt, en hoe je het toch volhoudt.", "nl", 8, 4),
    ("Kalkulieren ohne Bauchweh", "Jede bringt eine Zahl mit, die ihr Sorgen macht.", "de", 4, 4),
]
WORDS = {
    "en": "We often talk past each other, and I do not know how to say it.",
    "fr": "Nous ne nous comprenons pas toujours, et je ne sais pas comment le dire.",
    "nl": "We praten vaak langs elkaar heen, en ik weet niet hoe ik het moet zeggen.",
    "de": "Wir reden oft aneinander vorbei, und ich weiß nicht, wie ich es sagen soll.",
}
PASSES_ON = "Saying a price without blushing. And that a no can be kind."


def gather(people: Sequence[Member], at: dt.datetime) -> None:
    """Circles of people who speak their language; the first is led by Grace and has one more in line than seats."""
    for number, (title, purpose, language, seats, others) in enumerate(CIRCLES):
        speak = [one for one in people if language in {row.code for row in one.languages.all()}]
        shown = [one for one in speak if one.seen_by == Member.SeenBy.EVERYONE]
        host, *rest = [people[0], *shown[7:]] if number == 0 else shown[3 + number :]
        opened = at - (30 - number) * DAY
        circle = circles.open_circle(
            member=host, title=title, purpose=purpose, language=language, city="" if number % 2 == 0 else host.city,
            seats=seats, at=opened,
        )  # fmt: skip
        for day, person in enumerate([one for one in rest if one != host][:others], start=1):
            circles.join(circle=circle, member=person, at=opened + day * DAY)
        for days in (-14, 5):
            evening = (at + days * DAY).replace(hour=17, minute=30, second=0, microsecond=0)
            link = "" if circle.city else f"https://meet.example.org/circle-{number + 1}"
            _meet(circle, evening, link, min(at, evening - 7 * DAY))


def _meet(circle: Circle, starts_at: dt.datetime, link: str, at: dt.datetime) -> None:
    """In a room of its town where one is free, and otherwise somewhere there; those who sit anywhere meet online."""
    wish: dict[str, Any] = {"circle": circle, "by": circle.facilitator, "starts_at": starts_at, "minutes": 90, "at": at}
    rooms = Resource.objects.filter(kind="workspace", seats__gte=circle.seats, place__city=circle.city)
    for room in rooms.order_by("pk") if circle.city else ():
        try:
            circle_meetings.plan(**wish, resource=room.pk)
        except Refusal:
            continue  # Taken, or not for who leads this circle.
        return
    circle_meetings.plan(**wish, place=circle.city, link=link)


def look_after(grace: Member, at: dt.datetime) -> None:
    """Sessions that were held, what both were asked about them, a call for help, and a pair of whom nothing was heard."""
    running = Mentorship.objects.filter(status=Mentorship.Status.ACTIVE).select_related("mentor", "mentee")
    lasting = list(running.filter(kind__in=pulses.LASTING).order_by("pk"))
    for number, pair in enumerate(lasting):
        for days in range(6 + number % 3, (at - pair.started_at).days, 14):
            began = (at - days * DAY).replace(hour=15, minute=0, second=0, microsecond=0)
            if began > pair.started_at and number % 4:
                sessions.note_down(
                    mentorship=pair, by=pair.mentor, began_at=began, minutes=45 + 15 * (number % 3), at=at
                )
    pulses.ask_all(at=at)
    for number, pulse in enumerate(Pulse.objects.exclude(member=grace).select_related("member").order_by("pk")):
        if number % 3:
            pulses.answer(pulse=pulse, by=pulse.member, going=5 if number % 4 else 4, need="nothing", at=at)
    for pair in lasting:
        if _calls(pair, at):
            break
    silent = [pair for pair in lasting if pair.started_at < at - 20 * DAY and not pair.sessions.exists()]
    for pair in silent[:1]:
        Mentorship.objects.filter(pk=pair.pk).update(quiet_told_at=at - 2 * DAY)
    giving.tell(member=grace, is_shown=True, passes_on=PASSES_ON)
    try:
        giving.certify(member=grace, at=at)
    except Refusal:
        return  # Grace has guided nobody yet: no paper.


def _calls(pair: Mentorship, at: dt.datetime) -> bool:
    """Who is guided in difficulty asks for help; False where there is nobody to ask."""
    if not calls.helpers(pair, pair.mentee).exists():
        return False
    waits = Pulse.objects.filter(mentorship=pair, member=pair.mentee, answered_at__isnull=True).first()
    if waits is not None:
        pulses.answer(pulse=waits, by=pair.mentee, going=2, need="understanding", at=at)
    words = WORDS.get(pair.mentee.language, WORDS["en"])
    calls.call(mentorship=pair, by=pair.mentee, words=words, shares_answers=waits is not None, at=at)
    return True
