"""A job of the worker tells tens of thousands: their facts leave together, after commit, over one connection."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from backend.notices.actions import tell_each
from backend.notices.models import Notice
from realtime import relay
from tests.cast import a_member

pytestmark = pytest.mark.django_db(transaction=True)


class Layer:
    """Writes down what it is given, and how often a loop was begun for it."""

    def __init__(self) -> None:
        self.loops = 0
        self.sent: list[tuple[str, list[Any]]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.sent.append((group, [(kind, pk) for kind, pk, _parcel in message["facts"]]))


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    found = Layer()

    def counted(act: Any) -> Any:
        found.loops += 1
        return async_to_sync(act)

    monkeypatch.setattr(relay, "layer", lambda: found)
    monkeypatch.setattr(relay, "async_to_sync", counted)
    return found


def test_what_a_job_tells_many_leaves_in_order_over_one_loop(layer: Layer) -> None:
    people = [a_member(name).pk for name in ("Ada", "Ben", "Cleo")]
    tell_each([(pk, {}) for pk in people], kind=Notice.Kind.PULSE_ASKED, at=timezone.now())
    assert layer.sent == [(relay.GROUP, [("member", pk) for pk in people])]
    assert layer.loops == 1


def test_nothing_leaves_of_what_was_taken_back(layer: Layer) -> None:
    ada = a_member("Ada")
    with transaction.atomic():
        tell_each([(ada.pk, {})], kind=Notice.Kind.PULSE_ASKED, at=timezone.now())
        transaction.set_rollback(True)
    assert layer.sent == []
