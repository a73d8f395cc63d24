"""Refusals: each has a stable code that the front end puts into the reader's words, and an HTTP status."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response


class Refusal(Exception):
    """An action says no. `code` is stable and public; `detail` a sentence; `extra` whatever shows the way out."""

    status = 400
    code = "refused"
    detail: Any = _("This is not possible.")

    def __init__(self, code: str = "", detail: Any = "", **extra: Any) -> None:
        self.code = code or self.code
        self.detail = detail or self.detail
        self.extra = extra
        super().__init__(f"{self.code}: {self.detail}")

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "detail": str(self.detail), **self.extra}


class Invalid(Refusal):
    """The wish itself makes no sense. `fields` maps a field to a list of {code, detail}."""

    status = 400
    code = "invalid"
    detail = _("Some of what you sent cannot be used.")


class NotFound(Refusal):
    """It does not exist, or not for this person: the two are never told apart."""

    status = 404
    code = "not_found"
    detail = _("This does not exist, or not for you.")


class NotAllowed(Refusal):
    """The person can see it, but may not do this."""

    status = 403
    code = "not_allowed"
    detail = _("You may not do this.")


class Conflict(Refusal):
    """It was possible a moment ago, or for someone else."""

    status = 409
    code = "conflict"
    detail = _("Something changed in the meantime.")


class TooSoon(Refusal):
    """It will be possible in `wait_seconds`."""

    status = 429
    code = "too_soon"
    detail = _("Wait a moment.")


class Busy(Refusal):
    """Too many write at once; nothing was changed, and the same wish may succeed in a moment."""

    status = 503
    code = "try_again"
    detail = _("Many people are at work right now. Please try again.")


# Serialization failure, deadlock, lock not available: gone when tried again.
PASSING = {"40001", "40P01", "55P03"}
LOCKED_FILE = "database is locked"


def is_passing(error: OperationalError) -> bool:
    """Whether the database could not do it only because somebody else was at work: nothing was changed, it may do it in a moment."""
    return LOCKED_FILE in str(error) or getattr(error.__cause__, "sqlstate", None) in PASSING


def field_error(field: str, code: str, detail: Any) -> Invalid:
    """A refusal about one field of a form."""
    return Invalid(fields={field: [{"code": code, "detail": str(detail)}]})


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error leaves as `{code, detail, …}`; None lets Django answer 500."""
    if isinstance(error, OperationalError) and is_passing(error):
        error = Busy()
    if isinstance(error, Busy):
        return Response(error.as_dict(), status=error.status, headers={"Retry-After": "1"})
    if isinstance(error, RequestDataTooBig):
        error = Invalid("body_too_large", _("That is too much at once."), maximum=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(error, Refusal):
        return Response(error.as_dict(), status=error.status)
    if isinstance(error, Http404):
        return Response(NotFound().as_dict(), status=404)
    if isinstance(error, PermissionDenied):
        return Response(NotAllowed().as_dict(), status=403)
    if isinstance(error, ValidationError):
        return Response(Invalid(detail=" ".join(error.messages)).as_dict(), status=400)
    if isinstance(error, exceptions.ValidationError):
        return Response(Invalid(fields=_flat(error.get_full_details())).as_dict(), status=400)
    if isinstance(error, exceptions.APIException):
        return _api_answer(error)
    return None


def _api_answer(error: exceptions.APIException) -> Response:
    codes = error.get_codes()
    body: dict[str, Any] = {"code": codes if isinstance(codes, str) else "refused", "detail": str(error.detail)}
    headers = {}
    if isinstance(error, exceptions.Throttled):
        body["code"] = "too_many_requests"
        wait: float | None = getattr(error, "wait", None)
        if wait is not None:
            body["wait_seconds"] = int(wait) + 1
            headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        body["code"] = "signed_out"
    return Response(body, status=error.status_code, headers=headers)


def _flat(details: Any, prefix: str = "") -> dict[str, list[dict[str, str]]]:
    """DRF's nested details as {"languages.0.code": [{code, detail}]}; what is about the whole form is under ""."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        return {prefix: [{"code": str(details["code"]), "detail": str(details["message"])}]}
    found: dict[str, list[dict[str, str]]] = {}
    items: list[tuple[str, Any]] = []
    if isinstance(details, dict):
        items = [("" if key == "non_field_errors" else str(key), value) for key, value in details.items()]
    elif isinstance(details, list):
        leaf = all(isinstance(value, dict) and set(value) == {"message", "code"} for value in details)
        items = [("" if leaf else str(number), value) for number, value in enumerate(details)]
    for key, value in items:
        path = ".".join(part for part in (prefix, key) if part)
        for field, errors in _flat(value, path).items():
            found.setdefault(field, []).extend(errors)
    return found


def csrf_failed(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Django's CSRF failure view, in our shape."""
    return JsonResponse({"code": "csrf_failed", "detail": str(_("Reload the page and try again."))}, status=403)
