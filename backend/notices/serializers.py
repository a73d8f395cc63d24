"""The shape of notices."""

from typing import Any

from rest_framework import serializers

from backend.api import IdField
from backend.notices.models import Notice


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    kind = serializers.ChoiceField(choices=Notice.Kind.choices, read_only=True)
    data = serializers.DictField(  # type: ignore[assignment]  # The name is the API's; the serializer's own `data` is not used.
        read_only=True, help_text="What the sentence of this kind needs: people, ids, times."
    )

    class Meta:
        model = Notice
        fields = ["id", "kind", "data", "created_at", "read_at"]


class NoticesReadSerializer(serializers.Serializer[Any]):
    up_to = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    ids = serializers.ListField(child=IdField(), required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("up_to" in attrs) == ("ids" in attrs):
            raise serializers.ValidationError("Name either up_to or ids.", code="one_of_two")
        return attrs


class UnreadSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField()
