"""Journeys over HTTP."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.errors import NotFound
from backend.mentoring import journeys
from backend.mentoring.journey_serializers import JourneySerializer, JourneyWishSerializer, as_told
from backend.mentoring.models import Journey, Programme, Track
from backend.mentoring.views import Wishing


class JourneysView(APIView):
    @extend_schema(responses=JourneySerializer(many=True))
    def get(self, request: Request) -> Response:
        """The journeys of all tracks, in every language that they are written in."""
        me = asking(request)
        mine = set(Programme.objects.filter(coordinators=me).values_list("track", flat=True))
        rows = sorted(Journey.objects.prefetch_related("steps"), key=lambda one: Track.values.index(one.track))
        told = [as_told(one, may_edit=me.is_staff or one.track in mine) for one in rows]
        return Response(JourneySerializer(told, many=True).data)


class JourneyView(Wishing, APIView):
    @extend_schema(request=JourneyWishSerializer, responses=JourneySerializer)
    def put(self, request: Request, track: str) -> Response:
        """As a coordinator of the track: the journey is like this from now on. Steps without `id` are new, those left out are retired."""
        if track not in Track.values:
            raise NotFound
        wish = self.wish(JourneyWishSerializer)
        journeys.write(track=track, by=asking(request), at=timezone.now(), **wish)
        fresh = Journey.objects.prefetch_related("steps").get(track=track)
        return Response(JourneySerializer(as_told(fresh, may_edit=True)).data)
