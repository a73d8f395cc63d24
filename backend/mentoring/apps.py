"""Sessions are in a member's calendar; who is on the road together can reach each other; what somebody has going ends when they leave; rounds are made after an update."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MentoringConfig(AppConfig):
    name = "backend.mentoring"

    def ready(self) -> None:
        from backend.bookings import feeds
        from backend.members.leaving import when_blocking, when_leaving
        from backend.members.reach import is_opened_by
        from backend.mentoring import circle_calendar, session_calendar
        from backend.mentoring.leaving import concerned, end_guidance
        from backend.mentoring.parting import part
        from backend.mentoring.ties import guide_each_other, sit_together

        feeds.also(session_calendar.events_of)
        feeds.also(circle_calendar.events_of)
        when_leaving(end_guidance, concerned)
        when_blocking(part)
        is_opened_by(guide_each_other)
        is_opened_by(sit_together)
        post_migrate.connect(_have_rounds_made, sender=self)


def _have_rounds_made(**_about: Any) -> None:
    """Mentorships that began before there were rounds are looked after, too."""
    from django.utils import timezone

    from backend.mentoring import rounds

    rounds.see_to_it(at=timezone.now())
