"""Database work away from the event loop."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

_pool = ThreadPoolExecutor(max_workers=6, thread_name_prefix="realtime")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The answer of `work`, which may use the database; connections are given back as after a request."""

    def run() -> T:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_pool, run)


def _failed(done: "Future[object]") -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("Something at a desk failed", exc_info=error)


class Desk:
    """One thread for one kind of work, one piece after the other. Its connection stays open: what the database has read and prepared for
    it is still there for the next piece."""

    def __init__(self, name: str) -> None:
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def give(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have this done; nobody waits for it, and what it fails of is logged."""
        self.pool.submit(work, *args, **kwargs).add_done_callback(_failed)

    async def leave(self) -> None:
        """Close the connection and end the thread, once what is under way is done."""
        await asyncio.get_running_loop().run_in_executor(self.pool, connections.close_all)
        self.pool.shutdown(wait=False)
