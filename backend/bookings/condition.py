"""How things were when they were taken and when they came back, with photos to compare."""

import datetime as dt
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from backend.bookings import actions
from backend.bookings.blackouts import report_damage
from backend.bookings.models import ConditionPhoto, ConditionReport, Handover
from backend.bookings.showing import show_changed
from backend.errors import Conflict, field_error
from backend.members.models import Member
from backend.patience import patiently

MOST_PHOTOS = 5
SIDE = 1600
Moment, State = ConditionReport.Moment, ConditionReport.State


@patiently
def report_condition(
    *,
    member: Member,
    handover: Handover,
    moment: str,
    state: str,
    at: dt.datetime,
    words: str = "",
    photos: Sequence[ContentFile[bytes]] = (),
) -> ConditionReport:
    """How it was, once each way: when it was taken until it is back, when it came back from then on.

    What is `damaged` needs words, and becomes a damage of that unit. Photos are clean already (`media.clean_photo`). Refuses with
    `already_reported`, `already_returned`, `not_returned`, and errors of the fields `words` and `photos`.
    """
    actions.visible(member, handover.booking)
    handover = Handover.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=handover.pk)
    if moment == Moment.TAKEN and handover.returned_at is not None:
        raise Conflict("already_returned", _("This is back already."))
    if moment == Moment.RETURNED and handover.returned_at is None:
        raise Conflict("not_returned", _("Bring this back first."))
    if handover.reports.filter(moment=moment).exists():
        raise Conflict("already_reported", _("Somebody has written this down already."))
    if state == State.DAMAGED and not words.strip():
        raise field_error("words", "words_needed", _("Write in a few words what is broken."))
    if len(photos) > MOST_PHOTOS:
        raise field_error("photos", "too_many", _("Five photos at most."))
    report = ConditionReport.objects.create(
        handover=handover, moment=moment, state=state, words=words.strip(), reported_by=member, reported_at=at
    )
    for photo in photos:
        ConditionPhoto.objects.create(report=report, image=photo)
    if state == State.DAMAGED:
        report_damage(member=member, resource=handover.resource_id, words=words.strip(), at=at, found_with=report)
    show_changed([handover.resource_id])
    return report
