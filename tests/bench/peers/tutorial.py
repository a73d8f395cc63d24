# ruff: noqa: E402 — models can be imported only once Django is set up.
"""Rooms as the Channels tutorial builds them, on stock Daphne: a group for each room, a consumer and its JSON for each socket.

`python -m daphne tests.bench.peers.tutorial:application`. With TUTORIAL_STORES=1 members are looked up in their session and in the
room, and each message is inserted by the ORM before it is sent on. With TUTORIAL_POOLS=0 each of these opens a connection to PostgreSQL, as
Django does where no settings say otherwise.
"""

import json
import os
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

if os.environ.get("TUTORIAL_POOLS") == "0":
    settings.DATABASES["default"]["OPTIONS"].pop("pool")

django = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.db import models
from django.urls import path

from backend.conversations.models import Event, Membership

STORES = os.environ.get("TUTORIAL_STORES") == "1"


class Said(models.Model):
    """The one table of the tutorial's chat."""

    room = models.BigIntegerField(db_index=True)
    author = models.BigIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "conversations"
        db_table = "bench_said"


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.room = int(self.scope["url_route"]["kwargs"]["room"])
        self.group = f"chat_{self.room}"
        if STORES:
            self.member = self.scope["user"].pk
            if not await Membership.objects.filter(room=self.room, member=self.member).aexists():
                await self.close()
                return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        asked = parse_qs(self.scope["query_string"].decode())
        if "since" in asked:
            await self.catch_up(int(asked["since"][0]), together=asked["together"] == ["1"])

    async def catch_up(self, since: int, *, together: bool) -> None:
        """What was missed, by a query of this client's own: a frame for each message, or one for all."""
        missed = Event.objects.filter(room=self.room, seq__gt=since).order_by("seq").values("seq", "author", "body")
        rows = [{**each} async for each in missed]
        for words in [rows] if together else rows:
            await self.send(text_data=json.dumps({"message": words}))

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", bytes_data: bytes = b"") -> None:
        message = json.loads(text_data)["message"]
        if STORES:
            await Said._default_manager.acreate(room=self.room, author=self.member, body=message)
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "message": message})

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"message": event["message"]}))


sockets: Any = URLRouter([path("ws/chat/<int:room>/", ChatConsumer.as_asgi())])
application = ProtocolTypeRouter({"http": django, "websocket": AuthMiddlewareStack(sockets) if STORES else sockets})
