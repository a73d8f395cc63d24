"""Bringing in the European classification, working out what is near, and finding any of its labels while one types.

On invented data of the same size and layout; `BENCH_ESCO` in the environment may name zips of the real download instead, kept apart by
`:`. Beside the search stands what is usually done: LIKE '%…%' over all labels in the order of their length.
"""

import os
import random
import resource
import string
import tempfile
import time
from pathlib import Path

from django.db import connection

from backend.skills import typeahead
from backend.skills.actions import load_vocabulary
from backend.skills.esco_import import import_esco
from backend.skills.folding import fold
from backend.skills.models import Label
from backend.skills.relations import relate_skills
from tests.bench import classification
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
SEARCHES, TYPOS = 400, 300
SLOW = {"sqlite": 15, "postgresql": 30}
READERS = ("en", "fr", "nl", "de")
SKILL: frozenset[typeahead.Kind] = frozenset({"skill"})


def run() -> list[Row]:
    chance = random.Random(20_261_123)
    load_vocabulary()
    with tempfile.TemporaryDirectory() as folder:
        given = [Path(path) for path in os.environ.get("BENCH_ESCO", "").split(":") if path]
        paths = given or [classification.write(Path(folder, "classification.zip"))]
        before = _peak_mib()
        begun = time.perf_counter()
        import_esco(paths)
        imported, import_mib = time.perf_counter() - begun, _peak_mib()
        begun = time.perf_counter()
        import_esco(paths)
        again = time.perf_counter() - begun
    begun = time.perf_counter()
    relate_skills()
    related, relate_mib = time.perf_counter() - begun, _peak_mib()
    begun = time.perf_counter()
    typeahead.search("xqzzyw", language="en", kinds=SKILL)
    words = time.perf_counter() - begun
    labels = list(Label.objects.filter(skill__isnull=False).order_by("pk").values_list("text", "skill"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    chosen = [text for text, _skill in chance.sample(labels, SEARCHES)]
    typed = [text[: chance.randint(2, max(2, min(len(text), 16)))] for text in chosen]
    ours, theirs = [], []
    for query in typed:
        reader = chance.choice(READERS)
        ours.append(
            _milliseconds(lambda query=query, reader=reader: typeahead.search(query, language=reader, kinds=SKILL))
        )
        theirs.append(_milliseconds(lambda query=query: _like(query)))
    found, typo_times = 0, []
    long = [(text, skill) for text, skill in labels if len(fold(text)) >= 6]
    for text, skill in chance.sample(long, TYPOS):
        query = _mistyped(text, chance)
        begun = time.perf_counter()
        answer = typeahead.search(query, language=chance.choice(READERS), kinds=SKILL, limit=10)
        typo_times.append(1000 * (time.perf_counter() - begun))
        found += any(one.concept.pk == skill for one in answer)
    return [
        row("skills.import", "seconds", imported, target=60),
        row("skills.import", "again_seconds", again),
        row("skills.import", "peak_mib", import_mib, target=500),
        row("skills.import", "peak_mib_before", before),
        row("skills.relate", "seconds", related, target=60),
        row("skills.relate", "peak_mib", relate_mib, target=1_000),
        row("skills.typeahead", "labels", len(labels)),
        row("skills.typeahead", "first_mend_ms", 1000 * words),
        row("skills.typeahead", "p50_ms", percentile(ours, 50), peer="like_anywhere", theirs=percentile(theirs, 50)),
        row("skills.typeahead", "p95_ms", percentile(ours, 95), target=SLOW[connection.vendor]),
        row("skills.typeahead", "p99_ms", percentile(ours, 99)),
        row("skills.typo", "found_percent", 100 * found / TYPOS, target=95, better="more"),
        row("skills.typo", "p50_ms", percentile(typo_times, 50)),
        row("skills.typo", "p95_ms", percentile(typo_times, 95)),
    ]


def _like(query: str) -> list[int]:
    rows = Label.objects.filter(folded__contains=fold(query), skill__isnull=False).extra(
        select={"size": "length(folded)"}
    )
    return list(rows.order_by("size").values_list("skill", flat=True)[:12])


def _mistyped(text: str, chance: random.Random) -> str:
    """One letter left out, put in, replaced, or changed places with the next."""
    at = chance.choice(
        [place for place, letter in enumerate(text[:-1]) if letter.isalpha() and text[place + 1].isalpha()] or [0]
    )
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        [text[:at] + text[at + 1 :], text[:at] + letter + text[at:], text[:at] + letter + text[at + 1 :],
         text[:at] + text[at + 1] + text[at] + text[at + 2 :]]
    )  # fmt: skip


def _milliseconds(deed: object) -> float:
    begun = time.perf_counter()
    deed()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - begun)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
