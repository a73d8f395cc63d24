"""The beginning of a vote: who may vote is written down, with whom they let vote for them; very many a few at a time, by the worker."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from backend.consultations.grouping import carry
from backend.decisions import delegating, people, rules, telling
from backend.decisions.decision_tasks import close_votes, open_votes, remind_undecided
from backend.decisions.holding import held
from backend.decisions.models import Proposal, StandingDelegation, Voter
from backend.errors import Conflict
from backend.many import these, write_for_each
from backend.members.models import Member
from backend.notices.models import Notice
from backend.patience import few_at_a_time, patiently

AT_ONCE = 1000
"""Voters in one transaction: nobody who writes meanwhile waits long."""


def write_down(proposal: Proposal, *, by: Member, at: dt.datetime) -> None:
    """Begin the vote of a proposal that is held and being opened: now, or by the worker where very many may vote."""
    electorate = people.electorate(proposal)
    if not electorate:
        raise Conflict("no_voters", _("Nobody has a vote here at the moment."))
    if len(electorate) > AT_ONCE:
        transaction.on_commit(open_votes.enqueue)
        return
    _enrol(proposal, electorate)
    _begin(proposal, at=at, by=by)


def open_due(*, at: dt.datetime) -> int:
    """Begin every vote that is being opened, also one that was cut short. Returns how many began now.

    Who may vote is who belongs when the list is read; the vote begins once all of them are written down.
    """
    waiting = Proposal.objects.filter(state=rules.State.OPENING).order_by("pk")
    return sum(_open(proposal, at=at) for proposal in waiting.select_related("collective", "consultation"))


def _open(proposal: Proposal, *, at: dt.datetime) -> bool:
    electorate = people.electorate(proposal)
    for some in few_at_a_time(electorate, AT_ONCE):
        if not _enrol_some(proposal=proposal, some=some):
            return False
    return _finish(proposal=proposal, members=frozenset(pk for pk, _country in electorate), at=at)


@patiently
def _enrol_some(*, proposal: Proposal, some: Sequence[tuple[int, str]]) -> bool:
    if held(proposal).state != rules.State.OPENING:
        return False
    _enrol(proposal, some)
    return True


@patiently
def _finish(*, proposal: Proposal, members: frozenset[int], at: dt.datetime) -> bool:
    proposal = held(proposal)
    if proposal.state != rules.State.OPENING:
        return False
    written = proposal.voters.order_by().values_list("member", flat=True)
    # Where it was cut short before, and somebody has gone since.
    gone = [pk for pk in written if pk not in members]
    for some in few_at_a_time(gone, AT_ONCE):
        proposal.voters.filter(member__in=some).delete()
    _begin(proposal, at=at)
    return True


def _enrol(proposal: Proposal, electorate: Sequence[tuple[int, str]]) -> None:
    """Those who are not written down yet, by country: each in one statement."""
    numbers = [pk for pk, _country in electorate]
    written = set(Voter.objects.filter(proposal=proposal, member__in=these(numbers)).values_list("member", flat=True))
    homes: dict[str, list[int]] = {}
    for pk, country in electorate:
        if pk not in written:
            homes.setdefault(country, []).append(pk)
    for country, members in homes.items():
        write_for_each(Voter, members, each="member", proposal=proposal.pk, country=country)


def _begin(proposal: Proposal, *, at: dt.datetime, by: Member | None = None) -> None:
    assert proposal.closes_at is not None
    _lend(proposal)
    proposal.state, proposal.opened_at = rules.after(proposal, "begin"), at
    proposal.closes_at = max(proposal.closes_at, at + rules.SHORTEST_VOTE)
    proposal.save(update_fields=["state", "opened_at", "closes_at"])
    if proposal.consultation is not None:
        carry(consultation=proposal.consultation, event="open")
    telling.tell_about(proposal, telling.inside(proposal, but=by.pk if by else None), Notice.Kind.VOTE_OPENED, at=at)
    # The second time takes up what the first one was cut short in.
    for moment in (proposal.closes_at, proposal.closes_at + rules.LOOKED_AFTER):
        transaction.on_commit(partial(close_votes.using(run_after=moment).enqueue))
    reminding = max(at, proposal.closes_at - rules.REMINDED_BEFORE)
    transaction.on_commit(partial(remind_undecided.using(run_after=reminding).enqueue))
    telling.show(proposal)


def _lend(proposal: Proposal) -> None:
    """Whom each of them lets vote for them until they take it back, where both may vote."""
    scope = delegating.scope_of(proposal)
    lending = StandingDelegation.objects.filter(**scope)
    borrowed = {f"member__votes_borrowed__{name}": value for name, value in scope.items()}
    other = Voter.objects.filter(proposal=proposal, member__votes_borrowed__member=OuterRef("member"), **borrowed)
    Voter.objects.filter(proposal=proposal, member__in=lending.values("member")).update(
        delegate=Subquery(other.values("pk")[:1])
    )
