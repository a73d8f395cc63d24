"""Only our own pages may open the socket: a browser sends its session cookie from any page."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

FORBIDDEN = 4403
Application = Callable[[Any, Any, Any], Awaitable[Any]]


class SameOrigin:
    """Refuses a handshake whose Origin is not the host that it asks for, nor a trusted one.

    Programs that are not browsers send no Origin and carry no one else's cookie: they are let through.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin1")
        host = headers.get(b"host", b"").decode("latin1")
        if not is_known(host) or (origin and not _is_ours(origin, host)):
            await receive()
            return await send({"type": "websocket.close", "code": FORBIDDEN})
        return await self.application(scope, receive, send)


def is_known(host: str) -> bool:
    """Whether we answer to this Host header."""
    return _is_one_of(host, tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=64)
def _is_one_of(host: str, allowed: tuple[str, ...]) -> bool:
    return validate_host(urlsplit(f"//{host}").hostname or "", allowed)


def _is_ours(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    return parts.netloc == host or origin in settings.CSRF_TRUSTED_ORIGINS
