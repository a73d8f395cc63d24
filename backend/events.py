"""The one door by which facts leave: after commit, to whoever listens. The backend never knows who that is.

A topic is `("member", id)`, `("room", id)`, `("resource", id)` or `("session", key hash)`; a fact is a JSON-ready dict with a `type`
(see the frames in `docs/realtime.md`). Without listeners (a command, most tests) announcing does nothing.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

Topic = tuple[str, int | str]
Fact = dict[str, Any]
Listener = Callable[[Topic, Fact], None]

_listeners: list[Listener] = []
log = logging.getLogger(__name__)


def listen(listener: Listener) -> None:
    """Call `listener(topic, fact)` for every fact announced in this process, after its transaction has committed."""
    if listener not in _listeners:
        _listeners.append(listener)


def forget(listener: Listener) -> None:
    _listeners.remove(listener)


def announce(topic: Topic, fact: Fact) -> None:
    """Tell the listeners once the current transaction has committed; at once outside a transaction; never on rollback."""
    transaction.on_commit(lambda: _tell(topic, fact))


def _tell(topic: Topic, fact: Fact) -> None:
    for listener in _listeners:
        try:
            listener(topic, fact)
        except Exception:  # The fact is stored; a listener that fails must not undo the answer to the member.
            log.exception("A listener failed on %s %s", topic, fact.get("type"))
