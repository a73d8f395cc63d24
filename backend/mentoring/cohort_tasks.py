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
def arrange_talks(talk_round: int) -> None:
    from backend.mentoring import first_talks
    from backend.mentoring.models import TalkRound

    found = TalkRound.objects.filter(pk=talk_round).first()
    if found is not None:
        first_talks.arrange(found, at=timezone.now())


@task()
def price_places() -> None:
    """Bring what places are worth up to date, in every programme; what goes wrong in one stops no other."""
    from backend.mentoring.cohorts import price_places_of
    from backend.mentoring.models import Programme

    failures: list[Exception] = []
    for programme in Programme.objects.select_related("organisation").order_by("pk"):
        try:
            price_places_of(programme, at=timezone.now())
        except Exception as failure:
            failure.add_note(f"in programme {programme.pk}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup("places could not be priced everywhere", failures)
