"""Where a rule, or the hours of a thing, were decided, as one person is told it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.bookings.models import Resource
from backend.collectives.models import Collective


class DecidedRuleSerializer(serializers.Serializer[Any]):
    """Where a rule was decided. `id` is the proposal, told to members of the collective; its name, to those who may know that it exists."""

    id = serializers.IntegerField(allow_null=True)
    collective = serializers.CharField(allow_null=True)
    on = serializers.DateTimeField(allow_null=True)


@extend_schema_field(DecidedRuleSerializer(allow_null=True))
class HoursDecisionField(serializers.Field):  # type: ignore[type-arg]
    """Of a thing whose hours its collective decided; null where a host set them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, value: Resource) -> Any:
        if value.hours_decision is None:
            return None
        viewer = self.context["request"].user
        by = Collective.objects.filter(pk=value.hours_decided_by_id or 0)
        told = {
            "id": value.hours_decision if by.of(viewer).exists() else None,
            "collective": by.visible_to(viewer).values_list("name", flat=True).first(),
            "on": value.hours_decided_at,
        }
        return DecidedRuleSerializer(told).data
