"""PostgreSQL finds sooner which things lack room: what is held near the window is looked through once.

What was said in `0003_things_without_room` holds: the same answer, and the same danger. Single things are decided row by row as they are
met; of pools and wholes only those are followed through the window of which more is held in all than may be held at once; and whoever has
no wholes is not asked about them.
"""

from importlib import import_module
from typing import Any

from django.db import migrations

# Its plan is kept from the first question on: for a quiet window PostgreSQL would think a plan of its own worth making, each time, which takes
# longer than answering.
# `near` is what is held near the window, with what there is to know of a thing that is not plain; `claimed` has a row for each claim on
# a pool or a part, and `tight` those of them that may lack room: the sum of what is held is never below the peak.
PEAK = """
    held AS MATERIALIZED (
        SELECT thing, part, room, GREATEST(busy_from, begins) AS moment, busy_until, quantity
        FROM claimed WHERE busy_until > begins AND busy_from < ends
    ),
    tight AS (SELECT thing, part, room FROM held GROUP BY thing, part, room HAVING SUM(quantity) > room),
    full_then AS (
        SELECT thing FROM (SELECT DISTINCT thing, part, room, moment FROM held JOIN tight USING (thing, part, room)) begun
        JOIN held other USING (thing, part, room)
        WHERE other.moment <= begun.moment AND other.busy_until > begun.moment
        GROUP BY thing, part, room, begun.moment HAVING SUM(other.quantity) > room
    )
"""
NEAR = """
    SELECT resource_id, busy_from, busy_until, quantity FROM bookings_allocation
    WHERE active AND NOT is_long AND busy_until > earliest AND busy_until < latest + interval '24 hours' AND busy_from < latest
    UNION ALL SELECT resource_id, busy_from, busy_until, quantity FROM bookings_allocation
    WHERE active AND is_long AND busy_until > earliest AND busy_from < latest
"""
MORE_TO_ASK = "(capacity > 1 OR buffer_before_minutes > 0 OR buffer_after_minutes > 0)"
WITHOUT_ROOM = f"""
CREATE OR REPLACE FUNCTION things_without_room(since timestamptz, until timestamptz, wanted integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 1000 SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    earliest timestamptz;
    latest timestamptz;
BEGIN
    SELECT since - COALESCE(MAX(buffer_before_minutes), 0) * interval '1 minute',
        until + COALESCE(MAX(buffer_after_minutes), 0) * interval '1 minute'
    INTO earliest, latest FROM bookings_resource WHERE {MORE_TO_ASK};
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT held.*, thing.capacity,
            thing.buffer_before_minutes * interval '1 minute' AS before, thing.buffer_after_minutes * interval '1 minute' AS after
        FROM ({NEAR}) held LEFT JOIN bookings_resource thing ON thing.id = held.resource_id AND {MORE_TO_ASK}
    ),
    claimed AS (
        SELECT resource_id AS thing, resource_id AS part, capacity - wanted AS room, busy_from, busy_until, quantity,
            since - before AS begins, until + after AS ends
        FROM near WHERE capacity > 1
    ),
    {PEAK}
    SELECT resource_id FROM near WHERE CASE
        WHEN capacity IS NULL THEN busy_until > since AND busy_from < until
        WHEN capacity = 1 THEN busy_until > since - before AND busy_from < until + after
    END
    UNION ALL SELECT thing FROM full_then;
    IF NOT EXISTS (SELECT FROM bookings_component) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH claimed AS (
        SELECT whole.id AS thing, part.id AS part, part.capacity - component.quantity * wanted AS room, busy_from, busy_until, near.quantity,
            since - GREATEST(whole.buffer_before_minutes, part.buffer_before_minutes) * interval '1 minute' AS begins,
            until + GREATEST(whole.buffer_after_minutes, part.buffer_after_minutes) * interval '1 minute' AS ends
        FROM bookings_component component JOIN bookings_resource whole ON whole.id = component.whole_id
        JOIN bookings_resource part ON part.id = component.part_id JOIN ({NEAR}) near ON near.resource_id = part.id
    ),
    {PEAK}
    SELECT thing FROM full_then
    UNION ALL SELECT component.whole_id FROM bookings_component component
    JOIN bookings_resource part ON part.id = component.part_id WHERE component.quantity * wanted > part.capacity;
END $$
"""


def ask_anew(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WITHOUT_ROOM)


def ask_as_before(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        before = import_module("backend.bookings.migrations.0003_things_without_room").WITHOUT_ROOM
        schema_editor.execute(before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_hours_can_be_decided")]
    operations = [migrations.RunPython(ask_anew, ask_as_before)]
