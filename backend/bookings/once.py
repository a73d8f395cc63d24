"""A wish that is sent again because its answer was lost: it is granted once, and answered as the first time.

The answer is written in the transaction that grants the wish (as in draft-ietf-httpapi-idempotency-key-header): either both are there, or
neither. A refusal changes nothing, so it is not kept: the same wish may be granted the next time.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.bookings.fields import idempotency_key
from backend.bookings.models import GivenAnswer
from backend.bookings.once_tasks import forget_answers
from backend.errors import Conflict, Refusal
from backend.patience import patiently

KEPT = dt.timedelta(days=3)
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    description="The same key for three days: the same answer. For another wish: 409 `key_used_otherwise`.",
)
P = ParamSpec("P")
Handler = Callable[Concatenate[Any, Request, P], Response]


class AnsweredMeanwhile(Exception):
    """The same key was at work at the same time, and is done now."""


def once(handler: Handler[P]) -> Handler[P]:
    """For the handler of a request that changes something. What has the header Idempotency-Key is done once for each member and key.

    To be written above all other decorators of the handler.
    """

    @wraps(handler)
    def door(view: Any, request: Request, /, *args: P.args, **named: P.kwargs) -> Response:
        act = partial(handler, view, request, *args, **named)
        key = idempotency_key(request) if request.method not in SAFE_METHODS else None
        if key is None:
            return act()
        asked = what_is_asked(request)
        if (known := _replayed(request, key, asked)) is not None:
            return known
        try:
            outcome = _kept(request, key, asked, act)
        except AnsweredMeanwhile:
            known = _replayed(request, key, asked)
            assert known is not None  # Who was first has committed.
            return known
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    extend_schema(parameters=[KEY], methods=["POST", "PUT", "PATCH", "DELETE"])(door)
    return door


def what_is_asked(request: Request) -> str:
    """A hash of the method, the address and what was sent: the order of its fields and how files are wrapped do not matter."""
    sent: Any = request.data
    if hasattr(sent, "lists"):
        sent = {name: [_told(value) for value in values] for name, values in sent.lists()}
    # Not by orjson: it knows no number beyond 64 bits, and those are for the handler to refuse.
    parts = [force_str(request.method), request.get_full_path(), json.dumps(sent, sort_keys=True)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _told(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


def _replayed(request: Request, key: UUID, asked: str) -> Response | None:
    """The first answer to this wish, if it was granted."""
    known = GivenAnswer.objects.filter(member=asking(request), key=key).first()
    if known is None:
        return None
    if known.asked != asked:
        raise Conflict("key_used_otherwise", _("This key belongs to another wish."))
    return Response(orjson.loads(known.body) if known.body else None, status=known.status)


@patiently
def _kept(request: Request, key: UUID, asked: str, act: Callable[[], Response]) -> Response | Refusal:
    """Do it and keep the answer. A refusal is returned, not raised: what was tidied up on the way to it stays."""
    at = timezone.now()
    is_first = not GivenAnswer.objects.exists()
    answer = GivenAnswer(member=asking(request), key=key, asked=asked, status=0, given_at=at)
    try:
        answer.save(force_insert=True)  # Who has the same key waits here.
    except IntegrityError as taken:
        raise AnsweredMeanwhile from taken
    for upload in request.FILES.values():
        upload.seek(0)  # It was read to its end if this is not the first try.
    try:
        response = act()
    except Refusal as refusal:
        answer.delete()
        return refusal
    if response.data is not None:
        answer.body = orjson.dumps(response.data, default=force_str, option=orjson.OPT_NON_STR_KEYS).decode()
    answer.status = response.status_code
    answer.save(update_fields=["status", "body"])
    if is_first:
        transaction.on_commit(partial(forget_answers.using(run_after=at + KEPT).enqueue))
    return response


def forget(*, at: dt.datetime) -> dt.datetime | None:
    """Drop the answers that have been kept long enough; when to look again, if others are left."""
    GivenAnswer.objects.filter(given_at__lte=at - KEPT).delete()
    oldest = GivenAnswer.objects.order_by("given_at").first()
    return None if oldest is None else max(oldest.given_at + KEPT, at + dt.timedelta(hours=1))
