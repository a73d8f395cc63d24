"""Sockets in tests: heartbeats are answered at once, and every test has a hub of its own."""

from collections.abc import Iterator

import pytest

from realtime import hub, pulse, room


@pytest.fixture(autouse=True)
def _a_hub_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pulse, "PULSE_SECONDS", 0.0)
    monkeypatch.setattr(room, "HOLE_SECONDS", 0.0)
    monkeypatch.setattr(hub, "_current", None)
    yield
    hub._current = None
