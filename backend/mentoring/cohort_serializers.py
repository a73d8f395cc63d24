"""The shapes of programmes and cohorts, as their coordinators see them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.members.models import Block, Organisation
from backend.members.serializers import PersonSerializer, VisibleMemberField
from backend.mentoring.cohorts import objectives_of
from backend.mentoring.intake import mentees_of
from backend.mentoring.lifecycle import PROGRAMMES
from backend.mentoring.models import Cohort, CohortSeat, PairDemand, Programme
from backend.mentoring.wishes import rank_of
from matching.certificate import Why


class HomeSerializer(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields = ["id", "name"]
        read_only_fields = fields


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    organisation = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = Programme
        fields = ["id", "name", "organisation", "track", "state", "floor", "weights_version"]
        read_only_fields = fields


class ProgrammeDetailSerializer(ProgrammeSerializer):
    mentees = serializers.SerializerMethodField(help_text="Members who look for a guide.")
    organisation_id = serializers.IntegerField(read_only=True)
    partners = HomeSerializer(many=True, read_only=True)
    coordinators = serializers.SerializerMethodField()
    questions = serializers.ListField(child=serializers.CharField(), read_only=True)
    objectives = serializers.SerializerMethodField(help_text="What a run can strive for, the usual first.")
    may = serializers.SerializerMethodField(help_text="Events that can happen now.")
    may_change = serializers.SerializerMethodField()
    may_choose_track = serializers.SerializerMethodField()
    may_add = serializers.SerializerMethodField(help_text="People who have not joined by themselves.")

    class Meta(ProgrammeSerializer.Meta):
        fields = [
            *ProgrammeSerializer.Meta.fields, "mentees", "organisation_id", "partners", "coordinators", "about", "takes", "starts_on", "ends_on",
            "decides", "objectives", "questions", "most_wishes", "most_people", "words_on_joining", "words_with_guide", "may",
            "may_change", "may_choose_track", "may_add",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(PersonSerializer(many=True))
    def get_coordinators(self, programme: Programme) -> Any:
        """Without anybody from whom the reader is apart."""
        apart = Block.between(self.context["request"].user)
        return PersonSerializer(programme.coordinators.exclude(pk__in=apart).order_by("name", "pk"), many=True).data

    def get_mentees(self, programme: Programme) -> int:
        return mentees_of(programme).count()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Cohort.Objective.choices)))
    def get_objectives(self, programme: Programme) -> list[str]:
        return objectives_of(programme)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=["open", "run", "close"])))
    def get_may(self, programme: Programme) -> list[str]:
        return list(PROGRAMMES[programme.state])

    def get_may_change(self, programme: Programme) -> bool:
        return programme.state != Programme.State.CLOSED

    def get_may_add(self, programme: Programme) -> bool:
        return programme.state in (Programme.State.OPEN, Programme.State.RUNNING)

    def get_may_choose_track(self, programme: Programme) -> bool:
        return programme.state == Programme.State.DRAFT


class AskForCohortSerializer(serializers.Serializer[Any]):
    objective = serializers.ChoiceField(
        choices=Cohort.Objective.choices, required=False, help_text="The usual one of the programme unless told."
    )


class FiguresSerializer(serializers.Serializer[Any]):
    """How a way of pairing treats people; gains are points of 1,000."""

    matched = serializers.IntegerField()
    points = serializers.IntegerField()
    worst_off = serializers.IntegerField(allow_null=True)
    fifth = serializers.IntegerField(allow_null=True, help_text="What 19 of 20 mentees gain at least.")
    blocking = serializers.IntegerField(help_text="Pairs who would both gain by leaving theirs for each other.")
    strongly_blocking = serializers.IntegerField(help_text="Those who would both gain 50 points.")
    most_load = serializers.IntegerField(help_text="Mentees of the busiest mentor.")
    load_gini = serializers.FloatField(help_text="0: all guide the same number; towards 1: one guides all.")


class QualitySerializer(serializers.Serializer[Any]):
    """The figures of a cohort beside those of two plain ways on the same people, and what proves that it is the best."""

    figures = FiguresSerializer()
    plain = FiguresSerializer(
        allow_null=True, help_text="Of the largest total on the same people: what another objective costs."
    )
    greedy = FiguresSerializer()
    by_lot = FiguresSerializer()
    proof = serializers.ChoiceField(choices=["prices", "bound", "stability"])
    gap = serializers.IntegerField()
    unique = serializers.BooleanField()
    digest = serializers.CharField()
    weights = serializers.CharField()
    threshold = serializers.IntegerField(allow_null=True)


class CohortMaySerializer(serializers.Serializer[Any]):
    publish = serializers.BooleanField()


class CohortSerializer(serializers.ModelSerializer[Cohort]):
    programme = ProgrammeSerializer(read_only=True)
    quality = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    def to_representation(self, cohort: Cohort) -> dict[str, Any]:
        """A run whose worker is gone is shown as what the next one will make of it: interrupted."""
        if cohort.is_dead(timezone.now()):
            cohort.status, cohort.failure = Cohort.Status.FAILED, "interrupted"
        return super().to_representation(cohort)

    class Meta:
        model = Cohort
        fields = [
            "id", "programme", "objective", "seed", "status", "step", "done", "people", "asked_at", "finished_at",
            "published_at", "failure", "failure_detail", "quality", "may",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(QualitySerializer(allow_null=True))
    def get_quality(self, cohort: Cohort) -> dict[str, Any] | None:
        if cohort.certificate is None:
            return None
        plain = cohort.certificate.get("plain")
        return QualitySerializer(cohort.certificate | {"plain": plain and plain["figures"]}).data

    @extend_schema_field(CohortMaySerializer())
    def get_may(self, cohort: Cohort) -> dict[str, bool]:
        return {"publish": cohort.status == Cohort.Status.READY}


class CohortSeatSerializer(serializers.ModelSerializer[CohortSeat]):
    mentee = PersonSerializer(read_only=True)
    mentor = PersonSerializer(read_only=True, allow_null=True)
    why_empty = serializers.ChoiceField(choices=[*(why.value for why in Why), ""], read_only=True)
    mentee_rank = serializers.SerializerMethodField(help_text="Which wish of the mentee it was, where rankings decide.")
    mentor_rank = serializers.SerializerMethodField(help_text="The same of the guide; null: not ranked.")

    class Meta:
        model = CohortSeat
        fields = [
            "id", "mentee", "mentor", "for_mentee", "for_mentor", "mentee_rank", "mentor_rank", "why_empty", "is_stale",
        ]  # fmt: skip
        read_only_fields = fields

    def get_mentee_rank(self, seat: CohortSeat) -> int | None:
        return self._rank(seat.for_mentee)

    def get_mentor_rank(self, seat: CohortSeat) -> int | None:
        return self._rank(seat.for_mentor)

    def _rank(self, points: int | None) -> int | None:
        return rank_of(points) if self.context.get("ranked") and points is not None else None


class PairDemandSerializer(serializers.ModelSerializer[PairDemand]):
    mentee = PersonSerializer(read_only=True)
    mentor = PersonSerializer(read_only=True)

    class Meta:
        model = PairDemand
        fields = ["id", "mentee", "mentor", "kind"]
        read_only_fields = fields


class DemandSerializer(serializers.Serializer[Any]):
    mentee = VisibleMemberField()
    mentor = VisibleMemberField()
    kind = serializers.ChoiceField(choices=PairDemand.Kind.choices)
