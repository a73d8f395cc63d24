"""From a draft to a vote: proposing, changing, opening, voting, lending one's vote. With `closing`, the only writers of these tables."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules as collectives
from backend.collectives.models import Collective
from backend.consultations import rules as consultations
from backend.consultations.models import Consultation
from backend.conversations import actions as conversations
from backend.conversations import text as words
from backend.decisions import ballots, changes, kept, opening, people, rules, telling
from backend.decisions.decision_tasks import close_votes
from backend.decisions.holding import held
from backend.decisions.models import Change, Option, Proposal, Voter
from backend.decisions.telling import show, show_vote, tell_about
from backend.errors import Conflict, Invalid, NotAllowed, field_error
from backend.members.models import Member
from backend.notices.models import Notice
from backend.patience import patiently

FIELDS = ("title", "text", "method", "threshold", "quorum", "dots", "is_secret", "hides_results")
DRAFTS_MAX = 50


@transaction.atomic
def propose(
    *,
    member: Member,
    at: dt.datetime,
    collective: Collective | None = None,
    consultation: Consultation | None = None,
    options: Sequence[Mapping[str, Any]] = (),
    effects: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Proposal:
    """A draft that only its author sees, in a collective; in a consultation, its vote, which all who look after it see.

    `options` as {title} or {starts_at, ends_at}; of a consultation, its themes where none are given. `effects` as `changes.read` takes
    them, with `kind`.
    """
    # Held, so that two clicks at once are counted one after the other.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if consultation is not None:
        consultation = _to_be_voted(member, consultation)
        if not options and fields["method"] in rules.WITH_OPTIONS and fields["method"] != rules.Method.DATES:
            options = [{"title": theme.title} for theme in consultation.themes.all()]
    else:
        _refuse_without_voice(member, collective)
    if Proposal.objects.filter(author=member, state=rules.State.DRAFT).count() >= DRAFTS_MAX:
        raise Invalid("too_many_drafts", _("Open or withdraw some of your drafts first."), maximum=DRAFTS_MAX)
    whose = {"collective": collective, "consultation": consultation}
    proposal = Proposal(author=member, created_at=at, **whose, **fields)
    return _written(proposal, options, effects)


@transaction.atomic
def edit(
    *,
    proposal: Proposal,
    by: Member,
    at: dt.datetime,
    options: Sequence[Mapping[str, Any]] | None = None,
    effects: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Proposal:
    """Other words, options or effects: while it is a draft or talked about, never while it is voted on (`not_now`)."""
    proposal = held(proposal)
    rules.refuse_unless_author(by, proposal)
    if proposal.state not in rules.EDITABLE:
        raise Conflict("not_now", _("The proposal is not at this point."), state=proposal.state)
    if proposal.state == rules.State.DISCUSSION and proposal.is_secret and fields.get("is_secret") is False:
        raise field_error("is_secret", "stays_secret", _("A vote that was announced as secret stays secret."))
    for name, value in fields.items():
        setattr(proposal, name, value)
    proposal = _written(proposal, options, effects)
    if proposal.state == rules.State.DISCUSSION:
        show(proposal)
    return proposal


@transaction.atomic
def discuss(*, proposal: Proposal, by: Member, at: dt.datetime) -> Proposal:
    """Show it to everyone, with a topic of its own in their room to talk about it."""
    proposal = held(proposal)
    rules.refuse_unless_author(by, proposal)
    proposal.state = rules.after(proposal, "discuss")
    room = people.room_of(proposal)
    if proposal.consultation is not None:
        # Whoever looks after it may have gone out of the room.
        conversations.join_room(room=room, member=by, at=at)
    proposal.topic = conversations.open_topic(room=room, by=by, title=proposal.title, at=at)
    proposal.save(update_fields=["state", "topic"])
    tell_about(proposal, telling.inside(proposal, but=by.pk), Notice.Kind.PROPOSAL_MADE, at=at)
    show(proposal)
    return proposal


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Member, at: dt.datetime) -> Proposal:
    """Take it back, before it is voted on."""
    proposal = held(proposal)
    rules.refuse_unless_author(by, proposal)
    proposal.state = rules.after(proposal, "withdraw")
    proposal.save(update_fields=["state"])
    show(proposal)
    return proposal


@transaction.atomic
def open_vote(*, proposal: Proposal, by: Member, closes_at: dt.datetime, at: dt.datetime) -> Proposal:
    """Begin the vote: who has a vote now may vote, until `closes_at`; nobody else, and nothing of it changes any more.

    Where very many may vote, they are written down first, by the worker.
    """
    proposal = held(proposal)
    rules.refuse_unless_leading(by, proposal)
    proposal.state = rules.after(proposal, "open")
    if closes_at < at + rules.SHORTEST_VOTE:
        raise field_error("closes_at", "ends_too_soon", _("Leave people an hour at least."))
    if closes_at > at + rules.LONGEST_VOTE:
        raise field_error("closes_at", "too_late", _("A vote lasts 90 days at most."))
    _refuse_few_options(proposal)
    for change in proposal.changes.all():
        changes.read(change.terms | {"kind": change.kind}, proposal=proposal)
    proposal.closes_at = closes_at
    proposal.save(update_fields=["state", "closes_at"])
    opening.write_down(proposal, by=by, at=at)
    show(proposal)
    return proposal


@patiently
def vote(
    *, proposal: Proposal, by: Member, ballot: Mapping[str, Any], at: dt.datetime, voter: int | None = None
) -> None:
    """What I say, in place of what I said before; the last counts. Refused once the moment has come (`vote_is_over`).

    `voter` is whose vote it is, where that is said: nobody's but one's own (`not_your_vote`).
    """
    if voter not in (None, by.pk):
        raise NotAllowed("not_your_vote", _("Everyone votes themselves, or lets somebody vote for them."))
    # My row is held from here on: nobody else writes this ballot now, and whoever closes comes before or after.
    mine = kept.voted(proposal.pk, by.pk, at)
    fresh = _open(proposal, by, at, is_voter=mine is not None)
    options = list[int]()
    if fresh.method in rules.WITH_OPTIONS:
        options = list(Option.objects.filter(proposal=proposal).values_list("pk", flat=True))
    assert mine is not None
    kept.say(fresh.pk, mine, ballots.read(ballot, proposal=fresh, options=options))
    show_vote(fresh)


@patiently
def end_early(*, proposal: Proposal, by: Member, at: dt.datetime) -> Proposal:
    """Once every voter has voted, whoever leads it need not wait for the moment that was named: it is counted now."""
    proposal = held(proposal)
    rules.refuse_unless_leading(by, proposal)
    rules.after(proposal, "stop")
    missing = proposal.voters.filter(voted_at=None).count()
    if missing:
        raise Conflict("not_everyone_voted", _("Not everyone has voted yet."), missing=missing)
    proposal.closes_at = at
    proposal.save(update_fields=["closes_at"])
    transaction.on_commit(close_votes.enqueue)
    show(proposal)
    return proposal


@patiently
def delegate(*, proposal: Proposal, by: Member, to: int | None, at: dt.datetime) -> Voter:
    """Let another voter vote for me too, or (None) no longer. It goes one step, everybody here sees it, and my own vote goes before it."""
    if to == by.pk:
        raise field_error("member", "oneself", _("Choose someone else."))
    if to is not None and not people.may_meet(by, to, proposal):
        raise field_error("member", "not_found", _("This person does not exist, or not for you."))
    # Both rows in their order, so that two who choose each other at once are seen one after the other.
    voter = _voting(proposal, by, at, besides=to)
    other = Voter.objects.filter(proposal=proposal, member=to).first() if to is not None else None
    if to is not None and other is None:
        raise field_error("member", "not_a_voter", _("This person has no vote here."))
    if other is not None and other.delegate_id == voter.pk:
        raise field_error("member", "delegation_circle", _("This person lets you vote for them."))
    voter.delegate = other
    voter.save(update_fields=["delegate"])
    show_vote(voter.proposal)
    return voter


def _to_be_voted(member: Member, consultation: Consultation) -> Consultation:
    """The consultation, held, when it is time to prepare its vote and nobody has."""
    fresh = Consultation.objects.select_for_update(no_key=True, of=("self",)).get(pk=consultation.pk)
    consultations.refuse_unless_facilitating(member, fresh)
    if fresh.state != Consultation.State.DISCUSSION:
        raise consultations.not_now(fresh)
    if fresh.proposals.exclude(state=rules.State.WITHDRAWN).exists():
        raise Conflict("vote_is_prepared", _("Its vote is prepared already."))
    return fresh


def _refuse_without_voice(member: Member, collective: Collective | None) -> None:
    if collective is None or not collectives.may_book(member, collective):
        raise NotAllowed("not_in_collective", _("Only members of this collective may do this."))
    if not collectives.has_vote(member, collective):
        raise NotAllowed("guest_without_vote", _("Guests have no vote, and propose nothing."))


def _voting(proposal: Proposal, by: Member, at: dt.datetime, besides: int | None = None) -> Voter:
    """My row among the voters, held: closing holds all of them, and so comes before or after, never between."""
    who = [pk for pk in (by.pk, besides) if pk is not None]
    rows = Voter.objects.filter(proposal=proposal, member__in=who).select_for_update(of=("self",), no_key=True)
    mine = next((row for row in rows.order_by("pk") if row.member_id == by.pk), None)
    fresh = _open(proposal, by, at, is_voter=mine is not None)
    assert mine is not None
    mine.proposal = fresh
    return mine


def _open(proposal: Proposal, by: Member, at: dt.datetime, *, is_voter: bool) -> Proposal:
    """The proposal as it is now, on which I may vote; or the refusal. To be read once my row is held, not before."""
    fresh = Proposal.objects.select_related("collective", "consultation").get(pk=proposal.pk)
    rules.refuse_unless_inside(by, fresh)
    if fresh.state == rules.State.VOTING and not is_voter:
        raise NotAllowed("not_a_voter", _("You had no vote when this one began."))
    if fresh.state != rules.State.VOTING or fresh.closes_at is None or at >= fresh.closes_at:
        over = fresh.opened_at is not None
        raise (
            Conflict("vote_is_over", _("The vote is over."))
            if over
            else Conflict("not_now", _("The proposal is not at this point."), state=fresh.state)
        )
    return fresh


def _written(
    proposal: Proposal, options: Sequence[Mapping[str, Any]] | None, effects: Sequence[Mapping[str, Any]] | None
) -> Proposal:
    if proposal.method == rules.Method.CONSENT:
        proposal.threshold = 50
    proposal.title = words.clean_line(proposal.title)
    if words.is_blank(proposal.title):
        raise field_error("title", "required", _("Say what it is about."))
    proposal.save()
    if options is not None:
        proposal.options.all().delete()
        Option.objects.bulk_create(
            Option(proposal=proposal, position=place, **option) for place, option in enumerate(_in_order(options))
        )
    if effects is not None:
        proposal.changes.all().delete()
        Change.objects.bulk_create(
            Change(
                proposal=proposal, position=place, kind=effect["kind"], terms=changes.read(effect, proposal=proposal)
            )
            for place, effect in enumerate(effects)
        )
    elif proposal.changes.exists():
        for change in proposal.changes.all():
            changes.read(change.terms | {"kind": change.kind}, proposal=proposal)
    return proposal


def _in_order(options: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Times to meet from the earliest on: of equals, the earlier one wins."""
    if all(option.get("starts_at") for option in options):
        return sorted(options, key=lambda option: (option["starts_at"], option["ends_at"]))
    return options


def _refuse_few_options(proposal: Proposal) -> None:
    if proposal.method not in rules.WITH_OPTIONS:
        return
    options = list(proposal.options.all())
    if len(options) < 2:
        raise field_error("options", "too_few_options", _("Give two options at least."))
    if proposal.method == rules.Method.DATES and any(option.starts_at is None for option in options):
        raise field_error("options", "times_missing", _("Say of each option when it begins and ends."))
    if proposal.method != rules.Method.DATES and any(words.is_blank(words.clean(one.title)) for one in options):
        raise field_error("options", "required", _("Give each option a name."))
