"""The shapes of places, resources and bookings, as one person sees them."""

from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.bookings import rules, times
from backend.bookings.decided_serializers import HoursDecisionField
from backend.bookings.fields import MomentField
from backend.bookings.manuals import may_read_manual
from backend.bookings.models import Booking, Feature, Photo, Place, Resource
from backend.bookings.telling import hosts_of
from backend.collectives.models import Collective
from backend.many import numbers_of
from backend.members.models import Member
from backend.members.serializers import PersonSerializer


class PhotoField(serializers.ImageField):
    """The address of a photo on this site, or null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"read_only": True, "allow_null": True} | options))

    def to_representation(self, photo: Any) -> str | None:
        return photo.url if photo else None


class PlaceOrganisationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PlaceSerializer(serializers.ModelSerializer[Place]):
    organisation = PlaceOrganisationSerializer(read_only=True)
    photo = PhotoField()
    resources_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Place
        fields = [
            "id", "name", "description", "address", "city", "country", "timezone", "house_rules", "photo", "organisation",
            "resources_count",
        ]  # fmt: skip


class PlaceOfResourceSerializer(serializers.ModelSerializer[Place]):
    photo = PhotoField()

    class Meta:
        model = Place
        fields = ["id", "name", "city", "country", "timezone", "photo"]


class ResourceRulesSerializer(serializers.Serializer[Resource]):
    """How this resource is booked. Hours are on the place's clock, lengths in minutes."""

    opens = serializers.SerializerMethodField()
    closes = serializers.SerializerMethodField()
    step_minutes = serializers.IntegerField()
    min_minutes = serializers.IntegerField()
    max_minutes = serializers.IntegerField()
    lead_minutes = serializers.IntegerField()
    ahead_days = serializers.IntegerField()
    buffer_before_minutes = serializers.IntegerField()
    buffer_after_minutes = serializers.IntegerField()
    cancel_notice_minutes = serializers.IntegerField()
    own_organisation_only = serializers.BooleanField()

    def get_opens(self, resource: Resource) -> str:
        return times.shown_minute(resource.opens_minute)

    def get_closes(self, resource: Resource) -> str:
        return times.shown_minute(resource.closes_minute)


class ResourceMaySerializer(serializers.Serializer[Any]):
    book = serializers.BooleanField()


class ResourceSerializer(serializers.ModelSerializer[Resource]):
    photo = PhotoField()
    place = PlaceOfResourceSerializer(read_only=True)
    rules = ResourceRulesSerializer(source="*", read_only=True)
    distance_km = serializers.FloatField(
        default=None, allow_null=True, read_only=True, help_text="Where it was looked for near a point."
    )
    may = serializers.SerializerMethodField()

    class Meta:
        model = Resource
        fields = [
            "id", "name", "kind", "description", "accessibility", "photo", "seats", "capacity", "is_composed", "place", "rules",
            "distance_km", "may",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ResourceMaySerializer())
    def get_may(self, resource: Resource) -> dict[str, bool]:
        return {"book": rules.may_book(self.context["request"].user, resource)}


class PartOfThingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="part.pk")
    name = serializers.CharField(source="part.name")
    quantity = serializers.IntegerField()


class MorePhotoSerializer(serializers.ModelSerializer[Photo]):
    image = PhotoField()

    class Meta:
        model = Photo
        fields = ["image", "words"]
        read_only_fields = fields


class PlaceOfThingSerializer(PlaceSerializer):
    """Where a thing is, with all that one needs to get there."""

    photos = MorePhotoSerializer(many=True, read_only=True)

    class Meta(PlaceSerializer.Meta):
        fields = [
            "id", "name", "description", "address", "city", "country", "timezone", "house_rules", "photo", "photos",
            "organisation", "latitude", "longitude",
        ]  # fmt: skip
        read_only_fields = fields


class OwnerSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["organisation", "collective", "member"])
    id = serializers.IntegerField()
    name = serializers.CharField()


class ThingSerializer(ResourceSerializer):
    """All that members can know of one thing. Its manual is for those who have booked it, and its hosts."""

    place = PlaceOfThingSerializer(read_only=True)  # type: ignore[assignment]
    features = serializers.SerializerMethodField()
    photos = MorePhotoSerializer(many=True, read_only=True)
    parts = PartOfThingSerializer(source="components", many=True, read_only=True)
    part_of = serializers.SerializerMethodField()
    manual = serializers.SerializerMethodField(help_text="Null: only for those who have booked it. Empty: none.")
    manual_file = serializers.SerializerMethodField(help_text="Where it is to be had; null as for `manual`, or none.")
    owner = serializers.SerializerMethodField(help_text="The organisation of the place unless it is somebody else's.")
    hosts = serializers.SerializerMethodField(help_text="Who looks after it.")
    hours_decision = HoursDecisionField()

    class Meta(ResourceSerializer.Meta):
        fields = [
            *ResourceSerializer.Meta.fields, "features", "photos", "parts", "part_of", "manual", "manual_file", "travels",
            "value_cents", "currency", "owner", "hosts", "hours_decision",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Feature.Code.choices)))
    def get_features(self, resource: Resource) -> list[str]:
        return sorted(feature.code for feature in resource.features.all())

    @extend_schema_field(PartOfThingSerializer(many=True))
    def get_part_of(self, resource: Resource) -> list[dict[str, Any]]:
        rows = resource.component_of.filter(whole__is_active=True).select_related("whole").order_by("whole__name")
        return [{"id": row.whole_id, "name": row.whole.name, "quantity": row.quantity} for row in rows]

    @extend_schema_field(OwnerSerializer(allow_null=True))
    def get_owner(self, resource: Resource) -> dict[str, Any] | None:
        """None where it is a collective that hides from the viewer."""
        owner_collective, viewer = resource.owner_collective_id, self.context["request"].user
        if owner_collective and not Collective.objects.visible_to(viewer).filter(pk=owner_collective).exists():
            return None
        owners = {"collective": resource.owner_collective, "member": resource.owner_member}
        kind, owner = next(
            ((kind, owner) for kind, owner in owners.items() if owner is not None),
            ("organisation", resource.place.organisation),
        )
        return {"kind": kind, "id": owner.pk, "name": owner.name}

    @extend_schema_field(PersonSerializer(many=True))
    def get_hosts(self, resource: Resource) -> Any:
        return PersonSerializer(hosts_of(resource), many=True, context=self.context).data

    def get_manual(self, resource: Resource) -> str | None:
        is_hidden = resource.manual or resource.manual_file
        return (
            None if is_hidden and not may_read_manual(self.context["request"].user, resource) else str(resource.manual)
        )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_manual_file(self, resource: Resource) -> str | None:
        is_told = resource.manual_file and may_read_manual(self.context["request"].user, resource)
        return f"/api/resources/{resource.pk}/manual/" if is_told else None


class FirstFreeSerializer(serializers.Serializer[Any]):
    resource = ResourceSerializer()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class FirstFreesSerializer(serializers.Serializer[Any]):
    found = FirstFreeSerializer(many=True)
    is_all = serializers.BooleanField(help_text="False: there is more than was looked at; narrow the search.")


class BookedPlaceSerializer(serializers.ModelSerializer[Place]):
    class Meta:
        model = Place
        fields = ["id", "name", "timezone"]


class BookedResourceSerializer(serializers.ModelSerializer[Resource]):
    place = BookedPlaceSerializer(read_only=True)

    class Meta:
        model = Resource
        fields = ["id", "name", "place"]


class BookingCollectiveSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class BookingMaySerializer(serializers.Serializer[Any]):
    cancel = serializers.BooleanField()
    change = serializers.BooleanField(help_text="Other words, another time; the rules are asked again.")
    decide = serializers.BooleanField(help_text="Approve or decline as a host.")
    restore = serializers.BooleanField(help_text="Take back that I have cancelled it.")


class ItemSerializer(serializers.Serializer[Any]):
    """So many units of one thing."""

    resource = IdField()
    quantity = serializers.IntegerField(min_value=1, max_value=1000, default=1)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """Needs `Booking.objects.told()`, or asks for each row."""

    resources = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField(help_text="How many of each of the resources, in the same order.")
    quantity = serializers.SerializerMethodField(help_text="The most of any; `items` tells how many of each.")
    member = PersonSerializer(read_only=True)
    collective = BookingCollectiveSerializer(read_only=True, allow_null=True)
    people = PersonSerializer(many=True, read_only=True)
    may = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = [
            "id", "title", "note", "starts_at", "ends_at", "status", "resources", "items", "quantity", "member",
            "collective", "people", "series", "occurrence", "held_until", "cost_cents", "cost_credits", "deposit_cents", "currency",
            "checked_in_at", "checked_out_at", "ending", "created_at", "may",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(BookedResourceSerializer(many=True))
    def get_resources(self, booking: Booking) -> Any:
        # By hand: a serializer for each booking of a page takes longer than all that it writes.
        columns = BookedPlaceSerializer.Meta.fields
        return [
            {"id": thing.pk, "name": thing.name, "place": {name: getattr(thing.place, name) for name in columns}}
            for thing in (item.resource for item in booking.items.all())
        ]

    @extend_schema_field(ItemSerializer(many=True))
    def get_items(self, booking: Booking) -> list[dict[str, int]]:
        return [{"resource": item.resource_id, "quantity": item.quantity} for item in booking.items.all()]

    def get_quantity(self, booking: Booking) -> int:
        return max((item.quantity for item in booking.items.all()), default=1)

    @extend_schema_field(BookingMaySerializer())
    def get_may(self, booking: Booking) -> dict[str, bool]:
        viewer: Member = self.context["request"].user
        at = timezone.now()
        booked = [item.resource for item in booking.items.all()]
        open_to_decide = booking.status == Booking.Status.REQUESTED and at < booking.ends_at
        stewarded = self._stewarded if booking.collective_id is not None else set()
        return {
            "cancel": rules.may_cancel(viewer, booking, at, resources=booked, stewarded=stewarded),
            "change": rules.may_change(viewer, booking, at, stewarded=stewarded),
            "restore": rules.may_restore(viewer, booking, at, stewarded=stewarded),
            "decide": open_to_decide and any(resource.pk in self._hosted for resource in booked),
        }

    @cached_property
    def _hosted(self) -> set[int]:
        """Asked once for a whole page, and only when something waits for a decision."""
        return set(numbers_of(Resource.objects.hosted_by(self.context["request"].user)))

    @cached_property
    def _stewarded(self) -> set[int]:
        """Asked once for a whole page, and only when something is a collective's."""
        return rules.stewarded_by(self.context["request"].user)


def people_field() -> serializers.ListField:
    """Members who are invited, by id."""
    number = IdField()
    return serializers.ListField(child=number, max_length=50, required=False)


class WantedSerializer(serializers.Serializer[Any]):
    """What is wanted: `items`; or `resources` and a `quantity` of each. What is validated has only `resources`: the units by id."""

    items = serializers.ListField(
        child=ItemSerializer(), min_length=1, max_length=20, required=False, help_text="How many of each."
    )
    resources = serializers.ListField(
        child=IdField(),
        min_length=1, max_length=20, required=False, help_text="Instead of `items`: of each of them `quantity`.",
    )  # fmt: skip
    quantity = serializers.IntegerField(min_value=1, max_value=1000, required=False, help_text="1 unless told.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        items, resources = attrs.pop("items", None), attrs.get("resources")
        if (items is None) == (resources is None):
            detail = _("Say once what you want to book.")
            raise serializers.ValidationError({"items": [detail]}, code="required")
        each = attrs.pop("quantity", 1)
        units = Counter[int](dict.fromkeys(resources or (), each))
        for item in items or ():
            units[item["resource"]] += item["quantity"]
        return attrs | {"resources": dict(units)}


class BookSerializer(WantedSerializer):
    """A wish to book. Times without an offset are on the clock of the place."""

    starts_at = MomentField()
    ends_at = MomentField()
    title = serializers.CharField(max_length=120, allow_blank=True, default="")
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")
    collective = IdField(allow_null=True, default=None)
    people = people_field()


class CheckSerializer(BookSerializer):
    booking = IdField(allow_null=True, default=None, help_text="The one that would be moved.")


class QuoteSerializer(serializers.Serializer[Any]):
    """What a wish would come to; nothing is booked."""

    cost_cents = serializers.IntegerField()
    cost_credits = serializers.IntegerField()
    deposit_cents = serializers.IntegerField()
    currency = serializers.CharField()
    needs_approval = serializers.BooleanField(help_text="A host looks at it first.")


class MoveSerializer(serializers.Serializer[Any]):
    """Only what changes."""

    starts_at = MomentField(required=False)
    ends_at = MomentField(required=False)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    note = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    people = people_field()


class SlotConflictSerializer(serializers.Serializer[Any]):
    resource = serializers.IntegerField()
    until = serializers.DateTimeField()

    def get_fields(self) -> Any:
        fields = super().get_fields()
        fields["from"] = serializers.DateTimeField()
        return fields


class AlternativeResourceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class AlternativeSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    resources = AlternativeResourceSerializer(many=True)


class SlotTakenSerializer(serializers.Serializer[Any]):
    """The answer 409 `slot_taken`: what is in the way, and what is free instead."""

    code = serializers.CharField()
    detail = serializers.CharField()
    conflicts = SlotConflictSerializer(many=True)
    alternatives = AlternativeSerializer(many=True)
    may_wait = serializers.BooleanField(help_text="One can stand in line for it: POST /api/waits/.")
