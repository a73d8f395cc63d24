"""How often members may do something, counted together with what they do over HTTP."""

import logging
from collections.abc import Collection, Sequence

from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from backend.errors import Refusal

log = logging.getLogger(__name__)
Times = list[float]


class _Counter(SimpleRateThrottle):
    """The framework's own count: when each member did it, the newest first."""

    duration: float
    num_requests: int

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def name_of(self, member: int) -> str:
        return self.cache_format % {"scope": self.scope, "ident": member}

    def read(self, keys: Collection[str]) -> dict[str, Times]:
        found: dict[str, Times] = self.cache.get_many(keys)
        return found

    def write(self, done: dict[str, Times]) -> None:
        self.cache.set_many(done, self.duration)

    def one_more(self, done: Times) -> Refusal | None:
        """Count one more act among these, unless it is one too many."""
        now = self.timer()
        while done and done[-1] <= now - self.duration:
            done.pop()
        if len(done) < self.num_requests:
            done.insert(0, now)
            return None
        wait = self.duration - (now - done[-1])
        return Refusal("too_many_requests", "Slow down, please.", wait_seconds=int(wait) + 1)


def too_many(scope: str, member: int) -> Refusal | None:
    """The refusal of an act that is one too many of its member; any other is counted. A count that is away lets through. Blocks."""
    counter = _Counter(scope)
    if counter.rate is None:
        return None
    key = counter.name_of(member)
    try:
        done = counter.read([key]).get(key, [])
        refusal = counter.one_more(done)
        if refusal is None:
            counter.write({key: done})
    except RedisError as error:
        log.warning("%s could not be counted: %s", scope, type(error).__name__)
        return None
    return refusal


class Allowance:
    """For what must not wait for the shared count: what is known here decides. `keep` tells others what was done here since the last time,
    and finds out what those who did it have done elsewhere. For one thread."""

    def __init__(self, scope: str) -> None:
        self.counter = _Counter(scope)
        self.known: dict[str, Times] = {}
        self.new: dict[str, Times] = {}

    def refusals(self, members: Sequence[int]) -> list[Refusal | None]:
        """For each of these acts the refusal of one too many of its member; the others are counted."""
        if self.counter.rate is None:
            return [None] * len(members)
        answers = []
        for member in members:
            key = self.counter.name_of(member)
            done = self.known.setdefault(key, [])
            answers.append(self.counter.one_more(done))
            if answers[-1] is None:
                self.new.setdefault(key, []).insert(0, done[0])
        return answers

    def keep(self) -> None:
        """While the shared count is away, what is new is kept for the next time, as long as it counts. Blocks."""
        if not self.new:
            return
        since = self.counter.timer() - self.counter.duration
        new = {key: [at for at in times if at > since] for key, times in self.new.items()}
        try:
            before = self.counter.read(new)
            done = {key: sorted(times + before.get(key, []), reverse=True) for key, times in new.items()}
            self.counter.write(done)
        except RedisError as error:
            log.warning("The count of %s is away: %s", self.counter.scope, type(error).__name__)
            self.new = {key: times for key, times in new.items() if times}
        else:
            self.known |= done
            self.new = {}
        self.known = {key: times for key, times in self.known.items() if times and times[0] > since}
