"""Whom the people of the demo look for: a tour in Lyon, a collective in need of hands, words for a film; and an answer that waits."""

import datetime as dt
from typing import Any

from backend.calls import actions, answering
from backend.calls.models import Call
from backend.collectives.models import Collective
from backend.errors import Refusal
from backend.members.models import Member
from backend.skills.models import Skill

LATELY, DAY = dt.timedelta(days=3), dt.timedelta(days=1)
ABROAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "FR", "Lyon",
        {
            "title": "Deux mains pour une tournée de théâtre de rue",
            "text": "Six villes en trois semaines, une camionnette, un spectacle sans paroles. Nous cherchons qui éclaire et qui coud.",
            "offer": "Logement, repas et une part égale de la recette.",
            "skills": {"stage-lighting": (3, 1), "costume-design": (2, 1)},
            "is_remote": False, "languages": ["fr", "en"], "lasts": (40, 61),
        },
    ),
    (
        "DE", "",
        {
            "title": "Untertitel für einen Dokumentarfilm in drei Sprachen",
            "text": "Achtzig Minuten über ein Wohnprojekt. Die Untertitel entstehen gemeinsam, jede Woche ein Gespräch.",
            "offer": "Honorar nach Minuten, Nennung im Abspann.",
            "skills": {"subtitling": (2, 3)},
            "is_remote": True, "languages": ["de", "fr", "nl"], "lasts": (10, 50),
        },
    ),
)  # fmt: skip


def call(collective: Collective, grace: Member, at: dt.datetime) -> None:
    """The collective calls for hands at home, two members for people from elsewhere; Grace has an answer to read."""
    steward = collective.created_by
    assert steward is not None
    ours = _opened(
        grace, at, title="A small festival in the old weaving mill", country=grace.country, city=grace.city,
        text="Two evenings in spring: talks, food, a concert. I have the mill and the neighbours; what I lack are you.",
        offer="Entrance is shared by all who work.", skills={"event-production": (2, 2), "live-sound": (2, 1)},
        is_remote=False, languages=["nl", "en"], lasts=(60, 62),
    )  # fmt: skip
    _opened(
        steward, at, collective=collective, title="We look for two who write our applications with us",
        text="Grants in three countries, and nobody of us likes forms. Once a month, online.",
        offer="A fifth of what is granted.", skills={"grant-writing": (2, 2)}, is_remote=True, languages=["en"],
        countries=["BE", "FR", "DE", "NL"], lasts=(14, None),
    )  # fmt: skip
    for country, city, about in ABROAD:
        author = Member.objects.present().filter(country=country, city__icontains=city).order_by("pk").first()
        if author is not None:
            _opened(author, at, country=country if city else "", city=city, **about)
    if ours is not None:
        _answer(ours, grace, at)
    # They were told when it was new, days ago.
    Call.objects.filter(suggested_at=None).update(suggested_at=at - LATELY)


def _opened(
    author: Member, at: dt.datetime, *, skills: dict[str, tuple[int, int]], lasts: tuple[int, int | None], **wish: Any
) -> Call | None:
    """A call of three days ago; None where the vocabulary has none of these skills."""
    known = {skill.key: skill for skill in Skill.objects.filter(key__in=skills)}
    rows = [
        {"skill": known[key], "level": level, "people": people}
        for key, (level, people) in skills.items()
        if key in known
    ]
    if not rows:
        return None
    first, last = lasts
    today = at.date()
    wish["starts_on"] = today + first * DAY
    wish["ends_on"] = today + last * DAY if last else None
    return actions.open_call(member=author, skills=rows, open_until=today + 30 * DAY, at=at - LATELY, **wish)


def _answer(made: Call, grace: Member, at: dt.datetime) -> None:
    """Somebody whom Grace may meet would come."""
    wanted = made.skills.earliest("pk")
    for member in Member.objects.visible_to(grace).exclude(pk=grace.pk).filter(country=grace.country).order_by("-pk"):
        try:
            answering.answer(
                call=made, member=member, skill=wanted.skill, at=at - LATELY + DAY / 2,
                message="I ran the summer party of our street for three years, and I know everyone with a tent.",
            )  # fmt: skip
        except Refusal:
            continue
        return
