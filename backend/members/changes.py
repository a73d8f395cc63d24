"""Which members changed, for whoever keeps something about all of them: numbers that the database itself gives, in every process.

Triggers note each change of `changed_at`, each new member and each one removed, within the transaction that makes it. SQLite has
one writer at a time, so that numbers are given in the order in which they become visible. On PostgreSQL a long transaction may become
visible after a short one with a higher number; there each change carries the number of its transaction, and a reader comes back
to all since the oldest one that was still open (`pg_snapshot_xmin`). No clock decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connections

from backend.members.models import MemberChange

SQLITE_NOTE = """
    INSERT INTO members_memberchange (member, number, within)
    VALUES ({row}.id, (SELECT coalesce(max(number), 0) + 1 FROM members_memberchange), 0)
    ON CONFLICT (member) DO UPDATE SET number = excluded.number"""
EVENTS = {
    "added": "AFTER INSERT ON members_member",
    "changed": "AFTER UPDATE OF changed_at ON members_member",
    "removed": "AFTER DELETE ON members_member",
}
POSTGRES = """
CREATE SEQUENCE IF NOT EXISTS members_change_numbers;
CREATE OR REPLACE FUNCTION members_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN who := OLD.id; ELSE who := NEW.id; END IF;
    INSERT INTO members_memberchange (member, number, within)
    VALUES (who, nextval('members_change_numbers'), pg_current_xact_id()::text::bigint)
    ON CONFLICT (member) DO UPDATE SET number = excluded.number, within = excluded.within;
    RETURN NULL;
END $$;
"""


@dataclass(frozen=True)
class Mark:
    """How far somebody has read: everything before `since`, and of the rest what is in `seen` (the number by member)."""

    since: int = 0
    seen: Mapping[int, int] = field(default_factory=dict)


def make_triggers(using: str) -> None:
    """Have changes noted; nothing when they are."""
    connection = connections[using]
    if MemberChange._meta.db_table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES)
        for name, event in EVENTS.items():
            trigger = f"members_member_{name}"
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {trigger} {event} FOR EACH ROW EXECUTE FUNCTION members_note_change()"
                )
            else:
                note = SQLITE_NOTE.format(row="old" if name == "removed" else "new")
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {trigger} {event} BEGIN {note}; END")


def mark() -> Mark:
    """Where to go on after everyone is read: to be asked for before they are."""
    return changed_since(None)[1]


def changed_since(last: Mark | None) -> tuple[set[int], Mark]:
    """Who was added, changed or removed since, by id, and where to go on. None: nobody is asked for, only where to go on."""
    connection = connections[MemberChange.objects.db]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In one statement, so that what is open and what is visible are seen at the same instant.
            cursor.execute(
                "SELECT open.oldest, member, number FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                " AS oldest) AS open LEFT JOIN members_memberchange ON within >= coalesce(%s, open.oldest)",
                [last.since if last else None],
            )
            rows = cursor.fetchall()
            since = int(rows[0][0])
        else:
            cursor.execute(
                "SELECT member, number FROM members_memberchange WHERE number > %s", [last.since if last else 2**62]
            )
            rows = [(None, *row) for row in cursor.fetchall()]
            if last is None:
                cursor.execute("SELECT coalesce(max(number), 0) FROM members_memberchange")
                since = int(cursor.fetchone()[0])
            else:
                since = max((number for _, _, number in rows), default=last.since)
    seen = {member: number for _, member, number in rows if member is not None}
    known = last.seen if last else {}
    return {member for member, number in seen.items() if known.get(member) != number}, Mark(since, seen)


def cluster() -> str:
    """The server whose numbers of transactions marks are made of; nothing for SQLite, which counts within the database."""
    connection = connections[MemberChange.objects.db]
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return str(cursor.fetchone()[0])
