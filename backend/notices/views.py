"""My notices."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.notices import actions
from backend.notices.filters import NoticeFilter
from backend.notices.models import Notice
from backend.notices.serializers import NoticeSerializer, NoticesReadSerializer, UnreadSerializer


class NoticeView(mixins.ListModelMixin, viewsets.GenericViewSet[Notice]):
    """What I have been told, newest first."""

    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.filter(member=asking(self.request).pk)

    @extend_schema(request=NoticesReadSerializer, responses=UnreadSerializer)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def read(self, request: Request) -> Response:
        """Mark notices as read: those named, or all up to an id."""
        wish = NoticesReadSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response({"unread": actions.mark_read(member=asking(request), at=timezone.now(), **wish.validated_data)})

    @extend_schema(responses=UnreadSerializer)
    @action(detail=False, filterset_class=None, pagination_class=None)
    def unread(self, request: Request) -> Response:
        """How many notices I have not read."""
        return Response({"unread": actions.unread(member=asking(request))})
