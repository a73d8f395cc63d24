# ruff: noqa: E402 — models can be imported only once Django is set up.
"""The same application with live rooms as the Channels tutorial builds them: a group per room, a consumer per socket, JSON per socket.

Everything before the fan-out is ours (session, permission, the stored message), so that only the fan-out differs. On stock Daphne:
`python -m daphne tests.bench.peers.stock_channels:application`.
"""

import json
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from asgiref.sync import async_to_sync
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from backend import events
from backend.conversations.models import Room
from backend.conversations.rules import may_read
from realtime import hub


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        room = int(self.scope["url_route"]["kwargs"]["room"])
        if not await database_sync_to_async(may_read)(self.scope["user"], Room(pk=room)):
            await self.close()
            return
        self.group = f"room_{room}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def room_fact(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["fact"]))


def tell_group(topic: events.Topic, fact: events.Fact) -> None:
    if topic[0] == "room":
        layer = get_channel_layer()
        async_to_sync(layer.group_send)(f"room_{topic[1]}", {"type": "room.fact", "fact": fact})


events.forget(hub.announced)
events.listen(tell_group)
sockets = AuthMiddlewareStack(URLRouter([path("ws/<int:room>/", ChatConsumer.as_asgi())]))
application = ProtocolTypeRouter({"http": django, "websocket": sockets})
