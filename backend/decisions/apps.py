"""Deadlines of a collective stand in its calendar; who leaves, or moves to another organisation, no longer lends or borrows votes there."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "backend.decisions"

    def ready(self) -> None:
        from backend.bookings import feeds
        from backend.decisions import shared_calendar
        from backend.decisions.delegating import end_all, move_away
        from backend.members.leaving import when_leaving, when_moving

        feeds.also_shared(shared_calendar.events_of)
        when_leaving(end_all)
        when_moving(move_away)
