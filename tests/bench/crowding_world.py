"""Twenty invented weeks in which mentees ask guides whom everyone likes alike: what a ranking does to the queues.

Each week 150 mentees arrive. All who are still looking read their ten suggestions and ask one guide; on Sunday each guide takes
those who fit best while there are places, and turns the others away; one request in five is declined for other reasons. A mentee
weighs the points that the suggestions show, give or take a taste of their own (a logit choice, McFadden 1974), deductions included
or, where said, without minding them. Fame is a track record with so large a weight that it comes to 120 points on average, for a
few to many times that (an exponential law).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching import GUIDE, Explanation, Index, Nearness, Person, Weights
from matching.cohorts import assign
from matching.explanation import Part
from matching.intake import MOST_POINTS, Candidates, Intake
from tests.bench.membership import Vocabulary, membership

WEEKS = 20
MENTEES, MENTORS = 3_000, 1_000
MOST_PLACES = 3
FAME = 120
TASTE = 40
"""Scale of the Gumbel law by which tastes differ, in points."""
DECLINED = 0.2
SHOWN = 10
KNOWN = 20
"""Candidates a mentee for the weekly prices; sought anew when fewer than `FEW` are left."""
FEW = 5

FAMOUS = replace(GUIDE, version="fame-1", track_record=1000, record_good=0, record_all=1)
"""1,000 points for 1,000 good ratings of 1,000: the points of fame are the number of good ones."""
TWO_SIDED = replace(FAMOUS, version="fame-two-sided-1", waiting=0, scarcity=0)
WAITING = replace(FAMOUS, version="fame-waiting-1", scarcity=0)
SCARCE = replace(FAMOUS, version="fame-scarce-1", waiting=0)


@dataclass(frozen=True)
class World:
    near: Nearness
    mentees: list[Person]
    mentors: list[Person]
    seed: int

    @classmethod
    def of(cls, seed: int) -> "World":
        chance = np.random.default_rng(seed)
        vocabulary = Vocabulary(skills=450, groups=45, areas=12)
        crowd = membership(MENTEES + MENTORS, vocabulary, seed)
        people = [replace(crowd.person(slot), places_open=0, waiting=0, good=0, rated=0) for slot in range(len(crowd))]
        places = chance.integers(1, MOST_PLACES + 1, MENTORS).tolist()
        fame = np.minimum(999, chance.exponential(FAME, MENTORS)).astype(int).tolist()
        mentors = [
            replace(person, places_open=open, good=good, rated=999)
            for person, open, good in zip(people[MENTEES:], places, fame, strict=True)
        ]
        return cls(vocabulary.nearness(seed), people[:MENTEES], mentors, seed)


@dataclass(frozen=True)
class Outcome:
    """`refused` only for lack of places; `points` of all pairs, deductions left out; `waited` in weeks of all pairs together;
    `shown` is how often each guide was among ten suggestions.
    """

    pairs: int
    refused: int
    points: int
    waited: int
    shown: list[int]


class Weeks:
    """The same arrivals, tastes and declines for every ranking of one world."""

    def __init__(self, world: World, weights: Weights, *, minds_deductions: bool = True) -> None:
        self.world, self.weights, self.minds_deductions = world, weights, minds_deductions
        self.mentors = {mentor.id: mentor for mentor in world.mentors}
        self.index = Index(world.mentors, world.near, weights)
        self.known: dict[int, list[Explanation]] = {}
        self.declined: defaultdict[int, set[int]] = defaultdict(set)
        self.shown: Counter[int] = Counter()
        self.pairs = self.refused = self.points = self.waited = 0

    def run(self) -> Outcome:
        looking: dict[int, tuple[Person, int]] = {}
        order = np.random.default_rng(self.world.seed).permutation(MENTEES)
        for week, newcomers in enumerate(np.array_split(order, WEEKS)):
            looking |= {self.world.mentees[at].id: (self.world.mentees[at], week) for at in newcomers.tolist()}
            people = [person for person, _ in looking.values()]
            if self.weights.scarcity:
                self.price(people)
            for mentee in self.answered(self.asked(people, week)):
                self.waited += week - looking.pop(mentee)[1]
        shown = [self.shown[mentor] for mentor in self.mentors]
        return Outcome(self.pairs, self.refused, self.points, self.waited, shown)

    def price(self, looking: list[Person]) -> None:
        """What a further place of each guide would be worth, if all who look were assigned to the places that are open."""
        chosen = [one for me in looking for one in self.candidates(me)]
        points = [min(MOST_POINTS, fit(one)) for one in chosen]
        pairs = Candidates([one.me for one in chosen], [one.them for one in chosen], points, points)
        open = [mentor for mentor in self.mentors.values() if mentor.places_open]
        intake = Intake([me.id for me in looking], [one.id for one in open], [one.places_open for one in open], pairs)
        scarcity = dict(zip([one.id for one in open], assign(intake).scarcity, strict=True))
        for mentor, known in self.mentors.items():
            if known.scarcity != scarcity.get(mentor, 0):
                self.change(mentor, scarcity=scarcity.get(mentor, 0))

    def candidates(self, me: Person) -> list[Explanation]:
        """The best who are open, sought anew once few of those found before still are, unless these were all."""
        open = self.still_open(me)
        if len(open) < FEW and len(self.known.get(me.id, ())) in (0, KNOWN):
            self.known[me.id] = self.index.top(me, KNOWN, weights=TWO_SIDED, exclude=self.declined[me.id])
            open = self.still_open(me)
        return open

    def still_open(self, me: Person) -> list[Explanation]:
        declined = self.declined[me.id]
        known = self.known.get(me.id, [])
        return [one for one in known if self.mentors[one.them].places_open and one.them not in declined]

    def asked(self, looking: list[Person], week: int) -> dict[int, list[Explanation]]:
        """Requests by guide; each is on the waiting list at once."""
        requests: defaultdict[int, list[Explanation]] = defaultdict(list)
        for at in np.random.default_rng((self.world.seed, week)).permutation(len(looking)).tolist():
            me = looking[at]
            if answer := self.index.top(me, SHOWN, exclude=self.declined[me.id]):
                self.shown.update(one.them for one in answer)
                taste = np.random.default_rng((self.world.seed, me.id)).gumbel(0, TASTE, MENTORS)
                liked = answer[int(np.argmax([self.worth(one) + taste[one.them - MENTEES - 1] for one in answer]))]
                requests[liked.them].append(liked)
                self.change(liked.them, waiting=len(requests[liked.them]))
        return requests

    def worth(self, one: Explanation) -> int:
        return one.total if self.minds_deductions else fit(one)

    def answered(self, requests: dict[int, list[Explanation]]) -> list[int]:
        """Guides answer everyone who asked. The mentees who found one."""
        found = []
        for mentor, asked in requests.items():
            open = self.mentors[mentor].places_open
            for request in sorted(asked, key=lambda one: (-fit(one), one.me)):
                if np.random.default_rng((self.world.seed, request.me, mentor)).random() < DECLINED:
                    self.declined[request.me].add(mentor)
                elif open:
                    open -= 1
                    found.append(request.me)
                    self.pairs += 1
                    self.points += fit(request)
                else:
                    self.refused += 1
            self.change(mentor, waiting=0, places_open=open)
        return found

    def change(self, mentor: int, **now: Any) -> None:
        self.mentors[mentor] = replace(self.mentors[mentor], **now)
        self.index.put(self.mentors[mentor])


def fit(one: Explanation) -> int:
    """The points of both before deductions."""
    return sum(row.points for row in one.rows if row.part not in (Part.WAITING, Part.SCARCITY))
