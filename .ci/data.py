"""Brings the database up to date and fills an empty one with demo data. Runs inside `.venv`, in one process to be quick."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

import say
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say.step("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_vocabulary")
    call_command("seed_demo", if_empty=True)


if __name__ == "__main__":
    prepare()
