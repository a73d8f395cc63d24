"""Brings in the European classification of skills and occupations from its official download."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from backend.skills.esco import Unreadable
from backend.skills.esco_import import import_esco


class Command(BaseCommand):
    help = (
        "Merge the official ESCO download (CSV) with the vocabulary: zips or folders, in any languages. Safe to run again; "
        "nothing changes until all of it is in. This service uses the ESCO classification of the European Commission."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a zip or a folder of the download")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        try:
            done = import_esco(options["paths"], say=self.stdout.write)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        for problem in done.problems:
            self.stderr.write(problem)
        if done.problems_more:
            self.stderr.write(f"… and {done.problems_more:,} more")
        self.stdout.write(
            f"{done.skills:,} skills and {done.professions:,} professions; {done.labels:,} labels and {done.links:,} links "
            f"are new, {done.retired:,} concepts retired, {len(done.problems) + done.problems_more:,} rows not read; "
            f"{time.monotonic() - begun:.0f} s."
        )
        call_command("relate_skills", stdout=self.stdout)
