"""Weights learnt from whom members asked: proposed to a coordinator, who approves or refuses. Nothing changes by itself."""

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed
from backend.members.models import Member
from backend.mentoring import rules
from backend.mentoring.models import MentorshipRequest, Programme, Showing, WeightsProposal, WeightsVersion
from backend.mentoring.weighing import DEDUCTIONS, GAINS, weigh, weights_of
from matching.estimate import Choice, Shown, estimate

ASKED_WITHIN = dt.timedelta(days=7)
State = WeightsProposal.State


@transaction.atomic
def propose(*, programme: Programme, by: Member, at: dt.datetime) -> WeightsProposal:
    """Look whether choices speak for other weights; an open proposal is replaced. Refused where nothing better is found."""
    _coordinated(programme, by)
    now = weights_of(programme)
    found = estimate(choices_of(programme), {part: getattr(now, part) for part in GAINS})
    if found is None:
        raise Conflict("nothing_learnt", _("Choices so far do not speak for other weights, or there are too few."))
    programme.proposals.filter(state=State.OPEN).update(state=State.OVERTAKEN, decided_at=at)
    evidence = {name: getattr(found, name) for name in ("learnt_from", "held_out", "before", "after")}
    return WeightsProposal.objects.create(
        programme=programme, number=programme.weights_version, points=found.points, evidence=evidence, made_at=at
    )


@transaction.atomic
def decide(*, programme: Programme, approve: bool, by: Member, at: dt.datetime) -> Programme:
    """Let the proposed weights count, or not; refused when the weights have changed since they were proposed."""
    _coordinated(programme, by)
    proposal = programme.proposals.select_for_update().filter(state=State.OPEN).first()
    if proposal is None or proposal.number != programme.weights_version:
        raise Conflict("no_proposal", _("There is no proposal for these weights."))
    proposal.state = State.APPROVED if approve else State.REFUSED
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    if not approve:
        return programme
    return weigh(programme=programme, points=proposal.points, by=by, source=WeightsVersion.Source.ESTIMATED, at=at)


def choices_of(programme: Programme) -> list[Choice]:
    """Lists that were shown under the current weights, in whose week somebody of them was asked."""
    weights = weights_of(programme)
    lists: defaultdict[tuple[int, dt.date], list[Showing]] = defaultdict(list)
    for row in Showing.objects.filter(weights=weights.version).order_by("day", "member", "place", "pk"):
        lists[row.member_id, row.day].append(row)
    asked: defaultdict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    requests = MentorshipRequest.objects.filter(mentee__in={member for member, _day in lists}).order_by(
        "created_at", "pk"
    )
    for mentee, mentor, moment in requests.values_list("mentee", "mentor", "created_at"):
        asked[mentee].append((moment.date(), mentor))
    found = []
    for (member, day), rows in lists.items():
        places = {row.person_id: place for place, row in enumerate(rows)}
        chosen = [who for when, who in asked[member] if day <= when <= day + ASKED_WITHIN and who in places]
        if chosen:
            most = {part: getattr(weights, part) for part in GAINS}
            found.append(Choice(tuple(_shown(row, most) for row in rows), places[chosen[0]]))
    return found


def _shown(row: Showing, most: dict[str, int]) -> Shown:
    shares = {part: row.points.get(part, 0) / whole for part, whole in most.items() if whole}
    return Shown(shares, -sum(row.points.get(part, 0) for part in DEDUCTIONS), row.chance)


def _coordinated(programme: Programme, by: Member) -> None:
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
