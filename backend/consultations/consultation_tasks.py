"""What happens to consultations while nobody waits for an answer. Late, twice or by two workers, it is done once."""

from django.utils import timezone
from django_tasks import task


@task()
def end_collecting() -> None:
    """What has been collected is grouped from its day on."""
    from backend.consultations.grouping import group_due

    group_due(at=timezone.now())
