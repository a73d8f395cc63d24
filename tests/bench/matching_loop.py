"""Two peers without an index, loops over everyone: one as one writes it down first, and one after a day of making it faster."""

from matching import GUIDE, Explanation, Nearness, Person, Rung, explain
from matching.near import WIDE
from matching.score import can_be_asked

Entry = tuple[Person, frozenset[str]]
Ranked = tuple[int, int]


class Naive:
    """Whoever can be asked is given all their points, by the formulas as they stand in the documentation; the best are kept.

    Only for guides and the default weights. Close skills, like all that hangs on skills alone, are looked up and not worked out
    anew; nothing is prepared for who asks, and nobody is left out before they have their points.
    """

    def __init__(self, people: list[Person], near: Nearness) -> None:
        self.near, self.people = near, {person.id: person for person in people}

    def top(self, me: Person, k: int, track: str | None) -> list[Explanation]:
        scored: list[tuple[Rung, Ranked]] = []
        for them in self.people.values():
            if can_be_asked(me, them, GUIDE, track=track):
                rung, points = self.met(me, them)
                total = points + self.mutual(me, them) + self.shared(me, them)
                scored.append((rung, (-total, them.id)))
        found: list[Ranked] = []
        for rung in Rung:
            found = [ranked for on, ranked in scored if on <= rung]
            if len(found) >= k:
                break
        return [explain(me, self.people[id], self.near, track=track) for _, id in sorted(found)[:k]]

    def met(self, me: Person, them: Person) -> tuple[Rung, int]:
        """What my wishes gain, and on which rung: of a group or an area only where nothing is met more closely."""
        whole = self.whole(me) * 10_000
        for rung in (Rung.NEAR, Rung.GROUP, Rung.AREA):
            points, is_met, is_exact = 0, False, False
            for wanted, level_now, priority in me.wants:
                quality, same = max(
                    (
                        (self.percent(wanted, offered, rung) * GUIDE.levels[level_now][level], offered == wanted)
                        for offered, level in them.offers
                    ),
                    default=(0, False),
                )
                if quality:
                    is_met, is_exact = True, is_exact or same
                    points += 500 * self.near.weight(wanted) * priority * quality // whole
            if is_met:
                return Rung.EXACT if is_exact and rung == Rung.NEAR else rung, points
        return Rung.CONTEXT, 0

    def mutual(self, me: Person, them: Person) -> int:
        """What their wishes gain from my offers."""
        points, whole = 0, self.whole(them) * 10_000
        for wanted, level_now, priority in them.wants:
            quality = max(
                (
                    self.percent(wanted, offered, Rung.NEAR) * GUIDE.levels[level_now][level]
                    for offered, level in me.offers
                ),
                default=0,
            )
            points += 150 * self.near.weight(wanted) * priority * quality // whole
        return points

    def shared(self, me: Person, them: Person) -> int:
        """Sector, hours, languages, abroad and track record, less the waiting list."""
        sectors = len(me.sectors & them.sectors)
        points = min(100, 40 + 20 * sectors) if sectors else 0
        points += 100 * min(6, (me.hours & them.hours).bit_count()) // 6
        points += min(50, 25 * max(0, len(me.comfortable & them.comfortable) - 1))
        points += 50 * bool(me.abroad and me.country and them.country and me.country != them.country)
        points += 50 * (them.good + 6) // (them.rated + 8)
        return points - min(200, 40 * them.waiting // them.places_open)

    def percent(self, wanted: int, offered: int, rung: Rung) -> int:
        """How well the offered skill meets the wanted one on this rung (NEAR: on the first two)."""
        return (
            self.near.close(wanted).get(offered, 0) if rung == Rung.NEAR else self.near.together(wanted, offered, rung)
        )

    def whole(self, person: Person) -> int:
        """What all wishes of a person weigh together."""
        return sum(self.near.weight(skill) * priority for skill, _, priority in person.wants)


class Loop:
    """The tuned one. Conditions first, the one that most people fail before the others; my wishes are prepared once; points of
    the wishes come first, and only who is found on the rungs that it takes is given the others. Only for guides and the default
    weights, and for people who named a language; leaner for it.
    """

    def __init__(self, people: list[Person], near: Nearness) -> None:
        self.near = near
        self.people = {person.id: person for person in people}
        self.entries = [(person, person.comfortable) for person in people]

    def top(self, me: Person, k: int, track: str | None) -> list[Explanation]:
        mine = me.comfortable
        left = [
            entry
            for entry in self.entries
            if entry[0].places_open
            and (track is None or track in entry[0].tracks)
            and not mine.isdisjoint(entry[1])
            and not (me.formats and entry[0].formats and me.formats.isdisjoint(entry[0].formats))
            and entry[0].id != me.id
        ]
        exact, found, left = self.met_closely(me, left)
        if len(exact) >= k:
            found = exact
        else:
            found += exact
            for rung in (Rung.GROUP, Rung.AREA, Rung.CONTEXT):
                if len(found) < k:
                    wider, left = self.met_widely(me, left, rung)
                    found += wider
        return [explain(me, self.people[id], self.near, track=track) for _, id in sorted(found)[:k]]

    def met_closely(self, me: Person, entries: list[Entry]) -> tuple[list[Ranked], list[Ranked], list[Entry]]:
        """Who meets a wish by the skill itself, who by a near one only, and who is left."""
        whole = self.shares(me) * 10_000
        wishes = [
            (500 * self.near.weight(wanted) * p, wanted, GUIDE.levels[now], self.near.close(wanted))
            for wanted, now, p in me.wants
        ]
        exact: list[Ranked] = []
        near: list[Ranked] = []
        left: list[Entry] = []
        for entry in entries:
            is_met, is_exact, points = False, False, 0
            for worth, wanted, step, close in wishes:
                best = (0, False)
                for offered, level in entry[0].offers:
                    if offered in close:
                        best = max(best, (close[offered] * step[level], offered == wanted))
                if best[0]:
                    is_met = True
                    is_exact |= best[1]
                    points += worth * best[0] // whole
            if is_met:
                (exact if is_exact else near).append(self.ranked(me, entry, points))
            else:
                left.append(entry)
        return exact, near, left

    def met_widely(self, me: Person, entries: list[Entry], rung: Rung) -> tuple[list[Ranked], list[Entry]]:
        """Who meets a wish by its group or area, or on the last rung everyone, and who is left."""
        if rung == Rung.CONTEXT:
            return [self.ranked(me, entry, 0) for entry in entries], []
        whole = self.shares(me) * 10_000
        wishes = [
            (500 * self.near.weight(wanted) * p * WIDE[rung], self.near.set_of(wanted, rung), GUIDE.levels[now])
            for wanted, now, p in me.wants
        ]
        asked = {one for _, one, _ in wishes}
        found: list[Ranked] = []
        left: list[Entry] = []
        for entry in entries:
            sets = [(self.near.set_of(skill, rung), level) for skill, level in entry[0].offers]
            sets = [(one, level) for one, level in sets if one in asked]
            steps = [
                (worth, max((step[level] for one, level in sets if one == mine), default=0))
                for worth, mine, step in wishes
            ]
            if sets and any(step for _, step in steps):
                found.append(self.ranked(me, entry, sum(worth * step // whole for worth, step in steps)))
            else:
                left.append(entry)
        return found, left

    def ranked(self, me: Person, entry: Entry, points: int) -> Ranked:
        """Sorts the best first: the points below zero, then the number."""
        them, comfortable = entry
        whole = self.shares(them) * 10_000
        for wanted, now, priority in them.wants:
            close, step = self.near.close(wanted), GUIDE.levels[now]
            best = max((close[skill] * step[level] for skill, level in me.offers if skill in close), default=0)
            points += 150 * self.near.weight(wanted) * priority * best // whole
        if sectors := len(me.sectors & them.sectors):
            points += min(100, 40 + 20 * sectors)
        points += 100 * min(6, (me.hours & them.hours).bit_count()) // 6
        points += min(50, 25 * (len(me.comfortable & comfortable) - 1))
        points += 50 * (me.abroad and me.country != them.country)
        points += 50 * (them.good + 6) // (them.rated + 8)
        points -= min(200, 40 * them.waiting // them.places_open)
        return -points, them.id

    def shares(self, person: Person) -> int:
        """What all wishes of a person weigh together."""
        return sum(self.near.weight(skill) * priority for skill, _, priority in person.wants)
