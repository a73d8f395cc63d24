"""What happens in collectives while nobody waits for an answer. Late, twice or by two workers, it is done once."""

from django.utils import timezone
from django_tasks import task


@task()
def end_stewardships() -> None:
    """Stewards whose last day is over are none any more."""
    from backend.collectives.belonging import end_terms

    end_terms(at=timezone.now())
