"""Loading the starter vocabulary and adding to it. The only writers of these tables."""

import itertools
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.errors import field_error
from backend.skills import vocabulary
from backend.skills.folding import fold
from backend.skills.models import Concept, Family, Label, Profession, Sector, Skill, SkillLink, VocabularyVersion

NAME_MAX_LENGTH = 80


@transaction.atomic
def load_vocabulary() -> None:
    """Bring the database to what the vocabulary files say. Running it again changes nothing.

    Rows keep their ids and so members keep their choices; what left the files is retired, never deleted: it can be
    chosen no more, and stays with those who chose it.
    """
    changed()
    source = vocabulary.read()
    families = _families(source.families)
    sectors = _written(Sector, source.sectors, lambda entry: {"nace": entry.nace, "is_retired": False})
    skills = _written(
        Skill, source.skills, lambda entry: {"family": families[entry.family], "status": Skill.Status.ACTIVE}
    )
    professions = _written(
        Profession, source.professions, lambda entry: {"sector": sectors.get(entry.sector), "is_retired": False}
    )
    gone = Skill.objects.filter(status=Skill.Status.ACTIVE, family__isnull=False).exclude(key__in=skills)
    gone.update(status=Skill.Status.RETIRED)
    Sector.objects.filter(is_retired=False).exclude(key__in=sectors).update(is_retired=True)
    Profession.objects.filter(is_retired=False).exclude(key__in=professions).update(is_retired=True)
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
    # Held until the end, so that the same proposal at the same instant is made once.
    changed()
    usable = Label.objects.filter(skill__isnull=False, folded=folded).exclude(skill__status=Skill.Status.RETIRED)
    known = usable.filter(language=language).first() or usable.order_by("id").first()
    if known is not None and known.skill is not None:
        return known.skill, False
    skill = Skill.objects.create(key=_free_key(folded), names={language: name}, status=Skill.Status.PROPOSED)
    Label.objects.create(text=name, folded=folded, language=language, is_preferred=True, skill=skill)
    return skill, True


def changed() -> None:
    """Let every process read the vocabulary again at its next question. Holds the vocabulary until the transaction ends."""
    # Drawn, not counted: after a rollback or a restored backup a count would stand for two different vocabularies.
    VocabularyVersion.objects.update_or_create(pk=1, defaults={"number": secrets.randbelow(2**31 - 1) + 1})


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
    """Rows of this model by key, made or brought up to date where they differ."""
    known: dict[str, Concept] = {row.key: row for row in model.objects.all()}
    # A URI may move from one concept to another, and only one may have it at a time.
    moved = [row.pk for entry in entries if (row := known.get(entry.key)) and row.esco_uri != entry.esco]
    model.objects.filter(pk__in=moved).update(esco_uri=None)
    wanted = {entry.key: {"names": entry.names, "esco_uri": entry.esco} | more(entry) for entry in entries}
    for key, values in wanted.items():
        row = known.get(key)
        if row is not None and any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values])
    model.objects.bulk_create(model(key=key, **values) for key, values in wanted.items() if key not in known)
    return {row.key: row for row in model.objects.filter(key__in=wanted)}


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
        (link.source_id, link.target_id, link.kind): link.pk
        for link in SkillLink.objects.filter(source__family__isnull=False, target__family__isnull=False)
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
        for label in Label.objects.filter(**{f"{concept}__in": [row.pk for row in rows.values()]})
    }
    stale = {
        row: label.pk
        for row, label in known.items()
        if wanted.get(row) != label.is_preferred or label.folded != fold(label.text)
    }
    Label.objects.filter(pk__in=stale.values()).delete()
    fresh = [row for row in wanted if row not in known or row in stale]
    Label.objects.bulk_create(
        Label(text=text, folded=fold(text), language=language, is_preferred=wanted[pk, language, text], **{owner: pk})
        for pk, language, text in fresh
    )
