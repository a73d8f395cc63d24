"""What a host looks after, over HTTP: rules, exemptions, hours, facts."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings import composing, sharing, terms, upkeep
from backend.bookings.hosting import may_set, refuse_unless_hosted, refuse_unless_place_hosted, refuse_unless_settable
from backend.bookings.hosting_serializers import (
    AddResourceSerializer,
    AddRuleSerializer,
    ChangePlaceSerializer,
    ChangeResourceSerializer,
    ChangeRuleSerializer,
    ComponentsSerializer,
    ExceptionSerializer,
    ExemptionSerializer,
    HostedPlaceSerializer,
    HostingSerializer,
    HostsSerializer,
    HoursSerializer,
    LetOffSerializer,
    LookedAfterSerializer,
    RuleSerializer,
    ToldHoursSerializer,
    UnitsSerializer,
)
from backend.bookings.models import Exemption, OpeningException, Place, Resource, Rule
from backend.bookings.once import once
from backend.collectives.models import Collective
from backend.errors import NotFound, field_error
from backend.members.models import Member, Organisation

ABOUT = [OpenApiParameter("resource", int), OpenApiParameter("place", int), OpenApiParameter("organisation", int)]


class HostingView(APIView):
    @extend_schema(responses=HostingSerializer)
    def get(self, request: Request) -> Response:
        """My places and things, also those not shown; the lists are empty for who looks after nothing.

        `organisations` are those whose rules I set. `shared_at` are places where I may share something of my own.
        """
        me = asking(request)
        places = Place.objects.filter(is_active=True).order_by("name", "pk")
        things = Resource.objects.filter(place__is_active=True).select_related("place").hosted_by(me)
        told = {
            "places": places.hosted_by(me)[:200],
            "resources": things.order_by("place__name", "name", "pk")[:500],
            "organisations": Organisation.objects.order_by("name") if me.is_staff else [],
            "shared_at": places.filter(organisation=me.organisation_id)[:200],
        }
        return Response(HostingSerializer(told).data)


class RuleView(viewsets.GenericViewSet[Rule]):
    """Rules of booking. What `resource` or `place` asks for is what counts there, in order, with where it comes from."""

    serializer_class = RuleSerializer
    queryset = Rule.objects.filter(is_active=True)
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(parameters=ABOUT, responses=RuleSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All rules about a thing or a place, readable by everyone who can see it."""
        asked = request.query_params
        counting: set[int] | None = None
        if asked.get("resource"):
            resource = _shown(Resource.objects.shown(), asked["resource"])
            rules = [rule for rule in terms.rules_about([resource]) if terms.is_about(rule, resource)]
            counting = {rule.pk for rule in terms.applying(rules, resource)}
        elif asked.get("place"):
            place = _shown(Place.objects.shown(), asked["place"])
            about = Q(place=place) | Q(organisation=place.organisation_id)
            rules = list(self.queryset.filter(about).order_by("position", "pk"))
        elif asked.get("organisation"):
            organisation = _shown(Organisation.objects.all(), asked["organisation"])
            rules = list(self.queryset.filter(organisation=organisation).order_by("position", "pk"))
        else:
            raise field_error("resource", "required", "resource, place, organisation")
        return Response(RuleSerializer(rules, many=True, context=_context(request, rules, counting)).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One rule, as everybody can read it."""
        rule = self.get_object()
        return Response(RuleSerializer(rule, context=_context(request, [rule])).data)

    @once
    @extend_schema(request=AddRuleSerializer, responses={201: RuleSerializer})
    def create(self, request: Request) -> Response:
        asked = AddRuleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        rule = upkeep.add_rule(member=asking(request), terms_given=wish.pop("terms"), **wish)
        return Response(RuleSerializer(rule, context=_context(request, [rule])).data, status=201)

    @once
    @extend_schema(request=ChangeRuleSerializer, responses=RuleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        asked = ChangeRuleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        changed = upkeep.change_rule(
            member=asking(request), rule=self.get_object(), terms_given=wish.pop("terms", None), **wish
        )
        return Response(RuleSerializer(changed, context=_context(request, [changed])).data)

    @once
    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        upkeep.remove_rule(member=asking(request), rule=self.get_object())
        return Response(status=204)


class ExemptionView(viewsets.GenericViewSet[Exemption]):
    """As a host: who is let off a rule."""

    serializer_class = ExemptionSerializer
    queryset = Exemption.objects.select_related("rule", "member", "collective").order_by("pk")
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(parameters=[OpenApiParameter("rule", int, required=True)], responses=ExemptionSerializer(many=True))
    def list(self, request: Request) -> Response:
        rule = _shown(Rule.objects.filter(is_active=True), request.query_params.get("rule", ""))
        refuse_unless_settable(asking(request), rule)
        current = Q(until__isnull=True) | Q(until__gt=timezone.now())
        return Response(ExemptionSerializer(self.queryset.filter(current, rule=rule), many=True).data)

    @once
    @extend_schema(request=LetOffSerializer, responses={201: ExemptionSerializer})
    def create(self, request: Request) -> Response:
        """Let somebody off."""
        asked = LetOffSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish, me = dict(asked.validated_data), asking(request)
        rule = _shown(Rule.objects.filter(is_active=True), str(wish.pop("rule")))
        person = _shown(Member.objects.visible_to(me), str(wish.pop("member"))) if "member" in wish else None
        known: Any = Collective.objects.visible_to(me)  # type: ignore[attr-defined]
        group = _shown(known, str(wish.pop("collective"))) if "collective" in wish else None
        made = upkeep.let_off(member=me, rule=rule, person=person, collective=group, at=timezone.now(), **wish)
        return Response(ExemptionSerializer(made).data, status=201)

    @once
    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        upkeep.end_exemption(member=asking(request), exemption=self.get_object())
        return Response(status=204)


class HoursView(APIView):
    @extend_schema(responses=ToldHoursSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """When a place is open."""
        return _hours(_shown(Place.objects.shown(), str(pk)))

    @once
    @extend_schema(request=HoursSerializer, responses=ToldHoursSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """As a host: another week."""
        asked = HoursSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = asked.validated_data
        week = [(row["weekday"], row["opens_minute"], row["closes_minute"]) for row in wish["week"]]
        place = _shown(Place.objects.shown(), str(pk))
        holidays = wish.get("closed_on_holidays")
        return _hours(upkeep.set_openings(member=asking(request), place=place, week=week, closed_on_holidays=holidays))

    @once
    @extend_schema(request=ExceptionSerializer, responses={201: ToldHoursSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """As a host: days that are different."""
        asked = ExceptionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        opens, closes = wish.pop("opens_minute", None), wish.pop("closes_minute", None)
        if (opens is None) != (closes is None):
            raise field_error("closes_minute", "required", "opens_minute, closes_minute")
        place = _shown(Place.objects.shown(), str(pk))
        hours = None if opens is None or closes is None else (opens, closes)
        upkeep.add_exception(member=asking(request), place=place, hours=hours, **wish)
        return _hours(place, 201)


class ExceptionView(APIView):
    @once
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """As a host: usual hours again."""
        found = _shown(OpeningException.objects.all(), str(pk))
        upkeep.remove_exception(member=asking(request), exception=found)
        return Response(status=204)


class HostedPlaceView(APIView):
    @extend_schema(responses=HostedPlaceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """As a host: everything about it."""
        refuse_unless_place_hosted(asking(request), pk)
        return _place(pk)

    @once
    @extend_schema(request=ChangePlaceSerializer, responses=HostedPlaceSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """As a host: other facts."""
        place = _shown(Place.objects.shown(), str(pk))
        asked = ChangePlaceSerializer(place, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        sharing.change_place(member=asking(request), place=place, **asked.validated_data)
        return _place(pk)


class HostsView(APIView):
    @once
    @extend_schema(request=HostsSerializer, responses=HostedPlaceSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """As a host: who looks after the place from now on."""
        asked = HostsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        place = _shown(Place.objects.shown(), str(pk))
        sharing.set_hosts(member=asking(request), place=place, hosts=asked.validated_data["members"])
        return _place(pk)


class HostedThingsView(APIView):
    @once
    @extend_schema(request=AddResourceSerializer, responses={201: LookedAfterSerializer})
    def post(self, request: Request) -> Response:
        """A new thing, at a place that I look after; or one of my own, or of my collective, at a place of my organisation."""
        asked = AddResourceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        me, facts = asking(request), _with_owner(asking(request), asked.validated_data)
        made = sharing.add_resource(member=me, place=_shown(Place.objects.shown(), str(facts.pop("place"))), **facts)
        return Response(LookedAfterSerializer(made).data, status=201)


class HostedThingView(APIView):
    @extend_schema(responses=LookedAfterSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """As a host: everything about it."""
        refuse_unless_hosted(asking(request), pk)
        return _thing(pk)

    @once
    @extend_schema(request=ChangeResourceSerializer, responses=LookedAfterSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """As a host: other facts."""
        refuse_unless_hosted(asking(request), pk)
        resource = _shown(Resource.objects.filter(place__is_active=True), str(pk))
        asked = ChangeResourceSerializer(resource, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        changes = _with_owner(asking(request), asked.validated_data)
        if "place" in changes:
            changes["place"] = _shown(Place.objects.shown(), str(changes["place"]))
        sharing.change_resource(member=asking(request), resource=resource, **changes)
        return _thing(pk)


class PartsView(APIView):
    @once
    @extend_schema(request=ComponentsSerializer, responses=LookedAfterSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """As a host: what it is made of."""
        asked = ComponentsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        parts = {row["part"]: row["quantity"] for row in asked.validated_data["parts"]}
        whole = _shown(Resource.objects.shown(), str(pk))
        composing.set_components(member=asking(request), whole=whole, parts=parts, at=timezone.now())
        return _thing(pk)


class UnitsView(APIView):
    @once
    @extend_schema(request=UnitsSerializer, responses=LookedAfterSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """As a host: the single units of a pool."""
        asked = UnitsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        units = {row["label"]: row.get("serial", "") for row in asked.validated_data["units"]}
        upkeep.set_units(member=asking(request), pool=_shown(Resource.objects.shown(), str(pk)), units=units)
        return _thing(pk)


def _shown(rows: QuerySet[Any], number: str) -> Any:
    found = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        raise NotFound()
    return found


def _with_owner(me: Member, wish: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, with the columns of whose it is; who does not exist for the asking person is nobody."""
    facts = dict(wish)
    known: Any = Collective.objects.visible_to(me)  # type: ignore[attr-defined]
    for name, rows in (("owner_member", Member.objects.visible_to(me)), ("owner_collective", known)):
        if name in facts:
            number = facts.pop(name)
            facts[f"{name}_id"] = None if number is None else _shown(rows, str(number)).pk
    return facts


def _place(number: int) -> Response:
    return Response(HostedPlaceSerializer(Place.objects.select_related("organisation").get(pk=number)).data)


def _thing(number: int) -> Response:
    rows = Resource.objects.select_related("place__organisation", "owner_member", "owner_collective")
    return Response(LookedAfterSerializer(rows.get(pk=number)).data)


def _hours(place: Place, status: int = 200) -> Response:
    coming = place.opening_exceptions.filter(last_day__gte=timezone.now().date()).order_by("first_day", "pk")
    told = {
        "week": place.openings.order_by("weekday", "opens_minute"),
        "exceptions": coming,
        "closed_on_holidays": place.closed_on_holidays,
        "timezone": place.timezone,
    }
    return Response(ToldHoursSerializer(told).data, status=status)


def _context(request: Request, rules: list[Rule], counting: set[int] | None = None) -> dict[str, Any]:
    """Asked once for each thing, place or organisation that the rules are of."""
    me = asking(request)
    scopes = {(rule.resource_id, rule.place_id): rule for rule in rules}
    settable = {scope for scope, rule in scopes.items() if may_set(me, rule)}
    mine = {rule.pk for rule in rules if (rule.resource_id, rule.place_id) in settable}
    deciding = {rule.decided_by_id for rule in rules if rule.decided_by_id}
    known: Any = Collective.objects.visible_to(me).filter(pk__in=deciding)  # type: ignore[attr-defined]
    inside: Any = Collective.objects.of(me).filter(pk__in=deciding)  # type: ignore[attr-defined]
    return {
        "request": request,
        "counting": counting,
        "settable": mine,
        "deciding": dict(known.values_list("pk", "name")),
        "inside": set(inside.values_list("pk", flat=True)),
    }
