"""How Django answers HTTP in this process: each request in one go, at a desk of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from realtime import hub
from realtime.announcing import AfterAnswer, announcing_to

DESKS_KEPT = 16

_free: list[ThreadPoolExecutor] = []
_after: ContextVar[AfterAnswer] = ContextVar("after")


class Desks(ASGIHandler):
    """Django's handler, with less to do around each request.

    Django begins a thread for each request and opens the database anew in it; SQLite then reads the names of all tables before it answers.
    A desk is a thread that is kept, and with it its connection. There are as many as requests at one time, DESKS_KEPT of which stay.

    What a request announces is told once it has been answered.

    Django also changes between the event loop and the thread for every middleware. Ours is all synchronous, as the views are: it runs
    together with the view, where the request sits.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        answered: HttpResponseBase = await sync_to_async(self._answer)(request)
        return answered

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        with announcing_to(_after.get().takes):
            return self.get_response(request)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        desk = _free.pop() if _free else ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        after = AfterAnswer(asyncio.get_running_loop(), hub.announced)
        _after.set(after)
        try:
            async with ThreadSensitiveContext(executor=desk):
                await super().__call__(scope, receive, send)
        finally:
            # The desk itself says that it is free: of a request that was given up something may still be under way there.
            desk.submit(_leave, desk, after)


def _leave(desk: ThreadPoolExecutor, after: AfterAnswer) -> None:
    after.answered()
    if len(_free) < DESKS_KEPT:
        _free.append(desk)
    else:
        connections.close_all()
        desk.shutdown(wait=False)
