"""The SQL peer: one statement a question that works out the very same whole numbers, in SQLite's words and in PostgreSQL's.

The schema is what one would choose for this question: offers by skill and level, and again by member; wishes by member, already
weighed; one row a member with all that conditions and shared parts need. The wishes of a question come spread out over near
skills. As in the engine, who cannot be among the ten with all that their own wishes could add is dropped before these are read. The statement holds where
ten people offer a wanted skill itself, as nearly always at this size.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matching import GUIDE, Nearness, Person
from matching.columns import mask_of
from matching.crowd import HERE, MEETS, OPEN, SPEAKS, Books

Answer = list[tuple[int, int]]
"""(id, total), the best first."""

POINTS, IS_EXACT = 1023, 1024
"""The lowest bits of `packed`, see `spread`."""

STATEMENT = """
WITH {given}able AS MATERIALIZED (
    SELECT m.id, m.shares, {shared} AS points
    FROM member m
    WHERE m.id IN (SELECT o.member FROM run r CROSS JOIN offer o
                   WHERE r.packed & 1024 <> 0 AND o.skill = r.skill AND o.level = r.level)
    AND m.id <> {me} AND {conditions}
),
met AS (
    SELECT a.id, a.shares, a.points, r.wish, max(r.packed) AS packed
    FROM able a CROSS JOIN offer o CROSS JOIN run r
    WHERE o.member = a.id AND r.skill = o.skill AND r.level = o.level
    GROUP BY a.id, a.shares, a.points, r.wish
),
fit AS MATERIALIZED (
    SELECT id, shares, points + sum(packed & 1023) AS points FROM met
    GROUP BY id, shares, points HAVING max(packed & 1024) > 0
),
hopeful AS MATERIALIZED (
    SELECT id, shares, points FROM fit
    WHERE points + {mutual} >= (SELECT points FROM fit ORDER BY points DESC LIMIT 1 OFFSET {last})
)
SELECT id, sum(points) AS total FROM (
    SELECT id, points FROM hopeful
    UNION ALL
    SELECT h.id, {mutual} * w.share * g.quality / (h.shares * 10000)
    FROM hopeful h CROSS JOIN want w CROSS JOIN gain g
    WHERE w.member = h.id AND g.skill = w.skill AND g.level_now = w.level_now
) AS parts
GROUP BY id ORDER BY total DESC, id LIMIT {k}
"""


@dataclass(frozen=True)
class Words:
    """How a database says it: the smaller and the larger of two, and how many bits of a mask of mine a column has."""

    least: str
    most: str
    common: Callable[[str, int], str]


def statement(me: Person, track: str, k: int, books: Books, words: Words, given: str = "") -> str:
    """The k best guides for me on this track, as (id, total), for the default weights.

    `run` and `gain` hold what `spread` and `gains` give: tables, or said in `given`.
    """
    return STATEMENT.format(
        given=given,
        shared=shared(me, books, words),
        conditions=" AND ".join(conditions(me, track, books)),
        me=me.id,
        mutual=GUIDE.mutual,
        last=k - 1,
        k=k,
    )


def spread(me: Person, near: Nearness) -> Iterator[tuple[int, ...]]:
    """(wish, skill offered, level, packed) for all that meets a wish of mine.

    Packed are, from the highest bits down, how well it does so, whether it is the wanted skill itself (bit 10), and the points,
    so that the largest is the best.
    """
    whole = sum(near.weight(skill) * priority for skill, _, priority in me.wants) * 10_000
    for wish, (wanted, level_now, priority) in enumerate(me.wants):
        worth, step = GUIDE.wishes * near.weight(wanted) * priority, GUIDE.levels[level_now]
        for skill, percent in near.close(wanted).items():
            for level in range(1, 6):
                if quality := percent * step[level]:
                    yield wish, skill, level, (2 * quality + (skill == wanted)) << 10 | worth * quality // whole


def gains(me: Person, near: Nearness) -> Iterator[tuple[int, ...]]:
    """(skill wanted, level now, quality) of my best offer for each wish that one of them meets."""
    best: dict[tuple[int, int], int] = {}
    for offered, level in me.offers:
        for skill, percent in near.met_by(offered):
            for level_now, step in enumerate(GUIDE.levels):
                quality = percent * step[level]
                best[skill, level_now] = max(best.get((skill, level_now), 0), quality)
    return ((*wish, quality) for wish, quality in best.items() if quality)


def conditions(me: Person, track: str, books: Books) -> Iterator[str]:
    yield f"m.flags & {HERE | OPEN} = {HERE | OPEN}"
    yield f"m.tracks_0 & {mask_of([track], books.tracks)} <> 0"
    if me.languages:
        yield f"(m.languages_0 & {mask_of(me.comfortable, books.languages)} <> 0 OR m.flags & {SPEAKS} = 0)"
    if me.formats:
        yield f"(m.formats_0 & {mask_of(me.formats, books.formats)} <> 0 OR m.flags & {MEETS} = 0)"


def shared(me: Person, books: Books, words: Words) -> str:
    """Sector, hours, languages, abroad and track record, less the waiting list and the scarcity, of member `m`."""
    w = GUIDE
    sectors = words.common("sectors", mask_of(me.sectors, books.sectors))
    languages = words.common("languages", mask_of(me.comfortable, books.languages))
    hours = words.common("hours", me.hours)
    parts = [
        f"CASE {sectors} WHEN 0 THEN 0 WHEN 1 THEN {w.sector_first}"
        f" ELSE {words.least}({w.sector}, {w.sector_first} + {w.sector_more} * ({sectors} - 1)) END",
        f"{w.hours} * {words.least}({w.hours_enough}, {hours}) / {w.hours_enough}",
        f"{words.least}({w.languages}, {w.language_each} * {words.most}(0, {languages} - 1))",
        f"{w.track_record} * (m.good + {w.record_good}) / (m.rated + {w.record_all})",
        f"-{words.least}({w.waiting}, {w.waiting_each} * m.waiting / {words.most}(1, m.places))",
        f"-{words.least}({w.scarcity}, m.scarcity)",
    ]
    if me.abroad and me.country:
        home = books.countries.index(me.country)
        parts.append(f"CASE WHEN m.country IN (0, {home}) THEN 0 ELSE {w.abroad} END")
    return " + ".join(parts)
