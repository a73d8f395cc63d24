"""Whether this installation can work: database, channel layer, background worker."""

import datetime as dt
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

LATE = dt.timedelta(minutes=10)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all parts answer, else 503; each part says `ok` or what is wrong."""
    parts = {"database": _database(), "channel_layer": _channel_layer(), "worker": _worker(timezone.now())}
    ok = all(part == "ok" for part in parts.values())
    return JsonResponse({"status": "ok" if ok else "failing", **parts}, status=200 if ok else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # Whatever it is, the answer is the same: it does not work.
        return type(error).__name__
    return "ok"


def _channel_layer() -> str:
    layer: Any = get_channel_layer()

    async def there_and_back() -> str:
        channel = await layer.new_channel()
        await layer.send(channel, {"type": "health"})
        await layer.receive(channel)
        return "ok"

    async def in_time() -> str:
        import asyncio

        return await asyncio.wait_for(there_and_back(), 3)

    try:
        return async_to_sync(in_time)()
    except Exception as error:
        return type(error).__name__


def _worker(at: dt.datetime) -> str:
    """The worker is failing when a task that was due has been waiting for longer than LATE."""
    from django_tasks_db.models import DBTaskResult

    try:
        late = DBTaskResult.objects.ready().filter(enqueued_at__lt=at - LATE).exists()
    except Exception as error:
        return type(error).__name__
    return "late" if late else "ok"
