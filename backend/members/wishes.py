"""The shape of what a member may say about themselves. Used by every door that writes a profile."""

import zoneinfo
from functools import cache
from itertools import pairwise
from typing import Any

from babel import Locale
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backend.members.clock import as_minutes
from backend.members.models import Member, Organisation
from backend.members.serializers import TRACKS
from backend.skills.models import Profession, Sector, Skill

WANTS_MAX, OFFERS_MAX, LANGUAGES_MAX, SECTORS_MAX, HOURS_MAX, COUNTRIES_MAX = 3, 30, 12, 5, 42, 12
# What the Unicode lists hold beside real countries and languages: unions, "unknown", "several", pseudo-locales.
NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
NOT_LANGUAGES = frozenset({"und", "mul", "mis", "zxx"})


@cache
def countries() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NOT_COUNTRIES


@cache
def spoken() -> frozenset[str]:
    """ISO 639 codes of languages that people speak."""
    codes = {str(code) for code in Locale("en").languages}
    return frozenset(code for code in codes if len(code) in (2, 3) and code.isalpha()) - NOT_LANGUAGES


@cache
def zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _at_most(count: int) -> dict[str, Any]:
    """Options of a list that may be left out; the stubs do not know that `many` takes a length."""
    return {"many": True, "required": False, "max_length": count}


class SpokenLanguageWishSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=3)
    level = serializers.IntegerField(min_value=1, max_value=7, help_text="1–6 are CEFR A1–C2, 7 is native.")

    def validate_code(self, code: str) -> str:
        if code.lower() not in spoken():
            raise serializers.ValidationError(_("This is not a language that we know."), code="unknown_language")
        return code.lower()


class SkillField(serializers.PrimaryKeyRelatedField[Skill]):
    """A skill by its id. One that was merged stands for the one it was merged into; one that was retired can be kept by
    the `member` of the context who chose it before, and chosen by nobody else.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Skill.objects.select_related("merged_into"), **options)

    def to_internal_value(self, data: Any) -> Skill:
        skill = super().to_internal_value(data)
        if skill.merged_into is not None:
            return skill.merged_into
        if skill.status == Skill.Status.RETIRED and not self._is_kept(skill):
            self.fail("does_not_exist", pk_value=data)
        return skill

    def _is_kept(self, skill: Skill) -> bool:
        member = self.context.get("member")
        if member is None:
            return False
        return member.offers.filter(skill=skill).exists() or member.wants.filter(skill=skill).exists()


class OrganisationField(serializers.PrimaryKeyRelatedField[Organisation]):
    """An organisation that takes new members, or the one that the `member` of the context belongs to already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Organisation.objects.all(), **options)

    def get_queryset(self) -> Any:
        own = getattr(self.context.get("member"), "organisation_id", None)
        return Organisation.objects.filter(Q(is_open=True) | Q(pk=own))


class OfferWishSerializer(serializers.Serializer[Any]):
    skill = SkillField()
    level = serializers.IntegerField(min_value=1, max_value=5, default=3)


class WantWishSerializer(serializers.Serializer[Any]):
    skill = SkillField()
    level_now = serializers.IntegerField(min_value=0, max_value=4, default=0)
    priority = serializers.IntegerField(min_value=1, max_value=3, default=2)


class ClockWishField(serializers.CharField):
    def run_validation(self, data: Any = serializers.empty) -> Any:
        try:
            return as_minutes(super().run_validation(data))
        except ValueError:
            raise serializers.ValidationError(_("Write the time like 09:30."), code="not_a_time") from None


class FreeHoursWishSerializer(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")

    def get_fields(self) -> Any:
        help_text = "HH:MM on the member's clock; 24:00 is the end of the day."
        return super().get_fields() | {
            "from": ClockWishField(source="from_minute", max_length=5, help_text=help_text),
            "until": ClockWishField(source="until_minute", max_length=5, help_text=help_text),
        }

    def validate(self, hours: dict[str, int]) -> dict[str, int]:
        if hours["from_minute"] >= hours["until_minute"]:
            raise serializers.ValidationError(_("Hours end after they begin."), code="ends_before_start")
        return hours


class ProfileWishSerializer(serializers.Serializer[Any]):
    """What a member may say about themselves; lists replace what was there."""

    name = serializers.CharField(max_length=80, min_length=2, required=False)
    organisation = OrganisationField(required=False)
    country = serializers.CharField(max_length=2, required=False)
    city = serializers.CharField(max_length=80, required=False, allow_blank=True)
    timezone = serializers.CharField(max_length=64, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    about = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    profession = serializers.PrimaryKeyRelatedField(queryset=Profession.objects.all(), required=False, allow_null=True)
    sectors = serializers.PrimaryKeyRelatedField(queryset=Sector.objects.all(), many=True, required=False)
    languages = SpokenLanguageWishSerializer(**_at_most(LANGUAGES_MAX))
    offers = OfferWishSerializer(**_at_most(OFFERS_MAX))
    wants = WantWishSerializer(**_at_most(WANTS_MAX))
    free_hours = FreeHoursWishSerializer(**_at_most(HOURS_MAX))
    seen_by = serializers.ChoiceField(choices=Member.SeenBy.choices, required=False)
    seen_abroad = serializers.ChoiceField(choices=Member.SeenAbroad.choices, required=False)
    works_in = serializers.ListField(
        child=serializers.CharField(max_length=2), required=False, max_length=COUNTRIES_MAX,
        help_text="Countries in which the member works beside their own.",
    )  # fmt: skip
    shows_presence = serializers.BooleanField(required=False)
    wishes_abroad = serializers.BooleanField(required=False)
    meets_online = serializers.BooleanField(required=False)
    meets_in_person = serializers.BooleanField(required=False)
    guide_capacity = serializers.IntegerField(min_value=0, max_value=20, required=False)
    guide_paused = serializers.BooleanField(required=False)
    guide_tracks = serializers.ListField(child=serializers.ChoiceField(choices=TRACKS), required=False, max_length=3)

    def validate_country(self, code: str) -> str:
        if code.upper() not in countries():
            raise serializers.ValidationError(_("This is not a country that we know."), code="unknown_country")
        return code.upper()

    def validate_works_in(self, codes: list[str]) -> list[dict[str, str]]:
        return [{"code": self.validate_country(code)} for code in dict.fromkeys(code.upper() for code in codes)]

    def validate_timezone(self, name: str) -> str:
        if name not in zones():
            raise serializers.ValidationError(_("This is not a time zone that we know."), code="unknown_timezone")
        return name

    def validate_sectors(self, sectors: list[Sector]) -> list[Sector]:
        distinct = list(dict.fromkeys(sectors))
        if len(distinct) > SECTORS_MAX:
            raise serializers.ValidationError(_("Choose five sectors at most."), code="too_many_sectors")
        return distinct

    def validate_languages(self, languages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _once(languages, "code")

    def validate_offers(self, offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _once(offers, "skill")

    def validate_wants(self, wants: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _once(wants, "skill")

    def validate_free_hours(self, hours: list[dict[str, int]]) -> list[dict[str, int]]:
        hours = sorted(hours, key=lambda row: (row["weekday"], row["from_minute"]))
        for earlier, later in pairwise(hours):
            if earlier["weekday"] == later["weekday"] and later["from_minute"] < earlier["until_minute"]:
                raise serializers.ValidationError(_("These hours overlap on one day."), code="hours_overlap")
        return hours


def _once(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    if len({row[key] for row in rows}) < len(rows):
        raise serializers.ValidationError(_("Name each one once."), code="named_twice")
    return rows
