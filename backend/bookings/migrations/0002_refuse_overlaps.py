"""The database itself refuses to hold a resource twice, and to hold more units than there are, on both engines.

PostgreSQL: an exclusion constraint for what is exclusive (`[)`, so that neighbours may touch), and a constraint trigger that counts
under the resource's row lock. SQLite: triggers, exact because there is one writer at a time. The count looks only at the start of
the new allocation and at the starts of others inside it: that is where the number of units held can be highest.

Danger: on SQLite Django alters a table by making it anew, which drops its triggers, and fails while a trigger of another table names
it. A later migration that alters bookings_allocation or bookings_resource must run `allow` before and `refuse` after.
"""

from typing import Any

from django.db import migrations

EXCLUSION = """
ALTER TABLE bookings_allocation ADD CONSTRAINT a_resource_is_held_once
EXCLUDE USING gist (resource_id WITH =, tstzrange(busy_from, busy_until, '[)') WITH &&)
WHERE (active AND exclusive) DEFERRABLE INITIALLY IMMEDIATE
"""

POSTGRESQL_COUNT = """
CREATE FUNCTION a_resource_is_not_held_beyond_its_units() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    units integer;
    highest integer;
BEGIN
    SELECT capacity INTO units FROM bookings_resource WHERE id = NEW.resource_id FOR NO KEY UPDATE;
    SELECT max(held) INTO highest FROM (
        SELECT (
            SELECT sum(other.quantity) FROM bookings_allocation other
            WHERE other.resource_id = NEW.resource_id AND other.active AND other.id <> NEW.id
            AND other.busy_until > moment.at AND other.busy_from <= moment.at
        ) AS held
        FROM (
            SELECT NEW.busy_from AS at
            UNION SELECT started.busy_from FROM bookings_allocation started
            WHERE started.resource_id = NEW.resource_id AND started.active AND started.id <> NEW.id
            AND started.busy_until > NEW.busy_from AND started.busy_from > NEW.busy_from
            AND started.busy_from < NEW.busy_until
        ) moment
    ) counted;
    IF COALESCE(highest, 0) + NEW.quantity > units THEN
        RAISE EXCEPTION 'a_resource_is_not_held_beyond_its_units' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$
"""

POSTGRESQL_TRIGGER = """
CREATE CONSTRAINT TRIGGER a_resource_is_not_held_beyond_its_units
AFTER INSERT OR UPDATE OF resource_id, busy_from, busy_until, quantity, active ON bookings_allocation
DEFERRABLE INITIALLY IMMEDIATE
FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION a_resource_is_not_held_beyond_its_units()
"""

SQLITE_TRIGGER = """
CREATE TRIGGER a_resource_is_held_once_{event} BEFORE {event} ON bookings_allocation WHEN NEW.active
BEGIN
    SELECT RAISE(ABORT, 'a_resource_is_held_once') WHERE NEW.exclusive AND EXISTS (
        SELECT 1 FROM bookings_allocation other
        WHERE other.resource_id = NEW.resource_id AND other.active AND other.exclusive AND other.id IS NOT NEW.id
        AND other.busy_until > NEW.busy_from AND other.busy_from < NEW.busy_until
    );
    SELECT RAISE(ABORT, 'a_resource_is_not_held_beyond_its_units') WHERE NEW.quantity + COALESCE((
        SELECT MAX((
            SELECT SUM(other.quantity) FROM bookings_allocation other
            WHERE other.resource_id = NEW.resource_id AND other.active AND other.id IS NOT NEW.id
            AND other.busy_until > moment.at AND other.busy_from <= moment.at
        )) FROM (
            SELECT NEW.busy_from AS at
            UNION SELECT started.busy_from FROM bookings_allocation started
            WHERE started.resource_id = NEW.resource_id AND started.active AND started.id IS NOT NEW.id
            AND started.busy_until > NEW.busy_from AND started.busy_from > NEW.busy_from
            AND started.busy_from < NEW.busy_until
        ) moment
    ), 0) > (SELECT capacity FROM bookings_resource WHERE id = NEW.resource_id);
END
"""


def refuse(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        schema_editor.execute(EXCLUSION)
        schema_editor.execute(POSTGRESQL_COUNT)
        schema_editor.execute(POSTGRESQL_TRIGGER)
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(SQLITE_TRIGGER.format(event=event))


def allow(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER a_resource_is_not_held_beyond_its_units ON bookings_allocation")
        schema_editor.execute("DROP FUNCTION a_resource_is_not_held_beyond_its_units()")
        schema_editor.execute("ALTER TABLE bookings_allocation DROP CONSTRAINT a_resource_is_held_once")
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER a_resource_is_held_once_{event}")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_tables")]
    operations = [migrations.RunPython(refuse, allow)]
