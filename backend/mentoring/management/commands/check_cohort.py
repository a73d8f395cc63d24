"""Checks a stored cohort against its intake with sums and comparisons only: `check_cohort FILE` or `check_cohort NUMBER`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.mentoring.models import Cohort
from matching import check


class Command(BaseCommand):
    help = "Checks the record of a cohort without trusting whoever worked it out: a downloaded file, or one of this installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record", help="A file as the web app gives it, or the number of a cohort.")

    def handle(self, *args: Any, **options: Any) -> None:
        given = str(options["record"])
        faults = _kept(int(given)) if given.isdecimal() else _in_file(Path(given))
        if faults:
            raise CommandError("This record does not hold:\n" + "\n".join(f"- {fault}" for fault in faults))
        self.stdout.write("This record holds: the pairs are possible, and all that is said of them is true.")


def _kept(number: int) -> tuple[str, ...]:
    cohort = Cohort.objects.filter(pk=number).first()
    if cohort is None or cohort.intake is None or cohort.certificate is None:
        raise CommandError(f"There is no cohort {number} that was worked out.")
    seats = cohort.seats.filter(mentor__isnull=False).order_by("mentee").values_list("mentee", "mentor")
    pairs = [(mentee, mentor) for mentee, mentor, _track in cohort.certificate.get("pairs", ())]
    faults = check(cohort.intake, cohort.certificate)
    return faults if sorted(pairs) == list(seats) else (*faults, "the seats are not those of the record")


def _in_file(path: Path) -> tuple[str, ...]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return check(said["intake"], said["cohort"])
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is not the record of a cohort.") from error
