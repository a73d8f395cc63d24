"""SQLite beside the engine: everything in memory, statistics gathered."""

import sqlite3

from matching import Nearness, Person
from matching.crowd import Crowd
from tests.bench.matching_sql import Answer, Words, gains, spread, statement
from tests.bench.matching_tables import split, tables

KEYS = {"offer": "skill, level, member", "want": "member, skill", "member": "id"}

QUESTION = """
CREATE TEMP TABLE run (wish INTEGER, skill INTEGER, level INTEGER, packed INTEGER, PRIMARY KEY (skill, level, wish)) WITHOUT ROWID;
CREATE TEMP TABLE gain (skill INTEGER, level_now INTEGER, quality INTEGER, PRIMARY KEY (skill, level_now)) WITHOUT ROWID;
"""


def common(column: str, mask: int) -> str:
    """SQLite counts no bits, so each of mine is looked at by itself."""
    bits = [f"(m.{column}_{piece} >> {bit} & 1)" for piece, some in split(mask) for bit in range(64) if some >> bit & 1]
    return f"({' + '.join(bits)})" if bits else "0"


WORDS = Words(least="min", most="max", common=common)


class Sqlite:
    def __init__(self, crowd: Crowd, near: Nearness) -> None:
        self.near, self.books = near, crowd.books
        self.connection = sqlite3.connect(":memory:")
        for name, columns in tables(crowd, near).items():
            named = ", ".join(f"{column} INTEGER" for column in columns)
            self.connection.execute(f"CREATE TABLE {name} ({named}, PRIMARY KEY ({KEYS[name]})) WITHOUT ROWID")
            places = ", ".join("?" for _ in columns)
            rows = zip(*(column.tolist() for column in columns.values()), strict=True)
            self.connection.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
        self.connection.execute("CREATE INDEX offer_by_member ON offer (member, skill, level)")
        self.connection.execute("ANALYZE")
        self.connection.executescript(QUESTION)
        self.connection.commit()

    def top(self, me: Person, k: int, track: str) -> Answer:
        self.connection.execute("DELETE FROM run")
        self.connection.execute("DELETE FROM gain")
        self.connection.executemany("INSERT INTO run VALUES (?, ?, ?, ?)", spread(me, self.near))
        self.connection.executemany("INSERT INTO gain VALUES (?, ?, ?)", gains(me, self.near))
        return self.connection.execute(statement(me, track, k, self.books, WORDS)).fetchall()

    def close(self) -> None:
        self.connection.close()
