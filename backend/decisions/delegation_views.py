"""Who votes for whom until it is taken back, over HTTP."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import IdField, asking
from backend.collectives.models import Collective
from backend.decisions import delegating
from backend.decisions.models import StandingDelegation
from backend.errors import field_error
from backend.members.serializers import PersonSerializer

WHERE = ("collective", "organisation", "federation")


class StandingDelegationSerializer(serializers.ModelSerializer[StandingDelegation]):
    """`collective` or `organisation` is where; neither: in the whole federation."""

    member = PersonSerializer(read_only=True)
    delegate = PersonSerializer(read_only=True)

    class Meta:
        model = StandingDelegation
        fields = ["member", "delegate", "collective", "organisation", "since"]
        read_only_fields = fields


class LendVoteSerializer(serializers.Serializer[Any]):
    """`where` in my organisation, in the federation, or in the `collective`; `member` null takes it back."""

    where = serializers.ChoiceField(choices=[(one, one) for one in WHERE])
    collective = IdField(required=False)
    member = IdField(allow_null=True)

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        if (wish["where"] == "collective") != ("collective" in wish):
            raise serializers.ValidationError({"collective": [_("Say in which collective.")]}, code="required")
        return wish


class DelegationsView(APIView):
    @extend_schema(responses=StandingDelegationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Who votes for me and for whom I vote; of my collectives, all."""
        return self._all(request)

    @extend_schema(request=LendVoteSerializer, responses=StandingDelegationSerializer(many=True))
    def post(self, request: Request) -> Response:
        """Let somebody vote for me in every vote that begins, until I take it back."""
        given = LendVoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wish, me = given.validated_data, asking(request)
        where: dict[str, Any] = {}
        if wish["where"] == "collective":
            ours = Collective.objects.filter(memberships__member=me, memberships__state__in=("member", "on_leave"))
            where["collective"] = ours.filter(pk=wish["collective"]).first()
            if where["collective"] is None:
                raise field_error("collective", "not_found", "This collective does not exist, or not for you.")
        elif wish["where"] == "organisation":
            where["organisation"] = me.organisation
        delegating.lend(by=me, to=wish["member"], at=timezone.now(), **where)
        return self._all(request)

    def _all(self, request: Request) -> Response:
        rows = delegating.seen_by(asking(request)).select_related("member", "delegate").order_by("pk")
        return Response(StandingDelegationSerializer(rows, many=True, context={"request": request}).data)
