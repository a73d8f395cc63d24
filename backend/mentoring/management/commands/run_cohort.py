"""Works out the pairs of a programme at once, as its coordinators can in the web app: `run_cohort PROGRAMME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backend.errors import Refusal
from backend.mentoring import cohorts
from backend.mentoring.models import Cohort, Programme


class Command(BaseCommand):
    help = "Works out the pairs of a programme and shows how good they are. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", type=int, help="The number of the programme.")
        parser.add_argument("--objective", choices=Cohort.Objective.values)

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(pk=options["programme"]).first()
        if programme is None:
            known = ", ".join(f"{row.pk} ({row.name})" for row in Programme.objects.order_by("pk")) or "none"
            raise CommandError(f"There is no programme {options['programme']}; known: {known}.")
        coordinator = programme.coordinators.order_by("pk").first()
        if coordinator is None:
            raise CommandError(f"{programme} has no coordinator; name one in the admin.")
        try:
            cohort = cohorts.ask_for(
                programme=programme, by=coordinator, objective=options["objective"], at=timezone.now()
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.detail)) from refusal
        cohort = cohorts.run(cohort, clock=timezone.now)
        if cohort.status != Cohort.Status.READY or cohort.certificate is None:
            raise CommandError(f"The run failed ({cohort.failure}). {cohort.failure_detail}")
        ways = {"cohort": "figures", "greedy": "greedy", "by lot": "by_lot"}
        names = list(cohort.certificate["figures"])
        self.stdout.write(f"Cohort {cohort.pk} of {programme}: proof by {cohort.certificate['proof']}.")
        self.stdout.write(" " * 10 + "".join(name.rjust(19) for name in names))
        for way, key in ways.items():
            row = "".join(str(cohort.certificate[key][name]).rjust(19) for name in names)
            self.stdout.write(way.ljust(10) + row)
