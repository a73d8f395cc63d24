"""What happens to votes while nobody waits for an answer. Each does all that is due: late, twice or by two workers, it is done once."""

from django.utils import timezone
from django_tasks import task


@task()
def open_votes() -> None:
    """Who may vote is written down where they are very many, and the vote begins."""
    from backend.decisions.opening import open_due

    open_due(at=timezone.now())


@task()
def close_votes() -> None:
    """Votes whose moment has come are counted, and what was decided takes effect."""
    from backend.decisions.closing import close_due

    close_due(at=timezone.now())


@task()
def remind_undecided() -> None:
    """Those who have not voted hear of it a day before the end."""
    from backend.decisions.closing import remind_due

    remind_due(at=timezone.now())


@task()
def call_for_reviews() -> None:
    """A decision whose review date has come is brought back to its people."""
    from backend.decisions.closing import review_due

    review_due(at=timezone.now())
