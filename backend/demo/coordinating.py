"""A programme that several countries share: who joined it, what they answered, and whom they would like."""

import datetime as dt
import random

from backend.errors import Refusal
from backend.members.models import Member, Organisation
from backend.mentoring import programmes
from backend.mentoring.models import Participant, Programme

NAME = "Over de grens / Par-delà la frontière"
ABOUT = (
    "Half a year with somebody who works in another country. / Un semestre avec quelqu’un qui travaille dans un autre pays. / "
    "Een half jaar met iemand uit een ander land. / Ein halbes Jahr mit jemandem aus einem anderen Land."
)
QUESTIONS = ["Pourquoi un autre pays ? / Warum ein anderes Land?", "How often would you like to talk?"]
ANSWERS = [
    ("Parce que mes clients y sont.", "Twice a month"),
    ("Ich möchte sehen, wie andere abrechnen.", "Once a month"),
    ("Omdat mijn vak hier bijna verdwenen is.", "Every week at first"),
]
PEOPLE = 12
GUIDES = 6


def over_the_border(coordinator: Member, guides: list[Member], newcomers: list[Member], at: dt.datetime) -> Programme:
    """Open for joining since three weeks; `guides` and `newcomers` are seen by everyone. The same every time."""
    dice = random.Random("over the border")
    began = at - dt.timedelta(days=21)
    home = Organisation.objects.get(slug="ateliers-unis")
    made = Programme.objects.create(
        organisation=home, name=NAME, track="social", takes=Programme.Takes.JOINED, about=ABOUT, questions=QUESTIONS,
        starts_on=at.date(), ends_on=at.date() + dt.timedelta(days=182), most_wishes=3, most_people=40, created_at=began,
        words_on_joining="Welcome, {name}. / Bienvenue, {name}.", words_with_guide="{name}, write to {guide} within a week.",
    )  # fmt: skip
    made.partners.set(Organisation.objects.exclude(pk=home.pk))
    made.coordinators.add(coordinator)
    ready = [one for one in guides if "social" in one.guide_tracks and one.guide_capacity and one != coordinator]
    offered = [one for one in ready[:GUIDES] if _joined(made, one, Participant.Role.MENTOR, ("", ""), began)]
    looking: list[Member] = []
    for number, member in enumerate(newcomers):
        said = ANSWERS[number % len(ANSWERS)]
        if len(looking) < PEOPLE and _joined(
            made, member, Participant.Role.MENTEE, said, began + dt.timedelta(days=number % 20)
        ):
            looking.append(member)
    for number, member in enumerate(looking):
        liked = dice.sample(offered, min(len(offered), number % 4))
        avoided = [one for one in offered if one not in liked][:1] if number % 5 == 0 else []
        programmes.wish(
            programme=made,
            member=member,
            wanted=liked,
            avoided=[{"member": one, "reason": "We have worked together, and it did not go well."} for one in avoided],
        )
    for guide in offered[:2]:
        programmes.wish(programme=made, member=guide, wanted=dice.sample(looking, min(len(looking), 2)), avoided=[])
    programmes.write_note(
        programme=made, by=coordinator, at=at - dt.timedelta(days=2),
        body="Six guides so far. Ask Berlin for two more before the pairs are worked out.",
    )  # fmt: skip
    return made


def _joined(programme: Programme, member: Member, role: str, answers: tuple[str, str], at: dt.datetime) -> bool:
    try:
        programmes.join(programme=programme, member=member, role=role, answers=answers, at=at)
    except Refusal:
        return False
    return True
