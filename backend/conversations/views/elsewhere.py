"""Messages outside their rooms: what I search for, and where I am mentioned."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking, typed
from backend.conversations.facts import as_facts
from backend.conversations.models import Event, Membership, Mention
from backend.conversations.searching import found
from backend.conversations.serializers import FoundMessageSerializer
from backend.conversations.views.asking import number, start_of_day


class MessageSearchView(viewsets.GenericViewSet[Event]):
    """Messages in my rooms by words, room, author, date and language."""

    queryset = Event.objects.none()
    serializer_class = FoundMessageSerializer
    filter_backends = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="All these words, the last one as a beginning."),
            OpenApiParameter("room", int),
            OpenApiParameter("author", int),
            OpenApiParameter("since", str, description="From this day on (YYYY-MM-DD)."),
            OpenApiParameter("until", str, description="Up to the end of this day (YYYY-MM-DD)."),
            OpenApiParameter("zone", str, description="The time zone of those days; UTC unless told."),
            OpenApiParameter("language", str),
        ],
        responses=FoundMessageSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        asked = request.query_params
        zone = asked.get("zone")
        rows = found(
            asking(request),
            q=typed(request, "q"),
            room=number(asked.get("room"), "room"),
            author=number(asked.get("author"), "author"),
            since=start_of_day(asked.get("since"), "since", zone),
            until=start_of_day(asked.get("until"), "until", zone, days_later=1),
            language=typed(request, "language"),
        )
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(_found(page or []))


class MentionView(viewsets.GenericViewSet[Mention]):
    """Messages that name me, in rooms that I am in."""

    queryset = Mention.objects.none()
    serializer_class = FoundMessageSerializer
    filter_backends = ()

    @extend_schema(responses=FoundMessageSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Newest first."""
        me = asking(request)
        mine = Membership.objects.filter(member=me).values("room")
        rows = Mention.objects.filter(member=me, room__in=mine)
        rows = rows.select_related("message__author", "message__subject", "message__room")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(_found([row.message for row in page or []]))


def _found(events: Iterable[Event]) -> list[dict[str, Any]]:
    rows = list(events)
    return [
        {"room": row.room_id, "room_title": row.room.title, "event": fact}
        for row, fact in zip(rows, as_facts(rows), strict=True)
    ]
