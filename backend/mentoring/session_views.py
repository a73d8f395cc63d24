"""Sessions of a mentorship over HTTP."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.bookings.once import once
from backend.errors import NotFound
from backend.mentoring import sessions
from backend.mentoring.models import MentorshipSession
from backend.mentoring.relation_serializers import TogetherSerializer
from backend.mentoring.relation_views import PairView
from backend.mentoring.relation_wishes import (
    SessionHeldSerializer,
    SessionNotedSerializer,
    SessionWhereSerializer,
    SessionWishSerializer,
)
from backend.mentoring.session_calendar import calendar_of_one

KIND = "text/calendar; charset=utf-8"


class SessionsView(PairView):
    @once
    @extend_schema(request=SessionWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Propose a session; with `resource` the room is booked in the same step."""
        wish = self.wish(SessionWishSerializer)
        sessions.propose(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class NoteDownView(PairView):
    @once
    @extend_schema(request=SessionNotedSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """We met without having planned it here."""
        wish = self.wish(SessionNotedSerializer)
        sessions.note_down(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class OneSessionView(PairView):
    def session(self, pk: int, session: int) -> MentorshipSession:
        found = self.pair(pk).sessions.select_related("mentorship").filter(pk=session).first()
        if found is None:
            raise NotFound
        return found


class SessionView(OneSessionView):
    @once
    @extend_schema(request=SessionWhereSerializer, responses=TogetherSerializer)
    def patch(self, request: Request, pk: int, session: int) -> Response:
        """Where we meet online."""
        wish = self.wish(SessionWhereSerializer)
        sessions.say_where(session=self.session(pk, session), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)


class AgreeView(OneSessionView):
    @once
    @extend_schema(request=None, responses=TogetherSerializer)
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Say yes to what the other has proposed."""
        sessions.agree(session=self.session(pk, session), by=asking(request), at=timezone.now())
        return self.together(pk)


class DeclineView(OneSessionView):
    @once
    @extend_schema(request=None, responses=TogetherSerializer)
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Say no to what the other has proposed."""
        sessions.decline(session=self.session(pk, session), by=asking(request), at=timezone.now())
        return self.together(pk)


class CancelView(OneSessionView):
    @once
    @extend_schema(request=None, responses=TogetherSerializer)
    def post(self, request: Request, pk: int, session: int) -> Response:
        """Call a session off; its room is given back."""
        sessions.cancel(session=self.session(pk, session), by=asking(request), at=timezone.now())
        return self.together(pk)


class HoldView(OneSessionView):
    @once
    @extend_schema(request=SessionHeldSerializer, responses=TogetherSerializer)
    def post(self, request: Request, pk: int, session: int) -> Response:
        """It was held."""
        wish = self.wish(SessionHeldSerializer)
        sessions.hold(session=self.session(pk, session), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)


class MissView(OneSessionView):
    @once
    @extend_schema(request=None, responses=TogetherSerializer)
    def post(self, request: Request, pk: int, session: int) -> Response:
        """It did not take place."""
        sessions.miss(session=self.session(pk, session), by=asking(request), at=timezone.now())
        return self.together(pk)


class SessionIcsView(OneSessionView):
    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.BYTE})
    def get(self, request: Request, pk: int, session: int) -> HttpResponse:
        """One session as a file for a calendar."""
        written = calendar_of_one(self.session(pk, session), asking(request))
        answer = HttpResponse(written, content_type=KIND)
        answer["Content-Disposition"] = f'attachment; filename="session-{session}.ics"'
        return answer
