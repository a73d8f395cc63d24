"""Notes of my collectives over HTTP."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import IdField, asking
from backend.collectives import notes, rules
from backend.collectives.filters import NoteFilter
from backend.collectives.models import Collective, Note, NoteText
from backend.conversations.text import written
from backend.errors import field_error
from backend.members.serializers import PersonSerializer


class NoteTextSerializer(serializers.ModelSerializer[NoteText]):
    written_by = PersonSerializer(read_only=True, allow_null=True)
    html = serializers.SerializerMethodField(help_text="The text, whose Markdown is shown; harmless.")

    class Meta:
        model = NoteText
        fields = ["version", "text", "html", "written_by", "written_at"]

    def get_html(self, text: NoteText) -> str:
        return written(text.text)


class NoteCardSerializer(serializers.ModelSerializer[Note]):
    class Meta:
        model = Note
        fields = ["id", "collective", "title", "version"]
        read_only_fields = fields


class OurNoteSerializer(NoteCardSerializer):
    """A note with what it says now."""

    newest = serializers.SerializerMethodField()

    class Meta(NoteCardSerializer.Meta):
        fields = [*NoteCardSerializer.Meta.fields, "newest"]
        read_only_fields = fields

    @extend_schema_field(NoteTextSerializer())
    def get_newest(self, note: Note) -> Any:
        return NoteTextSerializer(note.texts.all()[0], context=self.context).data


class BeginNoteSerializer(serializers.Serializer[Any]):
    collective = IdField()
    title = serializers.CharField(max_length=110)
    text = serializers.CharField(max_length=notes.TEXT_MAX, allow_blank=True, default="", trim_whitespace=False)


class WriteNoteSerializer(serializers.Serializer[Any]):
    """`version` is the one that was read."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    title = serializers.CharField(max_length=110)
    text = serializers.CharField(max_length=notes.TEXT_MAX, allow_blank=True, trim_whitespace=False)


class NoteView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Note]):
    """What my collectives have written down."""

    queryset = Note.objects.none()
    serializer_class = OurNoteSerializer
    filterset_class = NoteFilter

    def get_queryset(self) -> QuerySet[Note]:
        mine = {"collective__memberships__member": asking(self.request).pk}
        rows = Note.objects.filter(**mine, collective__memberships__state__in=rules.BELONGING)
        if self.action == "list":
            return rows
        newest = NoteText.objects.filter(version=F("note__version")).select_related("written_by")
        return rows.prefetch_related(Prefetch("texts", newest))

    def get_serializer_class(self) -> Any:
        return NoteCardSerializer if self.action == "list" else OurNoteSerializer

    @extend_schema(request=BeginNoteSerializer, responses={201: OurNoteSerializer})
    def create(self, request: Request) -> Response:
        """Begin a note."""
        wish = self._wish(BeginNoteSerializer)
        inside = {"memberships__member": asking(request), "memberships__state__in": rules.BELONGING}
        collective = Collective.objects.filter(pk=wish.pop("collective"), **inside).first()
        if collective is None:
            raise field_error("collective", "not_found", "This collective does not exist, or not for you.")
        made = notes.begin_note(collective=collective, by=asking(request), at=timezone.now(), **wish)
        return self._answer(made, status=201)

    @extend_schema(request=WriteNoteSerializer, responses=OurNoteSerializer)
    def update(self, request: Request, pk: str) -> Response:
        """Write another version. 409 `note_changed` says what others wrote meanwhile: {version, title, text, written_by}."""
        wish = self._wish(WriteNoteSerializer)
        return self._answer(notes.write_note(note=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(responses=NoteTextSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def versions(self, request: Request, pk: str) -> Response:
        """What it said before, the newest hundred first."""
        texts = NoteText.objects.filter(note=self.get_object()).select_related("written_by").order_by("-version")[:100]
        return Response(NoteTextSerializer(texts, many=True, context=self.get_serializer_context()).data)

    def _wish(self, serializer_class: Any) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data)
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def _answer(self, note: Note, status: int = 200) -> Response:
        """The note as it is now."""
        fresh = self.get_queryset().get(pk=note.pk)
        return Response(OurNoteSerializer(fresh, context=self.get_serializer_context()).data, status=status)
