"""The background task of a cohort run."""

from django.utils import timezone
from django_tasks import task


@task()
def run_cohort(cohort: int) -> None:
    from backend.mentoring import cohorts
    from backend.mentoring.models import Cohort

    found = Cohort.objects.filter(pk=cohort).first()
    if found is not None:
        cohorts.run(found, clock=timezone.now)
