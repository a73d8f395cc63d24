"""Answers that are kept for who asks again are not kept for good."""

from django.utils import timezone
from django_tasks import task


@task()
def forget_answers() -> None:
    """Those kept long enough are dropped, as long as there are any."""
    from backend.bookings.once import forget

    again = forget(at=timezone.now())
    if again is not None:
        forget_answers.using(run_after=again).enqueue()
