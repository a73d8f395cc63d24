"""The end of a vote: counted once, by whichever worker comes first; then what was decided takes effect, and people say what came of it."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.consultations.grouping import carry
from backend.decisions import by_country, changes, people, rules, tallies
from backend.decisions.decision_tasks import call_for_reviews
from backend.decisions.holding import held
from backend.decisions.models import Ballot, Change, Outcome, Proposal, Voter
from backend.decisions.telling import inside, show, tell_about
from backend.errors import Refusal, field_error
from backend.members.models import Member
from backend.notices.models import Notice
from backend.patience import few_at_a_time, patiently

AT_ONCE = 1000
Method = Proposal.Method
Verdict = Proposal.Verdict


def close_due(*, at: dt.datetime) -> int:
    """Count every vote whose moment has come, and let take effect what was decided. Returns how many were closed now.

    What was cut short by a crash, counting or effects, is taken up here as well.
    """
    ended = Q(state=rules.State.VOTING, closes_at__lte=at) | Q(state=rules.State.COUNTING)
    due = Proposal.objects.filter(ended).order_by("closes_at", "pk")
    closed = sum(_close(proposal=proposal, at=at) for proposal in due)
    waiting = Change.objects.filter(state=Change.State.WAITING, proposal__verdict=Verdict.DECIDED)
    for change in waiting.order_by("proposal", "position"):
        _settle(change=change, at=at)
    return closed


def remind_due(*, at: dt.datetime) -> int:
    """Tell those who have not voted, nor lent their vote to somebody who has, once, a day before the end. Returns how many votes that was."""
    soon = Proposal.objects.filter(state=rules.State.VOTING, reminded_at=None, closes_at__gt=at)
    return sum(_remind(proposal=proposal, at=at) for proposal in soon.filter(closes_at__lte=at + rules.REMINDED_BEFORE))


def review_due(*, at: dt.datetime) -> int:
    """Bring decisions back whose review date has come, once. Returns how many."""
    due = Outcome.objects.filter(reviewed_at=None, review_on__lte=at.date()).select_related(
        "proposal__collective", "proposal__consultation__organisation"
    )
    return sum(_call_for_review(outcome=outcome, at=at) for outcome in due.order_by("pk"))


@transaction.atomic
def conclude(*, proposal: Proposal, by: Member, text: str, review_on: dt.date | None, at: dt.datetime) -> Outcome:
    """Write down what came of it, or write it anew: earlier words stay to be read. On `review_on` it comes back to everyone."""
    proposal = held(proposal)
    rules.refuse_unless_leading(by, proposal)
    proposal.state = rules.after(proposal, "conclude")
    if review_on is not None and review_on <= at.date():
        raise field_error("review_on", "in_the_past", _("Choose a day that is still to come."))
    proposal.save(update_fields=["state"])
    # Only the newest words call for a review.
    proposal.outcomes.filter(reviewed_at=None).update(review_on=None)
    outcome = Outcome.objects.create(proposal=proposal, text=text, review_on=review_on, written_by=by, written_at=at)
    if review_on is not None:
        morning = dt.datetime.combine(review_on, dt.time(6), dt.UTC)
        transaction.on_commit(partial(call_for_reviews.using(run_after=morning).enqueue))
    if proposal.consultation is not None:
        carry(consultation=proposal.consultation, event="conclude")
    tell_about(proposal, inside(proposal, but=by.pk), Notice.Kind.OUTCOME_WRITTEN, at=at)
    show(proposal)
    return outcome


def count(proposal: Proposal) -> tuple[tallies.Tally, dict[str, int]]:
    """What the ballots say now, and who takes part: `voted` (those who lent their vote included), `lent`, `electorate`."""
    said, lent = _ballots(proposal)
    return tally(proposal, said), {"voted": len(said), "lent": lent, "electorate": proposal.voters.count()}


def tally(proposal: Proposal, said: list[dict[str, Any]]) -> tallies.Tally:
    """By the proposal's method."""
    options = [option.pk for option in proposal.options.all()]
    match proposal.method:
        case Method.CONSENT:
            return tallies.consent(said)
        case Method.MAJORITY:
            return tallies.majority(said, threshold=proposal.threshold)
        case Method.SCORE:
            return tallies.score(said, options)
        case Method.RANKED:
            return tallies.ranked(said, options)
        case Method.DOTS:
            return tallies.dots(said, options)
        case _:
            return tallies.dates(said, options)


def _close(*, proposal: Proposal, at: dt.datetime) -> bool:
    """In steps that each do nothing when they have been done: nobody waits while very many ballots are counted."""
    if not _stop(proposal=proposal, at=at):
        return False
    fresh = Proposal.objects.select_related("consultation").get(pk=proposal.pk)
    if fresh.state == rules.State.COUNTING and fresh.result is None:
        _write_down(proposal=fresh, result=_counted(fresh))
    if fresh.is_secret:
        _forget_who(fresh)
    return _finish(proposal=fresh, at=at)


@patiently
def _stop(*, proposal: Proposal, at: dt.datetime) -> bool:
    """From now on nobody votes. False where it is over and done."""
    proposal = held(proposal)
    if proposal.state == rules.State.COUNTING:
        return True
    if proposal.state != rules.State.VOTING or proposal.closes_at is None or proposal.closes_at > at:
        return False
    # Who is just voting holds their row: they are waited for, and whoever comes now finds the vote over.
    list(proposal.voters.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    proposal.state = rules.after(proposal, "stop")
    proposal.save(update_fields=["state"])
    return True


def _counted(proposal: Proposal) -> dict[str, Any]:
    """The result as it is kept, with the verdict, of a vote in which no ballot changes any more."""
    counted, taking_part = count(proposal)
    result = {"figures": counted.figures, "winners": list(counted.winners), **taking_part}
    if proposal.consultation_id is not None:
        result["countries"] = by_country.results(proposal, partial(tally, proposal))
    return result | {"verdict": _verdict(proposal, counted, taking_part)}


@patiently
def _write_down(*, proposal: Proposal, result: dict[str, Any]) -> None:
    """Once: whoever counted at the same time counted the same, or ballots without their voters."""
    Proposal.objects.filter(pk=proposal.pk, state=rules.State.COUNTING, result__isnull=True).update(result=result)


@patiently
def _finish(*, proposal: Proposal, at: dt.datetime) -> bool:
    proposal = held(proposal)
    if proposal.state != rules.State.COUNTING or proposal.result is None:
        return False
    proposal.state, proposal.closed_at = rules.after(proposal, "close"), at
    proposal.verdict = proposal.result.pop("verdict")
    proposal.save(update_fields=["state", "closed_at", "verdict", "result"])
    if proposal.consultation is not None:
        carry(consultation=proposal.consultation, event="close")
    tell_about(proposal, inside(proposal), Notice.Kind.VOTE_CLOSED, at=at)
    show(proposal)
    return True


def _verdict(proposal: Proposal, counted: tallies.Tally, taking_part: dict[str, int]) -> Verdict:
    voted, electorate = taking_part["voted"], taking_part["electorate"]
    if not tallies.reaches(proposal.quorum, voted=voted, electorate=electorate):
        return Verdict.NO_QUORUM
    if counted.passes:
        return Verdict.DECIDED
    return Verdict.TIE if len(counted.winners) > 1 else Verdict.REJECTED


def _ballots(proposal: Proposal) -> tuple[list[dict[str, Any]], int]:
    """What each voter says, themselves or through whom they lent their vote to; and how many lent it."""
    own = dict(proposal.ballots.filter(voter__isnull=False).values_list("voter", "content"))
    lending = proposal.voters.filter(ballot=None, delegate__ballot__isnull=False)
    lent = [own[delegate] for delegate in lending.values_list("delegate__pk", flat=True)]
    return [*own.values(), *lent], len(lent)


def _forget_who(proposal: Proposal) -> None:
    """The ballots of a secret vote anew, in the order of what they say: neither voter nor order tells whose one was."""
    named = sorted(proposal.ballots.filter(voter__isnull=False).values_list("content", "pk"), key=repr)
    for some in few_at_a_time([pk for _content, pk in named], AT_ONCE):
        _forget_some(proposal=proposal, some=some)


@patiently
def _forget_some(*, proposal: Proposal, some: Sequence[int]) -> None:
    """Those that still have a voter, so that two workers write each anew once."""
    held(proposal)
    rows = Ballot.objects.filter(proposal=proposal, pk__in=some, voter__isnull=False)
    contents = sorted(rows.values_list("content", flat=True), key=repr)
    rows.delete()
    Ballot.objects.bulk_create(Ballot(proposal=proposal, voter=None, content=content) for content in contents)


@patiently
def _settle(*, change: Change, at: dt.datetime) -> None:
    """Let one change take effect, in one transaction with its own mark: exactly once, or with the code of what stood in its way."""
    change = Change.objects.select_for_update(of=("self",), no_key=True).get(pk=change.pk)
    if change.state != Change.State.WAITING:
        return
    change.proposal = held(change.proposal)
    change.state, change.settled_at = Change.State.APPLIED, at
    try:
        with transaction.atomic():
            changes.apply(change, at=at)
    except Refusal as refusal:
        change.state, change.code = Change.State.FAILED, _code(refusal)
    change.save(update_fields=["state", "code", "settled_at"])
    show(change.proposal)


def _code(refusal: Refusal) -> str:
    """Of a refusal about a field, what is said of the field."""
    fields = refusal.extra.get("fields", {})
    first = next((problems[0]["code"] for problems in fields.values()), refusal.code)
    return str(first)[:40]


@transaction.atomic
def _remind(*, proposal: Proposal, at: dt.datetime) -> bool:
    proposal = held(proposal)
    if proposal.state != rules.State.VOTING or proposal.reminded_at is not None:
        return False
    proposal.reminded_at = at
    proposal.save(update_fields=["reminded_at"])
    undecided = Voter.objects.filter(proposal=proposal, voted_at=None, member__in=people.inside(proposal))
    undecided = undecided.filter(Q(delegate=None) | Q(delegate__voted_at=None)).order_by("member")
    tell_about(proposal, undecided.values_list("member", flat=True), Notice.Kind.VOTE_ENDS, at=at)
    return True


@transaction.atomic
def _call_for_review(*, outcome: Outcome, at: dt.datetime) -> bool:
    fresh = Outcome.objects.filter(pk=outcome.pk, reviewed_at=None, review_on__lte=at.date())
    if not fresh.update(reviewed_at=at):
        return False
    proposal = outcome.proposal
    tell_about(proposal, inside(proposal), Notice.Kind.REVIEW_DUE, at=at)
    show(proposal)
    return True
