"""What every page needs: the reader's language, safe headers, and the prerendered shells of the web app."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.errors import Invalid

LANGUAGES = [code for code, _name in settings.LANGUAGES]
Next = Callable[[HttpRequest], HttpResponseBase]


class MemberLanguage:
    """The language of this request: the `lang` cookie, else Accept-Language, else English."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.LANGUAGE_CODE = get_language_from_request(request)
        with translation.override(request.LANGUAGE_CODE):
            return self.get_response(request)


class SecureHeaders:
    """Headers that every answer carries.

    The shells carry their own `script-src` hashes in a meta element, so the header must not name a stricter one for them; everything else
    (API, admin, media) gets a policy without inline scripts.
    """

    SHELL = "frame-ancestors 'none'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
    REST = f"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; {SHELL}"

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = self.SHELL if getattr(response, "is_shell", False) else self.REST
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(self)")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


@lru_cache(maxsize=256)
def _shell(language: str, path: str) -> Path | None:
    """The prerendered page for this path in this language; the build never changes while a process runs."""
    root: Path = settings.FRONTEND_BUILD.resolve()
    name = path.strip("/") or "index"
    found = (root / f"_{language}" / f"{name}.html").resolve()
    if root not in found.parents or not found.is_file():
        return None
    return found


@require_safe
def app(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The screen at this path in the reader's language, compressed as the browser likes."""
    shell = _shell(request.LANGUAGE_CODE, path)
    if shell is None:
        raise Http404
    response: HttpResponseBase
    for coding, ending in (("br", ".br"), ("gzip", ".gz")):
        packed = shell.with_name(shell.name + ending)
        if coding in request.headers.get("Accept-Encoding", "") and packed.is_file():
            response = FileResponse(packed.open("rb"), content_type="text/html; charset=utf-8")
            response.headers["Content-Encoding"] = coding
            break
    else:
        response = FileResponse(shell.open("rb"), content_type="text/html; charset=utf-8")
    response.headers.pop("Content-Disposition", None)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    response.is_shell = True  # type: ignore[attr-defined]
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """What Django itself refuses: too many parameters, a host that is not ours."""
    if not request.path.startswith("/api/"):
        return HttpResponse(status=400)
    return JsonResponse(Invalid().as_dict(), status=400)


def page_missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: as data where programs ask, otherwise as a short page."""
    if request.path.startswith(("/api/", "/calendar/")):
        return JsonResponse({"code": "not_found", "detail": _("This does not exist, or not for you.")}, status=404)
    words = {
        "title": _("There is nothing here"),
        "detail": _("This does not exist, or not for you."),
        "home": _("Go home"),
    }
    return render(request, "404.html", words | {"language": get_language_from_request(request)}, status=404)
