"""What becomes of a mentorship while nobody looks."""

from django.utils import timezone
from django_tasks import task


@task()
def go_on() -> None:
    """Pauses whose day has come are over."""
    from backend.mentoring.relation import resume_all

    resume_all(at=timezone.now())
