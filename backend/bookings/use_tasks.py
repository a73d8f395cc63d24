"""What has to be looked at when a booking begins and when it ends."""

from django.utils import timezone
from django_tasks import task


@task()
def release_unclaimed() -> None:
    """What nobody came for is free again."""
    from backend.bookings.no_shows import release_all

    release_all(at=timezone.now())


@task()
def look_after_return(booking: int) -> None:
    """Whether all of it is back; if not, those concerned are told, and it is looked at again."""
    from backend.bookings.overdue import look_after

    again = look_after(booking=booking, at=timezone.now())
    if again is not None:
        look_after_return.using(run_after=again).enqueue(booking)
