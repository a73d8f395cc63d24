"""Brings members in from a CSV file; `docs/import.md` describes its columns."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.members import actions
from backend.members.roster import Bad, Reading, Row, Unreadable

TELL_EVERY_ROWS = 100


class Command(BaseCommand):
    help = "Bring members in from a CSV file, recognised by e-mail; all of it or nothing. Columns: docs/import.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--skip-bad", action="store_true", help="Bring in the good rows, leave out the others.")
        parser.add_argument("--add-organisations", action="store_true", help="Make organisations that are not there.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        good, bad = self._read(file, adding=options["add_organisations"])
        for row in bad:
            self._say(f"Line {row.line}: {row.reason}")
        if bad and not options["skip_bad"]:
            raise CommandError(f"{_rows(len(bad))} cannot be used, so nothing was written. --skip-bad leaves them out.")
        try:
            with transaction.atomic():
                counts = self._write(good)
                transaction.set_rollback(options["dry_run"])
        except IntegrityError as error:
            raise CommandError("Someone joined in the meantime; nothing was written. Run it again.") from error
        done = "{new} new, {changed} changed, {same} as they were".format(**counts)
        tail = f"; {_rows(len(bad))} left out" if bad else ""
        self.stdout.write(f"{'Nothing was written. It would be: ' if options['dry_run'] else ''}{done}{tail}.")

    def _read(self, file: Path, *, adding: bool) -> tuple[list[Row], list[Bad]]:
        good: list[Row] = []
        bad: list[Bad] = []
        try:
            reading = Reading(file, adding_organisations=adding)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        for number, row in enumerate(reading, start=1):
            if isinstance(row, Bad):
                bad.append(row)
            else:
                good.append(row)
            self._progress("Read", number, len(reading.rows))
        return good, bad

    def _write(self, rows: list[Row]) -> dict[str, int]:
        counts = {"new": 0, "changed": 0, "same": 0}
        at = timezone.now()
        for number, row in enumerate(rows, start=1):
            changes = row.changes
            if row.new_organisation:
                organisation = actions.found_organisation(
                    name=row.new_organisation, country=changes["country"], timezone=changes.get("timezone")
                )
                changes = changes | {"organisation": organisation}
            counts[actions.enrol(email=row.email, at=at, **changes)] += 1
            self._progress("Wrote", number, len(rows))
        return counts

    def _progress(self, done: str, number: int, total: int) -> None:
        if number % TELL_EVERY_ROWS == 0 or number == total:
            self._say(f"{done} {number:,} of {_rows(total)}.")

    def _say(self, sentence: str) -> None:
        self.stderr.write(sentence, style_func=str)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
