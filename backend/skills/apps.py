"""The room of skills: after each migration its words are indexed as the engine at hand does it best."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SkillsConfig(AppConfig):
    name = "backend.skills"

    def ready(self) -> None:
        post_migrate.connect(index_words, sender=self)


def index_words(*, using: str, **_about: Any) -> None:
    from backend.skills.lookup import make_indexes

    make_indexes(using)
