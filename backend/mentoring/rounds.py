"""The daily round through everything that lasts: how it goes, and what has gone quiet.

A round hangs on no single mentorship: it looks at all that is due, then asks for the next one, as long as anything is under way. What
was missed while nothing ran is done by the next round.
"""

import datetime as dt

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from backend.mentoring import pulses, quiet
from backend.mentoring.care_tasks import make_round
from backend.mentoring.models import Mentorship

EARLY = dt.time(5, tzinfo=dt.UTC)


def make(*, at: dt.datetime) -> None:
    """Everything that is due by now; then the next round is asked for."""
    pulses.ask_all(at=at)
    quiet.look_after(at=at)
    see_to_it(at=at)


def see_to_it(*, at: dt.datetime) -> None:
    """Have the next round made tomorrow morning, if something is under way and nobody has asked for it yet.

    To be called whenever a mentorship begins. Two who ask in the same instant cost one round more, once.
    """
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=make_round.module_path)
    if Mentorship.objects.running().exists() and not waiting.exists():
        make_round.using(run_after=dt.datetime.combine(at.date() + dt.timedelta(days=1), EARLY)).enqueue()
