"""Requests sit at desks: threads that are kept, with their connection to the database."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from realtime import announcing, desks, hub
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


def telling(kind: str) -> None:
    hub.announced([(("member", 7), {"type": kind})])


def tells(request: HttpRequest) -> HttpResponse:
    telling("bookings.changed")
    telling("decisions.changed")
    return where(request)


def takes_away(request: HttpRequest) -> HttpResponse:
    telling("bookings.changed")
    telling("room.revoked")
    return long(request)


urlpatterns = [path(view.__name__.replace("_", "-"), view) for view in (where, with_another, long, tells, takes_away)]


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


async def asked(house: desks.Desks, name: str, done: list[str] | None = None) -> bytes:
    """The answer, put down in `done` when it is sent."""
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
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if done is not None and "body" in message:
            done.append("answered")

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


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is told and answered, in its order."""
    found: list[str] = []
    monkeypatch.setattr(hub.Hub, "tell_all", lambda self, facts: found.extend(fact["type"] for _topic, fact in facts))
    return found


async def test_who_asks_is_answered_before_others_are_told_what_was_done(done: list[str]) -> None:
    hub.here()
    await asked(desks.Desks(), "tells", done)
    await until(lambda: len(done) == 3)
    assert done == ["answered", "bookings.changed", "decisions.changed"]


async def test_what_takes_something_away_waits_for_no_answer_and_nothing_waits_for_a_long_one(done: list[str]) -> None:
    hub.here()
    request = asyncio.create_task(asked(desks.Desks(), "takes-away", done))
    await until(lambda: len(done) == 2)
    assert done == ["room.revoked", "bookings.changed"]
    may_end.set()
    await request
    assert done[2:] == ["answered"]


async def test_what_a_request_did_that_was_given_up_is_told_all_the_same(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "HOLD_SECONDS", 3600)
    hub.here()
    request = asyncio.create_task(asked(desks.Desks(), "takes-away", done))
    await until(lambda: done == ["room.revoked"])
    request.cancel()
    await asyncio.wait([request])
    may_end.set()
    await until(lambda: done[-1] == "bookings.changed")
