"""Short talks before pairs are worked out: a coordinator begins a round, people talk and say how it was, the coordinator ends it.

Who talks with whom is the best that the engine finds, three times over, each time without those found before. The talks themselves are
short talks like any other: the one asks, the other says yes, and they meet where all meet.
"""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict, cast

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.mentoring import cohort_tasks, cohorts, rules
from backend.mentoring.intake import intake_of
from backend.mentoring.lifecycle import TALK_ROUNDS, after
from backend.mentoring.models import Cohort, FirstTalk, Programme, TalkRound
from backend.notices.actions import tell
from backend.notices.models import Notice
from matching import Intake, assign

TALKS_EACH = 3
FURTHEST = dt.timedelta(days=366)
State = TalkRound.State
Pair = tuple[int, int]


class Progress(TypedDict):
    """How far a round is; counts only, and nobody's word."""

    mentees: int
    guides: int
    talks: int
    asked: int
    granted: int
    rated_by_one: int
    rated_by_both: int


@transaction.atomic
def begin(*, programme: Programme, by: Member, until: dt.date, at: dt.datetime) -> TalkRound:
    """Have talks proposed to everyone whom a run of this programme would look at; worked out in the background.

    One round at a time (`talks_under_way`), while the programme is open or running (`programme_not_running`).
    """
    _must_coordinate(by, programme)
    if programme.state not in (Programme.State.OPEN, Programme.State.RUNNING):
        raise Conflict("programme_not_running", _("Pairs are worked out while a programme is open or running."))
    if not at.date() < until <= at.date() + FURTHEST:
        raise field_error("until", "out_of_range", _("Choose a day within the next year."))
    try:
        with transaction.atomic():
            made = TalkRound.objects.create(
                programme=programme, seed=secrets.randbelow(2**31), until=until, asked_by=by, asked_at=at
            )
    except IntegrityError as error:
        raise Conflict("talks_under_way", _("Short talks of this programme are under way already.")) from error
    cohort_tasks.arrange_talks.enqueue(made.pk)
    return made


def arrange(talk_round: TalkRound, *, at: dt.datetime) -> None:
    """Find out who talks with whom, and tell them. Done by two workers, or twice, it is done once; nothing for a round that is over."""
    programme = Programme.objects.select_related("organisation").get(pk=talk_round.programme_id)
    intake = intake_of(programme, talk_round.seed, lambda *_progress: None, at=at, with_kept=False)
    propose(talk_round, chosen(intake, _talks_left(intake, at)), at=at)


@transaction.atomic
def propose(talk_round: TalkRound, pairs: Sequence[Pair], *, at: dt.datetime) -> None:
    """These, each a mentee and a mentor, are to talk with each other; they are told. Nothing for a round in which talks were proposed."""
    held = TalkRound.objects.select_for_update(of=("self",)).select_related("programme").get(pk=talk_round.pk)
    if held.state != State.ARRANGING:
        return
    held.state, held.began_at = after(TALK_ROUNDS, held.state, "begin", _not_under_way()), at
    held.save(update_fields=["state", "began_at"])
    FirstTalk.objects.bulk_create(FirstTalk(round=held, mentee_id=one, mentor_id=other) for one, other in pairs)
    many = Counter(person for pair in pairs for person in pair)
    for member in Member.objects.filter(pk__in=many).order_by("pk"):
        data = {"programme": held.programme.name, "talks": many[member.pk], "until": held.until.isoformat()}
        tell(member=member, kind=Notice.Kind.FIRST_TALKS, data=data, at=at)


def chosen(intake: Intake, talks_left: dict[int, int]) -> list[Pair]:
    """Up to TALKS_EACH guides for each mentee; a guide has in each turn as many as they have places, and never more than talks left.

    The same for the same intake, whose seed settles ties.
    """
    places: dict[int, int] = dict(zip(intake.mentors, intake.capacity, strict=True))  # type: ignore[arg-type]
    left = dict(talks_left)
    found: list[Pair] = []
    for _turn in range(TALKS_EACH):
        capacity = [min(many, left.get(mentor, 0)) for mentor, many in places.items()]
        turn = assign(replace(intake, capacity=capacity, excluded=[*intake.excluded, *found], kept=()))
        for pair in turn.pairs:
            left[pair.mentor] -= 1
            found.append((pair.mentee, pair.mentor))
    return found


@transaction.atomic
def rate(*, talk: FirstTalk, by: Member, word: int, at: dt.datetime) -> FirstTalk:
    """Say how gladly one would go on with the other; said again, the last word counts. Nobody is told.

    Refused before the two have been granted a talk (`not_talked_yet`), and once the round is over (`talks_over`).
    """
    TalkRound.objects.select_for_update(of=("self",), no_key=True).get(pk=talk.round_id)
    talk = FirstTalk.objects.with_steps().select_related("round__programme", "mentee", "mentor").get(pk=talk.pk)
    if by.pk not in (talk.mentee_id, talk.mentor_id):
        raise NotFound
    if talk.round.state != State.TALKING:
        raise Conflict("talks_over", _("These talks are over; pairs are being worked out."))
    if not talk.was_granted:  # type: ignore[attr-defined]
        raise Conflict("not_talked_yet", _("Talk with each other first."))
    whose = "mentee_word" if by.pk == talk.mentee_id else "mentor_word"
    setattr(talk, whose, word)
    talk.save(update_fields=[whose])
    return talk


@transaction.atomic
def end(*, programme: Programme, by: Member, at: dt.datetime, objective: str | None = None) -> Cohort | None:
    """End the round and have the pairs worked out from what was said. None for a round that had not begun: it is only taken back."""
    _must_coordinate(by, programme)
    held = programme.talk_rounds.select_for_update(of=("self",)).exclude(state=State.OVER).first()
    if held is None:
        raise _not_under_way()
    had_begun = held.state == State.TALKING
    held.state, held.ended_at = after(TALK_ROUNDS, held.state, "end", _not_under_way()), at
    held.save(update_fields=["state", "ended_at"])
    return cohorts.ask_for(programme=programme, by=by, objective=objective, at=at) if had_begun else None


def progress_of(talk_round: TalkRound) -> Progress:
    """The counts, in one query."""
    mentee, mentor = Q(mentee_word__isnull=False), Q(mentor_word__isnull=False)
    counted = talk_round.talks.with_steps().aggregate(  # type: ignore[attr-defined]
        mentees=Count("mentee", distinct=True),
        guides=Count("mentor", distinct=True),
        talks=Count("pk"),
        asked=Count("pk", filter=Q(was_asked=True)),
        granted=Count("pk", filter=Q(was_granted=True)),
        rated_by_one=Count("pk", filter=(mentee | mentor) & ~(mentee & mentor)),
        rated_by_both=Count("pk", filter=mentee & mentor),
    )
    return cast(Progress, counted)


def _talks_left(intake: Intake, at: dt.datetime) -> dict[int, int]:
    guides = list(Member.objects.filter(pk__in=list(intake.mentors)))  # type: ignore[arg-type]
    return rules.talks_left_of(guides, at=at)


def _must_coordinate(by: Member, programme: Programme) -> None:
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))


def _not_under_way() -> Conflict:
    return Conflict("no_talks_under_way", _("No short talks of this programme are under way."))
