"""Giving and receiving over HTTP, and certificates of it: asked for signed in, checked by anyone who knows the number."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.members.models import Member
from backend.mentoring import giving
from backend.mentoring.giving_serializers import (
    CertificateSerializer,
    GivingSerializer,
    MyGivingSerializer,
    TellGivingSerializer,
)
from backend.mentoring.models import Certificate
from backend.mentoring.views import Wishing


class GivingView(Wishing, APIView):
    @extend_schema(operation_id="my_giving", responses=MyGivingSerializer)
    def get(self, request: Request) -> Response:
        """What I give and receive. Others see nothing of it unless I show it."""
        return self._answer(asking(request))

    @extend_schema(operation_id="tell_giving", request=TellGivingSerializer, responses=MyGivingSerializer)
    def put(self, request: Request) -> Response:
        """Say what I pass on, and whether others see it."""
        giving.tell(member=asking(request), **self.wish(TellGivingSerializer))
        return self._answer(asking(request))

    def _answer(self, me: Member) -> Response:
        mine = me.certificates.filter(withdrawn_at__isnull=True).order_by("-pk")
        return Response(MyGivingSerializer(_shown(me) | {"certificates": mine}).data)


class TheirGivingView(APIView):
    @extend_schema(operation_id="member_giving", responses={200: GivingSerializer, 204: None})
    def get(self, request: Request, member: int) -> Response:
        """What somebody gives and receives; nothing (204) unless they show it."""
        person = get_object_or_404(Member.objects.visible_to(asking(request)), pk=member)
        shown = _shown(person)
        if not shown["is_shown"]:
            return Response(status=204)
        return Response(GivingSerializer(shown).data)


class CertificatesView(APIView):
    @extend_schema(
        operation_id="certify", request=None, responses={200: CertificateSerializer, 201: CertificateSerializer}
    )
    def post(self, request: Request) -> Response:
        """A certificate of the guidance that I gave up to now; the same one as long as there is nothing new."""
        made, is_new = giving.certify(member=asking(request), at=timezone.now())
        return Response(CertificateSerializer(made).data, status=201 if is_new else 200)


class CertificateView(APIView):
    @extend_schema(operation_id="withdraw_certificate", responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """From now on its number tells nothing."""
        giving.withdraw(number=number, by=asking(request), at=timezone.now())
        return Response(status=204)


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate of this number, to be printed or checked by anyone, without signing in; in the `language` asked for, or the reader's."""
    found = giving.written(number)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else getattr(request, "LANGUAGE_CODE", "en")
    with override(language):
        words = _paper(found) if found else {"title": _("There is no certificate with this number")}
        page = {"language": language, "languages": settings.LANGUAGES, "home": _("Go home"), "found": found} | words
        return render(request, "certificate.html", page, status=200 if found else 404)


def _shown(member: Member) -> dict[str, Any]:
    at = timezone.now()
    said = giving.of(member)
    return {
        "given": giving.given(member, at=at),
        "received": giving.received(member, at=at),
        "circles": giving.in_circles(member, at=at),
        "passed_on": giving.passed_on(member),
        "passes_on": said.passes_on,
        "is_shown": said.is_shown,
    }


def _paper(found: Certificate) -> dict[str, Any]:
    """The certificate in words."""
    tracks = {
        "social": _("life as a worker"),
        "economic": _("running an activity"),
        "cooperative": _("being a co-owner"),
    }
    people = ngettext("%(count)s member", "%(count)s members", found.people) % {"count": found.people}
    talks = ngettext("%(count)s talk", "%(count)s talks", found.talks) % {"count": found.talks}
    period = {"since": _day(found.since), "until": _day(found.until)}
    hours = _("%(hours)s h %(minutes)s min") % {"hours": found.minutes // 60, "minutes": f"{found.minutes % 60:02}"}
    return {
        "title": _("Certificate of guidance given"),
        "lead": _("This is to certify that"),
        "said": _("has guided other members of the cooperative:"),
        "facts": [
            (_("Guided"), people),
            (_("Talks"), talks),
            (_("Time given"), hours),
            (_("When"), _("%(since)s to %(until)s") % period),
            (_("Issued on"), _day(found.issued_at.date())),
            (_("About"), ", ".join(tracks[track] for track in found.tracks if track in tracks)),
        ],
        "number": _("Number"),
        "print": _("Print this page from the menu of your browser, or save it there as a PDF."),
        "check": _("Anyone who has this number can read this certificate here:"),
    }


def _day(day: dt.date) -> str:
    """As the reader's language writes it; in English as in Europe, where the day comes first."""
    return date_format(day, "j F Y") if get_language() == "en" else date_format(day)
