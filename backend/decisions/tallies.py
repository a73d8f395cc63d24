"""How ballots become a result: one pure function for each method, the same for the same ballots in whatever order they come.

A ballot is what one voter said, as the API takes it (`ballots.py` has seen that it is well formed); `{"abstain": true}` counts for the
quorum and for nothing else. Options are named by number. Who did not vote is not here: silence is never a yes.

* Consent: passes when somebody consents and nobody objects. Standing aside stops nothing.
* Majority: passes when yes is more than half of yes and no; with a threshold above 50 %, at least that share. A tie does not pass.
* Score: the highest sum. Of equals, whoever has more of the highest mark, then of the next one.
* Ranked choice: instant run-off. The option that is first on the fewest ballots leaves; of equals, the one that had fewer in the round before,
  and so back to the first; who are equal in every round leave together, unless nobody else would be left. Beside it, who beats each
  other option in a duel (Condorcet), where somebody does.
* Dots: the most dots. Of equals, the option with more people behind it.
* Dates: the date at which most people can be there. Of equals, the one at which fewer only can "if needed", then the earlier one.

Except for dates, who is still equal after that is a tie, which people settle: no rule looks at the order of the options.

Sources: Tideman, *Collective Decisions and Voting* (2006), chapters 12-13, for run-offs and their ties; Condorcet, *Essai* (1785).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Ballot = Mapping[str, Any]
TOP_SCORE = 5


@dataclass(frozen=True)
class Tally:
    """What the ballots say: whether it passes, which options win (several: a tie), and the figures to show, as JSON."""

    passes: bool
    winners: tuple[int, ...]
    figures: dict[str, Any]


def consent(ballots: Iterable[Ballot]) -> Tally:
    """Figures: `consent`, `aside`, `objection`, `abstain`, each a number of people."""
    counts = Counter("abstain" if ballot.get("abstain") else ballot["stance"] for ballot in ballots)
    figures = {stance: counts[stance] for stance in ("consent", "aside", "objection", "abstain")}
    return Tally(figures["consent"] > 0 and not figures["objection"], (), figures)


def majority(ballots: Iterable[Ballot], *, threshold: int = 50) -> Tally:
    """`threshold` in percent, 50 to 100. Figures: `yes`, `no`, `abstain`, each a number of people."""
    counts = Counter("abstain" if ballot.get("abstain") else ballot["choice"] for ballot in ballots)
    yes, said = counts["yes"], counts["yes"] + counts["no"]
    enough = 2 * yes > said if threshold == 50 else 100 * yes >= threshold * said
    return Tally(yes > 0 and enough, (), {name: counts[name] for name in ("yes", "no", "abstain")})


def score(ballots: Iterable[Ballot], options: Sequence[int]) -> Tally:
    """Figures: `sums` by option, `marks` by option (how many gave 0, 1, … 5), `abstain`."""
    marks = {option: [0] * (TOP_SCORE + 1) for option in options}
    abstain = 0
    for ballot in ballots:
        abstain += bool(ballot.get("abstain"))
        for option, mark in ballot.get("scores", {}).items():
            marks[int(option)][mark] += 1
    sums = {option: sum(mark * people for mark, people in enumerate(row)) for option, row in marks.items()}
    best = _best(options, lambda option: (sums[option], *marks[option][::-1]))
    won = best if any(sums.values()) else ()
    return Tally(len(won) == 1, won, {"sums": _named(sums), "marks": _named(marks), "abstain": abstain})


def dots(ballots: Iterable[Ballot], options: Sequence[int]) -> Tally:
    """Figures: `dots` and `people` by option, `abstain`."""
    given, people = dict.fromkeys(options, 0), dict.fromkeys(options, 0)
    abstain = 0
    for ballot in ballots:
        abstain += bool(ballot.get("abstain"))
        for option, number in ballot.get("dots", {}).items():
            given[int(option)] += number
            people[int(option)] += number > 0
    won = _best(options, lambda option: (given[option], people[option])) if any(given.values()) else ()
    return Tally(len(won) == 1, won, {"dots": _named(given), "people": _named(people), "abstain": abstain})


def dates(ballots: Iterable[Ballot], options: Sequence[int]) -> Tally:
    """`options` from the earliest to the latest. Figures: `yes`, `if_needed` and `no` by option, `abstain`."""
    said = {answer: dict.fromkeys(options, 0) for answer in ("yes", "if_needed", "no")}
    abstain = 0
    for ballot in ballots:
        abstain += bool(ballot.get("abstain"))
        for option, answer in ballot.get("dates", {}).items():
            said[answer][int(option)] += 1
    yes, maybe = said["yes"], said["if_needed"]
    figures = {answer: _named(row) for answer, row in said.items()} | {"abstain": abstain}
    if not any(yes.values()) and not any(maybe.values()):
        return Tally(False, (), figures)
    return Tally(True, _best(options, lambda one: (yes[one] + maybe[one], -maybe[one]))[:1], figures)


def ranked(ballots: Iterable[Ballot], options: Sequence[int]) -> Tally:
    """Figures: `rounds`, each with `first` (ballots by option still in) and who `leave`; `duels` [[a, b, ballots with a before b], …];
    `condorcet` (an option or null); `abstain`. An option that is not on a ballot stands behind all that are."""
    weights: Counter[tuple[int, ...]] = Counter()
    abstain = 0
    for ballot in ballots:
        abstain += bool(ballot.get("abstain"))
        if ballot.get("ranking"):
            weights[tuple(ballot["ranking"])] += 1
    duels = _duels(weights, options)
    beats = [one for one in options if all(duels[one, other] > duels[other, one] for other in options if other != one)]
    rounds, won = _run_off(weights, options)
    figures = {
        "rounds": rounds,
        "duels": [[one, other, number] for (one, other), number in duels.items()],
        "condorcet": beats[0] if beats and weights else None,
        "abstain": abstain,
    }
    return Tally(len(won) == 1, won, figures)


def _run_off(weights: Counter[tuple[int, ...]], options: Sequence[int]) -> tuple[list[dict[str, Any]], tuple[int, ...]]:
    left, rounds = list(options), list[dict[str, Any]]()
    history: dict[int, tuple[int, ...]] = dict.fromkeys(options, ())
    if not weights:
        return rounds, ()
    while True:
        first = dict.fromkeys(left, 0)
        for ranking, number in weights.items():
            top = next((option for option in ranking if option in first), None)
            if top is not None:
                first[top] += number
        # The newest round counts first, then the one before.
        history = {option: (first[option], *history[option]) for option in left}
        fewest = min(history.values())
        leave = [option for option in left if history[option] == fewest]
        decided = [option for option in left if 2 * first[option] > sum(first.values())]
        if decided or len(leave) == len(left):
            rounds.append({"first": _named(first), "leave": []})
            return rounds, tuple(decided) or tuple(left)
        rounds.append({"first": _named(first), "leave": leave})
        left = [option for option in left if option not in leave]


def _duels(weights: Counter[tuple[int, ...]], options: Sequence[int]) -> dict[tuple[int, int], int]:
    """On how many ballots the first of two stands before the second."""
    duels = {(one, other): 0 for one in options for other in options if one != other}
    for ranking, number in weights.items():
        unnamed = [option for option in options if option not in ranking]
        for place, one in enumerate(ranking):
            for other in (*ranking[place + 1 :], *unnamed):
                duels[one, other] += number
    return duels


def _best(options: Sequence[int], key: Callable[[int], tuple[int, ...]]) -> tuple[int, ...]:
    """All options with the greatest key, in the order in which they were given."""
    most = max(map(key, options), default=())
    return tuple(option for option in options if key(option) == most)


def _named(by_option: Mapping[int, Any]) -> dict[str, Any]:
    """As JSON has it: the keys are words."""
    return {str(option): value for option, value in by_option.items()}


def reaches(quorum: int, *, voted: int, electorate: int) -> bool:
    """Whether enough took part: at least `quorum` percent of all who could, and somebody."""
    return voted > 0 and Fraction(100 * voted, electorate) >= quorum
