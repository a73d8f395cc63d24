"""Who would complete a collective: members who together cover what it lacks, and who else could."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.collectives.models import Collective, CollectiveMembership
from backend.errors import Conflict, NotAllowed, field_error
from backend.members.models import FreeHours, Member
from backend.mentoring.apart import hidden_from
from backend.mentoring.models import Dismissal
from backend.mentoring.people import PEOPLE, persons, week_hours
from matching import Call, Infeasible, Need, Team, complete
from matching.team_pool import slots

SECONDS = 1.0
"""So long it may look for a better team than the first one."""


@dataclass(frozen=True)
class Completed:
    """The team, and everyone named in it by id."""

    team: Team
    members: dict[int, Member]


def completing(
    *,
    collective: Collective,
    by: Member,
    needs: Sequence[Need],
    with_members: Sequence[int],
    size: int,
    language: str | None,
    countries: int,
    free_hours: Sequence[Mapping[str, int]] = (),
    at: dt.datetime,
) -> Completed:
    """Who could join these members of the collective, at most `size` people in all; nobody is asked and nobody told.

    `free_hours` are the weekly hours within which all must be free, on the clock of whoever asks; none for any.
    """
    inside = CollectiveMembership.objects.filter(collective=collective, state=CollectiveMembership.State.MEMBER)
    known = set(inside.values_list("member", flat=True))
    if by.pk not in known:
        raise NotAllowed("not_a_member", _("Only members of this collective may do this."))
    if set(with_members) - known:
        raise field_error("with_members", "not_a_member", _("Choose members of this collective."))
    if len(with_members) >= size:
        raise field_error("size", "too_small", _("Leave at least one seat open."))
    hours = week_hours([FreeHours(**row) for row in free_hours], zone=by.timezone, at=at) if free_hours else None
    if hours is not None and not slots(hours):
        raise field_error("free_hours", "too_short", _("Leave at least two whole hours in a row."))
    try:
        call = Call(tuple(needs), tuple(with_members), size, language, countries, hours)
    except ValueError as error:
        raise field_error("needs", "twice", _("Name each skill once.")) from error
    index = PEOPLE.index(at=at)
    levels: dict[int, int] = {}
    for need in needs:
        for skill in index.near.close(need.skill):
            levels[skill] = min(need.level, levels.get(skill, need.level))
    hidden = hidden_from(by) | known | Dismissal.between(by)
    able = index.able(levels).without(hidden)
    members = persons(Member.objects.filter(pk__in=with_members), at=at)
    begun = time.monotonic()
    try:
        team = complete(members, call, index.near, besides=able, spent=lambda: time.monotonic() - begun, budget=SECONDS)
    except Infeasible as error:
        raise Conflict(
            "team_impossible",
            _("The people chosen share no language or no two free hours, or too few countries. Choose fewer of them."),
        ) from error
    named = {pk for seat in team.seats for pk in (seat.person, *(one.person for one in seat.alternates))}
    rows = Member.objects.filter(pk__in=named).select_related("organisation", "profession")
    return Completed(team, {row.pk: row for row in rows.prefetch_related("sectors", "languages", "offers__skill")})
