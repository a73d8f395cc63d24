"""What is looked after while nobody looks."""

from django.utils import timezone
from django_tasks import task


@task()
def make_round() -> None:
    """How it goes is asked where it is time; what has gone quiet is ended after notice."""
    from backend.mentoring import rounds

    rounds.make(at=timezone.now())
