"""The two of a mentorship, as all that they do together needs them."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from backend.errors import Conflict, NotFound
from backend.members.models import Member
from backend.mentoring.models import Mentorship
from backend.notices.actions import tell
from backend.notices.models import Notice


def held(mentorship: Mentorship, by: Member) -> Mentorship:
    """The mentorship as it is now, held until the end of the transaction; NotFound for everybody but the two."""
    rows = Mentorship.objects.select_for_update(of=("self",)).select_related("mentor", "mentee")
    found = rows.filter(pk=mentorship.pk).first()
    if found is None or by.pk not in (found.mentor_id, found.mentee_id):
        raise NotFound
    return found


def refuse_closed(mentorship: Mentorship) -> None:
    """What both share is written only while they are on the road."""
    if mentorship.status == Mentorship.Status.CLOSED:
        raise Conflict("already_closed", _("This mentorship has ended already."))


def other_of(mentorship: Mentorship, member: Member) -> Member:
    return mentorship.mentee if member.pk == mentorship.mentor_id else mentorship.mentor


def facts(mentorship: Mentorship, by: Member) -> dict[str, Any]:
    """What the sentence of a notice about it needs."""
    return {"mentorship": mentorship.pk, "room": mentorship.room_id, "person": {"id": by.pk, "name": by.name}}


def tell_other(mentorship: Mentorship, by: Member, kind: Notice.Kind, at: dt.datetime, **more: Any) -> None:
    """Tell the one of the two who did not do it."""
    tell(member=other_of(mentorship, by), kind=kind, data=facts(mentorship, by) | more, at=at)
