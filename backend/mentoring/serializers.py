"""The shapes of requests and mentorships, as one of the two people sees them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members.models import Member
from backend.members.serializers import PersonSerializer, VisibleMemberField
from backend.mentoring import rules
from backend.mentoring.models import Mentorship, MentorshipRequest, Track
from backend.skills.models import Skill
from backend.skills.serializers import NamedSerializer

MESSAGE_MIN_LENGTH = 10


class RequestMaySerializer(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    decline = serializers.BooleanField()
    withdraw = serializers.BooleanField()


class MentorshipRequestSerializer(serializers.ModelSerializer[MentorshipRequest]):
    mentee = PersonSerializer(read_only=True)
    mentor = PersonSerializer(read_only=True)
    wishes = NamedSerializer(many=True, read_only=True)
    mentorship = serializers.SerializerMethodField(help_text="The mentorship that came of it.")
    room = serializers.SerializerMethodField(help_text="Its room.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = MentorshipRequest
        fields = [
            "id", "mentee", "mentor", "track", "wishes", "message", "status", "decline_reason", "answer", "created_at",
            "answered_at", "mentorship", "room", "may",
        ]  # fmt: skip

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_mentorship(self, request: MentorshipRequest) -> int | None:
        return request.mentorship.pk if hasattr(request, "mentorship") else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_room(self, request: MentorshipRequest) -> int | None:
        return request.mentorship.room_id if hasattr(request, "mentorship") else None

    @extend_schema_field(RequestMaySerializer())
    def get_may(self, request: MentorshipRequest) -> dict[str, bool]:
        viewer: Member = self.context["request"].user
        answers = rules.may_answer(viewer, request)
        return {"accept": answers, "decline": answers, "withdraw": rules.may_withdraw(viewer, request)}


class AskSerializer(serializers.Serializer[Any]):
    mentor = VisibleMemberField()
    track = serializers.ChoiceField(choices=Track.choices)
    wishes = serializers.PrimaryKeyRelatedField(
        queryset=Skill.objects.exclude(status=Skill.Status.RETIRED), many=True, required=False
    )
    message = serializers.CharField(min_length=MESSAGE_MIN_LENGTH, max_length=2000)

    def validate_wishes(self, wishes: list[Skill]) -> list[Skill]:
        distinct = list(dict.fromkeys(wishes))
        if len(distinct) > rules.WISHES_MAX:
            raise serializers.ValidationError(_("Choose three wishes at most."), code="too_many_wishes")
        return distinct


class DeclineSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=MentorshipRequest.DeclineReason.choices)
    answer = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class CloseSerializer(serializers.Serializer[Any]):
    closing_words = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class MentorshipMaySerializer(serializers.Serializer[Any]):
    close = serializers.BooleanField()


class MentorshipSerializer(serializers.ModelSerializer[Mentorship]):
    mentor = PersonSerializer(read_only=True)
    mentee = PersonSerializer(read_only=True)
    my_role = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta:
        model = Mentorship
        fields = [
            "id", "mentor", "mentee", "track", "status", "room", "started_at", "closed_at", "closing_words", "my_role",
            "may",
        ]  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=["mentor", "mentee"]))
    def get_my_role(self, mentorship: Mentorship) -> str:
        return "mentor" if mentorship.mentor_id == self.context["request"].user.pk else "mentee"

    @extend_schema_field(MentorshipMaySerializer())
    def get_may(self, mentorship: Mentorship) -> dict[str, bool]:
        return {"close": rules.may_close(self.context["request"].user, mentorship)}
