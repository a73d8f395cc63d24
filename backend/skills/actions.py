"""Loading the starter vocabulary and adding to it. The only writers of these tables."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
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

    Rows keep their ids and so members keep their choices; a skill that left the files is retired, never deleted.
    """
    source = vocabulary.read()
    families = _written(Family, [vocabulary.Entry(key, {c: (n,) for c, n in names.items()}) for key, names in source.families.items()])
    sectors = _written(Sector, source.sectors, lambda entry: {"nace": entry.nace})
    skills = _written(Skill, source.skills, lambda entry: {"family": families[entry.family], "status": Skill.Status.ACTIVE})
    professions = _written(Profession, source.professions, lambda entry: {"sector": sectors.get(entry.sector)})
    gone = Skill.objects.filter(status=Skill.Status.ACTIVE, family__isnull=False).exclude(key__in=skills)
    gone.update(status=Skill.Status.RETIRED)
    _link(source.skills, skills)
    for entry in source.professions:
        professions[entry.key].skills.set([skills[key] for key in entry.skills])
    _label("skill", source.skills, skills)
    _label("sector", source.sectors, sectors)
    _label("profession", source.professions, professions)
    changed()


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
    key = f"own-{slugify(folded) or 'skill'}"[:100]
    taken = Skill.objects.filter(key__startswith=key).count()
    skill = Skill.objects.create(
        key=f"{key}-{taken + 1}" if taken else key, names={language: name}, status=Skill.Status.PROPOSED
    )
    Label.objects.create(text=name, folded=folded, language=language, is_preferred=True, skill=skill)
    return skill, True


def changed() -> None:
    """Let every process read the vocabulary again at its next question."""
    VocabularyVersion.objects.get_or_create(pk=1)
    VocabularyVersion.objects.filter(pk=1).update(number=F("number") + 1)


def _written(model: type[Any], entries: Iterable[vocabulary.Entry], more: Any = lambda entry: {}) -> dict[str, Any]:
    """Rows of this model by key, made or brought up to date where they differ."""
    known: dict[str, Concept] = {row.key: row for row in model.objects.all()}
    found = {}
    for entry in entries:
        values = {"names": entry.names, "esco_uri": entry.esco} | more(entry)
        if model is Family:
            values = {"names": entry.names}
        row = known.get(entry.key)
        if row is None:
            row = model.objects.create(key=entry.key, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=[*values])
        found[entry.key] = row
    return found


def _link(entries: list[vocabulary.Entry], skills: dict[str, Skill]) -> None:
    """Exactly the links that the files name between starter skills."""
    wanted = set()
    for entry in entries:
        here = skills[entry.key].pk
        wanted |= {(skills[key].pk, here, SkillLink.Kind.BROADER) for key in entry.broader}
        wanted |= {(*sorted((here, skills[key].pk)), SkillLink.Kind.NEAR) for key in entry.near}
    known = {
        (link.source_id, link.target_id, link.kind): link.pk
        for link in SkillLink.objects.filter(source__family__isnull=False, target__family__isnull=False)
    }
    SkillLink.objects.filter(pk__in=[pk for row, pk in known.items() if row not in wanted]).delete()
    SkillLink.objects.bulk_create(
        SkillLink(source_id=source, target_id=target, kind=kind) for source, target, kind in sorted(wanted - known.keys())
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
    stale = [label.pk for row, label in known.items() if wanted.get(row) != label.is_preferred]
    Label.objects.filter(pk__in=stale).delete()
    fresh = [row for row in wanted if row not in known or known[row].pk in stale]
    Label.objects.bulk_create(
        Label(text=text, folded=fold(text), language=language, is_preferred=wanted[pk, language, text], **{owner: pk})
        for pk, language, text in fresh
    )
