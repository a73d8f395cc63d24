"""Labels to print and stick on: a QR code with which one checks in, and its name and code to read."""

from io import BytesIO

import segno
from django.conf import settings
from django.http import HttpResponse
from django.utils.html import escape
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings.models import Resource
from backend.errors import NotAllowed, NotFound

WIDTH = 320
NAME_MOST = 34


class LabelView(APIView):
    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.BYTE})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The label of a thing, for who looks after it."""
        resource = Resource.objects.shown().filter(pk=pk).first()
        if resource is None:
            raise NotFound()
        if not Resource.objects.hosted_by(asking(request)).filter(pk=pk).exists():
            raise NotAllowed()
        answer = HttpResponse(label(resource), content_type="image/svg+xml")
        answer["Content-Disposition"] = f'inline; filename="label-{resource.code}.svg"'
        return answer


def label(resource: Resource) -> str:
    """An SVG picture of WIDTH units: the code on top, name, place and the letters of the code under it."""
    drawn = BytesIO()
    code = segno.make(f"{settings.PUBLIC_URL}/book/use?code={resource.code}", error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, border=2, dark="#000")
    lines = [(resource.name, 20, 700), (resource.place.name, 16, 400), (resource.code.upper(), 18, 700)]
    words = "".join(
        f'<text x="{WIDTH // 2}" y="{WIDTH + 26 * number}" font-size="{size}" font-weight="{weight}" text-anchor="middle"'
        f' font-family="sans-serif">{escape(_short(text))}</text>'
        for number, (text, size, weight) in enumerate(lines, start=1)
    )
    height = WIDTH + 26 * (len(lines) + 1)
    picture = drawn.getvalue().decode().replace("<svg ", f'<svg width="{WIDTH}" height="{WIDTH}" ', 1)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">{picture}{words}</svg>'


def _short(text: str) -> str:
    return text if len(text) <= NAME_MOST else f"{text[: NAME_MOST - 1]}…"
