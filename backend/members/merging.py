"""A proposed skill turns out to be one that we have: everyone who chose it has chosen the other."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from backend.members.models import Member, Offer, Want
from backend.skills import actions as skills
from backend.skills.models import Skill


@transaction.atomic
def merge_skill(*, skill: Skill, into: Skill, at: dt.datetime) -> None:
    """The words of `skill` now find `into`, and what members offer and want is moved there; who had both keeps the higher level.

    Raises what `skills.actions.merge_skill` raises.
    """
    _hold_who_chose(skill, into)
    skills.merge_skill(skill=skill, into=into)
    _move(skill, into, at)


@transaction.atomic
def follow_merged(*, at: dt.datetime) -> None:
    """What members chose of skills that were retired in favour of others, by whatever means, is moved to those."""
    gone = Skill.objects.filter(status=Skill.Status.RETIRED, merged_into__isnull=False)
    chosen = gone.filter(offers__isnull=False) | gone.filter(wants__isnull=False)
    for skill in chosen.distinct().order_by("pk"):
        if (into := _last(skill)) is not None:
            _hold_who_chose(skill, into)
            _move(skill, into, at)


def _last(skill: Skill) -> Skill | None:
    """Where a chain of merges ends; None where it comes round."""
    seen = {skill.pk}
    while (into := skill.merged_into) is not None:
        if into.pk in seen:
            return None
        seen.add(into.pk)
        skill = into
    return skill


def _move(skill: Skill, into: Skill, at: dt.datetime) -> None:
    touched: set[int] = set()
    tables: tuple[tuple[Any, str], ...] = ((Offer, "level"), (Want, "priority"))
    for model, weight in tables:
        kept = {row.member_id: row for row in model.objects.filter(skill=into)}
        for row in model.objects.filter(skill=skill):
            touched.add(row.member_id)
            other = kept.get(row.member_id)
            if other is None:
                row.skill = into
                row.save(update_fields=["skill"])
                continue
            if getattr(row, weight) > getattr(other, weight):
                setattr(other, weight, getattr(row, weight))
                other.save(update_fields=[weight])
            row.delete()
    Member.objects.filter(pk__in=touched).update(changed_at=at)


def _hold_who_chose(*skills: Skill) -> None:
    """In the order of their numbers, before lists or skills are touched: whoever changes their own profile holds themselves first, too."""
    offer, want = (Q(pk__in=model.objects.filter(skill__in=skills).values("member")) for model in (Offer, Want))
    list(Member.objects.select_for_update(no_key=True).filter(offer | want).order_by("pk").values_list("pk"))
