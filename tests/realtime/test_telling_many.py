"""A job of the worker tells tens of thousands: their facts leave together, after commit, over one connection."""

import asyncio
from typing import Any

import pytest
import redis
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.db import transaction
from django.utils import timezone

from backend.notices.actions import tell_each
from backend.notices.models import Notice
from realtime import relay
from tests.cast import a_member

pytestmark = pytest.mark.django_db(transaction=True)


class Layer:
    """Writes down what it is given, and in which loops of events."""

    def __init__(self) -> None:
        self.loops: set[asyncio.AbstractEventLoop] = set()
        self.sent: list[tuple[str, list[Any]]] = []

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.loops.add(asyncio.get_running_loop())
        self.sent.append((group, [(kind, pk) for kind, pk, _parcel in message["facts"]]))


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    found = Layer()
    monkeypatch.setattr(relay, "layer", lambda: found)
    return found


def test_what_a_job_tells_many_leaves_in_order_over_one_loop(layer: Layer) -> None:
    people = [a_member(name).pk for name in ("Ada", "Ben", "Cleo")]
    for _again in range(2):
        tell_each([(pk, {}) for pk in people], kind=Notice.Kind.PULSE_ASKED, at=timezone.now())
    assert layer.sent == 2 * [(relay.GROUP, [("member", pk) for pk in people])]
    assert len(layer.loops) == 1


def test_nothing_leaves_of_what_was_taken_back(layer: Layer) -> None:
    ada = a_member("Ada")
    with transaction.atomic():
        tell_each([(ada.pk, {})], kind=Notice.Kind.PULSE_ASKED, at=timezone.now())
        transaction.set_rollback(True)
    assert layer.sent == []


def test_the_connection_is_kept_and_made_anew_where_redis_has_cut_it(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    through = RedisPubSubChannelLayer(hosts=[redis_url])
    monkeypatch.setattr(relay, "layer", lambda: through)
    with redis.Redis.from_url(redis_url) as watcher:
        facts = [(("member", 1), {"type": "bookings.changed"})]
        relay.publish_from_outside(facts)
        before = watcher.info("stats")["total_connections_received"]
        relay.publish_from_outside(facts)
        assert watcher.info("stats")["total_connections_received"] == before
        watcher.client_kill_filter(_type="normal", skipme=True)
        heard = watcher.info("commandstats")["cmdstat_publish"]["calls"]
        relay.publish_from_outside(facts)
        assert watcher.info("commandstats")["cmdstat_publish"]["calls"] == heard + 1
