"""Reporting and deciding. The only writers of these tables."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict
from backend.members.models import Member
from backend.trust.models import Report


@transaction.atomic
def report(
    *, by: Member, about: Member | None, kind: str, ref: dict[str, Any], rule: str, words: str, at: dt.datetime
) -> tuple[Report, bool]:
    """Write down a report; the same person about the same thing is one as long as it is open. Returns it and whether it is new."""
    # Held, so that two clicks at once are one report.
    list(Member.objects.select_for_update(no_key=True).filter(pk=by.pk))
    known = Report.objects.filter(by=by, kind=kind, ref=ref, state=Report.State.OPEN).first()
    if known is not None:
        return known, False
    row = Report.objects.create(
        by=by, about_member=about, kind=kind, ref=ref, rule=rule, words=words.strip()[:1000], created_at=at
    )
    return row, True


@transaction.atomic
def decide(*, report: Report, by: Member, uphold: bool, at: dt.datetime) -> Report:
    """Uphold a report or dismiss it, once (`already_decided`)."""
    row = Report.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(pk=report.pk)
    if row.state != Report.State.OPEN:
        raise Conflict("already_decided", _("This has been decided already."))
    row.state = Report.State.UPHELD if uphold else Report.State.DISMISSED
    row.decided_by, row.decided_at = by, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row
