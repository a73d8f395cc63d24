"""What every HTTP view shares: who is asking, how fast, in which pages, in which shape."""

from __future__ import annotations

import json
import math
import re
from typing import IO, TYPE_CHECKING, Any

import django_filters
import orjson
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import ScopedRateThrottle, UserRateThrottle
from rest_framework.utils.json import loads

from backend.errors import NotAllowed, field_error

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from backend.members.models import Member


DEEPEST = 32
HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class MemberSession(SessionAuthentication):
    """The session cookie with CSRF; answers 401, not 403, to someone who is signed out."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refused:
            raise NotAllowed("csrf_failed", _("Reload the page and try again.")) from refused


class IsSignedIn(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class IsOnboarded(IsSignedIn):
    """Members who have introduced themselves. Others may only see and complete their own profile."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        if not asking(request).is_onboarded:
            raise NotAllowed("not_onboarded", "Introduce yourself first.")
        return True


class JsonBody(JSONParser):
    """JSON in UTF-8, DEEPEST levels deep at most, and of numbers that are finite (1e400 is not).

    Half a character of UTF-16, which JSON can write, can be neither stored nor sent back: it is refused as what is no JSON.
    """

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read()
        try:
            given = loads(raw.decode("utf-8"), parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        # Few bodies need a closer look.
        if raw.count(b"[") + raw.count(b"{") > DEEPEST and _is_deep(given):
            raise ParseError
        if HALF_A_CHARACTER.search(raw) and not _is_text(given):
            raise ParseError
        return given


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(f"{written} is too large")
    return number


def _is_deep(given: Any) -> bool:
    level = [given]
    for _depth in range(DEEPEST):
        inside = [list(one.values()) if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [value for values in inside for value in values]
    return bool(level)


def _is_text(given: Any) -> bool:
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class Json(JSONRenderer):
    """JSON by orjson."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=force_str, option=orjson.OPT_NON_STR_KEYS)


class Pages(CursorPagination):
    """Pages by cursor, newest first: stable while rows are added. `?page_size=` up to 100."""

    ordering: str | tuple[str, ...] = "-id"  # type: ignore[assignment]
    page_size_query_param = "page_size"
    max_page_size = 100


class Forgiving:
    """A throttle that lets through while its counters are away: a cache that fails takes nobody's voice."""

    def allow_request(self, request: Any, view: Any) -> bool:
        try:
            return bool(super().allow_request(request, view))  # type: ignore[misc]
        except RedisError:
            return True


class Throttle(Forgiving, UserRateThrottle):
    scope = "member"


class ScopedThrottle(Forgiving, ScopedRateThrottle):
    """Counts only what changes something: reading a list of requests is not asking for one."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        return bool(super().allow_request(request, view))


WHOLE: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1}
"""From 1 to the most that a column holds."""


class IdField(serializers.IntegerField):
    """The number by which a row is known; what no database keeps is refused, not asked of it."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**WHOLE, **named)


class WholeFilter(django_filters.NumberFilter):
    """The same for what a list is narrowed by."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(**WHOLE | options)


def typed(request: Request, name: str) -> str:
    """What this parameter of the address says, empty where it says nothing. A NUL is refused: PostgreSQL keeps none."""
    words = request.query_params.get(name, "")
    if "\0" in words:
        raise field_error(name, "null_characters_not_allowed", ProhibitNullCharactersValidator.message)
    return words


def asking(request: Request) -> Member:
    """The signed-in member who asks."""
    member = request.user
    assert member.is_authenticated  # The permission classes see to it.
    return member
