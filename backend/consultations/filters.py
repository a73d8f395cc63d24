"""Which consultations, and which recommendations of one."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from backend.api import WholeFilter
from backend.collectives.models import Collective
from backend.consultations.models import Consultation, Recommendation

WORDS_MAX = 6


def concerning(request: Any) -> QuerySet[Consultation]:
    """Those that a list can be narrowed down to: another one is answered as a number that nobody has."""
    return Consultation.objects.concerning(request.user) if request is not None else Consultation.objects.none()


class ConsultationFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Consultation.State.choices)

    class Meta:
        model = Consultation
        fields = ["state"]


class RecommendationFilter(django_filters.FilterSet):
    mine = django_filters.BooleanFilter(method="by_me", help_text="What I recommended.")
    collective = WholeFilter(method="by_group", help_text="Said for this local group, where I see it.")
    theme = WholeFilter(field_name="theme")
    place = django_filters.ChoiceFilter(
        choices=[("waiting", "waiting"), ("left_out", "left_out")], method="by_place", help_text="Where it stands."
    )
    search = django_filters.CharFilter(method="by_words")

    class Meta:
        model = Recommendation
        fields = ["mine", "collective", "theme", "place", "search"]

    def by_me(self, rows: QuerySet[Recommendation], name: str, value: bool) -> QuerySet[Recommendation]:
        return rows.filter(author=self.request.user) if value else rows

    def by_group(self, rows: QuerySet[Recommendation], name: str, value: int) -> QuerySet[Recommendation]:
        return rows.filter(collective__in=Collective.objects.visible_to(self.request.user).filter(pk=value))

    def by_place(self, rows: QuerySet[Recommendation], name: str, value: str) -> QuerySet[Recommendation]:
        if value == "left_out":
            return rows.exclude(left_out_because="")
        return rows.filter(theme=None, merged_into=None, left_out_because="")

    def by_words(self, rows: QuerySet[Recommendation], name: str, value: str) -> QuerySet[Recommendation]:
        for word in value.split()[:WORDS_MAX]:
            rows = rows.filter(text__icontains=word)
        return rows
