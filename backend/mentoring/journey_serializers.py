"""The shapes of journeys: their words by language, as coordinators write them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backend.api import IdField
from backend.mentoring.models import Journey, JourneyStep, Track
from backend.mentoring.models.journeys import LANGUAGES

STEPS_MOST = 40


class ByLanguage(serializers.DictField):
    """Something said in one or more of the languages of the app; in one at least, if it is `needed`."""

    def __init__(self, *, needed: bool = False, **options: Any) -> None:
        self.needed = needed
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        said: dict[str, Any] = super().to_internal_value(data)
        if set(said) - set(LANGUAGES):
            raise serializers.ValidationError(_("Write in English, French, Dutch or German."), code="unknown_language")
        said = {language: words for language, words in said.items() if words}
        if self.needed and not said:
            raise serializers.ValidationError(_("This is still missing."), code="required")
        return said


class ReadingSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)
    url = serializers.URLField(max_length=300)


def _words(most: int, **options: Any) -> ByLanguage:
    return ByLanguage(child=serializers.CharField(max_length=most, allow_blank=True), **options)


class JourneyStepWishSerializer(serializers.Serializer[Any]):
    id = IdField(required=False, allow_null=True)
    week = serializers.IntegerField(min_value=0, max_value=104)
    names = _words(120, needed=True)
    abouts = _words(600, default=dict)
    questions = ByLanguage(
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=12), default=dict
    )
    readings = ByLanguage(child=ReadingSerializer(many=True, max_length=12), default=dict)  # type: ignore[call-arg]


class JourneyWishSerializer(serializers.Serializer[Any]):
    names = _words(120, needed=True)
    leads = _words(300, default=dict)
    steps = JourneyStepWishSerializer(many=True, max_length=STEPS_MOST)  # type: ignore[call-arg]


class JourneyStepSerializer(serializers.ModelSerializer[JourneyStep]):
    names = _words(120)
    abouts = _words(600)
    questions = ByLanguage(child=serializers.ListField(child=serializers.CharField()))
    readings = ByLanguage(child=ReadingSerializer(many=True))

    class Meta:
        model = JourneyStep
        fields = ["id", "week", "names", "abouts", "questions", "readings"]
        read_only_fields = fields


class JourneyMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()


class JourneySerializer(serializers.Serializer[Any]):
    track = serializers.ChoiceField(choices=Track.choices)
    names = _words(120)
    leads = _words(300)
    steps = JourneyStepSerializer(many=True)
    changed_at = serializers.DateTimeField()
    may = JourneyMaySerializer()


def as_told(journey: Journey, *, may_edit: bool) -> dict[str, Any]:
    """What the serializer shows; prefetch `steps` for many."""
    return {
        "track": journey.track,
        "names": journey.names,
        "leads": journey.leads,
        "steps": [step for step in journey.steps.all() if not step.is_retired],
        "changed_at": journey.changed_at,
        "may": {"edit": may_edit},
    }
