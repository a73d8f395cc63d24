"""What the engine is given for a cohort: everyone who looks for a guide in a programme, and who could guide them."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from backend.members.models import Member
from backend.mentoring import prices, rules
from backend.mentoring.apart import Apart
from backend.mentoring.models import Cohort, Kind, Mentorship, PairDemand, Participant, Programme
from backend.mentoring.people import PEOPLE, persons
from backend.mentoring.talk_words import TalkWords
from backend.mentoring.weighing import weights_of
from backend.mentoring.wishes import Ranked, Weighed, Wishes, Worth
from matching import Candidates, Gain, Index, Intake, Person, Weights, gains

CANDIDATES = 50
"""Mentors looked at for each mentee: the best by score, and no more than anyone could compare."""
Report = Callable[[Cohort.Step, int, int], None]


def mentees_of(programme: Programme) -> QuerySet[Member]:
    """Members of its organisations who want help with something and have no guide on its track yet; where one joins, who joined."""
    guided = Mentorship.objects.filter(track=programme.track, kind=Kind.SPONSORSHIP).exclude(
        status=Mentorship.Status.CLOSED
    )
    joined = programme.participants.filter(role=Participant.Role.MENTEE)
    at_home = Q(organisation=programme.organisation_id) | Q(organisation__in=programme.partners.all())
    whom = Q(pk__in=joined.values("member")) if not programme.looks_at_everyone else at_home
    present = Member.objects.present().filter(whom, wants__isnull=False)
    return present.exclude(pk__in=guided.values("mentee")).distinct().order_by("pk")


def intake_of(
    programme: Programme,
    seed: int,
    report: Report,
    *,
    at: dt.datetime,
    with_kept: bool = True,
    words: TalkWords | None = None,
    ranked: bool = False,
) -> Intake:
    """What the engine is given: everyone who wants a guide, and for each the best guides with an open place.

    `ranked`: only guides whom they have named, with points that stand for the ranks on both sides, and no floor.

    `words`: what people said of each other after short talks. With whom one would rather not go on is no candidate, as if there
    were nothing in common; coordinators cannot tell it from that.
    """
    members, words = list(mentees_of(programme)), words or TalkWords(None)
    index, weights = PEOPLE.index(at=at), weights_of(programme)
    people = {person.id: person for person in persons(mentees_of(programme), at=at)}
    demands = list(programme.demands.filter(mentee__in=people).values_list("mentee", "mentor", "kind"))
    parted = {(mentee, mentor) for mentee, mentor, kind in demands if kind == PairDemand.Kind.EXCLUDED}
    kept = {(mentee, mentor) for mentee, mentor, kind in demands if with_kept and kind == PairDemand.Kind.KEPT}
    least = demanded_of(programme) if with_kept and not ranked else {}
    wishes, guides = Wishes(programme), guides_of(programme)
    parted |= wishes.avoided
    apart, rows, costs = Apart(members), list[Candidate](), prices.of(programme)
    for number, member in enumerate(members):
        if number % 25 == 0:
            report(Cohort.Step.SCORING, number, len(members))
        wanted = {mentor for mentee, mentor in kept if mentee == member.pk} | wishes.of(member.pk)
        if not ranked:
            wanted |= words.liked(member.pk) | least.keys()
        many = 0 if ranked else CANDIDATES
        rows += _candidates(index, people[member.pk], programme.track, weights, costs, apart, wanted, guides, many)
    capacity = dict.fromkeys(sorted(least), 0) | _places({row.mentor for row in rows} | least.keys())
    apart_now = words.refused - kept
    rows = [row for row in rows if row.mentor in capacity and (row.mentee, row.mentor) not in apart_now]
    worth: Worth = Ranked(wishes) if ranked else Weighed(wishes, words)
    pairs = {(row.mentee, row.mentor) for row in rows}
    if impossible := sorted(kept - pairs):
        raise Impossible(impossible)
    return Intake(
        mentees=[member.pk for member in members],
        mentors=list(capacity),
        capacity=list(capacity.values()),
        at_least=[least.get(mentor, 0) for mentor in capacity] if least else None,
        candidates=Candidates(
            mentee=[row.mentee for row in rows],
            mentor=[row.mentor for row in rows],
            for_mentee=[worth.of_mentee(row.mentee, row.mentor, row.for_mentee) for row in rows],
            for_mentor=[worth.of_mentor(row.mentee, row.mentor, row.for_mentor) for row in rows],
            judged_for_mentee=[row.for_mentee.judged for row in rows],
            judged_for_mentor=[row.for_mentor.judged for row in rows],
        ),
        excluded=sorted((pairs - kept) & parted),
        kept=[(mentee, mentor, 0) for mentee, mentor in sorted(kept)],
        floor=0 if ranked else programme.floor,
        seed=seed,
        weights=weights.version,
    )


def guides_of(programme: Programme) -> set[int] | None:
    """The only guides who can be given, where one joins; None: any."""
    if programme.looks_at_everyone:
        return None
    return set(programme.participants.filter(role=Participant.Role.MENTOR).values_list("member", flat=True))


def demanded_of(programme: Programme) -> dict[int, int]:
    """How many mentees each guide must be given at least, where somebody demands it."""
    demanding = programme.participants.filter(role=Participant.Role.MENTOR, at_least__gt=0)
    return dict(demanding.values_list("member", "at_least"))


class Impossible(Exception):
    """Pairs to be kept together who cannot be: no open place, no common language, or not on this track."""

    def __init__(self, pairs: Sequence[tuple[int, int]]) -> None:
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
    index: Index,
    me: Person,
    track: str,
    weights: Weights,
    costs: dict[int, int],
    apart: Apart,
    wanted: set[int],
    guides: set[int] | None,
    many: int,
) -> Iterator[Candidate]:
    """The best `many` for one mentee, and those whom a coordinator keeps with them or they wish for; nobody from whom they stay
    apart.

    `guides`: nobody but these.
    """
    taken = apart.taken(me.id)
    found = (
        index.top(me, many, track=track, allowed=guides, exclude=taken, weights=weights, prices=costs) if many else []
    )
    missing = wanted - {answer.them for answer in found}
    if guides is not None:
        missing &= guides
    if missing:
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
