"""People as columns, as far as a team asks about them: what they can do of it, what they speak, when they are free, where they live."""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.columns import Bytes, as_bytes, masks_of, place_of
from matching.crowd import HOURS_BYTES, Books
from matching.intake import Flags, Whole
from matching.people import HOURS_A_WEEK, Person

NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Able:
    """N people in any order.

    `ids` int64[N] · `whose`, `skills`, `levels`: some of what they offer, as (row, skill, level) · `languages` are codes and
    `speaks` bool[N, languages] tells who speaks each at B1 or better · `hours` bool[N, 168], the free UTC hours of a week ·
    `country` is a place in `countries`, where the first is that of those who did not say.
    """

    ids: Whole
    whose: Whole
    skills: Whole
    levels: Whole
    languages: Sequence[str]
    speaks: Flags
    hours: Flags
    country: Whole
    countries: Sequence[str]

    @classmethod
    def of(cls, people: Sequence[Person], skills: Container[int]) -> Self:
        """These people, and what they offer of these skills."""
        books = Books()
        offers = [
            (row, skill, level)
            for row, person in enumerate(people)
            for skill, level in person.offers
            if skill in skills
        ]
        return cls.read(
            np.array([person.id for person in people], np.int64),
            np.array(offers, np.int64).reshape(-1, 3),
            masks_of([sorted(person.comfortable) for person in people], books.languages),
            as_bytes([person.hours for person in people], HOURS_BYTES),
            np.array([place_of(person.country, books.countries) for person in people], np.int64),
            books,
        )

    @classmethod
    def read(
        cls, ids: Whole, offers: Whole, languages: Bytes, hours: Bytes, country: NDArray[np.integer], books: Books
    ) -> Self:
        """From columns as a crowd has them: masks of languages and of hours, countries by number; `offers` are rows (row, skill, level)."""
        whose, skills, levels = offers.T
        return cls(
            ids=ids,
            whose=whose,
            skills=skills,
            levels=levels,
            languages=tuple(books.languages),
            speaks=_bits(languages, len(books.languages)),
            hours=_bits(hours, HOURS_A_WEEK),
            country=country.astype(np.int64),
            countries=tuple(books.countries),
        )

    def beside(self, other: "Able") -> "Able":
        """Both together; who is in both would be twice in it."""
        languages = tuple(dict.fromkeys((*self.languages, *other.languages)))
        countries = tuple(dict.fromkeys((*self.countries, *other.countries)))
        place = np.array([countries.index(code) for code in other.countries], np.int64)
        return Able(
            ids=np.concatenate((self.ids, other.ids)),
            whose=np.concatenate((self.whose, other.whose + len(self.ids))),
            skills=np.concatenate((self.skills, other.skills)),
            levels=np.concatenate((self.levels, other.levels)),
            languages=languages,
            speaks=np.concatenate([one.speaking(languages) for one in (self, other)]),
            hours=np.concatenate((self.hours, other.hours)),
            country=np.concatenate((self.country, place[other.country])),
            countries=countries,
        )

    def without(self, ids: Collection[int]) -> "Able":
        """All but these."""
        return self.only(np.flatnonzero(~np.isin(self.ids, np.fromiter(ids, np.int64, len(ids)))))

    def only(self, rows: NDArray[np.intp]) -> "Able":
        """Those in these rows, in this order."""
        place = np.full(len(self.ids), -1)
        place[rows] = np.arange(len(rows))
        kept = np.flatnonzero(place[self.whose] >= 0)
        return Able(
            ids=self.ids[rows],
            whose=place[self.whose[kept]],
            skills=self.skills[kept],
            levels=self.levels[kept],
            languages=self.languages,
            speaks=self.speaks[rows],
            hours=self.hours[rows],
            country=self.country[rows],
            countries=self.countries,
        )

    def speaking(self, languages: Sequence[str]) -> Flags:
        """Who speaks each of these languages."""
        found = np.zeros((len(self.ids), len(languages)), bool)
        for column, code in enumerate(languages):
            if code in self.languages:
                found[:, column] = self.speaks[:, self.languages.index(code)]
        return found


def _bits(masks: Bytes, count: int) -> Flags:
    """The first so many bits of each row, the lowest first."""
    bits: Flags = np.unpackbits(masks, axis=1, count=count, bitorder="little").astype(bool)
    return bits
