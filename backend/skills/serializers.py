"""The shapes of skills, professions and sectors."""

from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers

from backend.skills.models import Concept


def reader_language() -> str:
    """The two-letter language of the current reader."""
    return (get_language() or "en")[:2]


class NamedSerializer(serializers.Serializer[Any]):
    """A concept in a few words: its id and its name in the reader's language."""

    id = serializers.IntegerField()
    name = serializers.CharField()

    def to_representation(self, concept: Concept) -> dict[str, Any]:
        return {"id": concept.pk, "name": concept.name_in(reader_language())}
