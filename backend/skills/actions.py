"""Loading the starter vocabulary and adding to it. The only writers of these tables."""

import itertools
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict, field_error
from backend.skills import tasks, vocabulary
from backend.skills.folding import fold
from backend.skills.models import (
    Family,
    Label,
    Profession,
    Sector,
    Skill,
    SkillLink,
    Source,
    VocabularyVersion,
)

NAME_MAX_LENGTH = 80
IMPORTED = "esco-"
"""How the key of a concept begins that came with the European classification."""


@transaction.atomic
def load_vocabulary() -> None:
    """Bring the database to what the vocabulary files say. Running it again changes nothing.

    Rows keep their ids and so members keep their choices; what left the files is retired, never deleted: it can be
    chosen no more, and stays with those who chose it.
    """
    changed(relations=True)
    source = vocabulary.read()
    families = _families(source.families)
    sectors = _written(Sector, source.sectors, lambda entry: {"nace": entry.nace, "is_retired": False})
    own = {"said_by": Source.CORE}
    skills = _written(
        Skill,
        source.skills,
        lambda entry: own | {"family": families[entry.family], "status": Skill.Status.ACTIVE},
    )
    professions = _written(
        Profession, source.professions, lambda entry: own | {"sector": sectors.get(entry.sector), "is_retired": False}
    )
    gone = Skill.objects.filter(status=Skill.Status.ACTIVE, said_by=Source.CORE).exclude(key__in=skills)
    gone.update(status=Skill.Status.RETIRED)
    Sector.objects.filter(is_retired=False).exclude(key__in=sectors).update(is_retired=True)
    Profession.objects.filter(is_retired=False, **own).exclude(key__in=professions).update(is_retired=True)
    _link(source.skills, skills)
    _equip(source.professions, professions, skills)
    _label("skill", source.skills, skills)
    _label("sector", source.sectors, sectors)
    _label("profession", source.professions, professions)


@transaction.atomic
def propose_skill(*, name: str, language: str) -> tuple[Skill, bool]:
    """A skill that the vocabulary lacks, usable at once; one that is known by this label already is returned instead.

    Returns the skill and whether it is new. A coordinator may merge it later.
    """
    name = " ".join(name.split())
    folded = fold(name)
    if len(folded) < 2:
        raise field_error("name", "too_short", _("Write the name of the skill in full."))
    # Held until the end, so that the same proposal at the same instant is made once, and labels are numbered as they come to be.
    changed(labels=False)
    usable = Label.objects.filter(skill__isnull=False, folded=folded).exclude(skill__status=Skill.Status.RETIRED)
    known = usable.filter(language=language).first() or usable.order_by("id").first()
    if known is not None and known.skill is not None:
        return known.skill, False
    said = {"said_by": Source.MEMBER}
    skill = Skill.objects.create(key=_free_key(folded), names={language: name}, status=Skill.Status.PROPOSED, **said)
    Label.saying(name, language=language, is_preferred=True, skill=skill, **said).save()
    tasks.relate_soon()
    return skill, True


@transaction.atomic
def merge_skill(*, skill: Skill, into: Skill) -> None:
    """A proposed skill becomes another way of saying one that is settled: its words find that one from now on.

    Only the vocabulary is changed here; `members.merging` moves what members chose too.
    """
    changed(labels=False)
    # In one order, so that two merges at one time wait for each other.
    held = {row.pk: row for row in Skill.objects.select_for_update().filter(pk__in=[skill.pk, into.pk]).order_by("pk")}
    skill, into = held[skill.pk], held[into.pk]
    if skill.status != Skill.Status.PROPOSED or into.status != Skill.Status.ACTIVE:
        raise Conflict("not_mergeable", _("Only a proposed skill can be merged, and only with one that is settled."))
    known = set(into.labels.values_list("language", "folded"))
    for label in skill.labels.all():
        if (label.language, label.folded) in known:
            label.delete()
        else:
            label.skill, label.is_preferred = into, False
            label.save(update_fields=["skill", "is_preferred"])
    skill.status, skill.merged_into = Skill.Status.RETIRED, into
    skill.save(update_fields=["status", "merged_into"])
    tasks.relate_soon()


def changed(*, relations: bool = False, labels: bool = True) -> None:
    """Let every process read the vocabulary (and what lies between skills) again at its next question.

    Without `labels` all words stay that labels have said, and others are said by new ones only, which are written after this. Holds the vocabulary until the transaction ends.
    """
    # Drawn, not counted: after a rollback or a restored backup a count would stand for two different vocabularies.
    drawn = secrets.randbelow(2**31 - 1) + 1
    numbers = {"number": drawn} | ({"relations": drawn} if relations else {}) | ({"labels": drawn} if labels else {})
    VocabularyVersion.objects.update_or_create(pk=1, defaults=numbers)


def _free_key(folded: str) -> str:
    key = f"own-{slugify(folded) or 'skill'}"[:100]
    taken = set(Skill.objects.filter(key__startswith=key).values_list("key", flat=True))
    numbered = (f"{key}-{number}" for number in itertools.count(2))
    return next(free for free in itertools.chain([key], numbered) if free not in taken)


def _families(names: dict[str, dict[str, str]]) -> dict[str, Family]:
    return {key: Family.objects.update_or_create(key=key, defaults={"names": said})[0] for key, said in names.items()}


def _written(
    model: type[Any], entries: list[vocabulary.Entry], more: Callable[[vocabulary.Entry], dict[str, Any]]
) -> dict[str, Any]:
    """Rows of this model by key, made or brought up to date where they differ. Names in further languages stay."""
    known: dict[str, Any] = {row.key: row for row in model.objects.all()}
    _adopt(model, entries, known)
    # A URI may move from one concept to another, and only one may have it at a time.
    moved = [row.pk for entry in entries if (row := known.get(entry.key)) and row.esco_uri != entry.esco]
    model.objects.filter(pk__in=moved).update(esco_uri=None)
    wanted = {entry.key: {"names": entry.names, "esco_uri": entry.esco} | more(entry) for entry in entries}
    for key, values in wanted.items():
        row = known.get(key)
        if row is None:
            continue
        values["names"] = row.names | values["names"]
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values])
    model.objects.bulk_create(model(key=key, **values) for key, values in wanted.items() if key not in known)
    return {row.key: row for row in model.objects.filter(key__in=wanted)}


def _adopt(model: type[Any], entries: list[vocabulary.Entry], known: dict[str, Any]) -> None:
    """A concept of ours that came with an import before us becomes ours, with the same id; `known` is kept up to date.

    Where both exist already, the imported one is retired in favour of ours.
    """
    imported = {row.esco_uri: row for row in known.values() if row.esco_uri and row.key.startswith(IMPORTED)}
    for entry in entries:
        row = imported.get(entry.esco)
        if row is None:
            continue
        del known[row.key]
        if entry.key in known:
            row.esco_uri = None
            if isinstance(row, Skill):
                row.status, row.merged_into = Skill.Status.RETIRED, known[entry.key]
            else:
                row.is_retired = True
            row.save()
        else:
            row.key = entry.key
            row.save(update_fields=["key"])
            row.labels.filter(is_preferred=True, language__in=vocabulary.LANGUAGES).update(is_preferred=False)
            known[entry.key] = row


def _equip(entries: list[vocabulary.Entry], professions: dict[str, Profession], skills: dict[str, Skill]) -> None:
    """Exactly the skills that the files name for each profession."""
    through = Profession.skills.through
    wanted = {(professions[entry.key].pk, skills[key].pk) for entry in entries for key in entry.skills}
    known = {
        (row.profession_id, row.skill_id): row.pk
        for row in through.objects.filter(profession__in=[row.pk for row in professions.values()])
    }
    through.objects.filter(pk__in=[pk for pair, pk in known.items() if pair not in wanted]).delete()
    through.objects.bulk_create(
        through(profession_id=profession, skill_id=skill) for profession, skill in sorted(wanted - known.keys())
    )


def _link(entries: list[vocabulary.Entry], skills: dict[str, Skill]) -> None:
    """Exactly the links that the files name between starter skills."""
    wanted: set[tuple[int, int, str]] = set()
    for entry in entries:
        here = skills[entry.key].pk
        wanted |= {(skills[key].pk, here, SkillLink.Kind.BROADER) for key in entry.broader}
        both = [(here, skills[key].pk) for key in entry.near]
        wanted |= {(min(pair), max(pair), SkillLink.Kind.NEAR) for pair in both}
    known = {
        (link.source_id, link.target_id, link.kind): link.pk for link in SkillLink.objects.filter(said_by=Source.CORE)
    }
    SkillLink.objects.filter(pk__in=[pk for row, pk in known.items() if row not in wanted]).delete()
    SkillLink.objects.bulk_create(
        SkillLink(source_id=source, target_id=target, kind=kind)
        for source, target, kind in sorted(wanted - known.keys())
    )


def _label(concept: str, entries: list[vocabulary.Entry], rows: dict[str, Any]) -> None:
    """Exactly the labels that the files name for these concepts."""
    wanted = {
        (rows[entry.key].pk, language, text): number == 0
        for entry in entries
        for language, labels in entry.labels.items()
        for number, text in enumerate(labels)
    }
    owner = f"{concept}_id"
    known = {
        (getattr(label, owner), label.language, label.text): label
        for label in Label.objects.filter(said_by=Source.CORE, **{f"{concept}__in": [row.pk for row in rows.values()]})
    }
    said = {
        row: Label.saying(row[2], language=row[1], is_preferred=is_preferred, **{owner: row[0]})
        for row, is_preferred in wanted.items()
    }
    stale = {row: label.pk for row, label in known.items() if row not in said or not _same(label, said[row])}
    Label.objects.filter(pk__in=stale.values()).delete()
    Label.objects.bulk_create(label for row, label in said.items() if row not in known or row in stale)


def _same(one: Label, other: Label) -> bool:
    return (one.is_preferred, one.folded, one.joined) == (other.is_preferred, other.folded, other.joined)
