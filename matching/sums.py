"""The sums of `matching.score` once more, for many slots at once. The tests hold both to the same numbers."""

import numpy as np
from numpy.typing import NDArray

from matching.columns import Columns, Slots
from matching.near import Nearness
from matching.people import Offer, Person
from matching.weights import Weights

Points = NDArray[np.int64]


def possible(columns: Columns, slots: Slots, me: Person, weights: Weights, track: str | None) -> Slots:
    """Those of the slots against whom no condition speaks (apart from exclusions); the cheapest conditions first."""
    keep = columns.ids[slots] != me.id
    if weights.guiding:
        keep &= columns.numbers[slots, 0] > 0
    slots = slots[keep]
    if track is not None:
        slots = slots[columns.tracks.common(slots, columns.tracks.known({track})) > 0]
    if me.languages:
        common = columns.languages.common(slots, columns.languages.known(me.comfortable))
        slots = slots[(common > 0) | ~columns.flags[slots, 2]]
    if me.formats:
        common = columns.formats.common(slots, columns.formats.known(me.formats))
        slots = slots[(common > 0) | ~columns.flags[slots, 3]]
    return slots


def shared(columns: Columns, slots: Slots, me: Person, weights: Weights) -> Points:
    """Sector, hours, languages, abroad and track record, less the waiting list."""
    sectors = columns.sectors.common(slots, columns.sectors.known(me.sectors))
    points = np.minimum(weights.sector, weights.sector_first + weights.sector_more * (sectors - 1)) * (sectors > 0)

    hours = np.minimum(columns.hours.common(slots, me.hours), weights.hours_enough)
    points += weights.hours * hours // weights.hours_enough

    languages = columns.languages.common(slots, columns.languages.known(me.comfortable))
    points += np.minimum(weights.languages, weights.language_each * np.maximum(0, languages - 1))

    if me.country:
        country = columns.country[slots]
        abroad = (country > 0) & (country != columns.countries.get(me.country, -1))
        points += abroad * (weights.abroad * me.abroad + weights.abroad_theirs * columns.flags[slots, 1])

    places, waiting, good, rated = columns.numbers[slots].T.astype(np.int64)
    points += weights.track_record * (good + weights.record_good) // (rated + weights.record_all)
    if weights.guiding:
        points -= np.minimum(weights.waiting, weights.waiting_each * waiting // np.maximum(1, places))
    return points


def mutual(columns: Columns, slots: Slots, offers: tuple[Offer, ...], near: Nearness, weights: Weights) -> Points:
    """What the wishes of these slots gain from my offers."""
    levels = np.array(weights.levels, np.int64)
    gain = np.zeros(
        (len(columns.wanted) + 1, len(levels)), np.int64
    )  # by wanted skill and level now: the best of my offers
    for offered, level in offers:
        met = [(columns.wanted[skill], percent) for skill, percent in near.met_by(offered) if skill in columns.wanted]
        if met:
            rows, percents = np.array(met).T
            gain[rows] = np.maximum(gain[rows], percents[:, None] * levels[:, level])
    wanted = columns.wants[slots]
    level_now, priority = np.moveaxis(columns.marks[slots], -1, 0).astype(np.int64)
    total = np.maximum(1, priority.sum(axis=1)) * 10_000
    points: Points = (weights.mutual * priority * gain[wanted, level_now] // total[:, None]).sum(axis=1)
    return points


def balance(columns: Columns, slots: Slots, me: Person, gained: Points, given: Points, weights: Weights) -> Points:
    """The deduction for a difference of both fits, as a number below or at zero."""
    apart = 2 * np.abs(gained - given)
    judged = columns.flags[slots, 4] & bool(me.wants and me.offers)
    return -(weights.balance_percent * apart // 100) * judged
