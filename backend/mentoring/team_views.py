"""Completing a collective over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import IdField, asking
from backend.collectives.models import Collective
from backend.members.serializers import MemberCardSerializer
from backend.members.wishes import HOURS_MAX, FreeHoursWishSerializer
from backend.mentoring import teams
from backend.mentoring.teams import Completed
from backend.mentoring.views import Wishing
from backend.skills.models import Skill
from backend.skills.serializers import NamedSerializer, reader_language
from matching import MOST_NEEDS, Cover, Need


class NeedSerializer(serializers.Serializer[Any]):
    skill = serializers.PrimaryKeyRelatedField(queryset=Skill.objects.exclude(status=Skill.Status.RETIRED))
    level = serializers.IntegerField(min_value=1, max_value=5, default=1)
    people = serializers.IntegerField(min_value=1, max_value=2, default=1)
    priority = serializers.IntegerField(min_value=1, max_value=3, default=1)


class CompleteSerializer(serializers.Serializer[Any]):
    """What is lacking, who is in already, and how many they may be in all; hours are those of whoever asks."""

    needs = NeedSerializer(many=True, min_length=1, max_length=MOST_NEEDS)  # type: ignore[call-arg]
    with_members = serializers.ListField(child=IdField(), max_length=5, default=list)
    size = serializers.IntegerField(min_value=3, max_value=6, default=6)
    language = serializers.RegexField(r"^[a-z]{2,3}$", required=False, allow_null=True, default=None)
    countries = serializers.IntegerField(min_value=0, max_value=6, default=0)
    free_hours = FreeHoursWishSerializer(many=True, max_length=HOURS_MAX, default=list)  # type: ignore[call-arg]


class CoverSerializer(serializers.Serializer[Any]):
    skill = NamedSerializer()
    offered = NamedSerializer(help_text="What they offer for it.")
    level = serializers.IntegerField()
    percent = serializers.IntegerField(help_text="How close what they offer is to what is needed.")


class AlternateSerializer(serializers.Serializer[Any]):
    person = MemberCardSerializer()
    covers = CoverSerializer(many=True)
    value = serializers.IntegerField(help_text="Of the whole team with them instead.")


class SeatSerializer(serializers.Serializer[Any]):
    person = MemberCardSerializer()
    is_member = serializers.BooleanField()
    covers = CoverSerializer(many=True)
    alternates = AlternateSerializer(many=True)


class GapSerializer(serializers.Serializer[Any]):
    skill = NamedSerializer()
    people = serializers.IntegerField(help_text="How many are still lacking.")


class TeamSerializer(serializers.Serializer[Any]):
    """Members first, then those who would join. No other team has more than `bound` for its `value`."""

    seats = SeatSerializer(many=True)
    gaps = GapSerializer(many=True)
    language = serializers.CharField(allow_null=True, help_text="That all of them speak.")
    slot = serializers.IntegerField(
        allow_null=True, help_text="First of two common hours of the week, UTC, Monday 00:00 is 0."
    )
    countries = serializers.ListField(child=serializers.CharField())
    coverage = serializers.IntegerField(help_text="Percent of what is needed.")
    value = serializers.IntegerField()
    bound = serializers.IntegerField()
    is_proven = serializers.BooleanField()


class CompleteView(Wishing, APIView):
    @extend_schema(request=CompleteSerializer, responses=TeamSerializer)
    def post(self, request: Request, collective: int) -> Response:
        """Who would complete us: a proposal; nobody is asked and nobody told."""
        me = asking(request)
        found = get_object_or_404(Collective.objects.visible_to(me), pk=collective)
        wish = self.wish(CompleteSerializer)
        needs = [Need(**(need | {"skill": need["skill"].pk})) for need in wish.pop("needs")]
        done = teams.completing(collective=found, by=me, needs=needs, at=timezone.now(), **wish)
        return Response(_answer(done, request))


def _answer(done: Completed, request: Request) -> dict[str, Any]:
    team = done.team
    covers = [cover for seat in team.seats for cover in seat.covers]
    covers += [cover for seat in team.seats for one in seat.alternates for cover in one.covers]
    skills = {pk for cover in covers for pk in (cover.skill, cover.offered)} | {gap.skill for gap in team.gaps}
    names = {skill.pk: skill.name_in(reader_language()) for skill in Skill.objects.filter(pk__in=skills)}

    def named(skill: int) -> dict[str, Any]:
        return {"id": skill, "name": names.get(skill, "")}

    def covered(cover: Cover) -> dict[str, Any]:
        about = {"level": cover.level, "percent": cover.percent}
        return {"skill": named(cover.skill), "offered": named(cover.offered)} | about

    def card(pk: int) -> Any:
        return MemberCardSerializer(done.members[pk], context={"request": request}).data

    return {
        "seats": [
            {
                "person": card(seat.person),
                "is_member": seat.is_member,
                "covers": [covered(cover) for cover in seat.covers],
                "alternates": [
                    {"person": card(one.person), "covers": [covered(c) for c in one.covers], "value": one.value}
                    for one in seat.alternates
                ],
            }
            for seat in team.seats
        ],
        "gaps": [{"skill": named(gap.skill), "people": gap.people} for gap in team.gaps],
        "language": team.language,
        "slot": team.slot,
        "countries": list(team.countries),
        "coverage": team.coverage,
        "value": team.value,
        "bound": team.bound,
        "is_proven": team.proven,
    }
