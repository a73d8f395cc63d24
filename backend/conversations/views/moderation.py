"""Reports, and what stewards do for a room to stay a good place."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.conversations import actions, rules
from backend.conversations.facts import author_fact
from backend.conversations.inputs import (
    DecisionSerializer,
    MuteSerializer,
    RemovalSerializer,
    ReportWishSerializer,
    RuleSerializer,
)
from backend.conversations.serializers import EventSerializer, ReportSerializer, RoomDetailSerializer
from backend.conversations.views.asking import MEMBER, SEQ, SEQ_PATH, RoomBase
from backend.errors import NotAllowed
from backend.trust.models import Report

PATH = r"members/(?P<member>[0-9]{1,18})"


class ModerationViews(RoomBase):
    @extend_schema(methods=["put"], parameters=[SEQ], request=RuleSerializer, responses={200: EventSerializer})
    @extend_schema(methods=["delete"], parameters=[SEQ], request=None, responses={200: EventSerializer})
    @action(detail=True, methods=["put", "delete"], url_path=f"{SEQ_PATH}/hidden")
    def hidden(self, request: Request, pk: str, seq: str) -> Response:
        """Cover a message that breaks a rule, or show it again. Answers the message."""
        room, me, at = self.get_object(), self.me(), timezone.now()
        if request.method == "PUT":
            actions.hide(room=room, seq=int(seq), by=me, at=at, **self.wish(RuleSerializer))
        else:
            actions.show(room=room, seq=int(seq), by=me, at=at)
        return self.message_answer(room, seq)

    @extend_schema(parameters=[SEQ], request=ReportWishSerializer, responses={201: ReportSerializer})
    @action(detail=True, methods=["post"], url_path=f"{SEQ_PATH}/report")
    def report(self, request: Request, pk: str, seq: str) -> Response:
        """Tell the stewards that a message breaks a rule."""
        wish = self.wish(ReportWishSerializer)
        row = actions.report_message(room=self.get_object(), seq=int(seq), by=self.me(), at=timezone.now(), **wish)
        return Response(_shown(row), status=201)

    @extend_schema(responses=ReportSerializer(many=True))
    @action(detail=True)
    def reports(self, request: Request, pk: str) -> Response:
        """What was reported in this room, for its stewards: open ones first, newest first."""
        room = self.get_object()
        if not rules.may_moderate(self.me(), room):
            raise NotAllowed("not_a_steward")
        rows = Report.objects.filter(kind=Report.Kind.MESSAGE, ref__room=room.pk).exclude(about_member=self.me())
        found = list(rows.select_related("about_member").order_by("-id")[:200])
        found.sort(key=lambda row: row.state != Report.State.OPEN)
        return Response([_shown(row) for row in found])

    @extend_schema(request=DecisionSerializer, responses=ReportSerializer)
    @action(detail=True, methods=["post"], url_path=r"reports/(?P<report>[0-9]{1,18})/decide")
    def decide(self, request: Request, pk: str, report: str) -> Response:
        """Whether a reported message breaks the rule. Who reported it is told."""
        wish = self.wish(DecisionSerializer)
        row = actions.decide_report(room=self.get_object(), report=int(report), by=self.me(), at=timezone.now(), **wish)
        return Response(_shown(row))

    @extend_schema(methods=["put"], parameters=[MEMBER], request=MuteSerializer, responses=RoomDetailSerializer)
    @extend_schema(methods=["delete"], parameters=[MEMBER], request=None, responses={200: RoomDetailSerializer})
    @action(detail=True, methods=["put", "delete"], url_path=f"{PATH}/mute")
    def mute(self, request: Request, pk: str, member: str) -> Response:
        """Someone may read here and not write; or may write again."""
        room, me, whom, at = self.get_object(), self.me(), self.someone(member), timezone.now()
        if request.method == "PUT":
            actions.mute(room=room, by=me, member=whom, at=at, **self.wish(MuteSerializer))
        else:
            actions.unmute(room=room, by=me, member=whom, at=at)
        return self.room_answer(room)

    @extend_schema(parameters=[MEMBER], request=RemovalSerializer, responses=RoomDetailSerializer)
    @action(detail=True, methods=["post"], url_path=f"{PATH}/remove")
    def remove(self, request: Request, pk: str, member: str) -> Response:
        """Put someone out of the room, for good with `ban`."""
        room, wish = self.get_object(), self.wish(RemovalSerializer)
        actions.remove_member(room=room, by=self.me(), member=self.someone(member), at=timezone.now(), **wish)
        return self.room_answer(room)

    @extend_schema(parameters=[MEMBER], request=None, responses={200: RoomDetailSerializer})
    @action(detail=True, methods=["put", "delete"], url_path=f"{PATH}/steward")
    def steward(self, request: Request, pk: str, member: str) -> Response:
        """Make someone a steward of the room, or relieve them."""
        room, is_steward = self.get_object(), request.method == "PUT"
        actions.name_steward(
            room=room, by=self.me(), member=self.someone(member), is_steward=is_steward, at=timezone.now()
        )
        return self.room_answer(room)


def _shown(row: Any) -> Any:
    row.about_fact = author_fact(row.about_member)
    return ReportSerializer(row).data
