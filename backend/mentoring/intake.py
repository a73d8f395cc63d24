"""What the engine is given for a cohort: everyone who looks for a guide in a programme, and who could guide them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from backend.members.models import Member
from backend.mentoring import prices, rules
from backend.mentoring.apart import Apart
from backend.mentoring.models import Cohort, Kind, Mentorship, PairDemand, Programme
from backend.mentoring.people import PEOPLE, persons
from backend.mentoring.weighing import weights_of
from matching import Candidates, Gain, Index, Intake, Person, Weights, gains

CANDIDATES = 50
"""Mentors looked at for each mentee: the best by score, and no more than anyone could compare."""
Report = Callable[[Cohort.Step, int, int], None]


def mentees_of(programme: Programme) -> QuerySet[Member]:
    """Members of its organisation who want help with something and have no guide on its track yet."""
    guided = Mentorship.objects.filter(track=programme.track, kind=Kind.SPONSORSHIP).exclude(
        status=Mentorship.Status.CLOSED
    )
    present = Member.objects.present().filter(organisation=programme.organisation, wants__isnull=False)
    return present.exclude(pk__in=guided.values("mentee")).distinct().order_by("pk")


def intake_of(programme: Programme, seed: int, report: Report, *, at: dt.datetime, with_kept: bool = True) -> Intake:
    """What the engine is given: everyone who wants a guide, and for each the best guides with an open place."""
    members = list(mentees_of(programme))
    index, weights = PEOPLE.index(at=at), weights_of(programme)
    people = {person.id: person for person in persons(mentees_of(programme), at=at)}
    demands = list(programme.demands.filter(mentee__in=people).values_list("mentee", "mentor", "kind"))
    kept = {(mentee, mentor) for mentee, mentor, kind in demands if with_kept and kind == PairDemand.Kind.KEPT}
    apart, rows, costs = Apart(members), list[Candidate](), prices.of(programme)
    for number, member in enumerate(members):
        if number % 25 == 0:
            report(Cohort.Step.SCORING, number, len(members))
        wanted = {mentor for mentee, mentor in kept if mentee == member.pk}
        rows += _candidates(index, people[member.pk], programme.track, weights, costs, apart, wanted)
    capacity = _places({row.mentor for row in rows})
    rows = [row for row in rows if row.mentor in capacity]
    pairs = {(row.mentee, row.mentor) for row in rows}
    if impossible := sorted(kept - pairs):
        raise Impossible(impossible)
    return Intake(
        mentees=[member.pk for member in members],
        mentors=list(capacity),
        capacity=list(capacity.values()),
        candidates=Candidates(
            mentee=[row.mentee for row in rows],
            mentor=[row.mentor for row in rows],
            for_mentee=[row.for_mentee.points for row in rows],
            for_mentor=[row.for_mentor.points for row in rows],
            judged_for_mentee=[row.for_mentee.judged for row in rows],
            judged_for_mentor=[row.for_mentor.judged for row in rows],
        ),
        excluded=[
            (mentee, mentor)
            for mentee, mentor, kind in demands
            if kind == PairDemand.Kind.EXCLUDED and (mentee, mentor) in pairs
        ],
        kept=[(mentee, mentor, 0) for mentee, mentor in sorted(kept)],
        floor=programme.floor,
        seed=seed,
        weights=weights.version,
    )


class Impossible(Exception):
    """Pairs to be kept together who cannot be: no open place, no common language, or not on this track."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        super().__init__(pairs)
        names = dict(Member.objects.filter(pk__in={pk for pair in pairs for pk in pair}).values_list("pk", "name"))
        self.names = "; ".join(f"{names[mentee]} – {names[mentor]}" for mentee, mentor in pairs)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible pair, and what each of the two gains."""

    mentee: int
    mentor: int
    for_mentee: Gain
    for_mentor: Gain


def _candidates(
    index: Index, me: Person, track: str, weights: Weights, costs: dict[int, int], apart: Apart, wanted: set[int]
) -> Iterator[Candidate]:
    """The best for one mentee, and those whom a coordinator wants to keep with them; nobody from whom they are to stay apart."""
    found = index.top(me, CANDIDATES, track=track, exclude=apart.taken(me.id), weights=weights, prices=costs)
    if missing := wanted - {answer.them for answer in found}:
        hidden = apart.hidden(me.id)
        found += index.top(me, len(missing), track=track, allowed=missing, exclude=hidden, weights=weights)
    for answer in found:
        them = index.person(answer.them)
        if them is not None:
            yield Candidate(me.id, answer.them, *gains(me, them, answer, weights))


def _places(mentors: set[int]) -> dict[int, int]:
    """Open places of these mentors, by id in ascending order; without those who left since the index was read."""
    rows = Member.objects.present().filter(pk__in=mentors).order_by("pk")
    return {pk: places for pk, places in sorted(rules.places_open_of(list(rows)).items()) if places}
