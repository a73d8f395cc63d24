"""The shapes of what a host looks after: rules, hours, facts, inductions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.bookings import terms
from backend.bookings.blackout_serializers import MentionedSerializer
from backend.bookings.decided_serializers import DecidedRuleSerializer
from backend.bookings.fields import MomentField
from backend.bookings.models import (
    Booking,
    Exemption,
    Feature,
    Induction,
    InductionGrant,
    InductionSession,
    Opening,
    OpeningException,
    Photo,
    Place,
    Resource,
    Rule,
    Unit,
)
from backend.bookings.serializers import PhotoField


class HostedResourceSerializer(serializers.ModelSerializer[Resource]):
    place = MentionedSerializer()

    class Meta:
        model = Resource
        fields = ["id", "name", "kind", "capacity", "is_composed", "is_active", "place"]


class HostingSerializer(serializers.Serializer[Any]):
    places = MentionedSerializer(many=True)
    resources = HostedResourceSerializer(many=True)
    organisations = MentionedSerializer(many=True)
    shared_at = MentionedSerializer(many=True)


class RuleMaySerializer(serializers.Serializer[Any]):
    change = serializers.BooleanField()


class RuleSerializer(serializers.ModelSerializer[Rule]):
    """A rule and where it comes from. `counts`: false where a nearer rule of its kind goes before it."""

    comes_from = serializers.SerializerMethodField()
    terms = serializers.DictField()
    message = serializers.DictField(child=serializers.CharField())
    decision = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta:
        model = Rule
        fields = [
            "id",
            "what",
            "terms",
            "message",
            "kind",
            "comes_from",
            "resource",
            "place",
            "organisation",
            "position",
            "decision",
            "counts",
            "may",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=["resource", "place", "organisation"]))
    def get_comes_from(self, rule: Rule) -> str:
        return "resource" if rule.resource_id else "place" if rule.place_id else "organisation"

    @extend_schema_field(DecidedRuleSerializer(allow_null=True))
    def get_decision(self, rule: Rule) -> Any:
        if rule.decision is None:
            return None
        is_inside = rule.decided_by_id in self.context["inside"]
        name = self.context["deciding"].get(rule.decided_by_id)
        told = {"id": rule.decision if is_inside else None, "collective": name, "on": rule.decided_at}
        return DecidedRuleSerializer(told).data

    def get_counts(self, rule: Rule) -> bool:
        counting: set[int] | None = self.context.get("counting")
        return counting is None or rule.pk in counting

    @extend_schema_field(RuleMaySerializer())
    def get_may(self, rule: Rule) -> dict[str, bool]:
        return {"change": rule.pk in self.context.get("settable", ())}


class AddRuleSerializer(serializers.Serializer[Any]):
    """One of `resource`, `place` and `organisation`. What `terms` hold depends on `what`."""

    resource = IdField(required=False)
    place = IdField(required=False)
    organisation = IdField(required=False)
    kind = serializers.ChoiceField(choices=Resource.Kind.choices, allow_blank=True, default="")
    what = serializers.ChoiceField(choices=sorted(terms.TERMS))
    terms = serializers.DictField()
    message = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)
    position = serializers.IntegerField(min_value=0, max_value=1000, default=0)


class ChangeRuleSerializer(serializers.Serializer[Any]):
    terms = serializers.DictField(required=False)
    message = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False)


class ExemptionSerializer(serializers.ModelSerializer[Exemption]):
    member = MentionedSerializer(allow_null=True)
    collective = MentionedSerializer(allow_null=True)

    class Meta:
        model = Exemption
        fields = ["id", "rule", "member", "collective", "until", "reason"]


class LetOffSerializer(serializers.Serializer[Any]):
    """One of `member` and `collective`."""

    rule = IdField()
    member = IdField(required=False)
    collective = IdField(required=False)
    until = serializers.DateTimeField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class OpeningSerializer(serializers.ModelSerializer[Opening]):
    class Meta:
        model = Opening
        fields = ["weekday", "opens_minute", "closes_minute"]


class ExceptionSerializer(serializers.ModelSerializer[OpeningException]):
    class Meta:
        model = OpeningException
        fields = ["id", "first_day", "last_day", "opens_minute", "closes_minute", "reason"]


class HoursSerializer(serializers.Serializer[Any]):
    """The usual week on the clock of the place; no row at all: open day and night."""

    week = OpeningSerializer(many=True)
    closed_on_holidays = serializers.BooleanField(required=False)


class ToldHoursSerializer(HoursSerializer):
    exceptions = ExceptionSerializer(many=True)
    timezone = serializers.CharField()


class ChangePlaceSerializer(serializers.ModelSerializer[Place]):
    class Meta:
        model = Place
        fields = ["name", "description", "address", "city", "region", "latitude", "longitude", "house_rules"]


class HostedPhotoSerializer(serializers.ModelSerializer[Photo]):
    image = PhotoField()

    class Meta:
        model = Photo
        fields = ["id", "image", "words"]


class ArrangedPhotoSerializer(serializers.Serializer[Any]):
    id = IdField()
    words = serializers.CharField(max_length=200, allow_blank=True, default="")


class ArrangePhotosSerializer(serializers.Serializer[Any]):
    """All photos that stay, in their order."""

    photos = ArrangedPhotoSerializer(many=True)


class HostsSerializer(serializers.Serializer[Any]):
    members = serializers.ListField(child=IdField(), max_length=200)


class HostedPlaceSerializer(serializers.ModelSerializer[Place]):
    """Everything about a place that its hosts set."""

    organisation = MentionedSerializer()
    hosts = serializers.SerializerMethodField()
    photo = PhotoField()
    photos = HostedPhotoSerializer(many=True)

    class Meta:
        model = Place
        fields = [
            "id", *ChangePlaceSerializer.Meta.fields, "country", "timezone", "closed_on_holidays", "organisation", "hosts", "photo",
            "photos",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(MentionedSerializer(many=True))
    def get_hosts(self, place: Place) -> Any:
        return list(place.hosts.filter(is_active=True).order_by("name", "pk").values("id", "name"))


class ChangeResourceSerializer(serializers.ModelSerializer[Resource]):
    """`owner_member` and `owner_collective`: one of them at most; none is the organisation of the place."""

    owner_member = IdField(required=False, allow_null=True)
    owner_collective = IdField(required=False, allow_null=True)
    place = IdField(required=False)
    features = serializers.ListField(child=serializers.ChoiceField(choices=Feature.Code.choices), required=False)

    class Meta:
        model = Resource
        fields = [
            "place", "name", "kind", "description", "accessibility", "seats", "manual", "value_cents", "travels", "features",
            "own_organisation_only", "opens_minute", "closes_minute", "is_active", "owner_member", "owner_collective",
        ]  # fmt: skip


class AddResourceSerializer(ChangeResourceSerializer):
    place = IdField()
    capacity = serializers.IntegerField(min_value=1, max_value=1000, default=1)

    class Meta(ChangeResourceSerializer.Meta):
        fields = [*ChangeResourceSerializer.Meta.fields, "capacity"]


class UnitSerializer(serializers.ModelSerializer[Unit]):
    class Meta:
        model = Unit
        fields = ["label", "serial"]


class UnitsSerializer(serializers.Serializer[Any]):
    units = UnitSerializer(many=True)


class ComponentSerializer(serializers.Serializer[Any]):
    part = IdField()
    quantity = serializers.IntegerField(min_value=1, max_value=1000, default=1)


class ComponentsSerializer(serializers.Serializer[Any]):
    parts = ComponentSerializer(many=True)


class LookedAfterSerializer(serializers.ModelSerializer[Resource]):
    """Everything about a thing that its hosts set."""

    features = serializers.SerializerMethodField()
    units = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()
    place = MentionedSerializer(read_only=True)
    organisation = MentionedSerializer(source="place.organisation", read_only=True)
    owner_member = MentionedSerializer(allow_null=True)
    owner_collective = MentionedSerializer(allow_null=True)
    photo = PhotoField()
    photos = HostedPhotoSerializer(many=True)
    has_manual_file = serializers.SerializerMethodField()

    class Meta:
        model = Resource
        fields = [
            "id", *ChangeResourceSerializer.Meta.fields, "capacity", "code", "organisation", "photo", "photos", "units", "parts",
            "currency", "has_manual_file",
        ]  # fmt: skip

    def get_has_manual_file(self, resource: Resource) -> bool:
        return bool(resource.manual_file)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_features(self, resource: Resource) -> list[str]:
        return list(resource.features.order_by("code").values_list("code", flat=True))

    @extend_schema_field(UnitSerializer(many=True))
    def get_units(self, resource: Resource) -> Any:
        return UnitSerializer(resource.units.filter(is_active=True).order_by("label"), many=True).data

    @extend_schema_field(ComponentSerializer(many=True))
    def get_parts(self, resource: Resource) -> Any:
        return list(resource.components.order_by("part").values("part", "quantity"))


class InductionSessionSerializer(serializers.ModelSerializer[InductionSession]):
    host = MentionedSerializer()
    taken = serializers.SerializerMethodField()
    mine = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField()
    resource = serializers.SerializerMethodField(help_text="What is booked for it.")

    class Meta:
        model = InductionSession
        fields = ["id", "starts_at", "ends_at", "seats", "taken", "mine", "host", "people", "resource", "cancelled_at"]

    @extend_schema_field(MentionedSerializer(allow_null=True))
    def get_resource(self, session: InductionSession) -> dict[str, Any] | None:
        booking = session.booking
        items = booking.items.all() if booking is not None and booking.status in Booking.HOLDING else []
        return next(({"id": item.resource.pk, "name": item.resource.name} for item in items), None)

    def get_taken(self, session: InductionSession) -> int:
        return len(session.booked.all())

    def get_mine(self, session: InductionSession) -> bool:
        return any(seat.member_id == self.context["request"].user.pk for seat in session.booked.all())

    @extend_schema_field(MentionedSerializer(many=True))
    def get_people(self, session: InductionSession) -> list[dict[str, Any]]:
        """Who comes, told to hosts only."""
        if session.induction.place_id not in self.context["hosted"]:
            return []
        return [{"id": seat.member_id, "name": seat.member.name} for seat in session.booked.all()]


class InductionSerializer(serializers.ModelSerializer[Induction]):
    place = MentionedSerializer()
    timezone = serializers.CharField(source="place.timezone")
    sessions = serializers.SerializerMethodField()
    granted_until = serializers.SerializerMethodField(help_text="When mine ends; null: never, or I have none.")
    is_mine = serializers.SerializerMethodField(help_text="I may use what asks for it.")
    may_host = serializers.SerializerMethodField()

    class Meta:
        model = Induction
        fields = [
            "id", "place", "name", "description", "valid_days", "is_active", "timezone", "sessions", "is_mine", "granted_until",
            "may_host",
        ]  # fmt: skip

    @extend_schema_field(InductionSessionSerializer(many=True))
    def get_sessions(self, induction: Induction) -> Any:
        return InductionSessionSerializer(induction.sessions.all(), many=True, context=self.context).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_granted_until(self, induction: Induction) -> Any:
        return self.context["grants"].get(induction.pk)

    def get_is_mine(self, induction: Induction) -> bool:
        return induction.pk in self.context["grants"]

    def get_may_host(self, induction: Induction) -> bool:
        return induction.place_id in self.context["hosted"]


class AddInductionSerializer(serializers.ModelSerializer[Induction]):
    place = IdField()

    class Meta:
        model = Induction
        fields = ["place", "name", "description", "valid_days"]


class ChangeInductionSerializer(serializers.ModelSerializer[Induction]):
    class Meta:
        model = Induction
        fields = ["name", "description", "valid_days", "is_active"]


class PlanSessionSerializer(serializers.Serializer[Any]):
    """Times without an offset are on the clock of the place. `resource`: a room or a thing there, booked for it."""

    starts_at = MomentField()
    ends_at = MomentField()
    seats = serializers.IntegerField(min_value=1, max_value=200, default=4)
    resource = IdField(allow_null=True, default=None)


class GrantSerializer(serializers.ModelSerializer[InductionGrant]):
    member = MentionedSerializer()

    class Meta:
        model = InductionGrant
        fields = ["id", "member", "granted_at", "expires_at"]


class ToGrantSerializer(serializers.Serializer[Any]):
    member = IdField()
