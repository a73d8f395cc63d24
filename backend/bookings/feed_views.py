"""Calendars for other programs: their addresses, and what these show."""

import hashlib
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import IdField, asking
from backend.bookings import feeds
from backend.bookings.models import Booking, Feed
from backend.bookings.once import once
from backend.bookings.serializers import BookingCollectiveSerializer
from backend.errors import NotFound

KIND = "text/calendar; charset=utf-8"


class FeedSerializer(serializers.ModelSerializer[Feed]):
    """`address` is secret: who knows it sees the calendar."""

    collective = BookingCollectiveSerializer(read_only=True, allow_null=True)
    resource = BookingCollectiveSerializer(read_only=True, allow_null=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = Feed
        fields = ["id", "collective", "resource", "address", "created_at"]
        read_only_fields = fields

    def get_address(self, feed: Feed) -> str:
        return f"{settings.PUBLIC_URL}/calendar/{feed.token}.ics"


class FeedWishSerializer(serializers.Serializer[Any]):
    """Neither: my own bookings."""

    collective = IdField(allow_null=True, default=None)
    resource = IdField(allow_null=True, default=None)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["collective"] is not None and given["resource"] is not None:
            raise serializers.ValidationError("A calendar is of one thing.", code="one_of_two")
        return given


class FeedView(mixins.ListModelMixin, viewsets.GenericViewSet[Feed]):
    """The addresses of my calendars."""

    queryset = Feed.objects.none()
    serializer_class = FeedSerializer
    pagination_class = None
    filter_backends = []

    def get_queryset(self) -> QuerySet[Feed]:
        mine = Feed.objects.filter(member=asking(self.request), revoked_at__isnull=True)
        return mine.select_related("collective", "resource").order_by("pk")

    @once
    @extend_schema(request=FeedWishSerializer, responses={201: FeedSerializer, 200: FeedSerializer})
    def create(self, request: Request) -> Response:
        """An address for a calendar; the same one until it is revoked."""
        asked = FeedWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        feed, is_new = feeds.open_feed(member=asking(request), at=timezone.now(), **asked.validated_data)
        return Response(self.get_serializer(feed).data, status=201 if is_new else 200)

    @once
    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """The address shows nothing any more."""
        feeds.revoke(feed=self.get_object(), at=timezone.now())
        return Response(status=204)


class BookingIcsView(APIView):
    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.BYTE})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """One booking as a file for a calendar."""
        booking = get_object_or_404(Booking.objects.visible_to(asking(request)).told(), pk=pk)
        answer = HttpResponse(feeds.calendar_of_one(booking), content_type=KIND)
        answer["Content-Disposition"] = f'attachment; filename="booking-{booking.pk}.ics"'
        return answer


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar's address shows; no session is needed, and an unknown one is not told from a revoked one."""
    try:
        written = feeds.calendar_of(token, at=timezone.now())
    except NotFound:
        raise Http404 from None
    etag = f'"{hashlib.sha256(written).hexdigest()[:32]}"'
    fresh = HttpResponse(written, content_type=KIND)
    fresh["ETag"] = etag
    fresh["Cache-Control"] = "private, no-cache"
    fresh["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=fresh) or fresh
