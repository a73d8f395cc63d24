"""The shapes of what guides offer, of waiting lines, and of a collective as guide or guided."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from backend.members.serializers import PersonSerializer, VisibleMemberField
from backend.mentoring.models import GuideWait, Guiding, Kind, Track
from backend.mentoring.models.guiding import SEATS_MAX, TALKS_MAX
from backend.skills.serializers import NamedSerializer


def tracks_field(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(choices=Track.choices), max_length=3, **options)


class TrainingStepSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField(help_text="In the reader's language.")
    text = serializers.CharField(allow_blank=True)
    is_done = serializers.BooleanField()


class MyGuidingSerializer(serializers.Serializer[Any]):
    """What I offer as a guide, and the steps to get ready."""

    role = serializers.ChoiceField(choices=Guiding.Role.choices)
    places = serializers.IntegerField(help_text="People guided for long at once; 0: none.")
    tracks = tracks_field()
    is_paused = serializers.BooleanField()
    back_on = serializers.DateField(allow_null=True, help_text="The day on which the pause ends by itself.")
    talks_a_month = serializers.IntegerField()
    circle_seats = serializers.IntegerField()
    peers = serializers.BooleanField()
    can_help = serializers.CharField(allow_blank=True)
    cannot_help = serializers.CharField(allow_blank=True)
    training = TrainingStepSerializer(many=True)
    in_line = serializers.IntegerField(help_text="Members who wait for a place with me.")


class GuidingWishSerializer(serializers.Serializer[Any]):
    """What is not named stays as it is."""

    places = serializers.IntegerField(min_value=0, max_value=20, required=False)
    tracks = tracks_field(required=False)
    is_paused = serializers.BooleanField(required=False)
    back_on = serializers.DateField(required=False, allow_null=True)
    talks_a_month = serializers.IntegerField(min_value=0, max_value=TALKS_MAX, required=False)
    circle_seats = serializers.IntegerField(min_value=0, max_value=SEATS_MAX, required=False)
    peers = serializers.BooleanField(required=False)
    can_help = serializers.CharField(max_length=600, required=False, allow_blank=True)
    cannot_help = serializers.CharField(max_length=600, required=False, allow_blank=True)


class TickSerializer(serializers.Serializer[Any]):
    is_done = serializers.BooleanField()


class GuidingMaySerializer(serializers.Serializer[Any]):
    ask = serializers.ListField(
        child=serializers.ChoiceField(choices=Kind.choices), help_text="Ways in which I can ask this person now."
    )
    wait = serializers.BooleanField(help_text="Stand in line for a place.")


class GuidingSerializer(serializers.Serializer[Any]):
    """What a guide offers, as others see it."""

    role = serializers.ChoiceField(choices=Guiding.Role.choices)
    can_help = serializers.CharField(allow_blank=True)
    cannot_help = serializers.CharField(allow_blank=True)
    places_open = serializers.IntegerField()
    talks_left = serializers.IntegerField(help_text="Single talks this month.")
    back_on = serializers.DateField(allow_null=True, help_text="When a pause ends.")
    answers_within_days = serializers.IntegerField(
        allow_null=True, help_text="Usually answers within so many days; null where too few answers tell."
    )
    is_trained = serializers.BooleanField(help_text="Has done all steps to get ready.")
    wait = serializers.IntegerField(allow_null=True, help_text="My wait for this person.")
    may = GuidingMaySerializer()


class GuideWaitWishSerializer(serializers.Serializer[Any]):
    mentor = VisibleMemberField(required=False, allow_null=True, default=None)
    track = serializers.ChoiceField(choices=Track.choices)


class GuideWaitSerializer(serializers.ModelSerializer[GuideWait]):
    mentor = PersonSerializer(read_only=True, allow_null=True)
    offered = PersonSerializer(read_only=True, allow_null=True)
    place = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="1 for who is first in line; null while a place is kept for me."
    )

    class Meta:
        model = GuideWait
        fields = ["id", "mentor", "track", "status", "offered", "held_until", "created_at", "place"]
        read_only_fields = fields


class CountedSkillSerializer(NamedSerializer):
    count = serializers.IntegerField(help_text="Members of the collective.")


class CollectiveGuidingMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()
    ask = serializers.BooleanField(help_text="Ask this collective to guide me.")
    ask_for = serializers.BooleanField(help_text="Ask a guide for this collective.")


class CollectiveGuidingSerializer(serializers.Serializer[Any]):
    """A collective as guide or guided; its skills are counted from its members."""

    places = serializers.IntegerField()
    places_open = serializers.IntegerField()
    tracks = tracks_field()
    can_help = serializers.CharField(allow_blank=True)
    offers = CountedSkillSerializer(many=True)
    wants = CountedSkillSerializer(many=True, help_text="What members want and none of them offers.")
    asked = PersonSerializer(allow_null=True, help_text="Who is asked for all of them.")
    may = CollectiveGuidingMaySerializer()


class CollectiveGuidingWishSerializer(serializers.Serializer[Any]):
    places = serializers.IntegerField(min_value=0, max_value=20, required=False)
    tracks = tracks_field(required=False)
    can_help = serializers.CharField(max_length=600, required=False, allow_blank=True)


def placed(waits: QuerySet[GuideWait]) -> list[GuideWait]:
    """Each with its `place` in its own line; a handful, so that one query each is few."""
    rows = list(waits)
    for wait in rows:
        ahead = None
        if wait.status == GuideWait.Status.WAITING:
            line = GuideWait.objects.filter(mentor=wait.mentor_id, track=wait.track, status=GuideWait.Status.WAITING)
            order = [(-one.left_out, one.created_at, one.pk) for one in line]
            ahead = sum(key < (-wait.left_out, wait.created_at, wait.pk) for key in order) + 1
        wait.place = ahead  # type: ignore[attr-defined]
    return rows
