"""The page of one mentorship over HTTP. Every door that changes something answers with the whole page as it is afterwards."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings.once import once
from backend.errors import NotFound, field_error
from backend.members.models import Member
from backend.mentoring import agreements, relation
from backend.mentoring.common_time import long_enough
from backend.mentoring.engagements import common_time
from backend.mentoring.models import Journey, Mentorship, MentorshipSession, Note
from backend.mentoring.relation_serializers import TogetherSerializer, may, shared, walked
from backend.mentoring.relation_wishes import (
    AcceptAgreementSerializer,
    AgreementWishSerializer,
    PauseSerializer,
    RenewSerializer,
)
from backend.mentoring.views import Wishing

SESSIONS_SHOWN, NOTES_SHOWN = 30, 60
LONGEST_WINDOW = dt.timedelta(days=62)


class PairView(Wishing, APIView):
    """For views of what two people share: whoever is not one of them is told that there is nothing."""

    def pair(self, pk: int) -> Mentorship:
        rows = Mentorship.objects.of(asking(self.request)).select_related("mentor", "mentee")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found

    def together(self, pk: int, status: int = 200) -> Response:
        """The whole page, in a constant number of queries."""
        me, at = asking(self.request), timezone.now()
        rows = Mentorship.objects.of(me).select_related("mentor", "mentee")
        mentorship = rows.prefetch_related("agreements", "goals__steps", "agenda", "tasks").get(pk=pk)
        role = "mentor" if mentorship.mentor_id == me.pk else "mentee"
        context = {"request": self.request, "me": me, "at": at, "mentorship": mentorship, "role": role}
        told = TogetherSerializer(_page(mentorship, me, role, at), context=context)
        return Response(told.data, status=status)


class TogetherView(PairView):
    @extend_schema(responses=TogetherSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """All that we share: the agreement, goals, sessions, agenda, tasks, notes and the journey."""
        return self.together(self.pair(pk).pk)


class PauseView(PairView):
    @once
    @extend_schema(request=PauseSerializer, responses=TogetherSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Rest for a while; sessions in between are cancelled."""
        relation.pause(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **self.wish(PauseSerializer))
        return self.together(pk)


class ResumeView(PairView):
    @once
    @extend_schema(request=None, responses=TogetherSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Go on."""
        relation.resume(mentorship=self.pair(pk), by=asking(request), at=timezone.now())
        return self.together(pk)


class AgreementsView(PairView):
    @once
    @extend_schema(request=AgreementWishSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Propose an agreement, or a new version of it, with which I agree; the other is asked."""
        wish = self.wish(AgreementWishSerializer)
        agreements.propose(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk, 201)


class AcceptAgreementView(PairView):
    @once
    @extend_schema(request=AcceptAgreementSerializer, responses=TogetherSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Agree with the latest version."""
        wish = self.wish(AcceptAgreementSerializer)
        agreements.accept(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **wish)
        return self.together(pk)


class RenewView(PairView):
    @once
    @extend_schema(request=RenewSerializer, responses={201: TogetherSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Go on as agreed for some more months, if the other accepts."""
        agreements.renew(mentorship=self.pair(pk), by=asking(request), at=timezone.now(), **self.wish(RenewSerializer))
        return self.together(pk, 201)


class TimeSpanSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class CommonTimeSerializer(serializers.Serializer[Any]):
    spans = TimeSpanSerializer(many=True)
    assumed = serializers.ListField(
        child=serializers.IntegerField(), help_text="Who of us has told no hours; a working week is taken for theirs."
    )


class CommonTimeView(PairView):
    @extend_schema(
        parameters=[
            OpenApiParameter("minutes", int, description="How long; 60 unless told."),
            OpenApiParameter("from", str, description="A moment; now unless told."),
            OpenApiParameter("until", str, description="At most 62 days later; 28 days unless told."),
        ],
        responses=CommonTimeSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """When we are both free for so long: our weekly hours without days away, sessions, open hours and rooms that we have booked."""
        mentorship, now = self.pair(pk), timezone.now()
        asked = request.query_params
        minutes = asked.get("minutes", "60")
        if not minutes.isdecimal() or len(minutes) > 3 or not 15 <= int(minutes) <= 480:
            raise field_error("minutes", "out_of_range", _("A session takes from 15 minutes to 8 hours."))
        start = max(now, _moment(asked, "from", now))
        end = _moment(asked, "until", start + dt.timedelta(days=28))
        if not start < end <= start + LONGEST_WINDOW:
            raise field_error("until", "window_too_long", _("A calendar shows 62 days at most."))
        common = common_time([mentorship.mentor, mentorship.mentee], (start, end))
        spans = long_enough(common.spans, dt.timedelta(minutes=int(minutes)))
        told = {"spans": [{"starts_at": first, "ends_at": last} for first, last in spans]}
        return Response(CommonTimeSerializer(told | {"assumed": sorted(common.assumed)}).data)


def _page(mentorship: Mentorship, me: Member, role: str, at: dt.datetime) -> dict[str, Any]:
    held = mentorship.sessions.filter(state=MentorshipSession.State.HELD).values_list("minutes", flat=True)
    minutes = [each or 0 for each in held]
    journey = Journey.objects.filter(track=mentorship.track).prefetch_related("steps").first()
    done = dict(mentorship.marks.values_list("step", "done_at"))
    steps = [one for one in journey.steps.all() if not one.is_retired or one.pk in done] if journey else []
    return {
        "mentorship": mentorship,
        "my_role": role,
        "mentor": mentorship.mentor,
        "mentee": mentorship.mentee,
        "zones": {"mentor": mentorship.mentor.timezone, "mentee": mentorship.mentee.timezone},
        "ends_on": mentorship.ends_on,
        "paused_until": mentorship.paused_until,
        **shared(mentorship),
        "goals": mentorship.goals.all(),
        "sessions": _sessions(mentorship, at),
        "held_count": len(minutes),
        "held_minutes": sum(minutes),
        "agenda": mentorship.agenda.all(),
        "tasks": mentorship.tasks.all(),
        "notes": Note.objects.readable_by(me).filter(mentorship=mentorship).order_by("-pk")[:NOTES_SHOWN],
        "journey": journey.name_in() if journey else "",
        "steps": [walked(one, done) for one in steps],
        "may": may(mentorship, role),
    }


def _sessions(mentorship: Mentorship, at: dt.datetime) -> list[MentorshipSession]:
    """Those ahead, the next one first; then what is over, the last one first."""
    newest: QuerySet[MentorshipSession] = mentorship.sessions.select_related("booking").order_by("-starts_at", "-pk")
    rows = list(newest.prefetch_related("booking__items__resource__place")[:SESSIONS_SHOWN])
    ahead = [one for one in rows if one.state in MentorshipSession.AHEAD and one.ends_at > at]
    return [*reversed(ahead), *(one for one in rows if one not in ahead)]


def _moment(asked: Any, name: str, usual: dt.datetime) -> dt.datetime:
    text = asked.get(name)
    if not text:
        return usual
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise field_error(name, "invalid_time", _("Write a moment as 2026-11-24T14:00:00Z."))
    return moment
