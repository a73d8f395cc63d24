"""Members over HTTP: myself, and the others."""

from typing import Any

from django.db.models import Count, Min, QuerySet, Value, Window
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import IsSignedIn, Pages, asking
from backend.errors import field_error
from backend.members import actions, around, regions, towns
from backend.members.filters import SEARCH_MAX_LENGTH, MemberFilter
from backend.members.models import Away, Block, Member, Offer, Organisation, SpokenLanguage, tells
from backend.members.serializers import (
    AwaySerializer,
    BlockSerializer,
    BlockWishSerializer,
    MapSerializer,
    MemberCardSerializer,
    MemberProfileSerializer,
    MeSerializer,
    OrganisationSerializer,
    PhotoSerializer,
    RegionSerializer,
    SessionSerializer,
    TownSerializer,
    as_near,
    listed,
)
from backend.members.wishes import ProfileWishSerializer, countries
from backend.skills.models import Sector
from backend.skills.serializers import reader_language

MOST_TOWNS = 300


def as_me(member: Member, request: Request) -> Response:
    """The member as they see themselves, as stored now."""
    lists = ["sectors", "languages", "works_in", "offers__skill", "wants__skill", "free_hours"]
    fresh = Member.objects.select_related("organisation", "profession").prefetch_related(*lists).get(pk=member.pk)
    return Response(MeSerializer(fresh, context={"request": request}).data)


class SessionView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in here, if anybody."""
        me = as_me(asking(request), request).data if request.user.is_authenticated else None
        return Response({"me": me})


class MeView(APIView):
    permission_classes = [IsSignedIn]

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """My profile."""
        return as_me(asking(request), request)

    @extend_schema(request=ProfileWishSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change my profile; lists replace what was there."""
        # Not `partial`: that would also let the rows of a list leave out what they need.
        wish = ProfileWishSerializer(data=request.data, context={"member": asking(request)})
        wish.is_valid(raise_exception=True)
        return as_me(actions.edit_profile(member=asking(request), at=timezone.now(), **wish.validated_data), request)


class OnboardView(APIView):
    permission_classes = [IsSignedIn]

    @extend_schema(request=None, responses=MeSerializer)
    def post(self, request: Request) -> Response:
        """I have introduced myself: let me in."""
        return as_me(actions.introduce(member=asking(request), at=timezone.now()), request)


class PhotoView(APIView):
    permission_classes = [IsSignedIn]
    parser_classes = [MultiPartParser]
    throttle_scope = "photos"

    @extend_schema(request={"multipart/form-data": PhotoSerializer}, responses=MeSerializer)
    def put(self, request: Request) -> Response:
        """Show this photo of me."""
        wish = PhotoSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        upload = wish.validated_data["photo"]
        return as_me(actions.set_photo(member=asking(request), upload=upload, size=upload.size), request)

    @extend_schema(request=None, responses={200: MeSerializer})
    def delete(self, request: Request) -> Response:
        """Show no photo of me."""
        return as_me(actions.remove_photo(member=asking(request)), request)


class OrganisationView(mixins.ListModelMixin, viewsets.GenericViewSet[Organisation]):
    """The organisations of this installation."""

    queryset = Organisation.objects.order_by("name")
    serializer_class = OrganisationSerializer
    permission_classes = [IsSignedIn]
    pagination_class = None


def on_cards(members: QuerySet[Member]) -> QuerySet[Member]:
    """With what a card says of them. Of skills and fields only how they are called: their descriptions are long."""
    offers = Offer.objects.select_related("skill").only("member", "level", "skill__key", "skill__names")
    lists = [
        listed("sectors", Sector.objects.only("key", "names")),
        listed("languages", SpokenLanguage.objects.all()),
        listed("offers", offers),
    ]
    return members.select_related("organisation", "profession").prefetch_related(*lists)


def as_whole(members: QuerySet[Member]) -> QuerySet[Member]:
    """With all that others see of them."""
    lists = ["sectors", "languages", "offers__skill", "wants__skill", "works_in", "free_hours"]
    return members.select_related("organisation", "profession").prefetch_related(*lists)


class ByName(Pages):
    """Members by name, with how many there are in all."""

    ordering = ("folded", "id")

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        # Everyone found is counted for the first page. Sorted as the index has it, PostgreSQL would walk through all names for thirty of them.
        return self.ordering if self.cursor_query_param in request.query_params else ("sorted", "id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        # Who is on the page and how many there are in all is one question; what cards say is read of those on the page alone.
        narrow = queryset.values("id", "folded")
        is_first = self.cursor_query_param not in request.query_params
        sorted_anew = {"sorted": Concat("folded", Value(""))}
        counted = narrow.annotate(total=Window(Count("pk")), **sorted_anew) if is_first else narrow
        page: list[Any] = super().paginate_queryset(counted, request, view) or []
        self.count = sum(row["total"] for row in page[:1]) if is_first else queryset.count()
        found = on_cards(Member.objects.all()).in_bulk([row["id"] for row in page])
        return [found[row["id"]] for row in page if row["id"] in found]

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data = {"count": self.count, **response.data}
        return response

    def get_paginated_response_schema(self, schema: Any) -> Any:
        answer = super().get_paginated_response_schema(schema)
        answer["properties"] = {"count": {"type": "integer"}, **answer["properties"]}
        answer["required"] = ["count", *answer.get("required", [])]
        return answer


class BlockView(mixins.ListModelMixin, viewsets.GenericViewSet[Block]):
    """People whom I blocked. They are told nothing: for each of us the other does not exist."""

    queryset = Block.objects.none()
    serializer_class = BlockSerializer
    pagination_class = None
    lookup_field, lookup_value_regex = "member", r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Block]:
        return asking(self.request).blocks.select_related("whom").order_by("-pk")

    @extend_schema(request=BlockWishSerializer, responses={201: BlockSerializer})
    def create(self, request: Request) -> Response:
        """Block someone, at once."""
        wish = BlockWishSerializer(data=request.data, context={"request": request})
        wish.is_valid(raise_exception=True)
        made = actions.block(by=asking(request), whom=wish.validated_data["member"], at=timezone.now())
        return Response(BlockSerializer(made, context=self.get_serializer_context()).data, status=201)

    @extend_schema(parameters=[OpenApiParameter("member", int, "path")], responses={204: None})
    def destroy(self, request: Request, member: str) -> Response:
        """Take it back."""
        actions.unblock(by=asking(request), whom=int(member))
        return Response(status=204)


class AwayView(mixins.ListModelMixin, viewsets.GenericViewSet[Away]):
    """Days on which I cannot meet."""

    queryset = Away.objects.none()
    lookup_value_regex = r"\d{1,18}"
    serializer_class = AwaySerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Away]:
        return asking(self.request).away.order_by("first_day", "pk")

    @extend_schema(request=AwaySerializer, responses={201: AwaySerializer})
    def create(self, request: Request) -> Response:
        """I am away then: nobody is to propose a time to me."""
        wish = AwaySerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = actions.go_away(member=asking(request), **wish.validated_data)
        return Response(AwaySerializer(made).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """I am there after all."""
        actions.come_back(member=asking(request), away=int(pk))
        return Response(status=204)


class MemberView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Member]):
    """The members whom I may meet, across all organisations."""

    queryset = Member.objects.none()
    filterset_class = MemberFilter
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[Member]:
        seen: QuerySet[Member] = Member.objects.visible_to(asking(self.request))
        return as_whole(seen) if self.action == "retrieve" else seen

    def get_serializer_context(self) -> dict[str, Any]:
        near = self.request.query_params.get("near") if self.action == "list" else None
        return {**super().get_serializer_context(), "middle": around.point_of(near) if near else None}

    def get_serializer_class(self) -> Any:
        return MemberCardSerializer if self.action == "list" else MemberProfileSerializer

    @extend_schema(responses=MapSerializer, filters=True)
    @action(detail=False, pagination_class=None)
    def map(self, request: Request) -> Response:
        """Where they live, for the same search: the 300 towns with most of them."""
        found = self.filter_queryset(Member.objects.visible_to(asking(request)))
        placed = found.filter(tells(asking(request)), z__isnull=False)
        rows = placed.values("x", "y", "z", "country").annotate(count=Count("pk"), name=Min("city"))
        there = [_there({**row}) for row in rows.order_by("-count", "name", "x")[:MOST_TOWNS]]
        elsewhere = found.count() - sum(row["count"] for row in there)
        return Response(MapSerializer({"towns": there, "elsewhere": elsewhere}).data)


def _there(row: dict[str, Any]) -> dict[str, Any]:
    point = towns.on_earth(row.pop("x"), row.pop("y"), row.pop("z"))
    return row | point._asdict() | {"point": as_near(point)}


class TownView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("search", str, required=True, description="How its name begins, in any language.")
        ],
        responses=TownSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Towns to look around: those of my country first, then the largest."""
        typed = request.query_params.get("search", "")[:SEARCH_MAX_LENGTH]
        found = towns.beginning(typed, country=asking(request).country)
        return Response(TownSerializer(found, many=True).data)


class RegionView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("country", str, required=True, description="Its two letters: FR.")],
        responses=RegionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The regions of a country by name; none where we know none."""
        country = request.query_params.get("country", "").upper()
        if country not in countries():
            raise field_error("country", "unknown_country", _("This is not a country that we know."))
        found = regions.of_country(country, language=reader_language())
        return Response(RegionSerializer(found, many=True).data)
