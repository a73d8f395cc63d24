"""Proves the promises anew in plain SQL, in case something was written around the actions or the database was repaired by hand.

Nothing here uses the code that books: a mistake there must not hide itself.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

HELD_TWICE = """
SELECT held.resource_id, (
    SELECT MIN(other.id) FROM bookings_allocation other
    WHERE other.resource_id = held.resource_id AND other.active AND other.exclusive AND other.id <> held.id
    AND other.busy_until > held.busy_from AND other.busy_from < held.busy_until
), held.id FROM (
    SELECT id, resource_id, busy_from, busy_until, MAX(busy_until) OVER (
        PARTITION BY resource_id ORDER BY busy_from, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS taken_until FROM bookings_allocation WHERE active AND exclusive
) held WHERE held.taken_until > held.busy_from ORDER BY held.resource_id, held.id
"""

BEYOND_UNITS = """
SELECT resource_id, capacity, MIN(at), MAX(held) FROM (
    SELECT change.resource_id, resource.capacity, change.at,
        SUM(change.units) OVER (PARTITION BY change.resource_id ORDER BY change.at) AS held
    FROM (
        SELECT resource_id, at, SUM(units) AS units FROM (
            SELECT resource_id, busy_from AS at, quantity AS units FROM bookings_allocation WHERE active AND busy_until > %s
            UNION ALL SELECT resource_id, busy_until, -quantity FROM bookings_allocation WHERE active AND busy_until > %s
        ) ends GROUP BY resource_id, at
    ) change JOIN bookings_resource resource ON resource.id = change.resource_id
) level WHERE held > capacity GROUP BY resource_id, capacity ORDER BY resource_id
"""

HOLDS_NOTHING = """
SELECT id, status FROM bookings_booking WHERE status <> 'cancelled'
AND NOT EXISTS (SELECT 1 FROM bookings_allocation held WHERE held.booking_id = bookings_booking.id AND held.active) ORDER BY id
"""

STILL_HOLDS = """
SELECT id FROM bookings_booking WHERE status = 'cancelled'
AND EXISTS (SELECT 1 FROM bookings_allocation held WHERE held.booking_id = bookings_booking.id AND held.active) ORDER BY id
"""

LIFTED_BUT_HOLDS = """
SELECT id FROM bookings_blackout WHERE lifted_at IS NOT NULL
AND EXISTS (SELECT 1 FROM bookings_allocation held WHERE held.blackout_id = bookings_blackout.id AND held.active) ORDER BY id
"""

DOES_NOT_COVER = """
SELECT held.id, booking.id FROM bookings_allocation held JOIN bookings_booking booking ON booking.id = held.booking_id
WHERE held.active AND (held.busy_from > booking.starts_at OR held.busy_until < booking.ends_at) ORDER BY held.id
"""

NOT_HELD = """
SELECT booking.id, item.resource_id FROM bookings_bookingitem item
JOIN bookings_booking booking ON booking.id = item.booking_id AND booking.status <> 'cancelled'
JOIN bookings_resource resource ON resource.id = item.resource_id AND NOT resource.is_composed
WHERE item.quantity > COALESCE((
    SELECT SUM(held.quantity) FROM bookings_allocation held
    WHERE held.booking_id = booking.id AND held.resource_id = item.resource_id AND held.active
), 0) ORDER BY booking.id, item.resource_id
"""

PART_NOT_HELD = """
SELECT wanted.booking_id, wanted.part_id FROM (
    SELECT item.booking_id, component.part_id, SUM(item.quantity * component.quantity) AS units
    FROM bookings_booking booking JOIN bookings_bookingitem item ON item.booking_id = booking.id
    JOIN bookings_component component ON component.whole_id = item.resource_id
    WHERE booking.status <> 'cancelled' AND booking.ends_at > %s GROUP BY item.booking_id, component.part_id
) wanted WHERE wanted.units + COALESCE((
    SELECT alone.quantity FROM bookings_bookingitem alone
    WHERE alone.booking_id = wanted.booking_id AND alone.resource_id = wanted.part_id
), 0) > COALESCE((
    SELECT SUM(held.quantity) FROM bookings_allocation held
    WHERE held.booking_id = wanted.booking_id AND held.resource_id = wanted.part_id AND held.active
), 0) ORDER BY wanted.booking_id, wanted.part_id
"""

# Of what a blackout is about itself, and of what it holds some of: how much all blackouts hold together when it begins, and whenever one
# of them lets go. A blackout under another may hold nothing itself, and what comes to a closed place later is held by none.
NOT_KEPT_OUT = """
WITH wanted AS (
    SELECT closed.id, closed.resource_id, closed.starts_at, closed.ends_at, COALESCE(closed.quantity, 1) AS units
    FROM bookings_blackout closed JOIN bookings_resource resource ON resource.id = closed.resource_id
    WHERE NOT resource.is_composed AND closed.lifted_at IS NULL AND closed.ends_at > %s
    UNION SELECT closed.id, held.resource_id, closed.starts_at, closed.ends_at, COALESCE(closed.quantity, 1)
    FROM bookings_blackout closed JOIN bookings_allocation held ON held.blackout_id = closed.id AND held.active
    WHERE closed.lifted_at IS NULL AND closed.ends_at > %s
), asked AS (
    SELECT id, resource_id, units, starts_at AS at FROM wanted
    UNION SELECT wanted.id, wanted.resource_id, wanted.units, other.busy_until FROM wanted
    JOIN bookings_allocation other ON other.resource_id = wanted.resource_id AND other.active
    AND other.blackout_id IS NOT NULL AND other.busy_until > wanted.starts_at AND other.busy_until < wanted.ends_at
)
SELECT DISTINCT asked.id, asked.resource_id FROM asked WHERE asked.units > COALESCE((
    SELECT SUM(held.quantity) FROM bookings_allocation held
    WHERE held.resource_id = asked.resource_id AND held.active AND held.blackout_id IS NOT NULL
    AND held.busy_from <= asked.at AND held.busy_until > asked.at
), 0) ORDER BY asked.id, asked.resource_id
"""

# Of a place: it had things when they were booked before, even if no row tells any more what was kept out of use.
KEEPS_NOTHING_OUT = """
SELECT closed.id FROM bookings_blackout closed WHERE closed.lifted_at IS NULL AND closed.ends_at > %s
AND NOT EXISTS (SELECT 1 FROM bookings_allocation held WHERE held.blackout_id = closed.id AND held.active)
AND EXISTS (
    SELECT 1 FROM bookings_resource thing WHERE NOT thing.is_composed AND (
        thing.place_id = closed.place_id AND EXISTS (
            SELECT 1 FROM bookings_bookingitem item JOIN bookings_booking booked ON booked.id = item.booking_id
            WHERE item.resource_id = thing.id AND booked.created_at < closed.created_at
        )
        OR EXISTS (
            SELECT 1 FROM bookings_component part WHERE part.whole_id = closed.resource_id AND part.part_id = thing.id
        )
    ) AND NOT EXISTS (
        SELECT 1 FROM bookings_allocation held WHERE held.resource_id = thing.id AND held.active AND held.blackout_id IS NOT NULL
        AND held.busy_from <= closed.starts_at AND held.busy_until > closed.starts_at
    )
) ORDER BY closed.id
"""

WHOLE_IS_HELD = """
SELECT held.id, held.resource_id FROM bookings_allocation held
JOIN bookings_resource resource ON resource.id = held.resource_id AND resource.is_composed
WHERE held.active AND held.busy_until > %s ORDER BY held.id
"""

NOT_GUARDED = """
SELECT held.id, held.resource_id FROM bookings_allocation held JOIN bookings_resource resource ON resource.id = held.resource_id
WHERE held.active AND held.busy_until > %s AND resource.capacity = 1 AND NOT held.exclusive ORDER BY held.id
"""

LONG = {
    "sqlite": "julianday(busy_until) - julianday(busy_from) > 1.000001",
    "postgresql": "busy_until - busy_from > interval '24 hours'",
}
NOT_MARKED_LONG = "SELECT id FROM bookings_allocation WHERE active AND NOT is_long AND {long} ORDER BY id"

OFFERED_FOR_EVER = "SELECT id FROM bookings_booking WHERE status = 'offered' AND held_until IS NULL ORDER BY id"


def faults(at: dt.datetime) -> Iterator[str]:
    """One line for each thing that must not be. What hangs on how many units there are is looked for from `at` on."""
    now = connection.ops.adapt_datetimefield_value(at)
    for resource, earlier, later in _rows(HELD_TWICE):
        yield f"Resource {resource} is held twice: allocations {earlier} and {later} overlap."
    for resource, capacity, since, held in _rows(BEYOND_UNITS, now, now):
        yield f"Resource {resource} is held {held} times at {_shown(since)} UTC, beyond its {capacity} units."
    for booking, status in _rows(HOLDS_NOTHING):
        yield f"Booking {booking} is {status} but holds nothing."
    for (booking,) in _rows(STILL_HOLDS):
        yield f"Booking {booking} is cancelled but still holds something."
    for (blackout,) in _rows(LIFTED_BUT_HOLDS):
        yield f"Blackout {blackout} is lifted but still holds something."
    for allocation, booking in _rows(DOES_NOT_COVER):
        yield f"Allocation {allocation} does not cover its booking {booking}."
    for booking, resource in _rows(NOT_HELD):
        yield f"Booking {booking} does not hold all units of resource {resource} that it is of."
    for booking, part in _rows(PART_NOT_HELD, now):
        yield f"Booking {booking} does not hold all units of resource {part}, which is part of what it is of."
    for blackout, resource in _rows(NOT_KEPT_OUT, now, now):
        yield f"Blackout {blackout} leaves resource {resource} in use for some of its time."
    for (blackout,) in _rows(KEEPS_NOTHING_OUT, now):
        yield f"Blackout {blackout} keeps nothing out of use."
    for allocation, resource in _rows(WHOLE_IS_HELD, now):
        yield f"Allocation {allocation} holds resource {resource}, which is made of others."
    for allocation, resource in _rows(NOT_GUARDED, now):
        yield f"Allocation {allocation} of resource {resource} is not exclusive, and there is one unit only."
    for (allocation,) in _rows(NOT_MARKED_LONG.format(long=LONG[connection.vendor])):
        yield f"Allocation {allocation} is longer than a day but not marked so."
    for (booking,) in _rows(OFFERED_FOR_EVER):
        yield f"Booking {booking} is offered without an end."


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())


def _shown(moment: dt.datetime | str) -> str:
    """SQLite gives moments as text."""
    return moment[:16] if isinstance(moment, str) else moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M")
