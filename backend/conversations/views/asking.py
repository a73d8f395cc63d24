"""What the views of rooms share: the room that is asked for, the wish, numbers and dates in the address."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from backend.api import asking
from backend.conversations.facts import current
from backend.conversations.listing import furnished, rooms_of
from backend.conversations.models import Event, Room
from backend.conversations.serializers import RoomDetailSerializer, RoomSerializer
from backend.errors import NotFound, field_error
from backend.members.models import Member

SEQ = OpenApiParameter("seq", int, OpenApiParameter.PATH)
SEQ_PATH = r"messages/(?P<seq>[0-9]{1,18})"
TOPIC = OpenApiParameter("topic", int, OpenApiParameter.PATH)
MEMBER = OpenApiParameter("member", int, OpenApiParameter.PATH)


class RoomBase(viewsets.GenericViewSet[Room]):
    """Only rooms that I am in exist."""

    queryset = Room.objects.none()
    serializer_class = RoomSerializer
    pagination_class: Any = None

    def get_queryset(self) -> QuerySet[Room]:
        return rooms_of(asking(self.request))

    def me(self) -> Member:
        return asking(self.request)

    def room_answer(self, room: Room, status: int = 200) -> Response:
        """The room as I see it now; 404 when I am no longer in it."""
        mine = furnished(self.get_queryset().filter(pk=room.pk), self.me())
        if not mine:
            raise NotFound
        return Response(RoomDetailSerializer(mine[0], context=self.get_serializer_context()).data, status=status)

    def message(self, room: Room, seq: str) -> Event:
        rows = Event.objects.filter(room=room, seq=int(seq), kind=Event.Kind.MESSAGE)
        found = rows.select_related("author", "subject", "room").first()
        if found is None:
            raise NotFound
        return found

    def message_answer(self, room: Room, seq: str) -> Response:
        return Response(current(self.message(room, seq)))

    def wish(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data, context=self.get_serializer_context())
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def number(self, name: str) -> int | None:
        return number(self.request.query_params.get(name), name)

    def someone(self, pk: str) -> Member:
        found = Member.objects.filter(pk=int(pk)).first()
        if found is None:
            raise NotFound
        return found


def number(text: str | None, name: str) -> int | None:
    """A whole number from the address; refuses anything else as an error of this field."""
    if text is None or text == "":
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 18:
        raise field_error(name, "invalid", _("This is not a whole number."))
    return int(text)


def start_of_day(text: str | None, name: str, zone: str | None, *, days_later: int = 0) -> dt.datetime | None:
    """When that day begins in that zone (UTC unless told); None for none; refuses what is no date or no zone."""
    if not text:
        return None
    try:
        date = dt.date.fromisoformat(text) + dt.timedelta(days=days_later)
        place = zoneinfo.ZoneInfo(zone or "UTC")
        return dt.datetime.combine(date, dt.time(), place).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise field_error(name, "invalid", _("This is not a date.")) from error
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:
        raise field_error("zone", "invalid", _("This is not a time zone.")) from error
