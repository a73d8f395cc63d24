"""What happens to calls while nobody waits for an answer. Each does all that is due: late, twice or by two workers, it is done once."""

from django.utils import timezone
from django_tasks import task


@task()
def expire_calls() -> None:
    """Calls whose last day is over take no more answers."""
    from backend.calls.actions import expire_due

    expire_due(at=timezone.now())


@task()
def suggest_calls() -> None:
    """Those whom a new call fits hear of it."""
    from backend.calls.fitting import suggest_due

    suggest_due(at=timezone.now())
