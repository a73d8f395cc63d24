"""What guides and collectives offer, and waiting for a place, over HTTP."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.collectives.models import Collective
from backend.collectives.rules import may_steer
from backend.errors import Refusal
from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.mentoring import asked, collective_guiding, guiding, habits, rules, waiting
from backend.mentoring.asked import Asked
from backend.mentoring.guiding_serializers import (
    CollectiveGuidingSerializer,
    CollectiveGuidingWishSerializer,
    GuideWaitSerializer,
    GuideWaitWishSerializer,
    GuidingSerializer,
    GuidingWishSerializer,
    MyGuidingSerializer,
    TickSerializer,
    placed,
)
from backend.mentoring.models import GuideWait, Guiding, Kind, TrainingStep
from backend.mentoring.views import Wishing
from backend.skills.serializers import NamedSerializer, reader_language

KINDS = list(Kind)


class MyGuidingView(Wishing, APIView):
    @extend_schema(responses=MyGuidingSerializer)
    def get(self, request: Request) -> Response:
        """What I offer as a guide."""
        return Response(_mine(asking(request)))

    @extend_schema(request=GuidingWishSerializer, responses=MyGuidingSerializer)
    def patch(self, request: Request) -> Response:
        """Change what I offer, or pause."""
        wish = self.wish(GuidingWishSerializer)
        return Response(_mine(guiding.set_guiding(member=asking(request), wish=wish, at=timezone.now())))


class TrainingView(Wishing, APIView):
    @extend_schema(request=TickSerializer, responses=MyGuidingSerializer)
    def post(self, request: Request, key: str) -> Response:
        """Say that I have done a step to get ready, or not after all."""
        step = get_object_or_404(TrainingStep.objects.filter(is_shown=True), key=key)
        me = asking(request)
        guiding.tick(member=me, step=step, at=timezone.now(), **self.wish(TickSerializer))
        return Response(_mine(me))


class GuidingView(APIView):
    @extend_schema(responses=GuidingSerializer)
    def get(self, request: Request, member: int) -> Response:
        """What someone offers as a guide, and in which ways I can ask them."""
        me, at = asking(request), timezone.now()
        them = get_object_or_404(Member.objects.visible_to(me), pk=member)
        offered = rules.guiding_of(them)
        steps = TrainingStep.objects.filter(is_shown=True)
        wait = me.guide_waits.filter(mentor=them, status__in=waiting.IN_LINE).first()
        is_full = bool(them.guide_capacity) and (them.guide_paused or rules.places_open(them) < 1)
        return Response(
            {
                "role": offered.role,
                "can_help": offered.can_help,
                "cannot_help": offered.cannot_help,
                "places_open": rules.places_open(them) if them.is_guide else 0,
                "talks_left": rules.talks_left_of([them], at=at)[them.pk] if rules.gives_talks(them) else 0,
                "back_on": _day(offered, them),
                "answers_within_days": habits.usually_answer_within([them.pk], at=at)[them.pk],
                "is_trained": steps.exists() and not steps.exclude(ticks__member=them).exists(),
                "wait": wait.pk if wait else None,
                "may": {
                    "ask": [kind.value for kind in KINDS if _can_ask(me, them, kind, at)],
                    "wait": wait is None and is_full and bool(them.guide_tracks) and me.pk != them.pk,
                },
            }
        )


class GuideWaitView(Wishing, viewsets.GenericViewSet[GuideWait]):
    """Lines in which I wait for a guide."""

    queryset = GuideWait.objects.none()
    serializer_class = GuideWaitSerializer
    pagination_class = None
    filter_backends = []

    def get_queryset(self) -> QuerySet[GuideWait]:
        mine = asking(self.request).guide_waits.filter(status__in=waiting.IN_LINE)
        return mine.select_related("mentor", "offered").order_by("pk")

    @extend_schema(responses=GuideWaitSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Where I wait, and where a place is kept for me."""
        return Response(self.get_serializer(placed(self.get_queryset()), many=True).data)

    @extend_schema(request=GuideWaitWishSerializer, responses={201: GuideWaitSerializer, 200: GuideWaitSerializer})
    def create(self, request: Request) -> Response:
        """Wait for a guide, or for any guide in a track."""
        wish = self.wish(GuideWaitWishSerializer)
        made, is_new = waiting.wait_for(member=asking(request), at=timezone.now(), **wish)
        fresh = placed(self.get_queryset().filter(pk=made.pk))[0]
        return Response(self.get_serializer(fresh).data, status=201 if is_new else 200)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Leave a line, or let go of a place kept for me."""
        waiting.leave(wait=self.get_object(), by=asking(request), at=timezone.now())
        return Response(status=204)


class CollectiveGuidingView(Wishing, APIView):
    @extend_schema(responses=CollectiveGuidingSerializer)
    def get(self, request: Request, collective: int) -> Response:
        """What a collective can and wants, counted from its members, and whether it guides as a whole."""
        return Response(self._told(request, _collective(request, collective)))

    @extend_schema(request=CollectiveGuidingWishSerializer, responses=CollectiveGuidingSerializer)
    def patch(self, request: Request, collective: int) -> Response:
        """Guide as a collective: places, tracks, with what."""
        found = _collective(request, collective)
        wish = self.wish(CollectiveGuidingWishSerializer)
        collective_guiding.set_guiding(collective=found, by=asking(request), wish=wish)
        return Response(self._told(request, _collective(request, collective)))

    def _told(self, request: Request, collective: Collective) -> dict[str, Any]:
        me = asking(request)
        offered = getattr(collective, "guiding", None)
        skills = collective_guiding.skills_of(collective)
        steward = collective_guiding.asked_of(collective, me)
        places = rules.places_of_collective(collective)
        steers = may_steer(me, collective)
        context = {"request": request}
        return {
            "places": offered.places if offered else 0,
            "places_open": places,
            "tracks": offered.tracks if offered else [],
            "can_help": offered.can_help if offered else "",
            "offers": [NamedSerializer(skill).data | {"count": count} for skill, count in skills.offers],
            "wants": [NamedSerializer(skill).data | {"count": count} for skill, count in skills.wants],
            "asked": PersonSerializer(steward, context=context).data if steward else None,
            "may": {
                "edit": steers,
                "ask": places > 0 and steward is not None and steward.pk != me.pk and not steers,
                "ask_for": steers,
            },
        }


def _collective(request: Request, pk: int) -> Collective:
    rows = Collective.objects.visible_to(asking(request)).filter(closed_at__isnull=True)
    found: Collective = get_object_or_404(rows.select_related("guiding").prefetch_related("memberships"), pk=pk)
    return found


def _mine(me: Member) -> dict[str, Any]:
    me = Member.objects.get(pk=me.pk)
    offered = rules.guiding_of(me)
    done = set(me.training.values_list("step", flat=True))
    language = reader_language()
    return {
        "role": offered.role,
        "places": me.guide_capacity,
        "tracks": me.guide_tracks,
        "is_paused": me.guide_paused,
        "back_on": _day(offered, me),
        "talks_a_month": offered.talks_a_month,
        "circle_seats": offered.circle_seats,
        "peers": offered.peers,
        "can_help": offered.can_help,
        "cannot_help": offered.cannot_help,
        "training": [
            {
                "key": step.key,
                "title": step.title_in(language),
                "text": step.text_in(language),
                "is_done": step.pk in done,
            }
            for step in TrainingStep.objects.filter(is_shown=True)
        ],
        "in_line": GuideWait.objects.filter(mentor=me, status=GuideWait.Status.WAITING).count(),
    }


def _day(offered: Guiding, member: Member) -> str | None:
    """The day of a return, on the guide's own clock."""
    if offered.paused_until is None or not member.guide_paused:
        return None
    return offered.paused_until.astimezone(ZoneInfo(member.timezone)).date().isoformat()


def _can_ask(me: Member, them: Member, kind: Kind, at: dt.datetime) -> bool:
    """In one of their tracks at least; two peers in any."""
    tracks = ["cooperative"] if kind == Kind.PEER else them.guide_tracks
    for track in tracks:
        try:
            asked.refuse(Asked(me, them, track, kind), at)
        except Refusal:
            continue
        return True
    return False
