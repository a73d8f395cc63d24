"""Requests sit at desks: threads that are kept, with their connection to the database."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from realtime import desks
from tests.realtime.cast import PATIENCE_SECONDS, until

together = threading.Barrier(2)
begun, may_end = threading.Event(), threading.Event()


def where(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(threading.get_ident()))


def with_another(request: HttpRequest) -> HttpResponse:
    together.wait(PATIENCE_SECONDS)
    return where(request)


def long(request: HttpRequest) -> HttpResponse:
    begun.set()
    may_end.wait(PATIENCE_SECONDS)
    return where(request)


urlpatterns = [path("where", where), path("with-another", with_another), path("long", long)]


@pytest.fixture(autouse=True)
def _a_house_without_desks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    monkeypatch.setattr(desks, "_free", [])
    begun.clear()
    may_end.clear()
    yield
    may_end.set()
    for desk in desks._free:
        desk.shutdown()


async def asked(house: desks.Desks, name: str, gone: asyncio.Event | None = None) -> bytes:
    """The answer; the browser goes away when `gone` is set."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/{name}",
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
    }
    sent: list[Any] = []
    wishes = [{"type": "http.request", "body": b""}]

    async def receive() -> Any:
        if wishes:
            return wishes.pop()
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await asyncio.wait_for(house(scope, receive, send), PATIENCE_SECONDS)
    return b"".join(message.get("body", b"") for message in sent)


async def free_again(number: int) -> None:
    """Until so many desks are free: each says so itself, a moment after the answer."""
    await until(lambda: len(desks._free) == number)


async def test_who_comes_next_sits_where_somebody_sat_and_two_at_once_at_two_desks() -> None:
    house = desks.Desks()
    first = await asked(house, "where")
    await free_again(1)
    assert await asked(house, "where") == first
    await free_again(1)
    both = await asyncio.gather(asked(house, "with-another"), asked(house, "with-another"))
    assert first in both
    assert len(set(both)) == 2
    await free_again(2)
    assert await asked(house, "where") in both


async def test_a_request_that_was_given_up_is_done_at_its_desk_before_anybody_else_sits_there() -> None:
    house = desks.Desks()
    given_up = asyncio.create_task(asked(house, "long"))
    await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
    given_up.cancel()
    await asyncio.wait([given_up])
    assert desks._free == []
    assert await asked(house, "where")
    assert not may_end.is_set()
    may_end.set()
    await free_again(2)


async def test_no_more_desks_are_kept_than_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "DESKS_KEPT", 1)
    house = desks.Desks()
    seated = {thread for thread in threading.enumerate() if thread.name.startswith("desk")}
    await asyncio.gather(asked(house, "with-another"), asked(house, "with-another"))
    left = [thread for thread in threading.enumerate() if thread.name.startswith("desk") and thread not in seated]
    await until(lambda: sum(thread.is_alive() for thread in left) == 1)
    assert len(desks._free) == 1
