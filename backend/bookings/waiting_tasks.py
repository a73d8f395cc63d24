"""What the waiting line does while nobody waits for an answer."""

from django.utils import timezone
from django_tasks import task


@task()
def let_offers_lapse() -> None:
    """Offers that were not taken up in time go to the next in line."""
    from backend.bookings.offering import lapse_all

    lapse_all(at=timezone.now())
