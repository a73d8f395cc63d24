"""Whether a wish keeps every rule, asked under the lock; all that it breaks is told at once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from backend.bookings import policy, rules, terms
from backend.bookings.free import Span
from backend.bookings.models import Booking, Resource, Rule
from backend.bookings.policy import Asking
from backend.bookings.rules import Problem, Wish
from backend.bookings.serial import Locked
from backend.bookings.wishes import Claim
from backend.collectives.models import Collective
from backend.errors import Invalid, NotAllowed


def asking(claim: Claim, locked: Locked, collective: Collective | None, at: dt.datetime) -> Asking:
    """The wish with all rules that may be about it; one query."""
    wanted = tuple(locked.known[resource] for resource, _units in claim.items if resource in locked.known)
    return Asking(
        member=claim.member,
        collective=collective,
        resources=wanted,
        rules=tuple(terms.rules_about(wanted)),
        span=claim.span,
        at=at,
        moved=claim.moved,
    )


def refuse_broken(asked: Asking, claim: Claim, locked: Locked, *, was: Span | None = None) -> None:
    """Refuses a wish that breaks rules, naming all of them by field, with who can let somebody off; unknown resources first.

    `was` is the span that a booking is moved from: a start that was accepted is not judged again.
    """
    refuse_unbookable(asked, claim)
    if found := list(problems(asked, claim, locked, was=was)):
        raise told(found, asked.resources)


def refuse_unbookable(asked: Asking, claim: Claim) -> None:
    """Refuses what does not exist (any more) and what is not shared with this person at all, whatever the time."""
    if len(asked.resources) < len(claim.items) or not all(_is_shown(resource) for resource in asked.resources):
        raise rules.broken([rules.unknown_resource()])
    for resource in asked.resources:
        if not rules.may_book(claim.member, resource):
            detail = _("%(name)s is shared within its own organisation only.") % {"name": resource.name}
            raise NotAllowed("wrong_organisation", detail, resource=resource.pk)


def is_bookable(asked: Asking, claim: Claim) -> bool:
    """Whether `refuse_unbookable` would let it pass."""
    return (
        len(asked.resources) == len(claim.items)
        and all(_is_shown(resource) for resource in asked.resources)
        and all(rules.may_book(claim.member, resource) for resource in asked.resources)
    )


def problems(asked: Asking, claim: Claim, locked: Locked, *, was: Span | None = None) -> Iterable[Problem]:
    """Every rule that the wish breaks and from which nobody has let this person or collective off."""
    found: list[Problem] = []
    for resource in asked.resources:
        broken = rules.problems(Wish(resource, *claim.span, asked.at, was))
        found.extend(_explained(problem, asked, resource) for problem in broken)
    if claim.span[0] < claim.span[1]:
        found.extend(policy.problems(asked))
        for demand in locked.parts.demands(claim.items, claim.span, locked.known):
            if demand.units > demand.resource.capacity:
                named = {"units": demand.resource.capacity, "name": demand.resource.name}
                detail = _("There are only %(units)d of %(name)s.") % named
                facts = {"capacity": demand.resource.capacity, "resource": demand.resource.pk}
                found.append(Problem("quantity", "quantity_too_large", detail, facts))
    return policy.not_lifted(asked, found)


def _explained(problem: Problem, asked: Asking, resource: Resource) -> Problem:
    """The problem with the rule that a host has set, and why, in their words."""
    for rule in terms.applying(asked.rules, resource) if problem.what else ():
        if rule.what == problem.what:
            return replace(problem, facts={**problem.facts, "rule": rule.pk, "message": policy.message(rule)})
    return problem


def risk_at(asked: Asking, booking: Booking) -> Rule | None:
    """The risk for which a host has to look at the booking when it gets the time that is asked about."""
    granted = booking.status == Booking.Status.CONFIRMED
    return policy.needs_approval(asked, was=(booking.starts_at, booking.ends_at) if granted else None)


def told(found: Iterable[Problem], resources: tuple[Resource, ...]) -> Invalid:
    """The refusal, with the people who can lift a rule when one of them can be lifted."""
    broken = list(found)
    refusal = rules.broken(broken)
    if any(problem.what for problem in broken):
        refusal.extra["lifted_by"] = policy.lifters(resources)
    return refusal


def _is_shown(resource: Resource) -> bool:
    return bool(resource.is_active and resource.place.is_active)
