"""Taking something out of use for a time, giving it back, and having fewer units: who had booked it is told at once."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from backend.bookings import actions, availability
from backend.bookings.displacing import held_with, refuse_or_end, tell_displaced, who_gives_way, whom_it_hits
from backend.bookings.free import Hold, Span, levels
from backend.bookings.models import SHORT, Allocation, Blackout, Booking, ConditionReport, Damage, Place, Resource
from backend.bookings.rules import may_book
from backend.bookings.serial import Locked, Outgrown, serially
from backend.bookings.telling import hosts_of
from backend.bookings.wishes import Parts
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, field_error
from backend.many import numbers_of
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently

LONGEST = dt.timedelta(days=731)


def affected(
    *,
    member: Member,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    place: int | None = None,
    resource: int | None = None,
    quantity: int | None = None,
) -> list[Booking]:
    """Whose bookings would end with this blackout; nothing is changed."""
    wish = _wish(member, place, resource, quantity, starts_at, ends_at, at)
    leaves = Resource.objects.filter(pk__in=_leaves(wish)).in_bulk()
    span = (wish.starts_at, wish.ends_at)
    return whom_it_hits(who_gives_way(_rooms(wish, leaves.values()), span), span, at)


def black_out(
    *,
    member: Member,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str,
    at: dt.datetime,
    place: int | None = None,
    resource: int | None = None,
    quantity: int | None = None,
    note: str = "",
    displace: bool = False,
) -> Blackout:
    """Nobody can book it in this time; `quantity` units of a pool, or all of it. Only for who looks after it.

    Refuses with `people_have_booked` and whom it hits, unless `displace` says that they are to give way: then their bookings end
    (those under way when it begins), and they are told with what is free instead. Of a pool those who booked last give way.
    """
    wish = _wish(member, place, resource, quantity, starts_at, ends_at, at)
    wish.reason, wish.note, wish.created_by, wish.created_at = reason, note, member, at
    return _taken_out(wish, member=member, at=at, displace=displace)


def _taken_out(
    wish: Blackout, *, member: Member, at: dt.datetime, displace: bool, repaired: Damage | None = None
) -> Blackout:
    """Hold it, and note in the same transaction which damage it repairs; refused when that has been decided meanwhile."""
    span = (wish.starts_at, wish.ends_at)

    def needed() -> set[int]:
        leaves = _leaves(wish)
        rooms = _rooms(wish, Resource.objects.filter(pk__in=leaves))
        return {*leaves, *held_with(who_gives_way(rooms, span))}

    def write(locked: Locked) -> Blackout:
        damage = _still_open(repaired) if repaired is not None else None
        leaves = [locked.known[leaf] for leaf in sorted(_leaves(wish)) if leaf in locked.known]
        leaving = who_gives_way(_rooms(wish, leaves), span)
        ending = Booking.Ending.OUT_OF_USE
        hit = refuse_or_end(leaving, locked, displace=displace, ending=ending, span=span, by=member, at=at)
        wish.pk = None
        wish.save(force_insert=True)
        _hold(wish, leaves)
        if damage is not None:
            damage.blackout, damage.status = wish, Damage.Status.IN_REPAIR
            damage.save(update_fields=["blackout", "status"])
        tell_displaced(hit, by=member, at=at)
        return wish

    return serially(needed, write, at=at)


def lift(*, member: Member, blackout: Blackout, at: dt.datetime) -> Blackout:
    """It can be booked again from now on; who waits for it is asked first."""
    _refuse_unless_hosting(member, blackout.place_id, blackout.resource_id)

    def write(locked: Locked) -> Blackout:
        blackout.refresh_from_db()
        if blackout.lifted_at is not None or blackout.ends_at <= at:
            raise Conflict("already_over", _("This is over already."))
        _refuse_outgrown(blackout, locked)
        _give_back(blackout, locked, at=at)
        return blackout

    return serially(lambda: _concerned(blackout), write, at=at)


def _concerned(blackout: Blackout) -> set[int]:
    """What it holds, and what is handed to it when another blackout of the same is lifted: two that end at once wait for each other."""
    return {*blackout.allocations.values_list("resource", flat=True), *_leaves(blackout)}


def _refuse_outgrown(blackout: Blackout, locked: Locked) -> None:
    if not set(blackout.allocations.values_list("resource", flat=True)) <= set(locked.known):
        raise Outgrown


def _give_back(blackout: Blackout, locked: Locked, *, at: dt.datetime) -> None:
    """Under the lock. What another blackout keeps out of use as well stays so: it holds that itself from now on."""
    blackout.lifted_at = at
    blackout.save(update_fields=["lifted_at"])
    held = set(blackout.allocations.filter(active=True).values_list("resource", flat=True))
    actions.release(blackout, locked)
    leaves = [locked.known[leaf] for leaf in sorted(held)]
    others = Blackout.objects.filter(lifted_at__isnull=True, ends_at__gt=at, starts_at__lt=blackout.ends_at)
    near = list(others.filter(ends_at__gt=blackout.starts_at).order_by("pk"))
    Allocation.objects.filter(blackout__in=near, resource__in=held, active=True).update(active=False)
    for other in near:
        about = _leaves(other)
        _hold(other, [leaf for leaf in leaves if leaf.pk in about])


def set_capacity(
    *, member: Member, resource: Resource, capacity: int, at: dt.datetime, displace: bool = False
) -> Resource:
    """So many units there are from now on. Fewer than are booked at once: as with a blackout, those who booked last give way."""
    _refuse_unless_hosting(member, None, resource.pk)
    if not 1 <= capacity <= 1000:
        raise field_error("capacity", "out_of_range", _("Write a number from 1 to 1000."))
    if resource.is_composed and capacity != 1:
        raise field_error("capacity", "made_of_others", _("What is made of others counts as one."))
    span = (at, at + 10 * LONGEST)
    rooms = {resource.pk: capacity}

    def write(locked: Locked) -> Resource:
        known = locked.known[resource.pk]
        leaving = who_gives_way(rooms, span) if capacity < known.capacity else []
        ending = Booking.Ending.FEWER_UNITS
        hit = refuse_or_end(leaving, locked, displace=displace, ending=ending, span=span, by=member, at=at)
        out_of_use = availability.holds_of([resource.pk], span, but=_all_bookings(resource.pk, at))[resource.pk]
        if any(held > capacity for _, _, held in levels(out_of_use, span)):
            raise Conflict("out_of_use_already", _("More units than that are out of use. Give some back first."))
        Resource.objects.filter(pk=resource.pk).update(capacity=capacity)
        coming = Allocation.objects.filter(resource=resource.pk, active=True, busy_until__gt=at)
        coming.update(exclusive=capacity == 1)
        if capacity > known.capacity:
            locked.free(resource.pk, span)  # Who waits is offered what there is more of.
        known.capacity = capacity
        tell_displaced(hit, by=member, at=at)
        return known

    return serially(lambda: {resource.pk, *held_with(who_gives_way(rooms, span))}, write, at=at)


@patiently
def report_damage(
    *, member: Member, resource: int, words: str, at: dt.datetime, found_with: ConditionReport | None = None
) -> Damage:
    """Something is broken; who looks after it is told. Whoever can see a thing can say so, and who has it."""
    found = Resource.objects.shown().filter(pk=resource).first()
    if found_with is None and (found is None or not may_book(member, found)):
        raise NotFound()
    found = found or Resource.objects.select_related("place").get(pk=resource)
    unit = found_with.handover.unit if found_with is not None else None
    damage = Damage.objects.create(
        resource=found, unit=unit, report=found_with, words=words, reported_by=member, reported_at=at
    )
    person = {"id": member.pk, "name": member.name, "photo": member.photo.url if member.photo else None}
    data = {"damage": damage.pk, "resource": {"id": found.pk, "name": found.name}, "person": person}
    for host in hosts_of(found):
        if host.pk != member.pk:
            tell(member=host, kind=Notice.Kind.DAMAGE_REPORTED, data=data, at=at)
    return damage


def repair(*, member: Member, damage: Damage, until: dt.datetime, at: dt.datetime, displace: bool = False) -> Damage:
    """What is broken is out of use until then: one unit, or the thing."""
    _refuse_unless_hosting(member, None, damage.resource_id)
    wish = _wish(member, None, damage.resource_id, 1 if damage.resource.capacity > 1 else None, at, until, at)
    wish.reason, wish.note = Blackout.Reason.REPAIR, damage.words[:400]
    wish.created_by, wish.created_at = member, at
    _taken_out(wish, member=member, at=at, displace=displace, repaired=damage)
    damage.refresh_from_db()
    return damage


def close_damage(*, member: Member, damage: Damage, at: dt.datetime, was_none: bool = False) -> Damage:
    """It is mended, or there was nothing to mend: what it kept out of use can be booked again."""
    _refuse_unless_hosting(member, None, damage.resource_id)

    def needed() -> set[int]:
        repair = Blackout.objects.filter(damage=damage.pk).first()
        return {damage.resource_id, *(_concerned(repair) if repair is not None else ())}

    def write(locked: Locked) -> Damage:
        found = _still_open(damage, in_repair=True)
        if found.blackout is not None:
            _refuse_outgrown(found.blackout, locked)
        if found.blackout is not None and found.blackout.lifted_at is None and found.blackout.ends_at > at:
            _give_back(found.blackout, locked, at=at)
        found.status = Damage.Status.DISMISSED if was_none else Damage.Status.FIXED
        found.closed_at = at
        found.save(update_fields=["status", "closed_at"])
        return found

    return serially(needed, write, at=at)


def _still_open(damage: Damage, *, in_repair: bool = False) -> Damage:
    """The damage as it is now, locked; refused when somebody has decided about it."""
    found = Damage.objects.select_for_update(no_key=True).get(pk=damage.pk)
    if found.closed_at is not None or (found.status != Damage.Status.OPEN and not in_repair):
        raise Conflict("already_decided", _("Somebody has decided this already."))
    return found


def _wish(
    member: Member,
    place: int | None,
    resource: int | None,
    quantity: int | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
) -> Blackout:
    if (place is None) == (resource is None):
        raise Invalid("invalid", _("Name a place or a thing, one of them."))
    _refuse_unless_hosting(member, place, resource)
    if ends_at <= starts_at:
        raise field_error("ends_at", "ends_before_start", _("The end must come after the start."))
    if ends_at <= at:
        raise field_error("ends_at", "in_the_past", _("This time is already over."))
    if ends_at - starts_at > LONGEST:
        raise field_error("ends_at", "too_long", _("Choose a shorter time: two years at most."))
    known = Resource.objects.filter(pk=resource).first() if resource is not None else None
    if quantity is not None and (known is None or known.is_composed or not 1 <= quantity <= known.capacity):
        units = known.capacity if known is not None else 1
        raise field_error("quantity", "quantity_too_large", _("There are only %(units)d.") % {"units": units})
    start = max(starts_at, at)
    return Blackout(place_id=place, resource_id=resource, quantity=quantity, starts_at=start, ends_at=ends_at)


def _refuse_unless_hosting(member: Member, place: int | None, resource: int | None) -> None:
    """What somebody cannot see does not exist for them; who sees it but does not look after it may not."""
    hosted: bool
    if place is not None:
        exists = Place.objects.filter(pk=place).exists()
        hosted = Place.objects.hosted_by(member).filter(pk=place).exists()
    else:
        assert resource is not None
        exists = Resource.objects.filter(pk=resource).exists()
        hosted = Resource.objects.hosted_by(member).filter(pk=resource).exists()
    if not exists:
        raise NotFound()
    if not hosted:
        raise NotAllowed()


def _leaves(wish: Blackout) -> set[int]:
    """The things that are held: of the place all that are there, of a whole its parts."""
    if wish.place_id is not None:
        return set(numbers_of(Resource.objects.filter(place=wish.place_id, is_composed=False)))
    assert wish.resource_id is not None
    return Parts.read([wish.resource_id]).leaves([wish.resource_id])


def _rooms(wish: Blackout, leaves: Iterable[Resource]) -> dict[int, int]:
    """What is left to book of each."""
    return {leaf.pk: leaf.capacity - (wish.quantity or leaf.capacity) for leaf in leaves}


def _hold(blackout: Blackout, leaves: Iterable[Resource]) -> None:
    """Allocations for what is not out of use already: two blackouts may overlap, one unit is held once."""
    span: Span = (blackout.starts_at, blackout.ends_at)
    ids = [leaf.pk for leaf in leaves]
    rows = Allocation.objects.meeting(*span).filter(resource__in=ids, blackout__isnull=False)
    already: dict[int, list[Hold]] = {leaf: [] for leaf in ids}
    for resource, start, until, units in rows.values_list("resource", "busy_from", "busy_until", "quantity"):
        already[resource].append(Hold(start, until, units))
    Allocation.objects.bulk_create(
        Allocation(
            blackout=blackout,
            resource=leaf,
            busy_from=start,
            busy_until=until,
            quantity=units,
            exclusive=leaf.is_exclusive,
            is_long=until - start > SHORT,
        )
        for leaf in leaves
        for start, until, units in _left(already[leaf.pk], span, leaf.capacity, blackout.quantity or leaf.capacity)
    )


def _left(
    already: list[Hold], span: Span, capacity: int, wanted: int
) -> Iterable[tuple[dt.datetime, dt.datetime, int]]:
    """The parts of the span with how many units are still to be held in each."""
    for start, until, held in levels(already, span):
        units = min(wanted, capacity - held)
        if units > 0:
            yield start, until, units


def _all_bookings(resource: int, at: dt.datetime) -> list[int]:
    rows = Allocation.objects.filter(resource=resource, active=True, busy_until__gt=at, booking__isnull=False)
    return [number for number in rows.values_list("booking", flat=True) if number is not None]
