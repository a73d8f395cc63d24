"""PostgreSQL answers which things lack room in one question, with a plan that it keeps (SQLite is asked by `availability.py`).

In SQL of its own the question took three ways to the server and longer to plan than to answer.

Danger: a rule of room that changes in `availability.py` changes here too, in a function made anew by a later migration.
`tests/bookings/test_free_oracle.py` compares both with all that is held.
"""

from typing import Any

from django.db import migrations

# Read from the side of the window. `24 hours` is SHORT of the allocations: what is marked `is_long` is longer. `held` has a row for each
# claim on a thing, with the room that is left for others; the most is held at the moment when one of them begins.
WITHOUT_ROOM = """
CREATE FUNCTION things_without_room(since timestamptz, until timestamptz, wanted integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 1000 AS $$
BEGIN
    RETURN QUERY
    WITH widest AS (
        SELECT since - COALESCE(MAX(buffer_before_minutes), 0) * interval '1 minute' AS earliest,
            until + COALESCE(MAX(buffer_after_minutes), 0) * interval '1 minute' AS latest
        FROM bookings_resource WHERE capacity > 1 OR buffer_before_minutes > 0 OR buffer_after_minutes > 0
    ),
    near AS MATERIALIZED (
        SELECT resource_id, busy_from, busy_until, quantity FROM bookings_allocation
        WHERE active AND NOT is_long AND busy_until > (SELECT earliest FROM widest)
        AND busy_until < (SELECT latest + interval '24 hours' FROM widest) AND busy_from < (SELECT latest FROM widest)
        UNION ALL SELECT resource_id, busy_from, busy_until, quantity FROM bookings_allocation
        WHERE active AND is_long AND busy_until > (SELECT earliest FROM widest) AND busy_from < (SELECT latest FROM widest)
    ),
    claimed AS (
        SELECT thing.id AS thing, thing.id AS part, thing.capacity - wanted AS room, near.*,
            since - thing.buffer_before_minutes * interval '1 minute' AS begins,
            until + thing.buffer_after_minutes * interval '1 minute' AS ends
        FROM near JOIN bookings_resource thing ON thing.id = near.resource_id
        WHERE thing.capacity > 1 OR thing.buffer_before_minutes > 0 OR thing.buffer_after_minutes > 0
        UNION ALL SELECT whole.id, part.id, part.capacity - component.quantity * wanted, near.*,
            since - GREATEST(whole.buffer_before_minutes, part.buffer_before_minutes) * interval '1 minute',
            until + GREATEST(whole.buffer_after_minutes, part.buffer_after_minutes) * interval '1 minute'
        FROM bookings_component component JOIN bookings_resource whole ON whole.id = component.whole_id
        JOIN bookings_resource part ON part.id = component.part_id JOIN near ON near.resource_id = part.id
    ),
    held AS MATERIALIZED (
        SELECT thing, part, room, GREATEST(busy_from, begins) AS moment, busy_until, quantity
        FROM claimed WHERE busy_until > begins AND busy_from < ends
    )
    SELECT near.resource_id FROM near WHERE busy_until > since AND busy_from < until
    AND near.resource_id NOT IN (SELECT pool.id FROM bookings_resource pool WHERE pool.capacity > 1)
    UNION ALL SELECT thing FROM (SELECT DISTINCT thing, part, room, moment FROM held) begun
    JOIN held other USING (thing, part, room)
    WHERE other.moment <= begun.moment AND other.busy_until > begun.moment
    GROUP BY thing, part, room, begun.moment HAVING SUM(other.quantity) > room
    UNION ALL SELECT component.whole_id FROM bookings_component component
    JOIN bookings_resource part ON part.id = component.part_id WHERE component.quantity * wanted > part.capacity;
END $$
"""


def ask(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WITHOUT_ROOM)


def forget(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION things_without_room(timestamptz, timestamptz, integer)")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_refuse_overlaps")]
    operations = [migrations.RunPython(ask, forget)]
