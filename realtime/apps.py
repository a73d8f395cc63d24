"""The socket door listens to what the backend announces."""

from django.apps import AppConfig


class Realtime(AppConfig):
    name = "realtime"

    def ready(self) -> None:
        from backend import events
        from realtime import hub, sessions

        events.listen_to_many(hub.announced)
        sessions.listen()
