"""The shapes of skills, professions and sectors."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.skills.actions import NAME_MAX_LENGTH
from backend.skills.models import Concept, Family, Profession, Sector, Skill, SkillLink

NEIGHBOURS = 8
KINDS = ["skill", "profession", "sector"]


def reader_language() -> str:
    """The two-letter language of the current reader."""
    return (get_language() or "en")[:2]


def named(concept: Concept) -> dict[str, Any]:
    """The answer of `NamedSerializer`."""
    return {"id": concept.pk, "name": concept.name_in(reader_language())}


class NamedSerializer(serializers.Serializer[Any]):
    """A concept in a few words: its id and its name in the reader's language."""

    id = serializers.IntegerField()
    name = serializers.CharField()

    def to_representation(self, concept: Concept) -> dict[str, Any]:
        return named(concept)


class FamilySerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.SerializerMethodField()

    def get_name(self, family: Family) -> str:
        return family.name_in(reader_language())


class SkillSerializer(serializers.ModelSerializer[Skill]):
    """A skill with its neighbours; `synonyms` in the reader's language."""

    name = serializers.SerializerMethodField()
    family = FamilySerializer(allow_null=True, read_only=True)
    names = serializers.DictField(child=serializers.CharField(), read_only=True)
    synonyms = serializers.SerializerMethodField()
    broader = serializers.SerializerMethodField()
    narrower = serializers.SerializerMethodField()
    near = serializers.SerializerMethodField()
    complements = serializers.SerializerMethodField()

    class Meta:
        model = Skill
        fields = [
            "id", "key", "name", "family", "status", "names", "synonyms", "broader", "narrower", "near", "complements",
            "esco_uri",
        ]  # fmt: skip
        read_only_fields = fields

    def get_name(self, skill: Skill) -> str:
        return skill.name_in(reader_language())

    def get_synonyms(self, skill: Skill) -> list[str]:
        rows = skill.labels.filter(language=reader_language(), is_preferred=False).order_by("pk")
        return list(rows.values_list("text", flat=True))

    @extend_schema_field(NamedSerializer(many=True))
    def get_broader(self, skill: Skill) -> Any:
        return self._named(Skill.objects.filter(links_out__target=skill, links_out__kind=SkillLink.Kind.BROADER))

    @extend_schema_field(NamedSerializer(many=True))
    def get_narrower(self, skill: Skill) -> Any:
        return self._named(Skill.objects.filter(links_in__source=skill, links_in__kind=SkillLink.Kind.BROADER))

    @extend_schema_field(NamedSerializer(many=True))
    def get_near(self, skill: Skill) -> Any:
        """What can stand in for it, the nearest first."""
        links = SkillLink.objects.filter(Q(source=skill) | Q(target=skill), kind=SkillLink.Kind.NEAR)
        linked = {pk for pair in links.values_list("source", "target") for pk in pair} - {skill.pk}
        return self._nearest(
            skill.near_skills.exclude(other__in=linked), Skill.objects.filter(pk__in=linked).order_by("key")
        )

    @extend_schema_field(NamedSerializer(many=True))
    def get_complements(self, skill: Skill) -> Any:
        """What people often offer beside it, the commonest first."""
        return self._nearest(skill.complements.all(), ())

    def _nearest(self, relations: Any, first: Iterable[Skill]) -> Any:
        usable = relations.exclude(other__status=Skill.Status.RETIRED).select_related("other")
        others = [row.other for row in usable.order_by("-percent", "other")[:NEIGHBOURS]]
        return NamedSerializer([*first, *others], many=True).data

    def _named(self, skills: QuerySet[Skill]) -> Any:
        return NamedSerializer(skills.order_by("key"), many=True).data


class SuggestionSerializer(serializers.Serializer[Any]):
    """A concept that fits what was typed; `matched` is the label that was found, when it is not the name shown."""

    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.IntegerField()
    name = serializers.CharField()
    matched = serializers.CharField(allow_null=True)
    matched_language = serializers.CharField(allow_null=True)
    is_proposed = serializers.BooleanField()


class ProposeSkillSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=NAME_MAX_LENGTH)


class SectorSerializer(serializers.ModelSerializer[Sector]):
    name = serializers.SerializerMethodField()

    class Meta:
        model = Sector
        fields = ["id", "key", "name", "nace"]

    def get_name(self, sector: Sector) -> str:
        return sector.name_in(reader_language())


class ProfessionSerializer(serializers.ModelSerializer[Profession]):
    """What people call themselves, with the skills and the sector that usually go with it."""

    name = serializers.SerializerMethodField()
    sector = NamedSerializer(allow_null=True, read_only=True)
    skills = NamedSerializer(many=True, read_only=True)

    class Meta:
        model = Profession
        fields = ["id", "key", "name", "sector", "skills"]

    def get_name(self, profession: Profession) -> str:
        return profession.name_in(reader_language())
