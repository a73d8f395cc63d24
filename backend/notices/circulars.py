"""The same notice to very many: a few at a time, so that nobody who writes meanwhile waits long. Each is told exactly once."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from backend.members.models import Member
from backend.notices.actions import tell_all
from backend.notices.circular_tasks import send_circulars
from backend.notices.models import Circular, Notice
from backend.patience import patiently

AT_ONCE = 1000


@transaction.atomic
def tell_many(*, members: Iterable[int], kind: Notice.Kind, data: dict[str, Any], at: dt.datetime) -> None:
    """As `tell_all`; beyond AT_ONCE of them the worker does it, as soon as what is around it has been stored."""
    whom = list(members)
    if len(whom) <= AT_ONCE:
        tell_all(members=whom, kind=kind, data=data, at=at)
        return
    Circular.objects.create(kind=kind, data=data, members=whom, created_at=at)
    transaction.on_commit(send_circulars.enqueue)


def send_all() -> int:
    """Send what waits, and what was cut short. Returns how many notices that was."""
    sent = 0
    for pk in list(Circular.objects.order_by("pk").values_list("pk", flat=True)):
        # Read once; another worker may have sent it to its end.
        members = Circular.objects.filter(pk=pk).values_list("members", flat=True).first() or []
        while (number := _some(pk, members)) is not None:
            sent += number
    return sent


@patiently
def _some(pk: int, members: list[int]) -> int | None:
    """The next few in one transaction with the mark of how far it has come; None once all have been told."""
    circular = Circular.objects.select_for_update(no_key=True).defer("members").filter(pk=pk).first()
    if circular is None:
        return None
    some = members[circular.told : circular.told + AT_ONCE]
    if not some:
        circular.delete()
        return None
    # Who has left meanwhile is not told.
    still = Member.objects.filter(pk__in=some, is_active=True).order_by("pk").values_list("pk", flat=True)
    tell_all(members=still, kind=Notice.Kind(circular.kind), data=circular.data, at=circular.created_at)
    circular.told += len(some)
    circular.save(update_fields=["told"])
    return len(some)
