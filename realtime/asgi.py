"""The ASGI application: HTTP by Django, the socket and the waiting requests by this package."""

import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup(set_prefix=False)

from realtime import hub, poll  # noqa: E402
from realtime.desks import Desks  # noqa: E402
from realtime.origin import SameOrigin  # noqa: E402
from realtime.socket import Socket  # noqa: E402

PATH = "/ws/"
desks = Desks()


async def http(scope: Any, receive: Any, send: Any) -> None:
    """Django, in a process whose facts leave through the hub from the first request on."""
    hub.here()
    await (poll.live if scope["path"] == poll.PATH else desks)(scope, receive, send)


async def socket(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] != PATH:
        await receive()
        await send({"type": "websocket.close"})
        return
    await Socket()(scope, receive, send)


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    """Servers that tell of their end (uvicorn, granian; Daphne does not) let browsers be asked to come back."""
    while True:
        event = (await receive())["type"]
        if event == "lifespan.shutdown":
            await hub.close_all()
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return


application = ProtocolTypeRouter({"http": http, "websocket": SameOrigin(socket), "lifespan": lifespan})
