"""Asking what a wish would come to before it is sent: the same rules, no lock, nothing written."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from backend.bookings import granting, policy, rules
from backend.bookings.hours import with_hours
from backend.bookings.models import Booking, Resource
from backend.bookings.serial import Locked, conflicts_of, slot_taken
from backend.bookings.wishes import Claim, Parts, Wanted, items_of
from backend.members.models import Member


def check(
    *,
    member: Member,
    resources: Wanted,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    quantity: int = 1,
    collective: int | None = None,
    people: Sequence[int] = (),
    moved: Booking | None = None,
    **words: str,
) -> dict[str, Any]:
    """The contribution that would be recorded, and whether a host would look at it (`needs_approval`).

    Refuses with all that `actions.book` refuses with; with `moved`, as moving this booking there would. Somebody may still be quicker.
    """
    items, was = items_of(resources, quantity), None
    for_whom = member
    if moved is not None:
        items = tuple(moved.items.order_by("resource").values_list("resource", "quantity"))
        was, for_whom = (moved.starts_at, moved.ends_at), moved.member
    claim = Claim(member=for_whom, items=items, span=(starts_at, ends_at), moved=(moved.pk,) if moved else ())
    numbers = [resource for resource, _units in items]
    parts = Parts.read(numbers)
    known = with_hours(Resource.objects.filter(pk__in={*numbers, *parts.leaves(numbers)}))
    read = Locked({resource.pk: resource for resource in known}, parts)
    of = rules.collective_of(member, collective) if collective is not None and moved is None else None
    rules.people_of(member, people)
    if moved is not None:
        rules.refuse_unless_movable(member, moved, claim.span, at, read.known.values())
    asked = granting.asking(claim, read, moved.collective if moved else of, at)
    granting.refuse_broken(asked, claim, read, was=was)
    if conflicts := conflicts_of(parts.demands(claim.items, claim.span, read.known), moved=claim.moved):
        raise slot_taken(claim, at)(conflicts)
    approval = granting.risk_at(asked, moved) if moved is not None else policy.needs_approval(asked)
    return policy.contribution(asked, dict(claim.items)) | {"needs_approval": approval is not None}
