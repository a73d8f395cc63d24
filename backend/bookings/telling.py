"""Whom a booking concerns, and what they are told about it."""

import datetime as dt
from collections.abc import Container, Sequence
from typing import Any

from backend.bookings.models import Booking, Exemption, Resource
from backend.bookings.times import iso
from backend.collectives.models import Collective, CollectiveMembership
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice


def tell_concerned(
    kind: Notice.Kind, booking: Booking, *, by: Member | None, at: dt.datetime, but: Container[int] = (), **more: Any
) -> None:
    """Tell who made the booking, the members of its collective and who is invited; never the one who acts, nor those in `but`.

    `more` is added to what the notice carries.
    """
    concerned = [
        person for person in _concerned(booking) if person.pk not in but and (by is None or person.pk != by.pk)
    ]
    data = particulars(booking, by) | more if concerned else {}
    for person in concerned:
        tell(member=person, kind=kind, data=data, at=at)


def tell_moved(moved: Sequence[Booking], *, by: Member, at: dt.datetime, but: Container[int] = ()) -> None:
    """Tell those concerned of the first one's new time, and hosts where it needs their approval; once for all that moved together."""
    times = {"times": len(moved)} if len(moved) > 1 else {}
    tell_concerned(Notice.Kind.BOOKING_MOVED, moved[0], by=by, at=at, but=but, **times)
    if waiting := [one for one in moved if one.status == Booking.Status.REQUESTED]:
        times = {"times": len(waiting)} if len(waiting) > 1 else {}
        tell_hosts(Notice.Kind.BOOKING_TO_APPROVE, waiting[0], by=by, at=at, **times)


def tell_invited(guests: Sequence[Member], bookings: Sequence[Booking], *, by: Member, at: dt.datetime) -> None:
    """Tell people who were not there before of the first one; once for all to which they are invited together."""
    data = particulars(bookings[0], by) | ({"times": len(bookings)} if len(bookings) > 1 else {}) if guests else {}
    for guest in guests:
        if guest.pk != by.pk:
            tell(member=guest, kind=Notice.Kind.BOOKING_INVITED, data=data, at=at)


def tell_hosts(kind: Notice.Kind, booking: Booking, *, by: Member | None, at: dt.datetime, **more: Any) -> None:
    """Tell who looks after what is booked: the hosts of its places, and owners."""
    resources = Resource.objects.filter(booking_items__booking=booking).select_related("place")
    people: dict[int, Member] = {}
    for resource in resources.order_by("pk"):
        people |= {host.pk: host for host in hosts_of(resource)}
    data = particulars(booking, by) | more
    for number, person in sorted(people.items()):
        if by is None or number != by.pk:
            tell(member=person, kind=kind, data=data, at=at)


def tell_let_off(exemption: Exemption, *, by: Member, at: dt.datetime) -> None:
    """Tell a person, or the stewards of a collective, that a rule does not count for them; never the one who decides."""
    rule, collective = exemption.rule, exemption.collective
    about = rule.resource or rule.place or rule.organisation
    assert about is not None, "A rule is about something."
    data: dict[str, Any] = {
        "person": {"id": by.pk, "name": by.name, "photo": by.photo.url if by.photo else None},
        "collective": {"id": collective.pk, "name": collective.name} if collective else None,
        "resource": {"id": about.pk if about == rule.resource else None, "name": about.name},
    }
    kind = Notice.Kind.RULE_LIFTED if exemption.until is None else Notice.Kind.RULE_LIFTED_UNTIL
    data |= {"until": iso(exemption.until)} if exemption.until is not None else {}
    people = [exemption.member] if exemption.member is not None else _stewards_of(collective)
    for person in people:
        if person.pk != by.pk:
            tell(member=person, kind=kind, data=data, at=at)


def hosts_of(resource: Resource) -> list[Member]:
    """The hosts of its place, its owner, and the stewards of the collective that owns it."""
    found = {host.pk: host for host in resource.place.hosts.filter(is_active=True)}
    if resource.owner_member is not None:
        found[resource.owner_member.pk] = resource.owner_member
    if resource.owner_collective is not None:
        found |= {steward.pk: steward for steward in _stewards_of(resource.owner_collective)}
    return [found[number] for number in sorted(found)]


def particulars(booking: Booking, by: Member | None) -> dict[str, Any]:
    """What the sentence of a notice about a booking needs, JSON-ready."""
    collective = booking.collective
    first = booking.items.select_related("resource__place").order_by("pk").first()
    assert first is not None, "A booking is of something."
    return {
        "booking": booking.pk,
        "resource": {"id": first.resource.pk, "name": first.resource.name},
        "starts_at": iso(booking.starts_at),
        "ends_at": iso(booking.ends_at),
        "timezone": first.resource.place.timezone,
        "person": {"id": by.pk, "name": by.name, "photo": by.photo.url if by.photo else None} if by else None,
        "collective": {"id": collective.pk, "name": collective.name} if collective else None,
    }


def _stewards_of(collective: Collective | None) -> list[Member]:
    if collective is None:
        return []
    stewards = collective.memberships.filter(
        state=CollectiveMembership.State.MEMBER, role=CollectiveMembership.Role.STEWARD
    )
    return [row.member for row in stewards.select_related("member").order_by("member")]


def _concerned(booking: Booking) -> list[Member]:
    people = {booking.member_id: booking.member, **{guest.pk: guest for guest in booking.people.all()}}
    if booking.collective is not None:
        inside = booking.collective.memberships.filter(state=CollectiveMembership.State.MEMBER)
        people |= {row.member_id: row.member for row in inside.select_related("member")}
    return [people[number] for number in sorted(people)]
