"""Who leaves, or moves to another organisation, no longer lends or borrows votes there."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "backend.decisions"

    def ready(self) -> None:
        from backend.decisions.delegating import end_all, move_away
        from backend.members.leaving import when_leaving, when_moving

        when_leaving(end_all)
        when_moving(move_away)
