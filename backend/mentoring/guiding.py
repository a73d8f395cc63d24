"""Becoming a guide: what one offers, a pause, and the steps to get ready."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from backend.errors import field_error
from backend.members import actions as members
from backend.members.models import Member
from backend.mentoring import waiting
from backend.mentoring.asking_tasks import end_pauses
from backend.mentoring.models import Guiding, TrainingStep, TrainingTick
from backend.mentoring.telling import hold
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently

OF_THE_MEMBER = {"places": "guide_capacity", "tracks": "guide_tracks", "is_paused": "guide_paused"}
OF_GUIDING = ("talks_a_month", "circle_seats", "peers", "can_help", "cannot_help")
PAUSE_AT_MOST = dt.timedelta(days=731)


@patiently
def set_guiding(*, member: Member, wish: Mapping[str, Any], at: dt.datetime) -> Member:
    """Write what a guide says of themselves; what is not named stays.

    `back_on` is the day, on their own clock, on which a pause ends by itself; None: it lasts until they end it. Who waits for them
    is offered a place that has become free.
    """
    hold(member.pk)
    changes = {name: wish[given] for given, name in OF_THE_MEMBER.items() if given in wish}
    if changes:
        member = members.edit_profile(member=member, at=at, **changes)
    guiding, _is_new = Guiding.objects.select_for_update().get_or_create(member=member)
    for name in OF_GUIDING:
        if name in wish:
            setattr(guiding, name, wish[name])
    if "back_on" in wish:
        guiding.paused_until = _morning(wish["back_on"], member.timezone, at) if wish["back_on"] else None
    if not member.guide_paused:
        guiding.paused_until = None
    guiding.save()
    if guiding.paused_until is not None:
        end_pauses.using(run_after=guiding.paused_until).enqueue()
    waiting.move_up([member.pk], at=at)
    return member


def resume_all(*, at: dt.datetime) -> int:
    """End the pauses whose day has come. Returns how many."""
    due = Guiding.objects.filter(paused_until__lte=at).order_by("pk").values_list("pk", flat=True)
    return sum(_resume(pk, at) for pk in list(due))


@patiently
def tick(*, member: Member, step: TrainingStep, is_done: bool, at: dt.datetime) -> None:
    """A step to get ready is done, or not after all; said twice, it is the same."""
    if is_done:
        TrainingTick.objects.get_or_create(member=member, step=step, defaults={"done_at": at})
    else:
        TrainingTick.objects.filter(member=member, step=step).delete()


@patiently
def _resume(pk: int, at: dt.datetime) -> int:
    hold(pk)
    guiding = Guiding.objects.select_for_update(of=("self",)).select_related("member").get(pk=pk)
    if guiding.paused_until is None or guiding.paused_until > at:
        return 0
    guiding.paused_until = None
    guiding.save(update_fields=["paused_until"])
    if not guiding.member.guide_paused:
        return 0
    members.edit_profile(member=guiding.member, at=at, guide_paused=False)
    tell(member=guiding.member, kind=Notice.Kind.GUIDING_RESUMED, data={}, at=at)
    waiting.move_up([pk], at=at)
    return 1


def _morning(day: dt.date, zone: str, at: dt.datetime) -> dt.datetime:
    begins = dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
    if begins <= at:
        raise field_error("back_on", "in_the_past", _("Choose a day that is still to come."))
    if begins > at + PAUSE_AT_MOST:
        raise field_error("back_on", "too_far_ahead", _("Choose a day within two years."))
    return begins
