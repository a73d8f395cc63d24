"""Files of a room: each request for one is asked whether the reader is in the room now."""

from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import Pages
from backend.conversations import actions, rules
from backend.conversations.facts import attachment_fact
from backend.conversations.inputs import UploadSerializer
from backend.conversations.models import Attachment
from backend.conversations.serializers import AttachmentSerializer, RoomFileSerializer
from backend.conversations.views.asking import RoomBase
from backend.errors import NotFound


class FileViews(RoomBase):
    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={200: AttachmentSerializer, 201: AttachmentSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def attachments(self, request: Request, pk: str) -> Response:
        """Upload a picture or a file for a message to come; the same `client_id` again answers 200 with the same file."""
        room, wish = self.get_object(), self.wish(UploadSerializer)
        upload = wish["file"]
        row, is_new = actions.upload(
            room=room,
            by=self.me(),
            client_id=wish["client_id"],
            name=upload.name or "",
            content=upload.file,
            size=upload.size,
            at=timezone.now(),
        )
        return Response(attachment_fact(row), status=201 if is_new else 200)

    @extend_schema(
        parameters=[OpenApiParameter("search", str, description="What the name has in it.")],
        responses=RoomFileSerializer(many=True),
    )
    @action(detail=True, pagination_class=Pages, filter_backends=[])
    def files(self, request: Request, pk: str) -> Response:
        """All that was sent in the room and is there, the newest first."""
        room = self.get_object()
        rows: Any = actions.files_of(room, called=request.query_params.get("search", ""))
        page: Any = self.paginate_queryset(rows)
        context = {**self.get_serializer_context(), "is_moderating": rules.may_moderate(self.me(), room)}
        return self.get_paginated_response(RoomFileSerializer(page, many=True, context=context).data)

    @extend_schema(
        parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH), OpenApiParameter("size", str, enum=["thumb"])],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path=r"attachments/(?P<key>[\w-]{1,32})")
    def attachment(self, request: Request, pk: str, key: str) -> HttpResponseBase:
        """A file, for those in the room. Pictures are shown, everything else is saved."""
        if not pk.isdecimal() or len(pk) > 18:
            raise NotFound
        row = actions.opened(room=int(pk), key=key, viewer=self.me())
        is_image = row.kind == Attachment.Kind.IMAGE
        file = row.thumb if is_image and request.query_params.get("size") == "thumb" else row.file
        try:
            content = file.open("rb")
        except FileNotFoundError as error:
            raise NotFound from error
        response = FileResponse(content, content_type=row.content_type, as_attachment=not is_image, filename=row.name)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    @extend_schema(parameters=[OpenApiParameter("key", str, OpenApiParameter.PATH)], responses={204: None})
    @attachment.mapping.delete
    def remove_attachment(self, request: Request, pk: str, key: str) -> Response:
        """Take a file out of its message: one of mine, or as a steward any. What was said with it stays."""
        actions.remove_file(room=self.get_object(), key=key, by=self.me(), at=timezone.now())
        return Response(status=204)
