"""Sign-out and a new password end open sockets at once; after each migration the database notes who changes."""

import hashlib
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class MembersConfig(AppConfig):
    name = "backend.members"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from django.contrib.auth.signals import user_logged_out

        from backend import openapi, upgrading  # noqa: F401  They register themselves with drf-spectacular and the checks.

        if connection.vendor == "postgresql":
            from backend.moments import read_quickly

            read_quickly()
        post_migrate.connect(_note_changes, sender=self)
        user_logged_out.connect(_signed_out)
        password_changed.connect(_password_changed)
        password_reset.connect(_password_changed)
        password_set.connect(_password_changed)


def _signed_out(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    from backend.events import announce

    if user is not None:
        key = request.session.session_key if request is not None else None
        # Facts travel between processes; a session key opens the door, so it does not.
        session = hashlib.sha256(key.encode()).hexdigest() if key else None
        announce(("member", user.pk), {"type": "session.ended", "session": session})


def _password_changed(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    from backend.events import announce

    announce(("member", user.pk), {"type": "session.ended"})


def _note_changes(*, using: str, **_about: Any) -> None:
    from backend.members.changes import make_triggers

    make_triggers(using)
