"""What a member may say when they call, answer, and come together."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backend.api import IdField
from backend.calls import rules
from backend.calls.models import PEOPLE_MAX, Call
from backend.collectives.models import Collective
from backend.collectives.serializers import CollectiveWriteSerializer
from backend.members.wishes import SkillField, countries, spoken

MESSAGE_MIN_LENGTH = 10


class OwnCollectiveField(serializers.PrimaryKeyRelatedField[Collective]):
    """A collective that I see; whether I may speak for it is for the action to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Collective.objects.none(), required=False, allow_null=True, **options)

    def get_queryset(self) -> Any:
        rows = Collective.objects.visible_to(self.context["request"].user)
        return rows.prefetch_related("memberships")


class SkillWishSerializer(serializers.Serializer[Any]):
    skill = SkillField()
    level = serializers.IntegerField(min_value=1, max_value=5, default=1)
    people = serializers.IntegerField(min_value=1, max_value=PEOPLE_MAX, default=1)


def _codes(most: int, length: int) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=length), max_length=most, required=False)


class EditCallSerializer(serializers.ModelSerializer[Call]):
    """Not to be read as `partial`: that would also let the rows of `skills` leave out what they need."""

    skills = SkillWishSerializer(many=True, min_length=1, max_length=rules.SKILLS_MAX, required=False)  # type: ignore[call-arg]
    languages = _codes(rules.LANGUAGES_MAX, 3)
    countries = _codes(rules.COUNTRIES_MAX, 2)
    title = serializers.CharField(min_length=3, max_length=100, required=False)

    class Meta:
        model = Call
        fields = [
            "title", "text", "offer", "is_remote", "country", "city", "starts_on", "ends_on", "open_until", "skills",
            "languages", "countries",
        ]  # fmt: skip
        extra_kwargs = {"text": {"required": False}, "open_until": {"required": False}}

    def validate_country(self, code: str) -> str:
        return _country(code) if code else ""

    def validate_countries(self, codes: list[str]) -> list[str]:
        return list(dict.fromkeys(_country(code) for code in codes))

    def validate_languages(self, codes: list[str]) -> list[str]:
        if any(code.lower() not in spoken() for code in codes):
            raise serializers.ValidationError(_("This is not a language that we know."), code="unknown_language")
        return list(dict.fromkeys(code.lower() for code in codes))

    def validate_skills(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["skill"].pk for row in rows}) < len(rows):
            raise serializers.ValidationError(_("Name each one once."), code="named_twice")
        return rows


class OpenCallSerializer(EditCallSerializer):
    title = serializers.CharField(min_length=3, max_length=100)
    skills = SkillWishSerializer(many=True, min_length=1, max_length=rules.SKILLS_MAX)  # type: ignore[call-arg]
    collective = OwnCollectiveField(help_text="In whose name I call; null is my own.")

    class Meta(EditCallSerializer.Meta):
        fields = [*EditCallSerializer.Meta.fields, "collective"]
        extra_kwargs = {}


class AnswerCallSerializer(serializers.Serializer[Any]):
    skill = SkillField()
    message = serializers.CharField(min_length=MESSAGE_MIN_LENGTH, max_length=2000)


class WhichAnswerSerializer(serializers.Serializer[Any]):
    answer = IdField()


class GatherSerializer(serializers.Serializer[Any]):
    """Nothing for the collective that calls; else one of mine, or a new one."""

    collective = OwnCollectiveField()
    founding = CollectiveWriteSerializer(required=False)


class WantSuggestionsSerializer(serializers.Serializer[Any]):
    is_wanted = serializers.BooleanField()


def _country(code: str) -> str:
    if code.upper() not in countries():
        raise serializers.ValidationError(_("This is not a country that we know."), code="unknown_country")
    return code.upper()
