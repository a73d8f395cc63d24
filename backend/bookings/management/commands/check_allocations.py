"""`manage.py check_allocations`: proves that nothing is held twice. Ends with 1 when something is wrong."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from backend.bookings.audit import faults
from backend.bookings.models import Allocation


class Command(BaseCommand):
    help = "Looks for overlaps, for more units held than there are, and for bookings and allocations that disagree."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for fault in faults(timezone.now()):
            found += 1
            self.stdout.write(fault)
        held = Allocation.objects.filter(active=True).count()
        self.stdout.write(f"{held} allocations looked at, {found} faults.")
        if found:
            raise SystemExit(1)
