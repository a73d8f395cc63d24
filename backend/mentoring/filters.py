"""Which requests, which mentorships."""

import django_filters
from django.db.models import QuerySet

from backend.mentoring.models import Mentorship, MentorshipRequest


class RequestFilter(django_filters.FilterSet):
    box = django_filters.ChoiceFilter(
        choices=[("received", "received"), ("made", "made")],
        method="by_box",
        help_text="Those I received, or those I made.",
    )

    class Meta:
        model = MentorshipRequest
        fields = ["box", "status", "track"]

    def by_box(self, rows: QuerySet[MentorshipRequest], name: str, value: str) -> QuerySet[MentorshipRequest]:
        return rows.filter(**{"mentor" if value == "received" else "mentee": self.request.user.pk})


class MentorshipFilter(django_filters.FilterSet):
    class Meta:
        model = Mentorship
        fields = ["status", "track"]
