"""A database from before the tables began anew is refused while it is only partly up to date.

The first migration of a room stands for those that made its tables before. Where only some of them were applied, Django would go on
with whatever comes after it and leave the rest out; `migrate` stops at this check before it touches anything.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@register(Tags.database)
def whole_or_new(databases: Sequence[str] | None, **_about: Any) -> list[Error]:
    """An error for each database in which a room's former migrations were applied in part; see docs/operations.md."""
    return [
        Error(
            f"The database {alias!r} is older than this version can renew: {app} lacks {', '.join(lacking)}.",
            hint="Bring it up with the version that docs/operations.md names, then with this one.",
            id="compagnon.E001",
        )
        for alias in databases or ()
        for app, lacking in _in_part(alias).items()
    ]


def _in_part(alias: str) -> dict[str, list[str]]:
    """By room, the former migrations that were not applied, where others of them were."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    former = {key: migration.replaces for key, migration in MigrationLoader(None).replacements.items()}
    return {
        app: [name for room, name in replaced if (room, name) not in applied]
        for (app, _), replaced in former.items()
        if any(key in applied for key in replaced) and not all(key in applied for key in replaced)
    }
