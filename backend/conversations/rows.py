"""What many messages at once read and write, in SQL that is written down: the ORM takes longer to build it than the database to run it.

Only rows; who may do what with them is the business of `rules`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import BooleanField, CharField, DateTimeField, Field, ForeignKey, IntegerField, Model, TextField

from backend.conversations.models import Event, Membership, Restriction, Room
from backend.members.models import Member

Pairs = Iterable[tuple[int, int]]
# Its quoted name, the attribute, and what makes its value one of the database, where it is not one already.
Column = tuple[str, str, Callable[[Any], Any] | None]
# A message has twenty columns, and every SQLite takes 999 values in a statement.
ROWS_AT_ONCE = 45
# These are written as they are, on both engines.
_PLAIN = (IntegerField, CharField, TextField, BooleanField, ForeignKey)


def held_rooms(ids: Iterable[int]) -> dict[int, Room]:
    """These rooms as they are now, held until the transaction ends: in a fixed order, so that two processes cannot wait for each other."""
    hold = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
    those, given = _among(ids)
    sql = f"SELECT * FROM conversations_room WHERE id IN ({those}) ORDER BY id{hold}"
    return {room.pk: room for room in Room.objects.raw(sql, given)}


def authors(ids: Iterable[int]) -> dict[int, Member]:
    """Those of these members who are active: their names, pictures and languages; the rest is read when it is asked for."""
    those, given = _among(ids)
    sql = f"SELECT id, name, photo, language FROM members_member WHERE is_active AND id IN ({those})"
    return {member.pk: member for member in Member.objects.raw(sql, given)}


def memberships(pairs: Pairs) -> dict[tuple[int, int], Membership]:
    """Of these pairs of room and member those who are in the room."""
    those, given = _pairs(pairs)
    sql = (
        f"SELECT row.* FROM ({those}) wanted CROSS JOIN conversations_membership row"
        " WHERE row.room_id = wanted.one AND row.member_id = wanted.other"
    )
    return {(row.room_id, row.member_id): row for row in Membership.objects.raw(sql, given)}


def mutes(pairs: Pairs) -> dict[tuple[int, int], Restriction]:
    """Of these pairs of room and member those who are muted there, or were until some time."""
    those, given = _pairs(pairs)
    sql = (
        f"SELECT row.* FROM ({those}) wanted CROSS JOIN conversations_restriction row"
        " WHERE row.room_id = wanted.one AND row.member_id = wanted.other AND row.kind = %s"
    )
    rows = Restriction.objects.raw(sql, [*given, str(Restriction.Kind.MUTE)])
    return {(row.room_id, row.member_id): row for row in rows}


def sent_before(pairs: Iterable[tuple[int, UUID]]) -> list[int]:
    """The keys of the events that these authors have stored with these client ids."""
    those, given = _pairs(pairs, "uuid")
    sql = (
        f"SELECT row.id FROM ({those}) wanted CROSS JOIN conversations_event row"
        " WHERE row.author_id = wanted.one AND row.client_id = wanted.other"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [key for (key,) in cursor.fetchall()]


def insert(events: Sequence[Event]) -> None:
    """Store these events; they have their keys afterwards."""
    columns = _columns(Event, [field.name for field in Event._meta.concrete_fields if not field.primary_key])
    into = ", ".join(name for name, _field, _prepare in columns)
    places = f"({', '.join(['%s'] * len(columns))})"
    numbered = {(event.room_id, event.seq): event for event in events}
    with connection.cursor() as cursor:
        for start in range(0, len(events), ROWS_AT_ONCE):
            some = events[start : start + ROWS_AT_ONCE]
            sql = f"INSERT INTO conversations_event ({into}) VALUES {', '.join([places] * len(some))}"
            # They come back in any order.
            cursor.execute(
                f"{sql} RETURNING id, room_id, seq", [value for row in some for value in _values(row, columns)]
            )
            for pk, room, seq in cursor.fetchall():
                numbered[room, seq].pk = pk


def insert_words(words: Iterable[tuple[int, str]]) -> None:
    """Store what is searched: the key of a message and its folded words."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO conversations_searchtext (event_id, words) VALUES (%s, %s)", list(words))


def renew(rows: Sequence[Model], *names: str) -> None:
    """Write these fields of these rows."""
    if not rows:
        return
    columns = _columns(type(rows[0]), names)
    places = ", ".join(f"{name} = %s" for name, _field, _prepare in columns)
    sql = f"UPDATE {rows[0]._meta.db_table} SET {places} WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*_values(row, columns), row.pk] for row in rows])


def _among(ids: Iterable[int]) -> tuple[str, list[Any]]:
    """A query of these numbers, the same however many they are, and what it is given."""
    if connection.vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])", [list(ids)]
    return "SELECT value FROM json_each(%s)", [orjson.dumps(list(ids)).decode()]


def _pairs(pairs: Iterable[tuple[int, int | UUID]], kind: str = "bigint") -> tuple[str, list[Any]]:
    """The same of pairs, as the columns `one` and `other`."""
    known = list(dict.fromkeys(pairs))
    if connection.vendor == "postgresql":
        ones = f"SELECT * FROM unnest(%s::bigint[], %s::{kind}[]) AS pairs(one, other)"
        return ones, [[one for one, _other in known], [other for _one, other in known]]
    given = [[one, other.hex if isinstance(other, UUID) else other] for one, other in known]
    sql = "SELECT json_extract(value, '$[0]') AS one, json_extract(value, '$[1]') AS other FROM json_each(%s)"
    return sql, [orjson.dumps(given).decode()]


def _columns(table: type[Model], names: Iterable[str]) -> list[Column]:
    """These columns; the same moment is prepared for the database once."""
    found: list[Column] = []
    for field in map(table._meta.get_field, names):
        assert isinstance(field, Field)
        prepare = None if isinstance(field, _PLAIN) else partial(field.get_db_prep_save, connection=connection)
        name = connection.ops.quote_name(str(field.column))
        found.append((name, field.attname, cache(prepare) if isinstance(field, DateTimeField) and prepare else prepare))
    return found


def _values(row: Model, columns: list[Column]) -> list[Any]:
    return [
        getattr(row, field) if prepare is None else prepare(getattr(row, field)) for _name, field, prepare in columns
    ]
