"""What is worked out about programmes while nobody waits."""

from django.utils import timezone
from django_tasks import task


@task()
def run_cohort(cohort: int) -> None:
    from backend.mentoring import cohorts
    from backend.mentoring.models import Cohort

    found = Cohort.objects.filter(pk=cohort).first()
    if found is not None:
        cohorts.run(found, clock=timezone.now)


@task()
def price_places() -> None:
    """Bring what places are worth up to date, in every programme."""
    from backend.mentoring.cohorts import price_places_of
    from backend.mentoring.models import Programme

    for programme in Programme.objects.select_related("organisation").order_by("pk"):
        price_places_of(programme, at=timezone.now())
