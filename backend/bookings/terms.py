"""What a rule of booking may say: its terms, typed and checked, and which rules apply to a resource."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self

from backend.bookings.models import Resource, Rule

What = Rule.What


@dataclass(frozen=True)
class Terms:
    """Reads the JSON of a rule: unknown names, wrong types and numbers out of range are a ValueError that names them."""

    @classmethod
    def read(cls, given: Any) -> Self:
        if not isinstance(given, dict):
            raise ValueError("terms: an object is needed")
        known = {field.name: field for field in fields(cls)}
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"terms: {', '.join(unknown)} unknown; {', '.join(known) or 'nothing'} known")
        if missing := [name for name, field in known.items() if field.default is MISSING and name not in given]:
            raise ValueError(f"terms: {', '.join(missing)} missing")
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


def _number(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name}: a whole number from {least} to {most} is needed")


def _one_of(name: str, value: Any, known: Iterable[str]) -> None:
    if value not in tuple(known):
        raise ValueError(f"{name}: one of {', '.join(known)} is needed")


@dataclass(frozen=True)
class Length(Terms):
    min_minutes: int = 30
    max_minutes: int = 24 * 60
    step_minutes: int = 30

    def __post_init__(self) -> None:
        _number("min_minutes", self.min_minutes, 1, 366 * 24 * 60)
        _number("max_minutes", self.max_minutes, self.min_minutes, 366 * 24 * 60)
        _number("step_minutes", self.step_minutes, 5, 24 * 60)


@dataclass(frozen=True)
class Lead(Terms):
    lead_minutes: int

    def __post_init__(self) -> None:
        _number("lead_minutes", self.lead_minutes, 0, 366 * 24 * 60)


@dataclass(frozen=True)
class Ahead(Terms):
    ahead_days: int

    def __post_init__(self) -> None:
        _number("ahead_days", self.ahead_days, 0, 731)


@dataclass(frozen=True)
class Buffers(Terms):
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0

    def __post_init__(self) -> None:
        _number("buffer_before_minutes", self.buffer_before_minutes, 0, 7 * 24 * 60)
        _number("buffer_after_minutes", self.buffer_after_minutes, 0, 7 * 24 * 60)


@dataclass(frozen=True)
class Notice(Terms):
    cancel_notice_minutes: int

    def __post_init__(self) -> None:
        _number("cancel_notice_minutes", self.cancel_notice_minutes, 0, 366 * 24 * 60)


@dataclass(frozen=True)
class Release(Terms):
    release_minutes: int

    def __post_init__(self) -> None:
        _number("release_minutes", self.release_minutes, 5, 24 * 60)


@dataclass(frozen=True)
class Cost(Terms):
    """A contribution in cents or in credits, per booking or for each hour or day begun; recorded, never collected here."""

    per: str
    cents: int = 0
    credits: int = 0
    currency: str = "EUR"

    def __post_init__(self) -> None:
        _one_of("per", self.per, ("booking", "hour", "day"))
        _number("cents", self.cents, 0, 10**9)
        _number("credits", self.credits, 0, 10**6)
        _currency(self.currency)


@dataclass(frozen=True)
class Deposit(Terms):
    cents: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        _number("cents", self.cents, 0, 10**9)
        _currency(self.currency)


@dataclass(frozen=True)
class Who(Terms):
    """Who may book: everyone whom each list that is not empty names. `roles`: steward (of a collective), guide, host."""

    organisations: tuple[int, ...] = ()
    collectives: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("organisations", "collectives", "countries", "roles"):
            if not isinstance(getattr(self, name), tuple) or len(getattr(self, name)) > 200:
                raise ValueError(f"{name}: a list of at most 200 is needed")
        for name in ("organisations", "collectives"):
            for number in getattr(self, name):
                _number(name, number, 1, 2**63 - 1)
        for role in self.roles:
            _one_of("roles", role, ("steward", "guide", "host"))
        if not all(isinstance(code, str) and len(code) == 2 and code.isupper() for code in self.countries):
            raise ValueError("countries: codes of ISO 3166 such as BE are needed")
        if not (self.organisations or self.collectives or self.countries or self.roles):
            raise ValueError("terms: at least one list is needed")


@dataclass(frozen=True)
class Quota(Terms):
    """At most `count` bookings or `hours` hours in a calendar week or month, of all that the rule is about together.

    `per`: each member (whatever they book for), each collective, or each member within a collective.
    """

    per: str
    period: str
    count: int | None = None
    hours: int | None = None

    def __post_init__(self) -> None:
        _one_of("per", self.per, ("member", "collective", "member_in_collective"))
        _one_of("period", self.period, ("week", "month"))
        if self.count is None and self.hours is None:
            raise ValueError("count, hours: one of them is needed")
        if self.count is not None:
            _number("count", self.count, 0, 10_000)
        if self.hours is not None:
            _number("hours", self.hours, 0, 10_000)


@dataclass(frozen=True)
class NeedsInduction(Terms):
    induction: int

    def __post_init__(self) -> None:
        _number("induction", self.induction, 1, 2**63 - 1)


@dataclass(frozen=True)
class Approval(Terms):
    """A named risk for which a host looks at a booking before it counts. `when`: longer_than (`minutes`), first_booking (of this
    person here), abroad (somebody of another country), value_above (`cents`: of what is booked together)."""

    risk: str
    when: str
    minutes: int | None = None
    cents: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.risk, str) or not 3 <= len(self.risk) <= 80:
            raise ValueError("risk: a name of 3 to 80 letters is needed")
        _one_of("when", self.when, ("longer_than", "first_booking", "abroad", "value_above"))
        if self.when == "longer_than":
            _number("minutes", self.minutes, 1, 366 * 24 * 60)
        if self.when == "value_above":
            _number("cents", self.cents, 0, 10**12)


def _currency(code: Any) -> None:
    if not isinstance(code, str) or len(code) != 3 or not code.isupper():
        raise ValueError("currency: a code of ISO 4217 such as EUR is needed")


TERMS: Mapping[str, type[Terms]] = {
    What.LENGTH: Length,
    What.LEAD: Lead,
    What.AHEAD: Ahead,
    What.BUFFERS: Buffers,
    What.NOTICE: Notice,
    What.RELEASE: Release,
    What.COST: Cost,
    What.DEPOSIT: Deposit,
    What.WHO: Who,
    What.QUOTA: Quota,
    What.INDUCTION: NeedsInduction,
    What.APPROVAL: Approval,
}
ADD_UP = frozenset({What.WHO, What.QUOTA, What.INDUCTION, What.APPROVAL})
"""Rules of which all apply; of any other kind the nearest one does."""


def terms_of(rule: Rule) -> Any:
    """The typed terms of a stored rule."""
    return TERMS[rule.what].read(rule.terms)


# Written in SQL: it is asked at each booking, and building this question took longer than answering it.
ABOUT = """
SELECT * FROM bookings_rule
WHERE is_active AND (resource_id IN ({resources}) OR place_id IN ({places}) OR organisation_id IN ({organisations}))
ORDER BY position, id
"""


def rules_about(resources: Iterable[Resource]) -> list[Rule]:
    """All active rules that are about any of these resources (with `place` read), in one query."""
    wanted = list(resources)
    if not wanted:
        return []
    about = {
        "resources": {resource.pk for resource in wanted},
        "places": {resource.place_id for resource in wanted},
        "organisations": {resource.place.organisation_id for resource in wanted},
    }
    marks = {name: ", ".join(["%s"] * len(numbers)) for name, numbers in about.items()}
    given = [number for numbers in about.values() for number in sorted(numbers)]
    return list(Rule.objects.raw(ABOUT.format(**marks), given))


def applying(rules: Iterable[Rule], resource: Resource) -> Iterator[Rule]:
    """Those of the rules that count for this resource, in their order: the nearest of each kind, all of those that add up."""
    about = [rule for rule in rules if is_about(rule, resource)]
    nearest: dict[str, Rule] = {}
    for rule in about:
        known = nearest.get(rule.what)
        if known is None or _distance(rule) < _distance(known):
            nearest[rule.what] = rule
    return (rule for rule in about if rule.what in ADD_UP or nearest[rule.what] is rule)


def is_about(rule: Rule, resource: Resource) -> bool:
    if rule.kind and rule.kind != resource.kind:
        return False
    if rule.resource_id is not None:
        return bool(rule.resource_id == resource.pk)
    if rule.place_id is not None:
        return bool(rule.place_id == resource.place_id)
    return bool(rule.organisation_id == resource.place.organisation_id)


def _distance(rule: Rule) -> int:
    """0 is the resource itself; each step further counts less."""
    if rule.resource_id is not None:
        return 0
    return (1 if rule.place_id is not None else 3) + (0 if rule.kind else 1)


COLUMNS: Mapping[str, tuple[str, ...]] = {
    What.LENGTH: ("min_minutes", "max_minutes", "step_minutes"),
    What.LEAD: ("lead_minutes",),
    What.AHEAD: ("ahead_days",),
    What.BUFFERS: ("buffer_before_minutes", "buffer_after_minutes"),
    What.NOTICE: ("cancel_notice_minutes",),
    What.RELEASE: ("release_minutes",),
}
"""Rules whose terms are kept on the resource too, column by column of the same name."""


def settle(resources: Iterable[Resource], *, dropped: Iterable[str] = ()) -> int:
    """Write what the rules come to onto these resources, and the default where a `dropped` kind of rule has left none.

    Other columns about which no rule speaks stay as they are. Returns how many resources changed. To be called in the transaction
    that changes a rule, or the place or kind of a resource.
    """
    wanted = list(resources)
    rules = rules_about(wanted)
    unset = Resource()
    defaults = {name: getattr(unset, name) for what in dropped for name in COLUMNS.get(what, ())}
    changed = 0
    for resource in wanted:
        new: dict[str, Any] = dict(defaults)
        for rule in applying(rules, resource):
            if columns := COLUMNS.get(rule.what):
                terms = terms_of(rule)
                new |= {name: getattr(terms, name) for name in columns}
        differing = [name for name, value in new.items() if getattr(resource, name) != value]
        if differing:
            for name in differing:
                setattr(resource, name, new[name])
            resource.save(update_fields=differing)
            changed += 1
    return changed


def write_down_own(resources: Iterable[Resource], columns: Iterable[str] | None = None) -> None:
    """What stands in these columns of the resources (in all that differ from the defaults) becomes rules of their own.

    To be called where columns were written directly: otherwise a rule of the place would take their place.
    """
    usual = Resource()
    for resource in resources:
        for what, names in COLUMNS.items():
            own = {name: getattr(resource, name) for name in names}
            changed = set(names) & set(columns) if columns is not None else own != {n: getattr(usual, n) for n in names}
            if changed and None not in own.values():
                Rule.objects.update_or_create(
                    resource=resource, what=what, is_active=True, defaults={"terms": own, "kind": ""}
                )
