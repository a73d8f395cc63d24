"""What many messages at once read and write, in SQL that is written down: the ORM takes longer to build it than the database to run it.

Only rows; who may do what with them is the business of `rules`. One statement reads and holds the rooms, one reads how each
author stands and what they have sent before. On PostgreSQL, where each question is a journey, one more writes everything; on SQLite, which lives
in this process, each table is written by one that is prepared once.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakSet

import orjson
from django.db import connection

from backend.conversations.models import Membership


@dataclass(slots=True)
class HeldRoom:
    """A room whose numbers nobody else takes until the transaction ends."""

    pk: int
    kind: str
    slow_seconds: int
    is_paused: bool
    last_seq: int
    message_count: int


@dataclass(slots=True)
class Seat:
    """An active author's place in a held room, and how they are shown. `rules.Stands` says what the rules look at."""

    room: HeldRoom
    membership: int
    role: str
    last_posted_at: dt.datetime | None
    name: str
    photo: str
    language: str
    is_muted: bool
    muted_until: dt.datetime | None
    is_blocked: bool = False

    @property
    def is_steward(self) -> bool:
        return self.role == Membership.Role.STEWARD

    @property
    def is_paused(self) -> bool:
        return self.room.is_paused

    @property
    def slow_seconds(self) -> int:
        return self.room.slow_seconds

    def is_muted_at(self, at: dt.datetime) -> bool:
        return self.is_muted and (self.muted_until is None or self.muted_until > at)


@dataclass(slots=True)
class Stored:
    """A message that is in the log."""

    pk: int
    room_id: int
    seq: int
    is_new: bool = False


@dataclass(slots=True)
class Row:
    """A message that is to be in the log, without its key. `words` are what it is searched by; empty: by nothing."""

    room_id: int
    seq: int
    message_no: int
    author_id: int
    client_id: UUID
    body: str
    html: str
    topic_id: int | None
    reply_to_seq: int | None
    language: str
    is_important: bool
    data: dict[str, Any]
    words: str


# Connections that have been told to keep their plans.
_settled: WeakSet[Any] = WeakSet()
Wanted = tuple[int, int, UUID]
Held = dict[int, HeldRoom]

_HELD = "SELECT id, kind, slow_seconds, paused_at IS NOT NULL, last_seq, message_count FROM conversations_room"
_HELD_SQLITE = f"{_HELD} WHERE id IN (SELECT value FROM json_each(%s))"
# In a fixed order, so that two processes cannot wait for each other.
_HELD_POSTGRESQL = f"{_HELD} WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"

_ASKED = """
    mine.id, mine.role, mine.last_posted_at, author.name, author.photo, author.language, mute.id, mute.until,
    known.id, known.room_id, known.seq
"""
_ASKED_SQLITE = f"""
    SELECT {_ASKED} FROM json_each(%s) wish
    LEFT JOIN conversations_membership mine
        ON mine.room_id = json_extract(wish.value, '$[0]') AND mine.member_id = json_extract(wish.value, '$[1]')
    LEFT JOIN members_member author ON author.id = mine.member_id AND author.is_active
    LEFT JOIN conversations_restriction mute
        ON mute.room_id = mine.room_id AND mute.member_id = mine.member_id AND mute.kind = 'mute'
    LEFT JOIN conversations_event known
        ON known.author_id = json_extract(wish.value, '$[1]') AND known.client_id = json_extract(wish.value, '$[2]')
    ORDER BY wish.key
"""
# What was sent before is looked up for each wish by itself: of a log that is short when the statement is planned PostgreSQL would read all, and go on
# reading all of it while it grows.
_ASKED_POSTGRESQL = f"""
    SELECT {_ASKED}
    FROM unnest(%s::bigint[], %s::bigint[], %s::uuid[]) WITH ORDINALITY AS wish(room_id, author_id, client_id, number)
    LEFT JOIN conversations_membership mine ON mine.room_id = wish.room_id AND mine.member_id = wish.author_id
    LEFT JOIN members_member author ON author.id = mine.member_id AND author.is_active
    LEFT JOIN conversations_restriction mute
        ON mute.room_id = mine.room_id AND mute.member_id = mine.member_id AND mute.kind = 'mute'
    LEFT JOIN LATERAL (
        SELECT id, room_id, seq FROM conversations_event
        WHERE author_id = wish.author_id AND client_id = wish.client_id LIMIT 1
    ) known ON true
    ORDER BY wish.number
"""

_NEWEST = "SELECT seq FROM sqlite_sequence WHERE name = 'conversations_event'"
_EVENTS_SQLITE = """
    INSERT INTO conversations_event (id, room_id, seq, message_no, author_id, client_id, body, html, topic_id, reply_to_seq,
        language, is_important, data, created_at, kind, emoji)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'message', '')
"""
_WORDS_SQLITE = "INSERT INTO conversations_searchtext (event_id, words) VALUES (%s, %s)"
_ROOMS_SQLITE = "UPDATE conversations_room SET last_seq = %s, message_count = %s, last_event_at = %s WHERE id = %s"
_SEATS_SQLITE = "UPDATE conversations_membership SET read_seq = %s, read_count = %s, last_posted_at = %s WHERE id = %s"
_ALL_POSTGRESQL = """
    WITH given AS MATERIALIZED (
        SELECT * FROM json_to_recordset(%s::json) AS row(room_id bigint, seq bigint, message_no bigint, author_id bigint,
            client_id uuid, body text, html text, topic_id bigint, reply_to_seq bigint, language text, is_important boolean,
            data jsonb, words text)
    ), stored AS (
        INSERT INTO conversations_event (room_id, seq, message_no, author_id, client_id, body, html, topic_id, reply_to_seq,
            language, is_important, data, created_at, kind, emoji)
        SELECT room_id, seq, message_no, author_id, client_id, body, html, topic_id, reply_to_seq,
            language, is_important, data, %s, 'message', '' FROM given
        RETURNING id, room_id, seq
    ), searched AS (
        INSERT INTO conversations_searchtext (event_id, words)
        SELECT stored.id, given.words FROM stored JOIN given USING (room_id, seq) WHERE given.words <> ''
    ), counted AS (
        UPDATE conversations_room room
        SET last_seq = newest.seq, message_count = newest.message_no, last_event_at = %s
        FROM (SELECT room_id, max(seq) AS seq, max(message_no) AS message_no FROM given GROUP BY room_id) newest
        WHERE room.id = newest.room_id
    ), read AS (
        UPDATE conversations_membership mine
        SET read_seq = newest.seq, read_count = newest.message_no, last_posted_at = %s
        FROM (
            SELECT room_id, author_id, max(seq) AS seq, max(message_no) AS message_no FROM given WHERE topic_id IS NULL
            GROUP BY room_id, author_id
        ) newest
        WHERE mine.room_id = newest.room_id AND mine.member_id = newest.author_id
    )
    SELECT id, room_id, seq FROM stored
"""
_COUNT_READ = """
    UPDATE conversations_membership SET last_posted_at = %s, read_count = read_count + (
        SELECT count(*) FROM conversations_event said
        WHERE said.topic_id = %s AND said.kind = 'message' AND said.seq <= %s AND said.seq > conversations_membership.read_seq
            AND said.seq > coalesce((
                SELECT mark.read_seq FROM conversations_topicreading mark
                WHERE mark.topic_id = said.topic_id AND mark.member_id = conversations_membership.member_id
            ), 0)
    ) WHERE id = %s
"""
_READ_TOPICS = """
    INSERT INTO conversations_topicreading (topic_id, member_id, level, read_seq) VALUES (%s, %s, '', %s)
    ON CONFLICT (topic_id, member_id) DO UPDATE SET read_seq = excluded.read_seq
"""


def looked_at(wishes: Sequence[Wanted]) -> tuple[Held, list[tuple[Seat | None, Stored | None]]]:
    """The rooms of these wishes, held until the transaction ends; then for each wish its author's place, where they are active and in the
    room, and what is stored already under its client id."""
    ids = list({room for room, _author, _client_id in wishes})
    if connection.vendor == "postgresql":
        columns = [_array(column) for column in zip(*wishes, strict=True)]
        held, found = _told((_HELD_POSTGRESQL, [_array(ids)]), (_ASKED_POSTGRESQL, columns))
    else:
        given = [(room, author, client_id.hex) for room, author, client_id in wishes]
        with connection.cursor() as cursor:
            held = cursor.execute(_HELD_SQLITE, [orjson.dumps(ids).decode()]).fetchall()
            found = cursor.execute(_ASKED_SQLITE, [orjson.dumps(given).decode()]).fetchall()
    rooms = {row[0]: HeldRoom(*row) for row in held}
    answers: list[tuple[Seat | None, Stored | None]] = []
    for (room, _author, _client_id), row in zip(wishes, found, strict=True):
        place, role, posted_at, name, photo, language, mute, until, *known = row
        seat = None
        if place is not None and name is not None and room in rooms:
            times = _moment(posted_at), _moment(until)
            seat = Seat(rooms[room], place, role, times[0], name, photo, language, mute is not None, times[1])
        answers.append((seat, Stored(*known) if known[0] is not None else None))
    return rooms, answers


def _array(values: Iterable[int | UUID]) -> str:
    """As PostgreSQL writes an array down: its driver would look at each value twice."""
    return f"{{{','.join(map(str, values))}}}"


def _told(*statements: tuple[str, Sequence[Any]], is_last: bool = False) -> list[list[Any]]:
    """What PostgreSQL answers to these statements, one after the other in one journey; it plans each once for a connection.

    `is_last`: the transaction is committed in the same journey, and nothing can be written in it any more.
    """
    import psycopg

    connection.ensure_connection()
    open_one: Any = connection.connection
    with connection.wrap_database_errors, ExitStack() as stack:
        if open_one not in _settled:
            # It plans anew whenever it thinks that arrays of this length are special; that takes longer than the statement itself.
            open_one.execute("SET plan_cache_mode = force_generic_plan")
            _settled.add(open_one)
        cursors = [stack.enter_context(psycopg.Cursor(open_one)) for _ in statements]
        with open_one.pipeline() if len(statements) + is_last > 1 else nullcontext():
            for cursor, (words, given) in zip(cursors, statements, strict=True):
                cursor.execute(words, given, prepare=True)
            if is_last:
                # Django's own `commit` finds nothing to do afterwards, and goes on to what follows a commit.
                open_one.execute("COMMIT")
        return [cursor.fetchall() for cursor in cursors]


def write(
    rows: Sequence[Row],
    rooms: Iterable[HeldRoom],
    seats: Iterable[tuple[int, Row]],
    at: dt.datetime,
    *,
    is_last: bool,
) -> list[int]:
    """Store these rows and what is searched of them, their rooms' numbers, and that who spoke to the room has read up to there.

    Returns the keys, in the same order. `seats` are memberships with the last message of each that is in no topic. `is_last`: nothing else
    is written in this transaction, so that where a commit is a journey it is made in this one.
    """
    if connection.vendor == "postgresql":
        given = orjson.dumps(rows).decode()
        (stored,) = _told((_ALL_POSTGRESQL, [given, at, at, at]), is_last=is_last)
        keys = {(room, seq): key for key, room, seq in stored}
        return [keys[row.room_id, row.seq] for row in rows]
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        # Nobody else writes while this transaction lasts.
        cursor.execute(_NEWEST)
        first = (cursor.fetchone() or (0,))[0] + 1
        cursor.executemany(_EVENTS_SQLITE, [_values(row, first + number, moment) for number, row in enumerate(rows)])
        words = [(first + number, row.words) for number, row in enumerate(rows) if row.words]
        cursor.executemany(_WORDS_SQLITE, words)
        cursor.executemany(_ROOMS_SQLITE, [(room.last_seq, room.message_count, moment, room.pk) for room in rooms])
        cursor.executemany(_SEATS_SQLITE, [(row.seq, row.message_no, moment, pk) for pk, row in seats])
        return list(range(first, first + len(rows)))


def read_topics(seats: Sequence[tuple[int, Row]], at: dt.datetime) -> None:
    """That the authors of stored messages have read these topics up to their last one there; `seats` are as in `write`."""
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.executemany(_COUNT_READ, [(moment, row.topic_id, row.seq, pk) for pk, row in seats])
        cursor.executemany(_READ_TOPICS, [(row.topic_id, row.author_id, row.seq) for _pk, row in seats])


def _values(row: Row, pk: int, moment: str | None) -> tuple[Any, ...]:
    data = orjson.dumps(row.data).decode() if row.data else "{}"
    return (
        pk, row.room_id, row.seq, row.message_no, row.author_id, row.client_id.hex, row.body, row.html, row.topic_id,
        row.reply_to_seq, row.language, row.is_important, data, moment,
    )  # fmt: skip


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    """A time as the driver gives it; SQLite's says no zone."""
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value
