"""Who looks after a programme: its coordinators name others, and step down; somebody always does."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotFound
from backend.members.models import Member
from backend.mentoring import calls
from backend.mentoring.models import Programme
from backend.mentoring.programmes import homes_of, must_coordinate
from backend.notices.actions import tell
from backend.notices.models import Notice

COORDINATORS_MOST = 20


@transaction.atomic
def name(*, programme: Programme, member: Member, by: Member, at: dt.datetime) -> None:
    """Somebody of its organisations looks after it as well from now on, and is told; said twice, it is once.

    They read what coordinators read: wishes with their reasons, notes, and calls for help that are made from now on.
    """
    held = _held(programme, by)
    if held.coordinators.filter(pk=member.pk).exists():
        return
    if member.organisation_id not in homes_of(held):
        raise Conflict("not_of_programme", _("This person belongs to none of its organisations."))
    if held.coordinators.count() >= COORDINATORS_MOST:
        raise Conflict("too_many_coordinators", _("So many people look after it already."), maximum=COORDINATORS_MOST)
    held.coordinators.add(member)
    tell(member=member, kind=Notice.Kind.COORDINATOR_NAMED, data=_facts(held, by), at=at)


@transaction.atomic
def let_go(*, programme: Programme, member: int, by: Member, at: dt.datetime) -> None:
    """Somebody, or oneself, looks after it no longer and reads its calls for help no more; the others are told nothing.

    Refused for the last one (`last_coordinator`).
    """
    held = _held(programme, by)
    gone = held.coordinators.filter(pk=member).first()
    if gone is None:
        raise NotFound
    if not held.coordinators.exclude(pk=member).exists():
        raise Conflict("last_coordinator", _("Name somebody else first: a programme is never without anybody."))
    held.coordinators.remove(gone)
    calls.read_no_more(coordinator=gone)
    if gone.pk != by.pk:
        tell(member=gone, kind=Notice.Kind.COORDINATOR_OVER, data=_facts(held, by), at=at)


def _held(programme: Programme, by: Member) -> Programme:
    """Held first, then asked: of two who let each other go in the same instant, one stays."""
    held: Programme = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    must_coordinate(by, held)
    if held.state == Programme.State.CLOSED:
        raise Conflict("programme_closed", _("This programme is closed."))
    return held


def _facts(programme: Programme, by: Member) -> dict[str, object]:
    return {"programme": {"id": programme.pk, "name": programme.name}, "person": {"id": by.pk, "name": by.name}}
