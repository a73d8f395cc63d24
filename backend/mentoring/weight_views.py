"""Weights over HTTP: every member reads them, coordinators change them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.errors import field_error
from backend.members.models import Member
from backend.mentoring import learning, rules, weighing
from backend.mentoring.models import Programme, WeightsProposal, WeightsVersion
from backend.mentoring.views import Wishing
from backend.mentoring.weighing import DEDUCTIONS, GAINS, SHARES, SIMILAR_OR_DIFFERENT, weights_of
from matching import GUIDE, Weights

PARTS = (*GAINS, *DEDUCTIONS)


class WeightSerializer(serializers.Serializer[Any]):
    """What a part gives at most, or takes away at most; `default` where nobody changed it."""

    part = serializers.ChoiceField(choices=PARTS)
    points = serializers.IntegerField()
    default = serializers.IntegerField()
    deducts = serializers.BooleanField()


class WeightsVersionSerializer(serializers.ModelSerializer[WeightsVersion]):
    weights = serializers.SerializerMethodField()

    class Meta:
        model = WeightsVersion
        fields = ["number", "source", "made_at", "weights"]

    def get_weights(self, version: WeightsVersion) -> dict[str, int]:
        return {part: version.points.get(part, getattr(GUIDE, part)) for part in PARTS}


class WeighedProgrammeSerializer(serializers.ModelSerializer[Programme]):
    class Meta:
        model = Programme
        fields = ["id", "name", "track"]


class WeightsProposalSerializer(serializers.ModelSerializer[WeightsProposal]):
    """Weights for which choices speak; `evidence` says how well both foretold choices that were not learnt from."""

    points = serializers.DictField(child=serializers.IntegerField())
    evidence = serializers.DictField(child=serializers.FloatField())

    class Meta:
        model = WeightsProposal
        fields = ["points", "evidence", "made_at"]


class DecideSerializer(serializers.Serializer[Any]):
    approve = serializers.BooleanField()


class AlikeSerializer(serializers.Serializer[Any]):
    """Whether two people had better be similar or different: in the fields they work in, and in how far each of them is."""

    sector = serializers.ChoiceField(choices=SIMILAR_OR_DIFFERENT, required=False)
    experience = serializers.ChoiceField(choices=SIMILAR_OR_DIFFERENT, required=False)


class WeightsMaySerializer(serializers.Serializer[Any]):
    edit = serializers.BooleanField()


class WeightsSerializer(serializers.Serializer[Any]):
    """The weights of a programme, or the defaults; `programmes` are those of my organisation, and those that I coordinate."""

    programme = WeighedProgrammeSerializer(allow_null=True)
    programmes = WeighedProgrammeSerializer(many=True)
    version = serializers.CharField()
    weights = WeightSerializer(many=True)
    like = AlikeSerializer()
    history = WeightsVersionSerializer(many=True)
    proposal = WeightsProposalSerializer(allow_null=True, help_text="For coordinators: to be approved or refused.")
    may = WeightsMaySerializer()


class WeighSerializer(serializers.Serializer[Any]):
    """Either `points`, of which those of the gains come to 1,000, or `levels`, which are turned into points."""

    points = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=1000), required=False)
    levels = serializers.DictField(child=serializers.ChoiceField(choices=list(SHARES)), required=False)
    like = AlikeSerializer(required=False, help_text="Whatever is left out stays.")

    def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
        for field in ("points", "levels"):
            if set(wish.get(field, {})) - set(PARTS if field == "points" else GAINS):
                raise serializers.ValidationError({field: "unknown"}, code="invalid_choice")
        if ("points" in wish) == ("levels" in wish):
            raise serializers.ValidationError({"points": "one of both"}, code="required")
        return wish


class WeightsView(APIView):
    @extend_schema(parameters=[OpenApiParameter("programme", int)], responses=WeightsSerializer)
    def get(self, request: Request) -> Response:
        """How a guide is weighed, in a programme or by default."""
        given = request.query_params.get("programme") or ""
        if given and (not given.isdecimal() or len(given) > 18):
            raise field_error("programme", "invalid", "")
        programme = get_object_or_404(Programme, pk=given) if given else None
        return Response(_answer(programme, asking(request)))


class WeighView(Wishing, APIView):
    @extend_schema(request=WeighSerializer, responses=WeightsSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Let other weights count from now on; the old ones are kept."""
        me, wish = asking(request), self.wish(WeighSerializer)
        found = get_object_or_404(Programme, pk=programme, coordinators=me)
        points = wish["points"] if "points" in wish else weighing.shared_out(wish["levels"])
        done = weighing.weigh(programme=found, points=points, like=wish.get("like", {}), by=me, at=timezone.now())
        return Response(_answer(done, me))


class LearnView(Wishing, APIView):
    @extend_schema(request=None, responses=WeightsSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Look whether whom members asked speaks for other weights; nothing changes yet."""
        me = asking(request)
        found = get_object_or_404(Programme, pk=programme, coordinators=me)
        learning.propose(programme=found, by=me, at=timezone.now())
        return Response(_answer(found, me))


class DecideView(Wishing, APIView):
    @extend_schema(request=DecideSerializer, responses=WeightsSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Approve the proposed weights, or refuse them."""
        me = asking(request)
        found = get_object_or_404(Programme, pk=programme, coordinators=me)
        done = learning.decide(programme=found, by=me, at=timezone.now(), **self.wish(DecideSerializer))
        return Response(_answer(done, me))


def _answer(programme: Programme | None, me: Member) -> dict[str, Any]:
    weights: Weights = GUIDE if programme is None else weights_of(programme)
    edits = programme is not None and rules.may_coordinate(me, programme)
    ours = Programme.objects.filter(Q(organisation=me.organisation_id) | Q(coordinators=me)).distinct().order_by("name")
    return WeightsSerializer(
        {
            "programme": programme,
            "programmes": ours,
            "version": weights.version,
            "weights": [
                {
                    "part": part,
                    "points": getattr(weights, part),
                    "default": getattr(GUIDE, part),
                    "deducts": part in DEDUCTIONS,
                }
                for part in PARTS
            ],
            "like": weighing.alike(programme or Programme()),
            "history": [] if programme is None else programme.versions.order_by("-number"),
            "proposal": programme.proposals.filter(state="open", number=programme.weights_version).first()
            if programme is not None and edits
            else None,
            "may": {"edit": edits},
        }
    ).data
