"""The calendar of a collective over HTTP."""

from typing import Any, get_args

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.collectives.models import Collective
from backend.decisions.coming import Kind, coming


class ComingSerializer(serializers.Serializer[Any]):
    """Something that is coming: `about` is the booking, mentorship, proposal or call. Without `ends_at` it is when something ends."""

    kind = serializers.ChoiceField(choices=get_args(Kind))
    about = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    timezone = serializers.CharField(allow_blank=True, help_text="Of the place that is booked; empty otherwise.")


class ComingView(APIView):
    @extend_schema(responses=ComingSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        """What is coming in a collective of mine, the soonest first."""
        collective = get_object_or_404(Collective.objects.visible_to(asking(request)), pk=number)
        rows = coming(collective, viewer=asking(request), at=timezone.now())
        return Response(ComingSerializer(rows, many=True).data)
