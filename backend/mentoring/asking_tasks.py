"""What requests, waiting lines and pauses need while nobody waits for an answer. Each looks at all that is due by now."""

from django.utils import timezone
from django_tasks import task


@task()
def look_after_requests() -> None:
    """Who has not answered is reminded; what nobody answered in time is over, and goes on."""
    from backend.mentoring import deadlines

    deadlines.keep(at=timezone.now())


@task()
def let_places_lapse() -> None:
    """Places that were kept for somebody go to the next in line."""
    from backend.mentoring import waiting

    waiting.lapse_all(at=timezone.now())


@task()
def end_pauses() -> None:
    """Guides whose pause is over can be asked again."""
    from backend.mentoring.guiding import resume_all

    resume_all(at=timezone.now())
