"""The shapes of collectives, as one person sees them."""

from typing import Any

from babel import Locale
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import IdField
from backend.collectives import rules
from backend.collectives.models import Agreement, Collective, CollectiveMembership
from backend.conversations.text import written
from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.skills.serializers import NamedSerializer

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
        return sum(row.state in rules.BELONGING for row in collective.memberships.all())

    @extend_schema_field(serializers.ChoiceField(choices=State.choices, allow_null=True))
    def get_my_state(self, collective: Collective) -> str | None:
        row = rules.membership_of(self.viewer, collective)
        return row.state if row else None

    @extend_schema_field(serializers.ChoiceField(choices=CollectiveMembership.Role.choices, allow_null=True))
    def get_my_role(self, collective: Collective) -> str | None:
        row = rules.membership_of(self.viewer, collective)
        return row.role if row and row.state in rules.BELONGING else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_room(self, collective: Collective) -> int | None:
        return collective.room_id if rules.belongs(self.viewer, collective) else None


class CollectiveMemberSerializer(serializers.ModelSerializer[CollectiveMembership]):
    """Somebody in it; `words` with which they asked to join, `agreed_to` the number of the agreement they accepted."""

    person = PersonSerializer(source="member", read_only=True)

    class Meta:
        model = CollectiveMembership
        fields = ["person", "role", "state", "joined_at", "words", "steward_until", "agreed_to"]


class OurAgreementSerializer(serializers.ModelSerializer[Agreement]):
    html = serializers.SerializerMethodField(help_text="The text, whose Markdown is shown; harmless.")

    class Meta:
        model = Agreement
        fields = ["number", "text", "html", "in_force_from", "decision"]

    def get_html(self, agreement: Agreement) -> str:
        return written(agreement.text)


class CollectiveMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()
    invite = serializers.BooleanField()
    accept = serializers.BooleanField()
    leave = serializers.BooleanField()
    remove = serializers.BooleanField()
    book = serializers.BooleanField()
    apply = serializers.BooleanField()
    rest = serializers.BooleanField(help_text="Be on leave for a while.")
    come_back = serializers.BooleanField()
    agree = serializers.BooleanField(help_text="I have not accepted the agreement as it is now.")
    write_agreement = serializers.BooleanField(help_text="The first one; later ones are decided.")


class CollectiveSerializer(CollectiveCardSerializer):
    """A collective with its people. Who has been invited, has asked or is on leave, and the agreement, are shown to those in it.

    Who has been invited reads the agreement too.
    """

    trades = serializers.SerializerMethodField(help_text="Of its members whom the viewer sees; so are the next two.")
    languages = serializers.SerializerMethodField()
    countries = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    agreement = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta(CollectiveCardSerializer.Meta):
        fields = [
            *CollectiveCardSerializer.Meta.fields,
            "is_listed",
            "created_at",
            "trades",
            "languages",
            "countries",
            "members",
            "agreement",
            "may",
        ]
        read_only_fields = fields

    @extend_schema_field(CollectiveMemberSerializer(many=True))
    def get_members(self, collective: Collective) -> Any:
        inside = rules.belongs(self.viewer, collective)
        rows = self._shown(collective)
        rows.sort(key=lambda row: (row.state != State.MEMBER, row.role != "steward", row.member.name))
        told = CollectiveMemberSerializer(rows, many=True, context=self.context).data
        own_business = {"words": "", "steward_until": None, "agreed_to": None}
        return told if inside else [row | own_business for row in told]

    def _shown(self, collective: Collective) -> list[CollectiveMembership]:
        inside = rules.belongs(self.viewer, collective)
        shown = {State.MEMBER, State.ON_LEAVE, State.INVITED, State.APPLIED} if inside else {State.MEMBER}
        return [
            row
            for row in collective.memberships.all()
            if row.state in shown and (inside or row.member.is_shown_to(self.viewer))
        ]

    def _working(self, collective: Collective) -> list[Member]:
        return [row.member for row in self._shown(collective) if row.state == State.MEMBER]

    @extend_schema_field(NamedSerializer(many=True))
    def get_trades(self, collective: Collective) -> Any:
        trades = {one.profession_id: one.profession for one in self._working(collective) if one.profession}
        return sorted(
            NamedSerializer([*trades.values()], many=True, context=self.context).data, key=lambda one: str(one["name"])
        )

    def get_languages(self, collective: Collective) -> list[str]:
        return sorted({row.code for one in self._working(collective) for row in one.languages.all()})

    def get_countries(self, collective: Collective) -> list[str]:
        return sorted({one.country for one in self._working(collective) if one.country})

    @extend_schema_field(OurAgreementSerializer(allow_null=True))
    def get_agreement(self, collective: Collective) -> Any:
        newest = self._agreement(collective)
        return OurAgreementSerializer(newest).data if newest else None

    def _agreement(self, collective: Collective) -> Agreement | None:
        reads = rules.belongs(self.viewer, collective) or rules.is_invited(self.viewer, collective)
        return next(iter(collective.agreements.all()), None) if reads else None

    @extend_schema_field(CollectiveMaySerializer())
    def get_may(self, collective: Collective) -> dict[str, bool]:
        steers = rules.may_steer(self.viewer, collective)
        mine, agreement = rules.membership_of(self.viewer, collective), self._agreement(collective)
        state = mine.state if mine else State.LEFT
        return {
            "edit": steers,
            "invite": rules.may_invite(self.viewer, collective),
            "accept": rules.is_invited(self.viewer, collective),
            "leave": rules.belongs(self.viewer, collective),
            "remove": steers,
            "book": rules.may_book(self.viewer, collective),
            "apply": rules.may_apply(self.viewer, collective),
            "rest": state == State.MEMBER,
            "come_back": state == State.ON_LEAVE,
            "agree": bool(mine and agreement and state in rules.BELONGING and mine.agreed_to != agreement.number),
            "write_agreement": steers and agreement is None,
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

    member = IdField()


class InviteSerializer(WhichMemberSerializer):
    is_guest = serializers.BooleanField(default=False, help_text="They have no vote.")


class NameStewardSerializer(WhichMemberSerializer):
    is_steward = serializers.BooleanField()
    until = serializers.DateField(default=None, allow_null=True, help_text="Their last day as a steward.")


class ApplySerializer(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=600, allow_blank=True, default="")


class AcceptSerializer(serializers.Serializer[Any]):
    agreement = serializers.IntegerField(min_value=1, max_value=2**15, required=False, allow_null=True)


class AgreeSerializer(serializers.Serializer[Any]):
    agreement = serializers.IntegerField(min_value=1, max_value=2**15)


class WriteAgreementSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=20_000)
