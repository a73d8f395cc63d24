"""An invented classification of skills and occupations, as large and laid out as the official download of ESCO.

13,939 skills in 640 groups, named in four languages with as many synonyms as the real one has, 3,039 occupations, 129,004
relations between them. Words are made of syllables and used by a Zipf law; the words of a skill belong to its group, so
that there is something to be near to.
"""

import csv
import io
import random
import zipfile
from itertools import accumulate
from pathlib import Path

SKILLS, GROUPS, OCCUPATIONS, NEEDS = 13_939, 640, 3_039, 129_004
LANGUAGES = {"en": 5.2, "fr": 0.6, "de": 0.8, "es": 2.5}
"""Synonyms per skill in each."""
WORDS, OWN_WORDS = 12_000, 25
AT = "http://data.europa.eu/esco"
SYLLABLES = {
    "en": "ing ter con pro man de lig ma tion ser work sta gra tech de sign per for plan ning ed it or ment".split(),  # noqa: SIM905
    "fr": "tion eur con pré ma lier gé rer pro duc ser vice é clai rage mon ter or ga ni ser ven te".split(),  # noqa: SIM905
    "de": "ung ver be trei ben lei ten ar bei füh ren licht tech nik ge stal ten plan ma schi nen bau".split(),  # noqa: SIM905
    "es": "ción ar con pro ma nejo ges tio nar di se ño ser vi cio téc ni ca ela bo rar equi po".split(),  # noqa: SIM905
}


def write(path: Path, seed: int = 20_261_123) -> Path:
    """The zip with all files; the same for the same seed."""
    chance = random.Random(seed)
    skills = [f"{AT}/skill/{number}" for number in range(SKILLS)]
    groups = [f"{AT}/skill/S{number}" for number in range(GROUPS)]
    group = [min(int(GROUPS * chance.random() ** 1.5), GROUPS - 1) for _ in skills]
    occupations = [f"{AT}/occupation/{number}" for number in range(OCCUPATIONS)]
    home = [chance.randrange(GROUPS) for _ in occupations]
    by_group: list[list[int]] = [[] for _ in groups]
    for number, one in enumerate(group):
        by_group[one].append(number)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for language, synonyms in LANGUAGES.items():
            said = Sayings(language, chance)
            rows = [_concept("KnowledgeSkillCompetence", uri, said.labels(one, synonyms, chance)) for uri, one in zip(skills, group, strict=True)]  # fmt: skip
            _add(
                archive,
                f"skills_{language}",
                ["conceptType", "conceptUri", "preferredLabel", "altLabels", "status"],
                rows,
            )
            if language == "en":
                rows = [_concept("SkillGroup", uri, said.labels(one, 0, chance)) for one, uri in enumerate(groups)]
                _add(
                    archive,
                    "skillGroups_en",
                    ["conceptType", "conceptUri", "preferredLabel", "altLabels", "status"],
                    rows,
                )
            rows = [
                _concept("Occupation", uri, said.labels(one, 3, chance))
                for uri, one in zip(occupations, home, strict=True)
            ]
            _add(
                archive,
                f"occupations_{language}",
                ["conceptType", "conceptUri", "preferredLabel", "altLabels", "status"],
                rows,
            )
        below = [[uri, groups[one]] for uri, one in zip(skills, group, strict=True)]
        below += [[skills[a], skills[b]] for a, b in _inside(by_group, 6_463, chance)]
        below += [[groups[one], groups[one // 8]] for one in range(1, GROUPS)]
        _add(archive, "broaderRelationsSkillPillar_en", ["conceptUri", "broaderUri"], below)
        related = [
            [skills[a], chance.choice(["essential", "optional"]), skills[b]]
            for a, b in _inside(by_group, 5_818, chance)
        ]
        _add(archive, "skillSkillRelations_en", ["originalSkillUri", "relationType", "relatedSkillUri"], related)
        needs: dict[tuple[int, int], str] = {}
        while len(needs) < NEEDS:
            job = chance.randrange(OCCUPATIONS)
            own = by_group[home[job]] if chance.random() < 0.5 else []
            needs[job, chance.choice(own) if own else int(SKILLS * chance.random() ** 2)] = chance.choice(
                ["essential", "optional"]
            )
        rows = [[occupations[job], kind, skills[skill]] for (job, skill), kind in needs.items()]
        _add(archive, "occupationSkillRelations_en", ["occupationUri", "relationType", "skillUri"], rows)
    return path


class Sayings:
    """How things are called in one language."""

    def __init__(self, language: str, chance: random.Random) -> None:
        made = dict.fromkeys(
            "".join(chance.choices(SYLLABLES[language], k=chance.choice([2, 2, 3, 3, 4]))) for _ in range(2 * WORDS)
        )
        self._words = list(made)[:WORDS]
        self._zipf = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._own = [chance.sample(self._words, OWN_WORDS) for _ in range(GROUPS)]

    def labels(self, group: int, synonyms: float, chance: random.Random) -> list[str]:
        count = 1 + int(synonyms) + (chance.random() < synonyms % 1)
        return list(dict.fromkeys(self._label(group, chance) for _ in range(count)))

    def _label(self, group: int, chance: random.Random) -> str:
        own = chance.choices(self._own[group], k=chance.choice([1, 1, 2]))
        common = chance.choices(self._words, cum_weights=self._zipf, k=chance.choice([0, 1, 1, 2]))
        return " ".join(dict.fromkeys([*common, *own]))


def _concept(kind: str, uri: str, labels: list[str]) -> list[str]:
    return [kind, uri, labels[0], "\n".join(labels[1:]), "released"]


def _inside(by_group: list[list[int]], count: int, chance: random.Random) -> list[tuple[int, int]]:
    """Pairs of skills of one group, the larger number first."""
    pairs: set[tuple[int, int]] = set()
    large = [numbers for numbers in by_group if len(numbers) > 5]
    while len(pairs) < count:
        one, other = chance.sample(chance.choice(large), 2)
        pairs.add((max(one, other), min(one, other)))
    return sorted(pairs)


def _add(archive: zipfile.ZipFile, name: str, columns: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([columns, *rows])
    archive.writestr(f"{name}.csv", text.getvalue())
