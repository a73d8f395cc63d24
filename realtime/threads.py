"""Database work away from the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

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


class Desk:
    """One thread for one kind of work, one piece after the other. Its connection stays open: what the database has read and prepared for
    it is still there for the next piece. After a failure it is opened anew."""

    def __init__(self, name: str) -> None:
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def run() -> T:
            try:
                return work(*args, **kwargs)
            except BaseException:
                connections.close_all()
                raise

        return await asyncio.get_running_loop().run_in_executor(self.pool, run)

    async def leave(self) -> None:
        """Close the connection and end the thread, once what is under way is done."""
        await asyncio.get_running_loop().run_in_executor(self.pool, connections.close_all)
        self.pool.shutdown(wait=False)
