"""The journeys of the tracks: what members read, and what coordinators change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import NotAllowed, field_error
from backend.members.models import Member
from backend.mentoring.models import Journey, JourneyStep, Programme

WORDS = ("week", "names", "abouts", "questions", "readings")


def may_edit(member: Member, track: str) -> bool:
    """Who coordinates a programme in this track, and staff."""
    return member.is_staff or Programme.objects.filter(track=track, coordinators=member).exists()


@transaction.atomic
def write(
    *,
    track: str,
    by: Member,
    names: Mapping[str, str],
    leads: Mapping[str, str],
    steps: Sequence[Mapping[str, Any]],
    at: dt.datetime,
) -> Journey:
    """The journey is like this from now on, its steps in this order. Each step: `id` of one that is there, or none, and `WORDS`.

    A step that is left out is walked no more, but who has walked it keeps that.
    """
    if not may_edit(by, track):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this track may do this."))
    journey, _is_new = Journey.objects.select_for_update().get_or_create(track=track, defaults={"changed_at": at})
    journey.names, journey.leads, journey.changed_at, journey.changed_by = dict(names), dict(leads), at, by
    journey.save(update_fields=["names", "leads", "changed_at", "changed_by"])
    known = {step.pk: step for step in journey.steps.filter(is_retired=False)}
    for position, words in enumerate(steps, start=1):
        number = words.get("id")
        step = known.pop(number, None) if number is not None else JourneyStep(journey=journey)
        if step is None:
            raise field_error("steps", "not_found", _("Somebody has changed this journey. Please read it again."))
        step.position = position
        for name in WORDS:
            setattr(step, name, words[name])
        step.save()
    JourneyStep.objects.filter(pk__in=list(known)).update(is_retired=True)
    return journey
