"""Who works together can reach each other; who leaves the cooperative leaves its collectives."""

from django.apps import AppConfig


class CollectivesConfig(AppConfig):
    name = "backend.collectives"

    def ready(self) -> None:
        from backend.collectives.leaving import leave_all
        from backend.collectives.ties import work_together
        from backend.members.leaving import when_leaving
        from backend.members.reach import is_opened_by

        is_opened_by(work_together)
        when_leaving(leave_all)
