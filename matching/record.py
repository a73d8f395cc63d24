"""A cohort and its intake as plain JSON, to be stored: `check` needs nothing else to say whether the proof holds.

    intake, cohort = json.dumps(written_intake(intake)), json.dumps(written_cohort(cohort))
    …
    check(json.loads(intake), json.loads(cohort)) == ()

The same intake and cohort give the same text each time, whatever solver found the cohort.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from matching.certificate import Boost, Certificate, Cohort, Empty, Objective, Pair, Why
from matching.fairness import Figures
from matching.intake import Candidates, Intake
from matching.verification import verify

Json = dict[str, Any]
FIGURES = ("figures", "greedy", "by_lot")


def written_intake(intake: Intake) -> Json:
    """The intake as JSON; `read_intake` gives it back."""
    columns = ("mentees", "tracks", "mentors", "capacity", "at_least")
    return {
        **{name: _column(getattr(intake, name)) for name in columns},
        "candidates": {each.name: _column(getattr(intake.candidates, each.name)) for each in fields(Candidates)},
        "excluded": [[int(name) for name in pair] for pair in intake.excluded],
        "kept": [[int(name) for name in pair] for pair in intake.kept],
        "floor": int(intake.floor),
        "decent": None if intake.decent is None else int(intake.decent),
        "seed": int(intake.seed),
        "weights": intake.weights,
    }


def read_intake(written: Mapping[str, Any]) -> Intake:
    """What `written_intake` wrote. Raises ValueError for anything else."""
    try:
        return Intake(**{**written, "candidates": Candidates(**written["candidates"])})
    except (TypeError, KeyError) as error:
        raise ValueError(f"this is no intake: {error}") from error


def written_cohort(cohort: Cohort) -> Json:
    """The certificate as JSON, and beside its fields `pairs`, `empty`, `scarcity` and the `plain` cohort, written alike."""
    certificate = asdict(cohort.certificate)
    return {
        **certificate,
        "objective": cohort.certificate.objective.value,
        "prices": [list(row) for row in cohort.certificate.prices],
        "boosts": [list(boost) for boost in cohort.certificate.boosts],
        "pairs": [list(pair) for pair in cohort.pairs],
        "empty": [[seat.mentee, seat.track, seat.why.value] for seat in cohort.empty],
        "scarcity": list(cohort.scarcity),
        "plain": None if cohort.plain is None else written_cohort(cohort.plain),
    }


def read_cohort(written: Mapping[str, Any]) -> Cohort:
    """What `written_cohort` wrote. Raises ValueError for anything else."""
    try:
        values = {each.name: written[each.name] for each in fields(Certificate)}
        values |= {name: Figures(**values[name]) for name in FIGURES}
        values["objective"] = Objective(values["objective"])
        values["prices"] = tuple(tuple(row) for row in values["prices"])
        values["boosts"] = tuple(Boost(*row) for row in values["boosts"])
        return Cohort(
            pairs=tuple(Pair(*row) for row in written["pairs"]),
            empty=tuple(Empty(mentee, track, Why(why)) for mentee, track, why in written["empty"]),
            certificate=Certificate(**values),
            plain=None if written["plain"] is None else read_cohort(written["plain"]),
        )
    except (TypeError, KeyError) as error:
        raise ValueError(f"this is no cohort: {error}") from error


def check(intake: Mapping[str, Any], cohort: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a stored cohort, in sentences; empty when it is possible and everything said of it is true.

    Believes nothing that is stored: see `matching.verification.verify`. A record that cannot be read is wrong, and no error.
    """
    try:
        asked, found = read_intake(intake), read_cohort(cohort)
        if written_cohort(found) != cohort:
            return ("the record says other things than the cohort in it",)
        return verify(asked, found)
    except (ValueError, TypeError, OverflowError) as error:
        return (f"the record cannot be read: {error}",)


def _column(values: Any) -> list[int] | None:
    if values is None:
        return None
    column: list[int] = np.asarray(values).tolist() if len(values) else []
    return column
