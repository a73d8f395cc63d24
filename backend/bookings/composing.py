"""What a whole or a kit is made of: changed under the lock, never so that a promise would be broken."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from backend.bookings import actions
from backend.bookings.hosting import refuse_unless_hosted
from backend.bookings.models import Allocation, Booking, Component, Resource
from backend.bookings.serial import Locked, Outgrown, conflicts_of, serially
from backend.bookings.times import iso
from backend.bookings.wishes import Parts
from backend.errors import Conflict, field_error
from backend.members.models import Member

MOST_PARTS = 50


def set_components(*, member: Member, whole: Resource, parts: Mapping[int, int], at: dt.datetime) -> Resource:
    """The whole holds so many units of each part from now on; without any it is a thing of its own again.

    Parts are things of the same place, or that travel, and not made of others. Bookings that are to come keep their promise: they hold
    the new parts, or it is refused with `no_room_for_bookings` and which of them would not fit.
    """
    refuse_unless_hosted(member, whole.pk)
    if whole.pk in parts or len(parts) > MOST_PARTS or not all(1 <= units <= 1000 for units in parts.values()):
        raise field_error("parts", "invalid", _("Choose other things, at most 50."))

    def write(locked: Locked) -> Resource:
        # Booked together with something else while this waited: that has to be locked as well.
        if not beside() <= set(locked.known):
            raise Outgrown
        changed = locked.known[whole.pk]
        _refuse_unfit(member, changed, {part: locked.known.get(part) for part in parts}, parts)
        if _coming_of(whole.pk, at, only_as_part=True):
            raise Conflict("part_of_another", _("This is part of something else."))
        if (
            not changed.is_composed
            and Allocation.objects.filter(
                resource=whole.pk, active=True, busy_until__gt=at, blackout__isnull=False
            ).exists()
        ):
            raise Conflict("out_of_use_already", _("This is out of use. Give it back first."))
        coming = _coming_of(whole.pk, at)
        Component.objects.filter(whole=whole.pk).delete()
        Component.objects.bulk_create(
            Component(whole_id=whole.pk, part_id=part, quantity=units) for part, units in sorted(parts.items())
        )
        changed.is_composed = bool(parts)
        changed.save(update_fields=["is_composed"])
        _rehold(coming, locked)
        return changed

    def beside() -> set[int]:
        held = Allocation.objects.filter(booking__in=_coming_of(whole.pk, at)).values_list("resource", flat=True)
        asked = Resource.objects.filter(booking_items__booking__in=_coming_of(whole.pk, at)).values_list(
            "pk", flat=True
        )
        others = {*held, *asked}
        return {*others, *Parts.read(others).leaves(others)}

    return serially(lambda: {whole.pk, *parts, *beside()}, write, at=at)


def _coming_of(whole: int, at: dt.datetime, *, only_as_part: bool = False) -> list[Booking]:
    """Bookings of it that are not over; or what books a whole that it is part of."""
    items = {"items__resource__components__part": whole} if only_as_part else {"items__resource": whole}
    found = Booking.objects.going_to_occur(at).filter(**items)
    return list(found.distinct().order_by("starts_at", "pk"))


def _refuse_unfit(
    member: Member, whole: Resource, known: Mapping[int, Resource | None], units: Mapping[int, int]
) -> None:
    if units and whole.capacity != 1:
        raise field_error("parts", "made_of_others", _("What is made of others counts as one."))
    if units and Component.objects.filter(part=whole.pk).exists():
        raise Conflict("part_of_another", _("This is part of something else."))
    hosted = set(Resource.objects.hosted_by(member).filter(pk__in=units).values_list("pk", flat=True))
    for number, part in known.items():
        if part is None or not part.is_active or number not in hosted:
            raise field_error("parts", "not_found", _("This does not exist, or cannot be booked any more."))
        if part.is_composed:
            raise field_error("parts", "made_of_others", _("A part is not made of others itself."))
        if part.place_id != whole.place_id and not part.travels:
            raise field_error("parts", "elsewhere", _("%(name)s is at another place.") % {"name": part.name})
        if units[number] > part.capacity:
            detail = _("There are only %(units)d.") % {"units": part.capacity}
            raise field_error("parts", "quantity_too_large", detail)


def _rehold(coming: list[Booking], locked: Locked) -> None:
    """Each booking holds the new parts, if all of them fit; to be called under the lock."""
    numbers = [resource for booking in coming for resource in booking.items.values_list("resource", flat=True)]
    now = Parts.read(numbers)
    misfits = []
    for booking in coming:
        items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
        demands = now.demands(items, (booking.starts_at, booking.ends_at), locked.known)
        if conflicts_of(demands, moved=[booking.pk]):
            misfits.append(booking)
        else:
            actions.rehold(booking, demands, locked)
    if misfits:
        raise Conflict(
            "no_room_for_bookings",
            _("Bookings that exist would not fit any more."),
            bookings=[
                {"id": one.pk, "title": one.title, "starts_at": iso(one.starts_at), "ends_at": iso(one.ends_at)}
                for one in misfits
            ],
        )
