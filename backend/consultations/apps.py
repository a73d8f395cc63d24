"""Who moves to another organisation leaves the rooms of what the former one consults about."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "backend.consultations"

    def ready(self) -> None:
        from backend.consultations.actions import move_away
        from backend.members.leaving import when_moving

        when_moving(move_away)
