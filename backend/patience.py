"""Writing among many who write: a lock is not waited for without end, and what passes is tried again."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, models, transaction

from backend.errors import LOCKED_FILE, Busy, is_passing

ATTEMPTS = 4
LOCK_TIMEOUT = "3s"
HOLD = "SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
P = ParamSpec("P")
T = TypeVar("T")
# SQLite has one writer, and lets who waits for it sleep and try again, for seconds when many do: threads of one process queue here.
# What is done once a transaction has been stored may itself write: the same thread does not wait for itself.
_turn = threading.RLock()


def patiently(act: Callable[P, T]) -> Callable[P, T]:
    """The act in one transaction, tried up to ATTEMPTS times when somebody else was in the way; then `Busy`.

    It must do the same when it is done again. Inside somebody's transaction it is done once: PostgreSQL has given that up as a whole.
    """

    @wraps(act)
    def patient(*args: P.args, **named: P.kwargs) -> T:
        is_inside = connection.in_atomic_block
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with in_turn(), transaction.atomic():
                    limit_waiting()
                    return act(*args, **named)
            except OperationalError as error:
                if is_inside or not is_passing(error):
                    raise
                pause(error, attempt)
        raise Busy()

    return patient


def pause(error: OperationalError, attempt: int) -> None:
    """A moment for others before it is tried again; Busy at once where SQLite has waited long already."""
    if LOCKED_FILE in str(error):
        raise Busy() from error
    time.sleep(random.uniform(0, 0.02 * 2**attempt))


def in_turn() -> AbstractContextManager[Any]:
    """The queue of this process; not for who is inside a transaction and holds the file already."""
    return nullcontext() if connection.vendor != "sqlite" or connection.in_atomic_block else _turn


def limit_waiting(*holding: tuple[type[models.Model], Sequence[int]]) -> None:
    """No lock is waited for longer than LOCK_TIMEOUT until the transaction ends; these rows are held, in the order of their numbers.

    PostgreSQL is told all of it at once; SQLite holds the whole file anyway.
    """
    if connection.vendor == "postgresql":
        wanted = [(model, list(numbers)) for model, numbers in holding if numbers]
        asked = [f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"]
        asked += [HOLD.format(table=model._meta.db_table) for model, _ in wanted]
        with connection.cursor() as cursor:
            cursor.execute("; ".join(asked), [numbers for _, numbers in wanted])


def few_at_a_time(rows: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The rows in their order, at most this many at once: each lot in a transaction of its own lets others write between."""
    for start in range(0, len(rows), most):
        yield rows[start : start + most]
