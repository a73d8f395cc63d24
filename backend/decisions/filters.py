"""Which proposals."""

import django_filters
from django.db.models import Q, QuerySet

from backend.collectives.filters import seen_by
from backend.consultations.filters import concerning
from backend.decisions.models import Proposal


class ProposalFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", help_text="Words in the title, the text or the outcome.")
    collective = django_filters.ModelChoiceFilter(queryset=seen_by)
    consultation = django_filters.ModelChoiceFilter(queryset=concerning)
    state = django_filters.MultipleChoiceFilter(choices=Proposal.State.choices)

    class Meta:
        model = Proposal
        fields = ["collective", "consultation", "state", "verdict", "method", "search"]

    def by_words(self, rows: QuerySet[Proposal], name: str, value: str) -> QuerySet[Proposal]:
        for word in value.split()[:6]:
            rows = rows.filter(
                Q(title__icontains=word) | Q(text__icontains=word) | Q(outcomes__text__icontains=word)
            ).distinct()
        return rows
