"""Fills an empty installation with a demo cooperative."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from backend.demo.people import GUIDE_EMAIL, NEWCOMER_EMAIL, PASSWORD
from backend.demo.seed import Demo
from backend.members.models import Member


class Command(BaseCommand):
    help = "Fill an empty installation with a lively, invented cooperative. All or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when there are members already.")
        parser.add_argument("--at", type=dt.datetime.fromisoformat, help="The moment it is looked at (default: now).")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's password is public: it is never put into a production database.")
        if Member.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are members already; the demo needs an empty database.")
        at = options["at"] or timezone.now()
        if at.tzinfo is None:
            at = at.replace(tzinfo=dt.UTC)
        with transaction.atomic():
            Demo(at=at, say=self.stdout.write).play()
        self.stdout.write(f"Sign in as {NEWCOMER_EMAIL} (a newcomer) or {GUIDE_EMAIL} (a guide), password {PASSWORD}")
