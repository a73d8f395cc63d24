"""How much a member may say: counted here, shared with every other door within a second, and not lost while the shared count is away."""

import uuid
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from backend.errors import Refusal
from realtime import hub, writer
from realtime.allowance import Allowance, too_many
from realtime.threads import in_thread
from tests.cast import signed_in
from tests.realtime.cast import Browser, a_room_of_two, until

pytestmark = pytest.mark.django_db(transaction=True)


def codes(found: list[Refusal | None]) -> list[str]:
    return [refusal.code if refusal else "" for refusal in found]


def test_two_processes_know_of_each_other_what_was_kept() -> None:
    one, other = Allowance("messages"), Allowance("messages")
    assert codes(one.refusals([7] * 59 + [8])) == [""] * 60
    one.keep()
    assert codes(other.refusals([7, 8])) == ["", ""]
    other.keep()
    assert codes(other.refusals([7, 8])) == ["too_many_requests", ""]
    other.keep()
    assert codes(one.refusals([8])) == [""]
    assert codes(Allowance("messages").refusals([7] * 61)) == [""] * 60 + ["too_many_requests"]


def test_what_is_long_past_is_forgotten_here(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Allowance("messages")
    mine.refusals([7] * 60)
    mine.keep()
    assert codes(mine.refusals([7])) == ["too_many_requests"]
    later = mine.counter.timer() + 61
    monkeypatch.setattr(mine.counter, "timer", lambda: later)
    assert codes(mine.refusals([8])) == [""]
    mine.keep()
    assert len(mine.known) == 1
    assert codes(mine.refusals([7])) == [""]


def test_what_is_said_while_the_shared_count_is_away_counts_once_it_is_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mine, other = Allowance("messages"), Allowance("messages")

    def away(*args: Any) -> Any:
        raise RedisConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(mine.counter, "read", away)
        assert codes(mine.refusals([7] * 40)) == [""] * 40
        mine.keep()
        assert codes(mine.refusals([7] * 21)) == [""] * 20 + ["too_many_requests"]
        mine.keep()
        assert "The count of messages is away: ConnectionError" in caplog.text
    mine.keep()
    other.refusals([7])
    other.keep()
    assert codes(other.refusals([7])) == ["too_many_requests"]


async def test_what_was_said_by_socket_counts_over_http_a_moment_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "KEEP_SECONDS", 0.0)
    ada, _grace, room = await a_room_of_two()
    await in_thread(lambda: [too_many("messages", ada.pk) for _ in range(59)])
    async with Browser(ada) as window:
        await window.post(room, "the last one")
        await window.hear("ack")
        ours = hub.here().writer
        await until(lambda: not ours.is_keeping and not ours.allowance.new)
        wish = {"client_id": str(uuid.uuid4()), "body": "one too many"}
        answer = await in_thread(lambda: signed_in(ada).post(f"/api/rooms/{room.pk}/messages/", wish))
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
