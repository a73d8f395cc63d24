"""The one door by which facts leave: after commit, to whoever listens. The backend never knows who that is.

A topic is `("member", id)`, `("room", id)`, `("resource", id)` or `("session", key hash)`; a fact is a JSON-ready dict with a `type`
(see the frames in `docs/realtime.md`). Without listeners (a command, most tests) announcing does nothing.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

Topic = tuple[str, int | str]
Fact = dict[str, Any]
Listener = Callable[[Topic, Fact], None]
ManyListener = Callable[[Sequence[tuple[Topic, Fact]]], None]

_listeners: list[Listener] = []
_many_listeners: list[ManyListener] = []
log = logging.getLogger(__name__)


def listen(listener: Listener) -> None:
    """Call `listener(topic, fact)` for every fact announced in this process, after its transaction has committed."""
    if listener not in _listeners:
        _listeners.append(listener)


def listen_to_many(listener: ManyListener) -> None:
    """The same for who can take many facts at once with less effort than one by one: instead of, not beside, `listen`."""
    if listener not in _many_listeners:
        _many_listeners.append(listener)


def forget(listener: Listener | ManyListener) -> None:
    """Call this one no more, whichever of the two it was."""
    _listeners[:] = [known for known in _listeners if known != listener]
    _many_listeners[:] = [known for known in _many_listeners if known != listener]


def announce(topic: Topic, fact: Fact) -> None:
    """Tell the listeners once the current transaction has committed; at once outside a transaction; never on rollback."""
    announce_all([(topic, fact)])


def announce_all(facts: Sequence[tuple[Topic, Fact]]) -> None:
    """The same for many facts, which leave together and in this order."""
    transaction.on_commit(lambda: _tell(facts))


def _tell(facts: Sequence[tuple[Topic, Fact]]) -> None:
    # The facts are stored; a listener that fails must not undo the answer to the member.
    for listener in _listeners:
        for topic, fact in facts:
            try:
                listener(topic, fact)
            except Exception:
                log.exception("A listener failed on %s %s", topic, fact.get("type"))
    for many in _many_listeners:
        try:
            many(facts)
        except Exception:
            log.exception("A listener failed on %s facts, the first of them %s", len(facts), facts[:1])
