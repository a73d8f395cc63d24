"""What is sent to change what two people share."""

from typing import Any

from rest_framework import serializers

from backend.api import IdField
from backend.mentoring.models import Agreement, MentorshipSession


class AgreementWishSerializer(serializers.ModelSerializer[Agreement]):
    months = serializers.IntegerField(min_value=1, max_value=24)
    minutes = serializers.IntegerField(min_value=15, max_value=240, default=60)

    class Meta:
        model = Agreement
        fields = ["months", "rhythm", "minutes", "goals", "conduct"]


class AcceptAgreementSerializer(serializers.Serializer[Any]):
    number = IdField(help_text="Of the version that was read.")


class RenewSerializer(serializers.Serializer[Any]):
    months = serializers.IntegerField(min_value=1, max_value=24)


class GoalWishSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)
    sign = serializers.CharField(max_length=300, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True)


class GoalChangeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160, required=False)
    sign = serializers.CharField(max_length=300, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    reached = serializers.BooleanField(required=False)


class StepWishSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200)


class StepChangeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200, required=False)
    done = serializers.BooleanField(required=False)


class SessionWishSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=15, max_value=480)
    way = serializers.ChoiceField(choices=MentorshipSession.Way.choices)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    resource = IdField(required=False, allow_null=True, help_text="The room to book.")
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)
    agenda = serializers.ListField(child=IdField(), required=False, max_length=50, help_text="Items of the bank.")
    anyway = serializers.BooleanField(default=False, help_text="Also outside the hours that both have told.")


class SessionWhereSerializer(serializers.Serializer[Any]):
    link = serializers.URLField(max_length=500, allow_blank=True)


class SessionHeldSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=5, max_value=720, required=False, allow_null=True)


class SessionNotedSerializer(serializers.Serializer[Any]):
    began_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=5, max_value=720)


class AgendaWishSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    session = IdField(required=False, allow_null=True)


class AgendaChangeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300, required=False)
    session = IdField(required=False, allow_null=True)
    done = serializers.BooleanField(required=False)


class TaskWishSerializer(serializers.Serializer[Any]):
    member = IdField(help_text="Who does it: one of the two.")
    text = serializers.CharField(max_length=300)
    due_on = serializers.DateField(required=False, allow_null=True)


class TaskChangeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300, required=False)
    due_on = serializers.DateField(required=False, allow_null=True)
    done = serializers.BooleanField(required=False)


class NoteWishSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)
    is_private = serializers.BooleanField(help_text="Nobody but me reads it, whatever their role.")
    session = IdField(required=False, allow_null=True)


class NoteChangeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=4000)


class StepMarkSerializer(serializers.Serializer[Any]):
    done = serializers.BooleanField()


class PauseSerializer(serializers.Serializer[Any]):
    until = serializers.DateField(required=False, allow_null=True, help_text="The day on which it goes on.")
