"""Skills that members proposed, and coordinators who merge them with those that were there already."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from backend.errors import NotAllowed
from backend.members import merging
from backend.members.models import Member
from backend.mentoring.models import Programme
from backend.skills.models import Skill

SHOWN = 50


def may_tend(member: Member) -> bool:
    """Merge what members proposed: whoever coordinates a programme, and staff."""
    return member.is_staff or Programme.objects.filter(coordinators=member).exists()


def proposed(*, by: Member) -> QuerySet[Skill]:
    """What members proposed, with how many `chose` it; the most chosen first, `SHOWN` at most. Refused for others."""
    _tending(by)
    rows = Skill.objects.filter(status=Skill.Status.PROPOSED)
    offering, wanting = Count("offers", distinct=True), Count("wants", distinct=True)
    counted = rows.annotate(offering=offering, wanting=wanting).annotate(chose=F("offering") + F("wanting"))
    return counted.order_by("-chose", "pk")[:SHOWN]


@transaction.atomic
def merge(*, skill: Skill, into: Skill, by: Member, at: dt.datetime) -> None:
    """Everyone who chose the proposed skill has chosen the other from now on, and its words find that one.

    Raises a refusal for those who may not, and where `skill` is not a proposal or `into` not settled.
    """
    _tending(by)
    merging.merge_skill(skill=skill, into=into, at=at)


def _tending(by: Member) -> None:
    if not may_tend(by):
        raise NotAllowed("not_a_coordinator", _("Only coordinators may do this."))
