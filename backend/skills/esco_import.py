"""Merges the European classification (ESCO) with our own vocabulary, concept by concept, by its address (URI).

Ours comes first: where both name a concept, our names, family, sector and skills stay, and ESCO adds labels, languages and
relations. What ESCO no longer has is retired, never deleted.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from backend.skills import esco, vocabulary
from backend.skills.actions import IMPORTED, changed
from backend.skills.esco import Esco
from backend.skills.folding import fold
from backend.skills.models import Label, Profession, Sector, Skill, SkillGroup, SkillLink, Source

MASTER = "en"
"""The language whose files hold every concept: only what these lack has left the classification."""
BATCH = 5_000
Say = Callable[[str], None]


@dataclass
class Imported:
    """What an import found and did."""

    skills: int = 0
    professions: int = 0
    labels: int = 0
    links: int = 0
    retired: int = 0
    problems: list[str] = field(default_factory=list)
    problems_more: int = 0


def import_esco(paths: Iterable[Path], *, say: Say = lambda words: None) -> Imported:
    """Read zips or folders of the official download and merge them; doing it again changes nothing.

    `say` is told each step. All or nothing: until the end everyone sees the vocabulary as it was. Raises `esco.Unreadable` for
    a path without such data; rows that cannot be read are listed in the answer and left out.
    """
    found = Esco()
    for name, so_far in esco.read(paths):
        say(f"Read {name}")
        found = so_far
    done = Imported(problems=found.problems, problems_more=found.problems_more)
    with transaction.atomic():
        changed(relations=True)
        say(f"Merging {len(found.skills):,} skills …")
        groups = _groups(found)
        skills = _skills(found, groups)
        professions = _professions(found)
        say("Merging labels …")
        done.labels = _labels("skill", found.skills, skills) + _labels("profession", found.occupations, professions)
        say(f"Merging {len(found.needs):,} relations of occupations and skills …")
        done.links = _links(found, skills) + _equip(found, professions, skills)
        done.retired = _retire(found, say)
        done.skills, done.professions = len(skills), len(professions)
    return done


def _groups(found: Esco) -> dict[str, int]:
    rows = _merged(SkillGroup, found.groups, {})
    above: dict[int, int] = {}
    for below, parent in sorted(found.broader):
        if below in rows and parent in rows and below != parent:
            above.setdefault(rows[below], rows[parent])
    moved = [group for group in SkillGroup.objects.filter(pk__in=above) if group.parent_id != above[group.pk]]
    for group in moved:
        group.parent_id = above[group.pk]
    SkillGroup.objects.bulk_update(moved, ["parent"], batch_size=BATCH)
    return rows


def _skills(found: Esco, groups: dict[str, int]) -> dict[str, int]:
    group: dict[str, int] = {}
    for below, parent in sorted(found.broader):
        if parent in groups:
            group.setdefault(below, groups[parent])
    # A skill that lies under another skill is in the group of that one.
    above: defaultdict[str, list[str]] = defaultdict(list)
    for below, parent in sorted(found.broader):
        above[below].append(parent)
    for uri in found.skills:
        if uri not in group and (nearest := _first_above(uri, above, group)) is not None:
            group[uri] = nearest
    more: dict[str, dict[str, Any]] = {}
    for uri, concept in found.skills.items():
        values: dict[str, Any] = {"group_id": group[uri]} if uri in group else {}
        more[uri] = values | ({"description": concept.description} if concept.description else {})
    return _merged(Skill, found.skills, more)


def _first_above(uri: str, above: dict[str, list[str]], group: dict[str, int]) -> int | None:
    """The group of the nearest skill above that has one."""
    seen, edge = {uri}, [uri]
    while edge:
        edge = [parent for one in edge for parent in above.get(one, ()) if parent not in seen]
        for parent in edge:
            if parent in group:
                return group[parent]
        seen.update(edge)
    return None


def _professions(found: Esco) -> dict[str, int]:
    sector_of = _SectorGuess()
    more = {uri: {"sector_id": sector_of(concept)} for uri, concept in found.occupations.items()}
    return _merged(Profession, found.occupations, more)


class _SectorGuess:
    """The sector that an occupation suggests: by its NACE codes, else by its ISCO group; None where neither says."""

    def __init__(self) -> None:
        table = tomllib.loads((vocabulary.FOLDER / "_isco.toml").read_text(encoding="utf-8"))["isco"]
        sectors = list(Sector.objects.filter(is_retired=False).order_by("pk"))
        keys = {sector.key: sector.pk for sector in sectors}
        self._isco = {prefix: keys[key] for prefix, key in table.items() if key in keys}
        self._nace: dict[str, int] = {}
        for sector in sectors:
            self._nace.setdefault(_digits(sector.nace), sector.pk)

    def __call__(self, occupation: esco.Concept) -> int | None:
        for code in occupation.nace.replace("|", " ").replace(",", " ").split():
            if guess := _longest(self._nace, _digits(code.rsplit("/", 1)[-1]), least=2):
                return guess
        return _longest(self._isco, occupation.isco, least=2)


def _digits(code: str) -> str:
    return "".join(letter for letter in code if letter.isdigit())


def _longest(table: dict[str, int], code: str, *, least: int) -> int | None:
    return next((table[code[:size]] for size in range(len(code), least - 1, -1) if code[:size] in table), None)


def _merged(model: type[Any], concepts: dict[str, esco.Concept], more: dict[str, dict[str, Any]]) -> dict[str, int]:
    """The id of each concept by URI, after rows were made or brought up to date."""
    known = {row.esco_uri: row for row in model.objects.filter(esco_uri__isnull=False)}
    changes: list[Any] = []
    fresh: list[Any] = []
    fields = {"names"} | {name for values in more.values() for name in values}
    for uri, concept in concepts.items():
        names = {language: labels[0] for language, labels in concept.labels.items()}
        row = known.get(uri)
        if row is None:
            said = {} if model is SkillGroup else {"said_by": Source.ESCO}
            key = f"{IMPORTED}{slugify(uri.rsplit('/', 1)[-1])}"[:120]
            fresh.append(model(key=key, esco_uri=uri, names=names, **said, **more.get(uri, {})))
            continue
        is_ours = not row.key.startswith(IMPORTED)
        values = {"names": names | row.names if is_ours else row.names | names} | _back(row) | more.get(uri, {})
        if is_ours and isinstance(row, Profession):
            values.pop("sector_id")
        fields.update(values)
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changes.append(row)
    model.objects.bulk_update(changes, sorted(name.removesuffix("_id") for name in fields), batch_size=500)
    model.objects.bulk_create(fresh, batch_size=BATCH)
    return dict(model.objects.filter(esco_uri__isnull=False).values_list("esco_uri", "pk"))


def _back(row: Any) -> dict[str, Any]:
    """What had been retired is there again, now on ESCO's word; what a coordinator merged with another stays merged."""
    if isinstance(row, Profession) and row.is_retired:
        return {"is_retired": False, "said_by": Source.ESCO}
    if isinstance(row, Skill) and row.status == Skill.Status.RETIRED and row.merged_into_id is None:
        return {"status": Skill.Status.ACTIVE, "said_by": Source.ESCO}
    return {}


def _labels(concept: str, concepts: dict[str, esco.Concept], rows: dict[str, int]) -> int:
    """Exactly ESCO's labels of each concept in each language that was read, but none that our own vocabulary has already."""
    owner = f"{concept}_id"
    read = {(rows[uri], language) for uri, one in concepts.items() for language in one.labels}
    ours = Label.objects.exclude(said_by=Source.ESCO).filter(**{f"{owner}__isnull": False})
    taken = set(ours.values_list(owner, "language", "folded"))
    preferred = set(ours.filter(is_preferred=True).values_list(owner, "language"))
    wanted: dict[tuple[int, str, str], bool] = {}
    for uri, one in concepts.items():
        pk = rows[uri]
        for language, texts in one.labels.items():
            is_named = (pk, language) in preferred
            for number, text in enumerate(texts):
                folded = fold(text)[: Label._meta.get_field("folded").max_length]
                if folded and (pk, language, folded) not in taken:
                    taken.add((pk, language, folded))
                    wanted[pk, language, text] = number == 0 and not is_named
    known = Label.objects.filter(said_by=Source.ESCO, **{f"{owner}__isnull": False})
    stale: list[int] = []
    for pk, *row, is_preferred in known.values_list("pk", owner, "language", "text", "is_preferred").iterator():
        if wanted.get(tuple(row)) == is_preferred:
            del wanted[tuple(row)]
        elif tuple(row[:2]) in read:
            stale.append(pk)
    _delete(Label, stale)
    _create(
        Label,
        (
            Label.saying(text, language=language, is_preferred=is_preferred, said_by=Source.ESCO, **{owner: pk})
            for (pk, language, text), is_preferred in wanted.items()
        ),
    )
    return len(wanted)


def _links(found: Esco, skills: dict[str, int]) -> int:
    """Exactly ESCO's relations between skills, beside our own. Files that were not read leave theirs as they are."""
    wanted: set[tuple[int, int, str]] = set()
    read: list[str] = []
    if found.broader:
        read.append(SkillLink.Kind.BROADER)
        pairs = ((above, below) for below, above in found.broader)
        wanted |= {(skills[one], skills[two], SkillLink.Kind.BROADER) for one, two in pairs if _both(one, two, skills)}
    if found.related:
        read += [SkillLink.Kind.ESSENTIAL, SkillLink.Kind.OPTIONAL]
        wanted |= {
            (skills[one], skills[two], SkillLink.Kind(kind))
            for one, two, kind in found.related
            if _both(one, two, skills) and kind in read
        }
    links = SkillLink.objects.filter(kind__in=read)
    known = {
        row: (pk, said_by)
        for pk, said_by, *rest in links.values_list("pk", "said_by", "source", "target", "kind")
        for row in [tuple(rest)]
    }
    if found.has_all("broaderRelationsSkillPillar") and found.has_all("skillSkillRelations"):
        _delete(SkillLink, [pk for row, (pk, said) in known.items() if said == Source.ESCO and row not in wanted])
    fresh = sorted(wanted - known.keys())
    _create(SkillLink, (SkillLink(source_id=a, target_id=b, kind=kind, said_by=Source.ESCO) for a, b, kind in fresh))
    return len(fresh)


def _both(one: str, other: str, skills: dict[str, int]) -> bool:
    return one in skills and other in skills and one != other


def _equip(found: Esco, professions: dict[str, int], skills: dict[str, int]) -> int:
    """Exactly ESCO's skills for its occupations. Of a profession that is ours, the skills stay and ESCO's are optional."""
    if not found.needs:
        return 0
    ours = set(Profession.objects.filter(said_by=Source.CORE).values_list("pk", flat=True))
    own = set(Profession.skills.through.objects.filter(profession__in=ours).values_list("profession", "skill"))
    essential: set[tuple[int, int]] = set()
    optional: set[tuple[int, int]] = set()
    for occupation, skill, kind in found.needs:
        if occupation in professions and skill in skills:
            pair = professions[occupation], skills[skill]
            (essential if kind == "essential" and pair[0] not in ours else optional).add(pair)
    optional -= essential | own
    touched = {pair[0] for pair in essential | optional} | {professions[uri] for uri in found.occupations}
    theirs, exactly = touched - ours, found.has_all("occupationSkillRelations")
    return _paired(Profession.skills.through, essential, theirs, exactly=exactly) + _paired(
        Profession.optional_skills.through, optional, touched, exactly=exactly
    )


def _paired(through: type[Any], wanted: set[tuple[int, int]], professions: set[int], *, exactly: bool) -> int:
    known = {
        (profession, skill): pk
        for pk, profession, skill in through.objects.values_list("pk", "profession", "skill").iterator()
        if profession in professions
    }
    if exactly:
        _delete(through, [pk for pair, pk in known.items() if pair not in wanted])
    fresh = sorted(wanted - known.keys())
    _create(through, (through(profession_id=profession, skill_id=skill) for profession, skill in fresh))
    return len(fresh)


def _retire(found: Esco, say: Say) -> int:
    """What the English files no longer have can be chosen no more, and stays with those who chose it. A file of which rows could
    not be read retires nothing: what they were about may be there.
    """
    skills = Skill.objects.filter(said_by=Source.ESCO).exclude(status=Skill.Status.RETIRED)
    professions = Profession.objects.filter(said_by=Source.ESCO, is_retired=False)
    retired = 0
    for kind, rows, concepts, gone in (
        ("skills", skills, found.skills, {"status": Skill.Status.RETIRED}),
        ("occupations", professions, found.occupations, {"is_retired": True}),
    ):
        if MASTER not in found.languages[kind]:
            continue
        if found.has_all(kind, MASTER):
            retired += _absent(rows, concepts, gone)
        else:
            say(f"Not all rows of the English {kind} could be read, so none is retired.")
    return retired


def _absent(rows: models.QuerySet[Any], concepts: dict[str, esco.Concept], gone: dict[str, Any]) -> int:
    pks = [pk for pk, uri in rows.values_list("pk", "esco_uri") if uri not in concepts]
    for some in _batches(pks):
        rows.model.objects.filter(pk__in=some).update(**gone)
    return len(pks)


def _create(model: type[Any], rows: Iterable[Any]) -> None:
    """In batches, so that a quarter of a million rows never stand in memory at once."""
    for some in _batches(rows):
        model.objects.bulk_create(some)


def _delete(model: type[Any], pks: list[int]) -> None:
    for some in _batches(pks):
        model.objects.filter(pk__in=some).delete()


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while some := list(islice(source, BATCH)):
        yield some
