"""Brings the database up to date and fills an empty one with demo data. Runs inside `.venv`, in one process to be quick.

`--logins` only says how to sign in to the demo, where its people are still there.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django
import say
from django.core.exceptions import ImproperlyConfigured

try:
    django.setup()
except ImproperlyConfigured as refusal:
    say.stop(str(refusal))

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backend import upgrading
from backend.demo import people
from backend.members.models import Member


def prepare() -> None:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    for refusal in upgrading.whole_or_new([connection.alias]):
        say.stop(f"{refusal.msg} {refusal.hint}")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say.step("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_vocabulary")
    if not settings.PRODUCTION and not Member.objects.exists():
        say.step("Filling the empty database with demo data …")
        call_command("seed_demo")


def logins() -> None:
    demo = {people.NEWCOMER_EMAIL: "a newcomer", people.GUIDE_EMAIL: "a guide"}
    for email in Member.objects.filter(email__in=demo).order_by("-email").values_list("email", flat=True):
        say.line(f"Sign in as {email} ({demo[email]}), password {people.PASSWORD}")


if __name__ == "__main__":
    logins() if "--logins" in sys.argv[1:] else prepare()
