"""A collective as the one guided or guiding: what its members can and want, counted together, and its places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.collectives.models import Collective, CollectiveMembership
from backend.collectives.rules import may_steer
from backend.errors import NotAllowed
from backend.members.models import Member, Offer, Want
from backend.mentoring.models import CollectiveGuiding
from backend.patience import patiently
from backend.skills.models import Skill

SHOWN = 12


@dataclass(frozen=True)
class Skills:
    """What members of a collective offer and want, with how many of them do; most first. Wants that one of them meets are left out."""

    offers: list[tuple[Skill, int]]
    wants: list[tuple[Skill, int]]


def skills_of(collective: Collective) -> Skills:
    """Computed from its members as they are now, in three queries."""
    inside = members_of(collective)
    offers = Counter(Offer.objects.filter(member__in=inside).values_list("skill", flat=True))
    wants = Counter(Want.objects.filter(member__in=inside).values_list("skill", flat=True))
    lacking = Counter({skill: count for skill, count in wants.items() if skill not in offers})
    best, most = offers.most_common(SHOWN), lacking.most_common(SHOWN)
    skills = Skill.objects.in_bulk([skill for skill, _count in [*best, *most]])
    return Skills([(skills[skill], count) for skill, count in best], [(skills[skill], count) for skill, count in most])


def asks_with(collective: Collective) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """The same for the engine: offers as (skill, best level of a member), wants as (skill, 0, priority): dearer the more look for it."""
    skills = skills_of(collective)
    offered = Offer.objects.filter(member__in=members_of(collective), skill__in=[one for one, _count in skills.offers])
    best = offered.order_by("skill").values_list("skill").annotate(Max("level"))
    return list(best), [(skill.pk, 0, min(count, 3)) for skill, count in skills.wants]


def members_of(collective: Collective) -> QuerySet[Member]:
    return Member.objects.present().filter(
        collective_memberships__collective=collective,
        collective_memberships__state=CollectiveMembership.State.MEMBER,
    )


def asked_of(collective: Collective, viewer: Member) -> Member | None:
    """The steward who is asked for all, whom this viewer may meet: who has been inside longest. Any steward may answer."""
    stewards = Member.objects.visible_to(viewer).filter(
        collective_memberships__collective=collective,
        collective_memberships__state=CollectiveMembership.State.MEMBER,
        collective_memberships__role=CollectiveMembership.Role.STEWARD,
    )
    found: Member | None = stewards.order_by("collective_memberships__joined_at", "pk").first()
    return found


@patiently
def set_guiding(*, collective: Collective, by: Member, wish: Mapping[str, Any]) -> CollectiveGuiding:
    """How many a collective guides at once as a whole, in which tracks, and with what; zero: it does not. A steward says so."""
    if not may_steer(by, collective):
        raise NotAllowed("not_a_steward", _("Only stewards of this collective may do this."))
    guiding, _is_new = CollectiveGuiding.objects.select_for_update().get_or_create(collective=collective)
    for name in ("places", "can_help"):
        if name in wish:
            setattr(guiding, name, wish[name])
    if "tracks" in wish:
        for track in ("social", "economic", "cooperative"):
            setattr(guiding, track, track in wish["tracks"])
    guiding.save()
    return guiding
