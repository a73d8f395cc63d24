"""The shapes of collectives, as one person sees them."""

from typing import Any

from babel import Locale
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.collectives import rules
from backend.collectives.models import Collective, CollectiveMembership
from backend.members.models import Member
from backend.members.serializers import PersonSerializer

State = CollectiveMembership.State


class CollectiveOrganisationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class CollectiveCardSerializer(serializers.ModelSerializer[Collective]):
    """A collective in a list. `room` is there for its members only."""

    organisation = CollectiveOrganisationSerializer(read_only=True)
    members_count = serializers.SerializerMethodField()
    my_state = serializers.SerializerMethodField()
    my_role = serializers.SerializerMethodField()
    room = serializers.SerializerMethodField()

    class Meta:
        model = Collective
        fields = [
            "id", "name", "purpose", "country", "city", "organisation", "members_count", "my_state", "my_role", "room",
        ]  # fmt: skip
        read_only_fields = fields

    @property
    def viewer(self) -> Member:
        member: Member = self.context["request"].user
        return member

    @extend_schema_field(serializers.IntegerField())
    def get_members_count(self, collective: Collective) -> int:
        return sum(row.state == State.MEMBER for row in collective.memberships.all())

    @extend_schema_field(serializers.ChoiceField(choices=State.choices, allow_null=True))
    def get_my_state(self, collective: Collective) -> str | None:
        row = rules.membership_of(self.viewer, collective)
        return row.state if row else None

    @extend_schema_field(serializers.ChoiceField(choices=CollectiveMembership.Role.choices, allow_null=True))
    def get_my_role(self, collective: Collective) -> str | None:
        row = rules.membership_of(self.viewer, collective)
        return row.role if row and row.state == State.MEMBER else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_room(self, collective: Collective) -> int | None:
        return collective.room_id if rules.is_member(self.viewer, collective) else None


class CollectiveMemberSerializer(serializers.ModelSerializer[CollectiveMembership]):
    person = PersonSerializer(source="member", read_only=True)

    class Meta:
        model = CollectiveMembership
        fields = ["person", "role", "state", "joined_at"]


class CollectiveMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()
    invite = serializers.BooleanField()
    accept = serializers.BooleanField()
    leave = serializers.BooleanField()
    remove = serializers.BooleanField()
    book = serializers.BooleanField()


class CollectiveSerializer(CollectiveCardSerializer):
    """A collective with its people. Who has been invited is shown to members only."""

    members = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta(CollectiveCardSerializer.Meta):
        fields = [*CollectiveCardSerializer.Meta.fields, "is_listed", "created_at", "members", "may"]
        read_only_fields = fields

    @extend_schema_field(CollectiveMemberSerializer(many=True))
    def get_members(self, collective: Collective) -> Any:
        inside = rules.is_member(self.viewer, collective)
        shown = {State.MEMBER, State.INVITED} if inside else {State.MEMBER}
        rows = [
            row
            for row in collective.memberships.all()
            if row.state in shown and (inside or row.member.seen_by == Member.SeenBy.EVERYONE or self._same_house(row))
        ]
        rows.sort(key=lambda row: (row.state != State.MEMBER, row.role != "steward", row.member.name))
        return CollectiveMemberSerializer(rows, many=True, context=self.context).data

    def _same_house(self, row: CollectiveMembership) -> bool:
        seen_at_home = row.member.seen_by == Member.SeenBy.ORGANISATION
        return seen_at_home and row.member.organisation_id == self.viewer.organisation_id

    @extend_schema_field(CollectiveMaySerializer())
    def get_may(self, collective: Collective) -> dict[str, bool]:
        steers = rules.may_steer(self.viewer, collective)
        return {
            "edit": steers,
            "invite": rules.may_invite(self.viewer, collective),
            "accept": rules.is_invited(self.viewer, collective),
            "leave": rules.is_member(self.viewer, collective),
            "remove": steers,
            "book": rules.may_book(self.viewer, collective),
        }


class CollectiveWriteSerializer(serializers.ModelSerializer[Collective]):
    country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    name = serializers.CharField(max_length=80, min_length=2)

    class Meta:
        model = Collective
        fields = ["name", "purpose", "country", "city", "is_listed"]
        extra_kwargs = {"purpose": {"required": False}, "city": {"required": False}, "is_listed": {"required": False}}

    def validate_country(self, value: str) -> str:
        if value and value.upper() not in Locale("en").territories:
            raise serializers.ValidationError(_("This is not a country that we know."), code="unknown_country")
        return value.upper()


class WhichMemberSerializer(serializers.Serializer[Any]):
    """Names one other member that the person asking may see."""

    member = serializers.IntegerField(min_value=1)


class NameStewardSerializer(WhichMemberSerializer):
    is_steward = serializers.BooleanField()
