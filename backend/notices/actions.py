"""Telling a member something, and taking note that they have read it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from backend.events import Fact, announce, announce_all
from backend.many import these, write_for_each
from backend.members.models import Member
from backend.notices.models import Notice


@transaction.atomic
def tell(*, member: Member, kind: Notice.Kind, data: dict[str, Any], at: dt.datetime) -> Notice:
    """Store a notice for this member and show it in their open windows once everything around it is committed.

    `data` is JSON and holds what the sentence of this kind needs: names and ids, never text to be shown as it is.
    """
    notice = Notice.objects.create(member=member, kind=kind, data=data, created_at=at)
    announce(("member", member.pk), {"type": "notice", "notice": as_fact(notice), "unread": unread(member=member)})
    return notice


@transaction.atomic
def tell_all(*, members: Iterable[int], kind: Notice.Kind, data: dict[str, Any], at: dt.datetime) -> None:
    """Tell many members the same, in two queries; see `tell`."""
    if told := list(members):
        kept = write_for_each(Notice, told, each="member", kind=kind, data=data, created_at=at)
        alike = as_fact(Notice(kind=kind, data=data, created_at=at))
        _show([(member, alike | {"id": pk}) for pk, member in kept])


@transaction.atomic
def tell_each(told: Iterable[tuple[int, dict[str, Any]]], *, kind: Notice.Kind, at: dt.datetime) -> None:
    """Tell many members something each, as (member, data), in two queries; see `tell`."""
    if told := list(told):
        made = (Notice(member_id=pk, kind=kind, data=data, created_at=at) for pk, data in told)
        _show([(notice.member_id, as_fact(notice)) for notice in Notice.objects.bulk_create(made)])


def _show(told: Sequence[tuple[int, Fact]]) -> None:
    """Each of these notices in the windows of its member, with how many wait for them."""
    people = these({member for member, _notice in told})
    waiting = Notice.objects.filter(member__in=people, read_at__isnull=True).order_by()
    counts = dict(waiting.values_list("member").annotate(Count("pk")))
    announce_all(
        [
            (("member", member), {"type": "notice", "notice": notice, "unread": counts.get(member, 0)})
            for member, notice in told
        ]
    )


@transaction.atomic
def mark_read(*, member: Member, at: dt.datetime, up_to: int | None = None, ids: Iterable[int] = ()) -> int:
    """Mark notices as read, those named or all up to an id; someone else's are ignored. Returns how many stay unread."""
    mine = Notice.objects.filter(member=member, read_at__isnull=True)
    chosen = mine.filter(pk__lte=up_to) if up_to is not None else mine.filter(pk__in=list(ids))
    if chosen.update(read_at=at):
        announce(("member", member.pk), {"type": "notices.read", "unread": unread(member=member)})
    return unread(member=member)


def unread(*, member: Member) -> int:
    return Notice.objects.filter(member=member, read_at__isnull=True).count()


def as_fact(notice: Notice) -> dict[str, Any]:
    """The notice as its frame carries it; the same as the API's answer."""
    return {
        "id": notice.pk,
        "kind": str(notice.kind),
        "data": notice.data,
        "created_at": notice.created_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "read_at": None,
    }
