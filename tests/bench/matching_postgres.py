"""PostgreSQL beside the engine: a server of its own with the defaults of its distribution, statistics gathered, no JIT.

Wall time says what a question costs, since the server is another process; on a busy machine the CPU time of both says it better.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psycopg

from matching import Nearness, Person
from matching.crowd import Crowd
from tests.bench.matching_sql import Answer, Words, gains, spread, statement
from tests.bench.matching_tables import Columns, split, tables

KEYS = {"offer": "skill, level, member", "want": "member, skill", "member": "id"}
AT_ONCE = 500_000


def common(column: str, mask: int) -> str:
    pieces = [f"bit_count((m.{column}_{piece} & {bits})::bit(64))" for piece, bits in split(mask)]
    return f"({' + '.join(pieces)})" if pieces else "0"


WORDS = Words(least="least", most="greatest", common=common)


class Postgres:
    def __init__(self, url: str, crowd: Crowd, near: Nearness) -> None:
        self.near, self.books = near, crowd.books
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("SET jit = off")
        self.connection.execute("SET work_mem = '256MB'")
        self.connection.execute("SET maintenance_work_mem = '1GB'")
        for name, columns in tables(crowd, near).items():
            named = ", ".join(f"{column} {'bigint' if _is_mask(column) else 'integer'}" for column in columns)
            self.connection.execute(f"CREATE TABLE {name} ({named})")
            with self.connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                for block in _binary(columns):
                    copy.write(block)
            self.connection.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({KEYS[name]})")
        self.connection.execute("CREATE INDEX offer_by_member ON offer (member, skill, level)")
        self.connection.execute("VACUUM ANALYZE")

    def top(self, me: Person, k: int, track: str) -> Answer:
        runs, met = _rows(spread(me, self.near)), _rows(gains(me, self.near))
        given = (
            f"run (wish, skill, level, packed) AS (VALUES {runs}), gain (skill, level_now, quality) AS (VALUES {met}), "
        )
        found = self.connection.execute(statement(me, track, k, self.books, WORDS, given))
        return [(id, int(total)) for id, total in found]

    def cpu_ms(self) -> float:
        """What the server's process for this connection has spent so far; processes that help it are not counted."""
        spent = Path(f"/proc/{self.connection.info.backend_pid}/schedstat").read_text()
        return int(spent.split()[0]) / 1e6

    def close(self) -> None:
        self.connection.close()


def _rows(rows: Iterator[tuple[int, ...]]) -> str:
    return ", ".join(f"({', '.join(map(str, row))})" for row in rows)


def _is_mask(column: str) -> bool:
    return column[-1].isdigit()


def _binary(columns: Columns) -> Iterator[bytes]:
    """The rows in the binary format of COPY: how many fields, then each with its length before it, all big-endian."""
    yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
    fields = [(name, 8 if _is_mask(name) else 4) for name in columns]
    shape = [("fields", ">i2")]
    for name, size in fields:
        shape += [(f"{name} size", ">i4"), (name, f">i{size}")]
    length = len(next(iter(columns.values())))
    for begin in range(0, length, AT_ONCE):
        rows = np.zeros(min(AT_ONCE, length - begin), np.dtype(shape))
        rows["fields"] = len(fields)
        for name, size in fields:
            rows[f"{name} size"], rows[name] = size, columns[name][begin : begin + AT_ONCE]
        yield rows.tobytes()
    yield b"\xff\xff"
