"""What the participants of a programme wish, and what a pair is worth by it: on top of points, or in place of them."""

from typing import Protocol

from backend.mentoring.models import PairWish, Participant, Programme
from backend.mentoring.talk_words import TalkWords
from matching import Gain

WISHED = (300, 240, 180, 120, 60)
"""Points that a pair is worth more to whoever wished for it, by rank; with its own points 1,000 at most."""
RANKED = (1_000, 850, 700, 550, 400)
"""Points that stand for a rank where rankings decide: nothing but an order."""
ALIKE = 250
"""The same for mentees whom a guide has not ranked: below all others, and all alike."""
WHOLE = 1_000


class Wishes:
    """Whom the participants of a programme would like, and whom they avoid; read in one query."""

    def __init__(self, programme: Programme) -> None:
        rows = PairWish.objects.filter(participant__programme=programme).values_list(
            "participant__member", "participant__role", "whom", "rank"
        )
        self._ranks: dict[int, dict[int, int]] = {}
        self.avoided: set[tuple[int, int]] = set()
        """Pairs of mentee and mentor of whom one would rather not."""
        for member, role, whom, rank in rows:
            if rank is None:
                self.avoided.add((member, whom) if role == Participant.Role.MENTEE else (whom, member))
            else:
                self._ranks.setdefault(member, {})[whom] = rank

    def of(self, member: int) -> set[int]:
        return set(self._ranks.get(member, ()))

    def rank(self, member: int, whom: int) -> int | None:
        """1 is the dearest; None: not named."""
        return self._ranks.get(member, {}).get(whom)

    def worth(self, member: int, whom: int) -> int:
        """Points by which this pair is worth more to the member."""
        rank = self.rank(member, whom)
        return 0 if rank is None else WISHED[rank - 1]


def rank_of(points: int) -> int | None:
    """The rank that these points stand for where rankings decide; None: not ranked."""
    return RANKED.index(points) + 1 if points in RANKED else None


class Worth(Protocol):
    """What a pair is worth to its mentee and to its mentor, beyond or instead of what they would gain."""

    def of_mentee(self, mentee: int, mentor: int, gain: Gain) -> int: ...
    def of_mentor(self, mentee: int, mentor: int, gain: Gain) -> int: ...


class Weighed:
    """By points, raised by wishes and by what people said of each other after short talks."""

    def __init__(self, wishes: Wishes, words: TalkWords) -> None:
        self._wishes, self._words = wishes, words

    def of_mentee(self, mentee: int, mentor: int, gain: Gain) -> int:
        more = self._wishes.worth(mentee, mentor) + self._words.of_mentee(mentee, mentor)
        return min(WHOLE, gain.points + more)

    def of_mentor(self, mentee: int, mentor: int, gain: Gain) -> int:
        more = self._wishes.worth(mentor, mentee) + self._words.of_mentor(mentee, mentor)
        return min(WHOLE, gain.points + more)


class Ranked:
    """By rank alone: nobody is worth anything to a mentee who did not name them; to a guide all unnamed are alike."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes

    def of_mentee(self, mentee: int, mentor: int, gain: Gain) -> int:
        rank = self._wishes.rank(mentee, mentor)
        return 0 if rank is None else RANKED[rank - 1]

    def of_mentor(self, mentee: int, mentor: int, gain: Gain) -> int:
        rank = self._wishes.rank(mentor, mentee)
        return ALIKE if rank is None else RANKED[rank - 1]
