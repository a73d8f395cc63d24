"""The journeys that an installation begins with, in four languages; coordinators change them as they like."""

from typing import Any

from backend.mentoring.starter_readings import READINGS
from backend.mentoring.starter_steps import COOPERATIVE, ECONOMIC, SOCIAL, Step

LANGUAGES = ("en", "fr", "nl", "de")
JOURNEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[Step, ...]]] = {
    "social": (
        ("Me as a worker", "Moi, au travail", "Ik als werkende", "Ich als arbeitender Mensch"),
        (
            "Rights, health and a rhythm that lasts.",
            "Des droits, la santé et un rythme qui tient.",
            "Rechten, gezondheid en een ritme dat je volhoudt.",
            "Rechte, Gesundheit und ein Rhythmus, der trägt.",
        ),
        SOCIAL,
    ),
    "economic": (
        ("My activity", "Mon activité", "Mijn activiteit", "Meine Tätigkeit"),
        (
            "From the first offer to work that feeds you.",
            "De la première offre à une activité qui vous fait vivre.",
            "Van de eerste offerte tot werk waar je van leeft.",
            "Vom ersten Angebot zu Arbeit, von der Sie leben.",
        ),
        ECONOMIC,
    ),
    "cooperative": (
        ("Being a co-owner", "Être copropriétaire", "Mede-eigenaar zijn", "Miteigentümer sein"),
        (
            "Finding one’s place in an enterprise that belongs to all of us.",
            "Trouver sa place dans une entreprise qui nous appartient à tous.",
            "Je plek vinden in een onderneming die van ons allemaal is.",
            "Den eigenen Platz finden in einem Betrieb, der uns allen gehört.",
        ),
        COOPERATIVE,
    ),
}


def as_rows(track: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The fields of the journey of a track, and those of its steps in their order."""
    names, leads, steps = JOURNEYS[track]
    rows = []
    for position, (week, titles, abouts, *questions) in enumerate(steps, start=1):
        asked = {language: [question[number] for question in questions] for number, language in enumerate(LANGUAGES)}
        rows.append(
            {
                "position": position, "week": week, "names": _said(titles), "abouts": _said(abouts), "questions": asked,
                "readings": read_at(track, position),
            }
        )  # fmt: skip
    return {"names": _said(names), "leads": _said(leads)}, rows


def read_at(track: str, position: int) -> dict[str, list[dict[str, str]]]:
    """What there is to read at a step, by language; empty where there is nothing."""
    readings = READINGS.get((track, position), ())
    return {
        language: [
            {"title": titles[number], "url": url.format(language=language, LANGUAGE=language.upper())}
            for url, titles in readings
        ]
        for number, language in enumerate(LANGUAGES)
        if readings
    }


def _said(words: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))
