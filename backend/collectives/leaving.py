"""What ends in collectives when somebody leaves the cooperative: they are in none any more, and none is left without a steward."""

import datetime as dt

from django.db import transaction

from backend.collectives import actions, rules
from backend.collectives.models import Collective, CollectiveMembership
from backend.members.models import Member

State = CollectiveMembership.State
Role = CollectiveMembership.Role
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@transaction.atomic
def leave_all(*, member: Member, at: dt.datetime) -> None:
    """They leave every collective and its room, its stewards are told, and what they were asked or asked themselves is over.

    Where they were the only steward, whoever has been inside longest is one; a guest only where there is nobody else.
    """
    mine = CollectiveMembership.objects.filter(member=member, collective__closed_at=None).exclude(state=State.LEFT)
    for row in mine.select_related("collective").order_by("collective"):
        collective = actions.held(row.collective)
        if row.state not in rules.BELONGING:
            row.state, row.words, row.left_at = State.LEFT, "", at
            row.save(update_fields=["state", "words", "left_at"])
            continue
        if rules.is_last_steward(member, collective):
            heir = _heir(collective, member)
            actions.name_steward(collective=collective, by=member, member=heir, is_steward=True, at=at)
        actions.leave(collective=collective, member=member, at=at)


def _heir(collective: Collective, member: Member) -> Member:
    others = collective.memberships.filter(state=State.MEMBER).exclude(member=member).select_related("member")
    first = min(
        others, key=lambda row: (not row.member.is_active, row.role == Role.GUEST, row.joined_at or LONG_AGO, row.pk)
    )
    return first.member
