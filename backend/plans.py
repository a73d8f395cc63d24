"""Questions whose words never change: PostgreSQL plans each of them once for a connection, in place of each time."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def answers(words: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of this question, in which `%s` stands for each thing that is given; lists are written as so many of them.

    PostgreSQL is told words and values apart, as the driver needs it to keep the plan once it has seen the words five times. SQLite, in
    this process, gives moments without their zone.
    """
    with _cursor() as cursor:
        cursor.execute(words, given)
        return list(cursor.fetchall())


def _cursor() -> Any:
    """Django's own, with its checks and its log of what was asked, around one that does not write values into the words."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql import base

    known: Any = connection
    known.close_if_health_check_failed()
    known.ensure_connection()
    apart: Any = base.ServerBindingCursor
    bare = apart(known.connection)
    return known.make_debug_cursor(bare) if known.queries_logged else known.make_cursor(bare)
