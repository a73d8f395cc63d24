"""Which collectives."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from backend.collectives.models import Collective, CollectiveMembership, Note


def seen_by(request: Any) -> QuerySet[Collective]:
    """Those that a list can be narrowed down to: another one is answered as a number that nobody has."""
    return Collective.objects.visible_to(request.user) if request is not None else Collective.objects.none()


class CollectiveFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", help_text="Words in the name, purpose or city.")
    mine = django_filters.BooleanFilter(
        method="by_mine", help_text="Only those in which I am, or am invited or asking to be."
    )

    class Meta:
        model = Collective
        fields = ["country", "search", "mine"]

    def by_words(self, rows: QuerySet[Collective], name: str, value: str) -> QuerySet[Collective]:
        for word in value.split()[:6]:
            rows = rows.filter(Q(name__icontains=word) | Q(purpose__icontains=word) | Q(city__icontains=word))
        return rows

    def by_mine(self, rows: QuerySet[Collective], name: str, value: bool) -> QuerySet[Collective]:
        # One row says both: excluding across the relation would leave out what I have left, for others are in it.
        ours = CollectiveMembership.objects.filter(member=self.request.user.pk).exclude(
            state=CollectiveMembership.State.LEFT
        )
        is_mine = Q(pk__in=ours.values("collective"))
        return rows.filter(is_mine if value else ~is_mine)


class NoteFilter(django_filters.FilterSet):
    collective = django_filters.ModelChoiceFilter(queryset=seen_by)

    class Meta:
        model = Note
        fields = ["collective"]
