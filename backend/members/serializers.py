"""The shapes of members: in a few words, on a card, as a whole, and as they see themselves."""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members import regions
from backend.members.clock import as_clock
from backend.members.models import Away, Block, FreeHours, Member, Offer, Organisation, SpokenLanguage, Want
from backend.members.regions import Region
from backend.members.towns import Point, Town, distance_km
from backend.skills.serializers import NamedSerializer, named, reader_language

TRACKS = ["social", "economic", "cooperative"]
CARD_OFFERS = 6


def as_near(point: Point) -> str:
    """A point as the filter `near` takes it."""
    return f"{point.latitude},{point.longitude}"


class PersonSerializer(serializers.ModelSerializer[Member]):
    """A member in a few words, wherever one is named."""

    photo = serializers.SerializerMethodField()
    city = serializers.SerializerMethodField(help_text="Empty where the member does not tell it in other countries.")

    class Meta:
        model = Member
        fields = ["id", "name", "photo", "country", "city"]
        read_only_fields = fields

    def get_city(self, member: Member) -> str:
        return member.city if self.tells(member) else ""

    def tells(self, member: Member) -> bool:
        """Whether the person asking, if it is known who that is, reads all that this member tells."""
        if self._reader is None:
            return member.seen_abroad == Member.SeenAbroad.EVERYTHING
        return member.tells(self._reader)

    @cached_property
    def _reader(self) -> Member | None:
        """Kept for all the members of a page: a request takes longer to say who asks than the rest of the answer."""
        request = self.context.get("request")
        return request.user if request is not None and request.user.is_authenticated else None

    def get_photo(self, member: Member) -> str | None:
        return member.photo.url if member.photo else None


class RegionSerializer(serializers.Serializer[Any]):
    """A region by its ISO 3166-2 code, with its name in the reader's language."""

    code = serializers.CharField()
    name = serializers.CharField()

    def to_representation(self, region: Region) -> dict[str, str]:
        return {"code": region.code, "name": region.name_in(reader_language())}


class PlacedPersonSerializer(PersonSerializer):
    """A member with the region of their town."""

    region = serializers.SerializerMethodField(help_text="Null where the town is not told or not known.")

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "region"]
        read_only_fields = fields

    @extend_schema_field(RegionSerializer(allow_null=True))
    def get_region(self, member: Member) -> Any:
        found = regions.region(member.region) if self.tells(member) else None
        return None if found is None else RegionSerializer(found).data


class VisibleMemberField(serializers.PrimaryKeyRelatedField[Member]):
    """Names another member. Someone who may not be seen does not exist: the answer is that for a number nobody has."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Member.objects.none(), **options)

    def get_queryset(self) -> Any:
        return Member.objects.visible_to(self.context["request"].user)


class BlockWishSerializer(serializers.Serializer[Any]):
    member = VisibleMemberField()


class BlockSerializer(serializers.ModelSerializer[Block]):
    member = PersonSerializer(source="whom", read_only=True)

    class Meta:
        model = Block
        fields = ["member", "created_at"]


class AwaySerializer(serializers.ModelSerializer[Away]):
    """Days on which I cannot meet, the last one included."""

    class Meta:
        model = Away
        fields = ["id", "first_day", "last_day"]


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields = ["id", "name", "slug", "country", "timezone", "is_open"]
        read_only_fields = fields


def spoken(language: SpokenLanguage) -> dict[str, Any]:
    return {"code": language.code, "level": language.level}


def offered(offer: Offer) -> dict[str, Any]:
    return {"skill": named(offer.skill), "level": offer.level}


class SpokenLanguageSerializer(serializers.ModelSerializer[SpokenLanguage]):
    class Meta:
        model = SpokenLanguage
        fields = ["code", "level"]

    def to_representation(self, language: SpokenLanguage) -> dict[str, Any]:
        return spoken(language)


class OfferSerializer(serializers.ModelSerializer[Offer]):
    skill = NamedSerializer()

    class Meta:
        model = Offer
        fields = ["skill", "level"]
        read_only_fields = fields

    def to_representation(self, offer: Offer) -> dict[str, Any]:
        return offered(offer)


class WantSerializer(serializers.ModelSerializer[Want]):
    skill = NamedSerializer()

    class Meta:
        model = Want
        fields = ["skill", "level_now", "priority"]
        read_only_fields = fields


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "example": "09:30"})
class ClockField(serializers.Field[Any, Any, Any, Any]):
    """Minutes of a day as `HH:MM`; `24:00` is its end."""

    def to_representation(self, minutes: int) -> str:
        return as_clock(minutes)


class FreeHoursSerializer(serializers.ModelSerializer[FreeHours]):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")

    class Meta:
        model = FreeHours
        fields = ["weekday", "from", "until"]

    def get_fields(self) -> Any:
        return {
            "weekday": serializers.IntegerField(help_text="0 is Monday."),
            "from": ClockField(source="from_minute"),
            "until": ClockField(source="until_minute"),
        }


def _works_in() -> Any:
    """Countries in which a member works beside their own, by code."""
    return serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)


def listed(name: str, rows: Any) -> Prefetch:
    """These rows of each member, as a plain list beside them: for the hundreds of rows of a page managers would take longer than the database."""
    return Prefetch(name, rows, to_attr=f"listed_{name}")


def _listed(member: Member, name: str) -> Any:
    """What `listed` read; where nobody did, what the relation says."""
    rows = getattr(member, f"listed_{name}", None)
    return getattr(member, name).all() if rows is None else rows


class MemberCardSerializer(PlacedPersonSerializer):
    """A member in a list of people."""

    organisation = OrganisationSerializer(read_only=True)
    profession = NamedSerializer(allow_null=True, read_only=True)
    sectors = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    offers = serializers.SerializerMethodField()
    is_guide = serializers.BooleanField(read_only=True)
    guide_tracks = serializers.ListField(child=serializers.ChoiceField(choices=TRACKS), read_only=True)
    distance_km = serializers.SerializerMethodField(help_text="From where was looked around; null otherwise.")

    class Meta(PlacedPersonSerializer.Meta):
        fields = [
            *PlacedPersonSerializer.Meta.fields, "organisation", "profession", "sectors", "languages", "offers", "is_guide",
            "guide_tracks", "distance_km",
        ]  # fmt: skip
        read_only_fields = fields

    def get_distance_km(self, member: Member) -> int | None:
        middle: Point | None = self.context.get("middle")
        there = member.point if middle is not None and self.tells(member) else None
        return None if middle is None or there is None else round(distance_km(middle, there))

    @extend_schema_field(NamedSerializer(many=True))
    def get_sectors(self, member: Member) -> Any:
        return [named(sector) for sector in _listed(member, "sectors")]

    @extend_schema_field(SpokenLanguageSerializer(many=True))
    def get_languages(self, member: Member) -> Any:
        return [spoken(language) for language in _listed(member, "languages")]

    @extend_schema_field(OfferSerializer(many=True))
    def get_offers(self, member: Member) -> Any:
        return [offered(offer) for offer in _listed(member, "offers")[:CARD_OFFERS]]


class MemberMaySerializer(serializers.Serializer[Any]):
    ask = serializers.BooleanField(help_text="Ask this person to guide me.")
    message = serializers.BooleanField()


class MemberProfileSerializer(MemberCardSerializer):
    """A member as others see them. Never the e-mail address."""

    offers = OfferSerializer(many=True, read_only=True)  # type: ignore[assignment]  # All of them, not the first few.
    wants = WantSerializer(many=True, read_only=True)
    about = serializers.SerializerMethodField()
    works_in = _works_in()
    free_hours = serializers.SerializerMethodField()
    timezone = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta(MemberCardSerializer.Meta):
        fields = [
            *MemberCardSerializer.Meta.fields, "works_in", "about", "wants", "free_hours", "timezone", "joined_at", "meets_online",
            "meets_in_person", "wishes_abroad", "may",
        ]  # fmt: skip
        read_only_fields = fields

    def get_about(self, member: Member) -> str:
        return member.about if self.tells(member) else ""

    @extend_schema_field(FreeHoursSerializer(many=True))
    def get_free_hours(self, member: Member) -> Any:
        return FreeHoursSerializer(member.free_hours.all() if self.tells(member) else (), many=True).data

    def get_timezone(self, member: Member) -> str:
        return member.timezone if self.tells(member) else ""

    @extend_schema_field(MemberMaySerializer())
    def get_may(self, member: Member) -> dict[str, bool]:
        other = member.pk != self.context["request"].user.pk
        return {"ask": other and member.is_guide, "message": other}


class MeSerializer(PlacedPersonSerializer):
    """Everything that I told about myself."""

    organisation = OrganisationSerializer(allow_null=True, read_only=True)
    profession = NamedSerializer(allow_null=True, read_only=True)
    sectors = NamedSerializer(many=True, read_only=True)
    languages = SpokenLanguageSerializer(many=True, read_only=True)
    offers = OfferSerializer(many=True, read_only=True)
    wants = WantSerializer(many=True, read_only=True)
    free_hours = FreeHoursSerializer(many=True, read_only=True)
    guide_tracks = serializers.ListField(child=serializers.ChoiceField(choices=TRACKS), read_only=True)
    works_in = _works_in()
    is_onboarded = serializers.BooleanField(read_only=True)
    point = serializers.SerializerMethodField(
        help_text="Where my town is, as `near` takes it; null when we do not know."
    )

    class Meta(PlacedPersonSerializer.Meta):
        fields = [
            *PlacedPersonSerializer.Meta.fields, "email", "organisation", "timezone", "language", "about", "profession",
            "sectors", "languages", "offers", "wants", "works_in", "free_hours", "seen_by", "seen_abroad", "point", "shows_presence", "wishes_abroad",
            "meets_online", "meets_in_person", "guide_capacity", "guide_paused", "guide_tracks", "is_onboarded", "is_staff",
        ]  # fmt: skip
        read_only_fields = fields

    def get_point(self, member: Member) -> str | None:
        return None if member.point is None else as_near(member.point)


class TownSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    country = serializers.CharField()
    point = serializers.SerializerMethodField(help_text="As `near` takes it: 50.85,4.35.")

    def get_point(self, town: Town) -> str:
        return as_near(town.point)


class PeopleThereSerializer(serializers.Serializer[Any]):
    """How many members live in a town."""

    name = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    point = serializers.CharField(help_text="As `near` takes it: 50.85,4.35.")
    count = serializers.IntegerField()


class MapSerializer(serializers.Serializer[Any]):
    """Where the members found live; those whose town is not told, or not known, are counted only."""

    towns = PeopleThereSerializer(many=True)
    elsewhere = serializers.IntegerField()


class PhotoSerializer(serializers.Serializer[Any]):
    photo = serializers.FileField(help_text="JPEG, PNG, WebP or GIF of at most 8 MB.")


class SessionSerializer(serializers.Serializer[Any]):
    me = MeSerializer(allow_null=True)
