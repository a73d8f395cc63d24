"""A few people with skills, and strangers without number."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from matching import FORMATS, Nearness, Person

STAGE, LIGHTING, SOUND, MOVING_LIGHTS, REPAIR, SEWING, INVOICES = range(1, 8)
CULTURE, CRAFTS = 1, 2
FAMILIES = {STAGE: 1, LIGHTING: 1, SOUND: 1, MOVING_LIGHTS: 1, REPAIR: 2, SEWING: 2}

NEAR = Nearness(
    broader=[(STAGE, LIGHTING), (STAGE, SOUND), (LIGHTING, MOVING_LIGHTS)],
    near=[(REPAIR, SEWING)],
    areas=FAMILIES,
)


def ada(**fields: Any) -> Person:
    """A newcomer in Belgium who wants to learn stage lighting."""
    values: dict[str, Any] = {
        "id": 1,
        "wants": ((LIGHTING, 1, 3),),
        "offers": ((INVOICES, 4),),
        "sectors": {CULTURE},
        "languages": {"fr": 7, "en": 4},
        "hours": hours(9, 13),
        "country": "BE",
        "abroad": True,
        "formats": {"online"},
    }
    return Person(**(values | fields))


def bela(**fields: Any) -> Person:
    """A guide in Hungary who lights stages and would like help with invoices."""
    values: dict[str, Any] = {
        "id": 2,
        "wants": ((INVOICES, 0, 1),),
        "offers": ((LIGHTING, 4),),
        "sectors": {CULTURE},
        "languages": {"hu": 7, "en": 5},
        "hours": hours(11, 18),
        "country": "HU",
        "tracks": {"economic", "social"},
        "places_open": 2,
        "formats": {"online", "in_person"},
    }
    return Person(**(values | fields))


def a_guide(id: int, **fields: Any) -> Person:
    """Someone with a place who said nothing else."""
    return Person(**({"id": id, "places_open": 1} | fields))


def hours(start: int, end: int) -> int:
    """These UTC hours of Monday."""
    return sum(1 << hour for hour in range(start, end))


SKILLS = st.integers(1, 14)
TRACKS = ("social", "economic", "cooperative")


@st.composite
def links(draw: st.DrawFn) -> Nearness:
    """Any links, with circles and loops."""
    pairs = st.lists(st.tuples(SKILLS, SKILLS), max_size=14)
    sets = st.dictionaries(SKILLS, st.integers(1, 3), max_size=12)
    rarity = st.dictionaries(SKILLS, st.sampled_from([100, 125, 300]), max_size=8)
    rows = draw(st.lists(st.tuples(SKILLS, SKILLS, st.integers(1, 100)), max_size=10))
    alike = np.array(rows, np.int64).reshape(-1, 3)
    return Nearness(draw(pairs), draw(pairs), draw(sets), draw(sets), draw(rarity), alike)


@st.composite
def strangers(draw: st.DrawFn, id: int | None = None) -> Person:
    """Anyone, in a world small enough for people to meet, and often enough with the same points."""
    offers = draw(st.dictionaries(SKILLS, st.integers(1, 5), max_size=4))
    wants = draw(st.dictionaries(SKILLS, st.tuples(st.integers(0, 4), st.integers(1, 3)), max_size=4))
    rated = draw(st.integers(0, 5))
    return Person(
        id=draw(st.integers(1, 40)) if id is None else id,
        offers=tuple(offers.items()),
        wants=tuple((skill, level_now, priority) for skill, (level_now, priority) in wants.items()),
        sectors=draw(st.frozensets(st.integers(1, 70), max_size=3)),
        languages=draw(st.dictionaries(st.sampled_from(["en", "fr", "nl", "de"]), st.integers(1, 7), max_size=3)),
        hours=draw(st.sampled_from([0, hours(9, 12), hours(11, 20), hours(9, 10) << 158, (1 << 168) - 1])),
        country=draw(st.sampled_from(["", "BE", "FR"])),
        tracks=draw(st.frozensets(st.sampled_from(TRACKS))),
        places_open=draw(st.integers(0, 3)),
        waiting=draw(st.integers(0, 4)),
        good=draw(st.integers(0, rated)),
        rated=rated,
        scarcity=draw(st.sampled_from([0, 0, 30, 400])),
        abroad=draw(st.booleans()),
        formats=draw(st.frozensets(st.sampled_from(sorted(FORMATS)))),
    )


def populations(*, max_size: int) -> st.SearchStrategy[list[Person]]:
    return st.lists(strangers(), unique_by=lambda person: person.id, max_size=max_size)
