"""Who can be reached by whom because they work together."""

from collections.abc import Collection

from backend.collectives.models import CollectiveMembership
from backend.collectives.rules import BELONGING
from backend.members.models import Member


def work_together(*, viewer: Member, among: Collection[int]) -> set[int]:
    """Members of an open collective in which the viewer is one, those on leave too.

    Guests, who were asked in for one thing, neither read nor are read; nor are those who are only invited or have asked to join.
    """
    inside = CollectiveMembership.objects.filter(state__in=BELONGING, collective__closed_at__isnull=True)
    members = inside.exclude(role=CollectiveMembership.Role.GUEST)
    mine = members.filter(member=viewer).values("collective")
    return set(members.filter(member__in=among, collective__in=mine).values_list("member", flat=True))
