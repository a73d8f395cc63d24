"""What somebody called for and answered ends when they leave."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "backend.calls"

    def ready(self) -> None:
        from backend.calls.answering import leave_all
        from backend.members.leaving import when_leaving

        when_leaving(leave_all)
