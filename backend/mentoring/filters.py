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
        fields = ["box", "status", "kind", "track"]

    def by_box(self, rows: QuerySet[MentorshipRequest], name: str, value: str) -> QuerySet[MentorshipRequest]:
        me = self.request.user.pk
        return rows.exclude(mentee=me) if value == "received" else rows.filter(mentee=me)


class MentorshipFilter(django_filters.FilterSet):
    class Meta:
        model = Mentorship
        fields = ["status", "track"]
