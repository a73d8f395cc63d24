"""Invented intakes of any size: skills follow a Zipf law, points are made of the parts that the engine's points are made of."""

import numpy as np
from scipy.sparse import csr_array, diags_array

from matching.intake import Candidates, Intake, Whole

SKILLS, SECTORS, COUNTRIES, LANGUAGES = 2_000, 40, 30, 40
AT_ONCE = 500


def an_intake(mentees: int, mentors: int, each: int = 50, seed: int = 1) -> Intake:
    """Every mentee has as candidates the `each` mentors with whom the joint points are highest, or fewer: of all mentors some 6 %
    have a language and the wished track in common with a mentee. Mentors have 1 to 3 places.

    Of 1,000 points, 500 are for the wishes that are met, 150 for those that one meets in return, 100 for the sector, 100 for
    common hours, 50 for another country, 50 for the mentor's record.
    """
    chance = np.random.default_rng(seed)
    wishes, offers = _shares(_skills(chance, mentees, 3)), _skills(chance, mentors, 7)
    wishes_back, offers_back = _shares(_skills(chance, mentors, 3)), _skills(chance, mentees, 7)
    sector, hours, country = _context(chance, mentees)
    their_sector, their_hours, their_country = _context(chance, mentors)
    record = chance.integers(20, 50, mentors)
    language, their_language = _languages(chance, mentees), _languages(chance, mentors)
    track, their_tracks = 1 << chance.integers(0, 3, mentees), chance.integers(1, 8, mentors)
    columns: list[list[Whole]] = []
    for first in range(0, mentees, AT_ONCE):
        some = slice(first, min(first + AT_ONCE, mentees))
        met = np.minimum(1, (wishes[some] @ offers.T).toarray())
        back = np.minimum(1, (offers_back[some] @ wishes_back.T).toarray())
        common = 100 * (sector[some, None] == their_sector) + 50 * (country[some, None] != their_country)
        common += np.minimum(100, 4 * np.bitwise_count(hours[some, None] & their_hours).astype(np.int64))
        mine = (500 * met).astype(np.int64) + (150 * back).astype(np.int64) + common + record
        theirs = (500 * back).astype(np.int64) + (150 * met).astype(np.int64) + common
        possible = (language[some, None] & their_language > 0) & (track[some, None] & their_tracks > 0)
        best = np.argpartition(-(mine + theirs) * possible, each, axis=1)[:, :each]
        alive = np.take_along_axis(possible, best, 1).ravel()
        names = (np.repeat(np.arange(some.start, some.stop), each), mentees + best.ravel())
        gains = (np.take_along_axis(points, best, 1).ravel() for points in (mine, theirs))
        columns.append([column[alive] for column in (*names, *gains)])
    pairs = [np.concatenate(column) for column in zip(*columns, strict=True)]
    capacity = chance.integers(1, 4, mentors)
    return Intake(np.arange(mentees), mentees + np.arange(mentors), capacity, Candidates(*pairs))


def _skills(chance: np.random.Generator, people: int, each: int) -> csr_array:
    """A few skills per person, a common one far more often than a rare one, at a level that counts 0.7 to 1."""
    law = 1 / np.arange(1, SKILLS + 1) ** 0.8
    skill = chance.choice(SKILLS, people * each, p=law / law.sum())
    level = chance.choice([0.7, 0.9, 0.95, 1.0], people * each)
    held = csr_array((level, (np.repeat(np.arange(people), each), skill)), shape=(people, SKILLS))
    held.sum_duplicates()
    return held


def _languages(chance: np.random.Generator, people: int) -> Whole:
    """Two languages each, as bits, a common one more often than a rare one."""
    law = 1 / np.arange(1, LANGUAGES + 1) ** 0.7
    spoken = chance.choice(LANGUAGES, (people, 2), p=law / law.sum())
    bits: Whole = np.bitwise_or.reduce(1 << spoken, axis=1)
    return bits


def _shares(held: csr_array) -> csr_array:
    return csr_array(diags_array(1 / held.sum(axis=1)) @ held)


def _context(chance: np.random.Generator, people: int) -> tuple[Whole, np.ndarray, Whole]:
    """Sector, free hours as bits, country."""
    hours = chance.integers(0, 2**63, people) & chance.integers(0, 2**63, people)
    return chance.integers(0, SECTORS, people), hours, chance.integers(0, COUNTRIES, people)
