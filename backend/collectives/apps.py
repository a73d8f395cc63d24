"""Who works together can reach each other."""

from django.apps import AppConfig


class CollectivesConfig(AppConfig):
    name = "backend.collectives"

    def ready(self) -> None:
        from backend.collectives.ties import work_together
        from backend.members.reach import is_opened_by

        is_opened_by(work_together)
