"""People on the road together: what they agreed, met for, wrote down, and are about to do."""

import datetime as dt

from backend.bookings.models import Resource
from backend.errors import Refusal
from backend.members.models import Member
from backend.mentoring import actions, agreements, sessions, working
from backend.mentoring.models import JourneyStep, Kind, Mentorship

DAY = dt.timedelta(days=1)
WORDS = {
    "en": (
        "A first year that pays for itself", "A price list of my own", "Write down what a day costs",
        "How do I say no to a job?", "Send the first offer", "She listens well; begin with figures next time.",
    ),
    "fr": (
        "Une première année qui se finance", "Une grille de prix à moi", "Noter ce que coûte une journée",
        "Comment refuser un contrat ?", "Envoyer le premier devis", "Écoute bien ; commencer par les chiffres la prochaine fois.",
    ),
    "nl": (
        "Een eerste jaar dat zichzelf betaalt", "Een eigen prijslijst", "Opschrijven wat een dag kost",
        "Hoe zeg ik nee tegen een opdracht?", "De eerste offerte versturen", "Luistert goed; volgende keer met cijfers beginnen.",
    ),
    "de": (
        "Ein erstes Jahr, das sich trägt", "Eine eigene Preisliste", "Aufschreiben, was ein Tag kostet",
        "Wie sage ich Nein zu einem Auftrag?", "Das erste Angebot verschicken", "Hört gut zu; nächstes Mal mit Zahlen anfangen.",
    ),
}  # fmt: skip


def walk(grace: Member, at: dt.datetime) -> None:
    """Every long guidance under way has something to show; Grace guides somebody in another time zone and meets them in a room."""
    abroad = _abroad(grace, at)
    running = (
        Mentorship.objects.running().filter(kind=Kind.SPONSORSHIP).select_related("mentor", "mentee").order_by("pk")
    )
    for number, mentorship in enumerate(running):
        _live(mentorship, number, at)
    if abroad is not None:
        _meet(abroad, grace, at)


def _abroad(grace: Member, at: dt.datetime) -> Mentorship | None:
    """The first newcomer in Lisbon whom Grace may guide: an hour lies between their clocks."""
    for mentee in Member.objects.present().filter(guide_capacity=0, timezone="Europe/Lisbon").order_by("pk"):
        try:
            asked = actions.ask(
                mentee=mentee, mentor=grace, track="economic", wishes=[], message="Could you look at my prices with me?",
                at=at - 40 * DAY,
            )  # fmt: skip
            return actions.accept(request=asked, by=grace, at=at - 39 * DAY)
        except Refusal:
            continue  # The two have no language in common, or not an hour: the next one.
    return None


def _live(mentorship: Mentorship, number: int, at: dt.datetime) -> None:
    """An agreement that both have accepted or one still has to, some sessions held, and what they are at."""
    mentor, mentee = mentorship.mentor, mentorship.mentee
    aim, goal, step, question, task, note = WORDS.get(mentee.language, WORDS["en"])
    began = mentorship.started_at + DAY
    agreement = agreements.propose(
        mentorship=mentorship, by=mentee, months=6, rhythm="fortnightly", minutes=60, goals=aim, conduct="", at=began
    )
    if number % 3 != 2:
        agreements.accept(mentorship=mentorship, number=agreement.number, by=mentor, at=began + DAY)
    for turn in range(number % 4):
        when = began.replace(hour=13, minute=0, second=0, microsecond=0) + (7 + 14 * turn) * DAY
        if when + DAY < at:
            sessions.note_down(mentorship=mentorship, by=mentor, began_at=when, minutes=45 + 15 * (turn % 3), at=at)
    first = working.set_goal(mentorship=mentorship, by=mentee, title=goal, at=began)
    for text, is_done in ((step, True), (task, False)):
        made = working.add_step(mentorship=mentorship, goal=first.pk, by=mentee, text=text)
        if is_done and number % 2:
            working.change_step(mentorship=mentorship, step=made.pk, by=mentee, done=True, at=at - DAY)
    working.put_on_agenda(mentorship=mentorship, by=mentee, text=question, at=at - 2 * DAY)
    working.give_task(mentorship=mentorship, by=mentee, member=mentee.pk, text=task, at=at - 2 * DAY)
    working.write_note(mentorship=mentorship, by=mentor, text=note, is_private=True, at=at - 2 * DAY)
    walked = JourneyStep.objects.filter(journey__track=mentorship.track, is_retired=False)[: number % 3]
    for one in walked:
        working.walk(mentorship=mentorship, step=one.pk, by=mentee, at=at - DAY)


def _meet(mentorship: Mentorship, grace: Member, at: dt.datetime) -> None:
    """A session in a room that Grace has booked with it, and one online that waits for her answer."""
    rooms = Resource.objects.shown().filter(kind=Resource.Kind.WORKSPACE, place__country=grace.country).order_by("pk")
    noon = at.replace(hour=12, minute=0, second=0, microsecond=0)
    for room, days in ((room, days) for room in rooms for days in (3, 4, 5)):
        try:
            planned = sessions.propose(
                mentorship=mentorship, by=grace, starts_at=noon + days * DAY, minutes=60, way="place", resource=room.pk,
                anyway=True, at=at - DAY,
            )  # fmt: skip
        except Refusal:
            continue  # Closed or taken then: the next one.
        sessions.agree(session=planned, by=mentorship.mentee, at=at)
        break
    sessions.propose(
        mentorship=mentorship, by=mentorship.mentee, starts_at=noon + 17 * DAY, minutes=60, way="online",
        link="https://meet.example.org/compagnon", anyway=True, at=at,
    )  # fmt: skip
