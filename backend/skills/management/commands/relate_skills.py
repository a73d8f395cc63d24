"""Works out which skills are near each other."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backend.skills.relations import relate_skills

FEW = 2_000
"""So many are compared in an instant."""


class Command(BaseCommand):
    help = (
        "Work out which skills can stand in for each other and which complete each other. Does nothing while the vocabulary "
        "is the same; run it after many proposals, for instance each night."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="also when nothing has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        shown = -1

        def progress(done: int, of: int) -> None:
            nonlocal shown
            if of > FEW and (tenth := 10 * done // of) != shown:
                shown = tenth
                self.stdout.write(f"Comparing skills: {done:,} of {of:,}")

        found = relate_skills(again=options["again"], progress=progress)
        if found is None:
            self.stdout.write("The relations of skills are up to date.")
        else:
            self.stdout.write(f"{found:,} relations of skills in {time.monotonic() - begun:.0f} s.")
