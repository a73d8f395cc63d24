"""Sockets in tests: heartbeats are answered at once, and every test has a hub of its own."""

from collections.abc import AsyncIterator

import pytest

from realtime import hub, pulse, room


@pytest.fixture(autouse=True)
async def _a_hub_of_its_own(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(pulse, "PULSE_SECONDS", 0.0)
    monkeypatch.setattr(room, "HOLE_SECONDS", 0.0)
    monkeypatch.setattr(hub, "FAREWELL_SECONDS", 0.0)
    yield
    await hub.close_all()
