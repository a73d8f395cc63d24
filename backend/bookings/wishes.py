"""What a wish for some resources comes to: which things, how many of each, and from when until when with their buffers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.bookings.free import Span
from backend.bookings.models import Resource
from backend.members.models import Member
from backend.plans import answers

Items = tuple[tuple[int, int], ...]
"""(resource id, units) of each thing asked for, in order of the ids."""
Wanted = Iterable[int] | Mapping[int, int]
"""Resources by id, or how many units of each."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who wants how much of what when; `moved` are bookings whose own time counts as free."""

    member: Member
    items: Items
    span: Span
    moved: tuple[int, ...] = ()


@dataclass(frozen=True)
class Demand:
    """So many units of one thing that is not made of others, buffers included."""

    resource: Resource
    units: int
    busy: Span


# Written in SQL: it is asked at every door, and building this question took longer than answering it.
COMPONENTS = """
SELECT whole_id, part_id, quantity FROM bookings_component
WHERE whole_id IN ({marks}) OR part_id IN ({marks}) ORDER BY whole_id, part_id
"""


@dataclass(frozen=True)
class Parts:
    """What wholes and kits are made of: (part id, units in one whole) by the whole's id. Anything else is its own only part."""

    of: Mapping[int, Sequence[tuple[int, int]]]
    are_shared: bool = False
    """Whether any of them is part of a whole, or a whole itself."""

    @classmethod
    def read(cls, resources: Iterable[int]) -> "Parts":
        wanted = sorted(set(resources))
        if not wanted:
            return cls({})
        of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        marks = ", ".join(["%s"] * len(wanted))
        rows = answers(COMPONENTS.format(marks=marks), [*wanted, *wanted])
        for whole, part, units in rows:
            if whole in wanted:
                of[whole].append((part, units))
        return cls(of, bool(rows))

    def leaves(self, resources: Iterable[int]) -> set[int]:
        """The things that are held when these are booked."""
        return {part for resource in resources for part, _ in self.of.get(resource, ((resource, 1),))}

    def demands(self, items: Items, span: Span, known: Mapping[int, Resource]) -> list[Demand]:
        """What the items hold, one demand for each thing in order of ids; things named twice add up. `known` has all of them.

        A part is held with the wider buffers of its own and of the whole.
        """
        units: dict[int, int] = defaultdict(int)
        busy: dict[int, Span] = {}
        for resource, wanted in items:
            whole = known[resource].busy(*span)
            for part, each in self.of.get(resource, ((resource, 1),)):
                own = known[part].busy(*span)
                reach = busy.get(part, own)
                units[part] += wanted * each
                busy[part] = (min(whole[0], own[0], reach[0]), max(whole[1], own[1], reach[1]))
        return [Demand(known[part], units[part], busy[part]) for part in sorted(units)]


def widest(demands: Iterable[Demand]) -> Span:
    """From the first moment that any of them holds to the last."""
    spans = [demand.busy for demand in demands]
    return min(start for start, _ in spans), max(end for _, end in spans)


def items_of(wanted: Wanted, quantity: int = 1) -> Items:
    """Each of these resources once: as many units as are said of it, else `quantity`."""
    units = wanted if isinstance(wanted, Mapping) else dict.fromkeys(wanted, quantity)
    return tuple(sorted(units.items()))
