"""A member's sessions are part of their calendar."""

from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "backend.mentoring"

    def ready(self) -> None:
        from backend.bookings import feeds
        from backend.mentoring import session_calendar

        feeds.also(session_calendar.events_of)
