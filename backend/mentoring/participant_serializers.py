"""The shapes of who takes part, and of why two people were given to each other, for coordinators."""

from typing import Any

from rest_framework import serializers

from backend.members.serializers import PersonSerializer, VisibleMemberField
from backend.mentoring.models import PairDemand, Participant
from backend.mentoring.programme_serializers import ParticipantSerializer, WhySerializer
from matching import Condition, Part

MATCH_PARTS = [part.value for part in Part]
CONDITIONS = [one.value for one in Condition]
MOST_PLACES = 20


class ParticipantRowSerializer(ParticipantSerializer):
    """Needs `wished` on each."""

    wished = serializers.IntegerField(read_only=True, help_text="How many of the others would like them.")

    class Meta(ParticipantSerializer.Meta):
        fields = ["id", *ParticipantSerializer.Meta.fields, "wished", "at_least"]
        read_only_fields = fields


class AddParticipantSerializer(serializers.Serializer[Any]):
    member = VisibleMemberField()
    role = serializers.ChoiceField(choices=Participant.Role.choices)


class DemandOfGuideSerializer(serializers.Serializer[Any]):
    at_least = serializers.IntegerField(
        min_value=0, max_value=MOST_PLACES, help_text="Mentees whom a run must give them."
    )


class ParticipantTableSerializer(serializers.Serializer[Any]):
    table = serializers.CharField(max_length=200_000, help_text="CSV: member (number or e-mail address), role.")


class ParticipantsReadSerializer(serializers.Serializer[Any]):
    people = serializers.IntegerField(help_text="How many are new.")


class SaidSerializer(serializers.Serializer[Any]):
    by = serializers.ChoiceField(choices=["mentee", "mentor"])
    rank = serializers.IntegerField(allow_null=True, help_text="null: they would rather not.")
    reason = serializers.CharField()


class PartSerializer(serializers.Serializer[Any]):
    part = serializers.ChoiceField(choices=MATCH_PARTS)
    points = serializers.IntegerField()
    most = serializers.IntegerField()


class ExplainedSerializer(WhySerializer):
    demand = serializers.ChoiceField(choices=[*PairDemand.Kind.values, ""])
    said = SaidSerializer(many=True)
    parts = PartSerializer(many=True, help_text="As profiles and weights stand today.")
    conditions = serializers.ListField(
        child=serializers.ChoiceField(choices=CONDITIONS),
        help_text="What stands between the two today.",
    )


class GuideOfRunSerializer(serializers.Serializer[Any]):
    person = PersonSerializer()
    places = serializers.IntegerField(help_text="Open when the run began.")
