"""Which requests, which mentorships."""

import django_filters
from django.db.models import Q, QuerySet

from backend.mentoring.models import Circle, CircleSeat, Mentorship, MentorshipRequest


class RequestFilter(django_filters.FilterSet):
    box = django_filters.ChoiceFilter(
        choices=[("received", "received"), ("made", "made")],
        method="by_box",
        help_text="Those I received, or those I made.",
    )

    class Meta:
        model = MentorshipRequest
        fields = ["box", "status", "kind", "track"]

    def by_box(self, rows: QuerySet[MentorshipRequest], name: str, value: str) -> QuerySet[MentorshipRequest]:
        me = self.request.user.pk
        return rows.exclude(mentee=me) if value == "received" else rows.filter(mentee=me)


class MentorshipFilter(django_filters.FilterSet):
    class Meta:
        model = Mentorship
        fields = ["status", "track"]


class CircleFilter(django_filters.FilterSet):
    mine = django_filters.BooleanFilter(
        method="by_mine", help_text="Only those in which I sit or wait, or only others."
    )
    search = django_filters.CharFilter(method="by_words", help_text="Words in the title, purpose or city.")

    class Meta:
        model = Circle
        fields = ["state", "skill", "mine", "search"]

    def by_mine(self, rows: QuerySet[Circle], name: str, value: bool) -> QuerySet[Circle]:
        mine = CircleSeat.objects.taken().filter(member=self.request.user.pk)  # type: ignore[attr-defined]
        return rows.filter(pk__in=mine.values("circle")) if value else rows.exclude(pk__in=mine.values("circle"))

    def by_words(self, rows: QuerySet[Circle], name: str, value: str) -> QuerySet[Circle]:
        for word in value.split()[:6]:
            rows = rows.filter(Q(title__icontains=word) | Q(purpose__icontains=word) | Q(city__icontains=word))
        return rows
