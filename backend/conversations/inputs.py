"""The shapes of what is asked of rooms. Lengths and emptiness are the actions' business: the same refusal at every door."""

from typing import Any

from rest_framework import serializers

from backend.conversations.actions.rooms import FREE_KINDS
from backend.conversations.limits import SLOW_SECONDS_MAX
from backend.conversations.models import Membership, Room
from backend.members.serializers import VisibleMemberField
from backend.trust.models import Rule

NUMBER_MAX = 2**62
ABOUT = ["place", "resource", "sector", "skill", "collective", "country"]


def _number(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, **options)


class MessageSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(
        help_text="Chosen by the sender; sending again with the same one stores nothing twice."
    )
    body = serializers.CharField(allow_blank=True, trim_whitespace=False)
    topic = _number(required=False, allow_null=True)
    reply_to = _number(required=False, allow_null=True, help_text="The number of the message that is answered.")
    language = serializers.CharField(required=False, allow_blank=True, help_text="ISO 639 code.")
    important = serializers.BooleanField(required=False)
    mentions = serializers.ListField(child=_number(), required=False, help_text="Ids of members.")
    everyone = serializers.BooleanField(required=False)
    attachments = serializers.ListField(child=serializers.CharField(max_length=32), required=False)


class MessageEditSerializer(serializers.Serializer[Any]):
    body = serializers.CharField(allow_blank=True, trim_whitespace=False)
    mentions = serializers.ListField(child=_number(), required=False, max_length=50)
    language = serializers.CharField(required=False, allow_blank=True)


class ReactionWishSerializer(serializers.Serializer[Any]):
    emoji = serializers.CharField()


class RuleSerializer(serializers.Serializer[Any]):
    rule = serializers.ChoiceField(choices=Rule.choices)


class ReportWishSerializer(RuleSerializer):
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class DecisionSerializer(serializers.Serializer[Any]):
    uphold = serializers.BooleanField()


class MuteSerializer(RuleSerializer):
    until = serializers.DateTimeField(required=False, allow_null=True)


class RemovalSerializer(RuleSerializer):
    ban = serializers.BooleanField(required=False, default=False)


class RoomWishSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[str(kind) for kind in FREE_KINDS])
    title = serializers.CharField(max_length=200)
    purpose = serializers.CharField(max_length=400, required=False, allow_blank=True)
    access = serializers.ChoiceField(choices=Room.Access.choices, required=False)
    about_kind = serializers.ChoiceField(choices=ABOUT, required=False)
    about_id = _number(required=False, allow_null=True)
    members = VisibleMemberField(many=True, required=False)


class RoomChangeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    purpose = serializers.CharField(max_length=400, required=False, allow_blank=True)
    access = serializers.ChoiceField(choices=Room.Access.choices, required=False)
    slow_seconds = serializers.IntegerField(min_value=0, max_value=SLOW_SECONDS_MAX, required=False)
    paused = serializers.BooleanField(required=False)


class MineSerializer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=Membership.Level.choices, required=False)
    shares_seen = serializers.BooleanField(required=False)


class TopicWishSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)


class TopicChangeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    closed = serializers.BooleanField(required=False)


class TopicMineSerializer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=[*Membership.Level.choices, ("", "as in the room")], allow_blank=True)


class GuestSerializer(serializers.Serializer[Any]):
    member = VisibleMemberField()


class DirectSerializer(serializers.Serializer[Any]):
    """Whom to write to: one or a few."""

    member = VisibleMemberField(required=False)
    members = VisibleMemberField(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        people = attrs.get("members", []) + ([attrs["member"]] if "member" in attrs else [])
        if not people:
            raise serializers.ValidationError({"member": "Choose someone to write to."}, code="required")
        return {"partners": people}


class UploadSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    file = serializers.FileField(allow_empty_file=False)
