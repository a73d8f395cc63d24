"""Photos and manuals over HTTP, as files."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import JsonBody, asking
from backend.bookings import manuals, photos
from backend.bookings.hosting import refuse_unless_hosted, refuse_unless_place_hosted
from backend.bookings.hosting_serializers import ArrangePhotosSerializer, HostedPhotoSerializer
from backend.bookings.models import Place, Resource
from backend.bookings.once import once
from backend.errors import NotFound, field_error
from backend.media import clean_photo

WIDE, HIGH = 1200, 800


def _file(name: str, **more: Any) -> dict[str, Any]:
    """A form with one file, as the schema says it."""
    return {
        "multipart/form-data": {"type": "object", "properties": {name: {"type": "string", "format": "binary"}, **more}}
    }


class _OfView(APIView):
    """Of a place or a thing that the asking person looks after."""

    of: str = "resource"

    def _row(self, request: Request, pk: int) -> Place | Resource:
        row: Place | Resource | None
        if self.of == "place":
            refuse_unless_place_hosted(asking(request), pk)
            row = Place.objects.filter(pk=pk).first()
        else:
            refuse_unless_hosted(asking(request), pk)
            row = Resource.objects.filter(pk=pk).first()
        if row is None:
            raise NotFound()
        return row


class PhotoView(_OfView):
    """As a host: the photo that stands for a place or a thing, as a file `photo`."""

    parser_classes = [MultiPartParser]

    @once
    @extend_schema(request=_file("photo"), responses={204: None})
    def put(self, request: Request, pk: int) -> Response:
        row = self._row(request, pk)
        photos.set_main_photo(member=asking(request), of=row, photo=_photo(request))
        return Response(status=204)

    @once
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        photos.set_main_photo(member=asking(request), of=self._row(request, pk), photo=None)
        return Response(status=204)


class PhotosView(_OfView):
    """As a host: further photos, with words and an order."""

    parser_classes = [MultiPartParser, JsonBody]

    @once
    @extend_schema(request=_file("photo", words={"type": "string"}), responses={201: HostedPhotoSerializer})
    def post(self, request: Request, pk: int) -> Response:
        row = self._row(request, pk)
        words = str(request.POST.get("words", ""))
        if len(words) > 200:
            raise field_error("words", "max_length", "200")
        made = photos.add_photo(member=asking(request), of=row, photo=_photo(request), words=words)
        return Response(HostedPhotoSerializer(made).data, status=201)

    @once
    @extend_schema(request=ArrangePhotosSerializer, responses=HostedPhotoSerializer(many=True))
    def put(self, request: Request, pk: int) -> Response:
        row = self._row(request, pk)
        asked = ArrangePhotosSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = [(photo["id"], photo["words"]) for photo in asked.validated_data["photos"]]
        arranged = photos.arrange_photos(member=asking(request), of=row, photos=wanted)
        return Response(HostedPhotoSerializer(arranged, many=True).data)


class HostedManualView(APIView):
    """As a host: the manual as a file `manual`."""

    parser_classes = [MultiPartParser]

    @once
    @extend_schema(request=_file("manual"), responses={204: None})
    def put(self, request: Request, pk: int) -> Response:
        refuse_unless_hosted(asking(request), pk)
        upload = request.FILES.get("manual")
        if upload is None:
            raise field_error("manual", "required", "manual")
        clean = manuals.clean_manual(upload, size=upload.size or 0)
        manuals.set_manual(member=asking(request), resource=Resource.objects.get(pk=pk), manual=clean)
        return Response(status=204)

    @once
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        refuse_unless_hosted(asking(request), pk)
        manuals.set_manual(member=asking(request), resource=Resource.objects.get(pk=pk), manual=None)
        return Response(status=204)


class ManualView(APIView):
    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, (200, "text/plain"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The file of the manual, to be kept: for who has booked the thing, and who looks after it."""
        resource = Resource.objects.select_related("place").filter(pk=pk).first()
        if resource is None or not resource.manual_file or not manuals.may_read_manual(asking(request), resource):
            raise NotFound()
        ending = str(resource.manual_file.name).rpartition(".")[2]
        try:
            opened = resource.manual_file.open()
        except FileNotFoundError as error:
            raise Http404 from error
        kind = manuals.KINDS.get(ending, "application/octet-stream")
        answer = FileResponse(opened, as_attachment=True, filename=f"{resource.name}.{ending}", content_type=kind)
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer


def _photo(request: Request) -> Any:
    upload = request.FILES.get("photo")
    if upload is None:
        raise field_error("photo", "required", "photo")
    return clean_photo(upload, size=upload.size or 0, side=WIDE, height=HIGH)
