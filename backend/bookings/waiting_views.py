"""The waiting line over HTTP."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import Pages, asking
from backend.bookings import offering
from backend.bookings.fields import moments
from backend.bookings.models import Booking, Wait
from backend.bookings.once import once
from backend.bookings.serializers import BookingSerializer
from backend.bookings.waiting_serializers import WaitSerializer, WaitWishSerializer


class Soonest(Pages):
    ordering = ("starts_at", "id")  # type: ignore[assignment]


class WaitView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Wait]):
    """What I wait for, and what I am offered."""

    queryset = Wait.objects.none()
    serializer_class = WaitSerializer
    pagination_class = Soonest
    filter_backends = []
    throttle_scope = "bookings"

    def get_queryset(self) -> QuerySet[Wait]:
        mine = offering.in_line(Wait.objects.filter(member=asking(self.request))).select_related(
            "resource__place", "collective", "offer"
        )
        open_ones = mine.filter(status__in=[Wait.Status.WAITING, Wait.Status.OFFERED], starts_at__gt=timezone.now())
        return open_ones if self.action == "list" else mine

    @once
    @extend_schema(request=WaitWishSerializer, responses={201: WaitSerializer, 200: WaitSerializer})
    def create(self, request: Request) -> Response:
        """Stand in line for something that is taken."""
        asked = WaitWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        wish |= moments({name: wish[name] for name in ("starts_at", "ends_at")}, [wish["resource"]])
        wait, is_new = offering.wait_for(member=asking(request), at=timezone.now(), **wish)
        told = self.get_queryset().get(pk=wait.pk)
        return Response(self.get_serializer(told).data, status=201 if is_new else 200)

    @once
    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, pk: str) -> Response:
        """What was offered becomes my booking."""
        booking = offering.take_up(member=asking(request), wait=self.get_object(), at=timezone.now())
        told = Booking.objects.told().get(pk=booking.pk)
        return Response(BookingSerializer(told, context={"request": request}).data)

    @once
    @extend_schema(request=None, responses=WaitSerializer)
    @action(detail=True, methods=["post"], url_path="let-go")
    def let_go(self, request: Request, pk: str) -> Response:
        """Leave the line; what was offered goes to the next."""
        wait = offering.let_go(member=asking(request), wait=self.get_object(), at=timezone.now())
        return Response(self.get_serializer(self.get_queryset().get(pk=wait.pk)).data)
