"""What is worked out about skills while nobody waits."""

import datetime as dt

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

GATHERED_FOR = dt.timedelta(minutes=10)


@task()
def relate() -> None:
    """Bring the relations of skills up to date; quickly done where nothing has changed."""
    from backend.skills.relations import relate_skills

    cache.delete("skills-are-being-gathered")
    relate_skills()


def relate_soon() -> None:
    """Skills have changed: have them related in ten minutes, together with what changes until then. Until then they match exactly."""
    if cache.add("skills-are-being-gathered", 1, GATHERED_FOR.total_seconds()):
        relate.using(run_after=timezone.now() + GATHERED_FOR).enqueue()
