"""Proposed skills over HTTP, for coordinators."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.mentoring import vocabulary
from backend.mentoring.views import Wishing
from backend.skills.models import Skill
from backend.skills.serializers import reader_language


class ProposedSkillSerializer(serializers.ModelSerializer[Skill]):
    name = serializers.SerializerMethodField()
    chose = serializers.IntegerField(help_text="How often members offer or want it.")

    class Meta:
        model = Skill
        fields = ["id", "name", "chose"]

    def get_name(self, skill: Skill) -> str:
        return skill.name_in(reader_language())


class MergeSkillSerializer(serializers.Serializer[Any]):
    into = serializers.PrimaryKeyRelatedField(queryset=Skill.objects.all())


class ProposedSkillsView(APIView):
    @extend_schema(responses=ProposedSkillSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Skills that members proposed, the most chosen first; fifty at most."""
        return Response(ProposedSkillSerializer(vocabulary.proposed(by=asking(request)), many=True).data)


class MergeSkillView(Wishing, APIView):
    @extend_schema(request=MergeSkillSerializer, responses={204: None})
    def post(self, request: Request, skill: int) -> Response:
        """Merge a proposed skill with one that is settled: what members chose and its words go there."""
        me = asking(request)
        found = get_object_or_404(Skill, pk=skill)
        vocabulary.merge(skill=found, into=self.wish(MergeSkillSerializer)["into"], by=me, at=timezone.now())
        return Response(status=204)
