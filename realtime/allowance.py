"""How often members may do something, counted together with what they do over HTTP."""

from collections.abc import Callable, Sequence

from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from backend.api import Forgiving
from backend.errors import Refusal


class _Counter(Forgiving, SimpleRateThrottle):
    duration: float
    num_requests: int

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def name_of(self, member: int) -> str:
        return self.cache_format % {"scope": self.scope, "ident": member}


def too_many(scope: str, members: Sequence[int]) -> tuple[list[Refusal | None], Callable[[], None]]:
    """For each of these acts the refusal of one too many of its member, counted as the framework does, all at once; and how to keep
    the count, which nobody has to wait for. Both block."""
    counter = _Counter(scope)
    keys = [counter.name_of(member) for member in members]
    if counter.rate is None:
        return [None] * len(keys), lambda: None
    try:
        done: dict[str, list[float]] = counter.cache.get_many(set(keys))
    except RedisError:
        return [None] * len(keys), lambda: None
    answers = [_one_too_many(done.setdefault(key, []), counter) for key in keys]

    def keep() -> None:
        try:
            counter.cache.set_many(done, counter.duration)
        except RedisError:
            return

    return answers, keep


def _one_too_many(done: list[float], counter: _Counter) -> Refusal | None:
    now = counter.timer()
    while done and done[-1] <= now - counter.duration:
        done.pop()
    if len(done) < counter.num_requests:
        done.insert(0, now)
        return None
    wait = counter.duration - (now - done[-1])
    return Refusal("too_many_requests", "Slow down, please.", wait_seconds=int(wait) + 1)
