"""Telling a member something, and taking note that they have read it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count

from backend.events import Fact, Topic, announce, announce_all
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
    tell_each([(pk, data) for pk in members], kind=kind, at=at)


@transaction.atomic
def tell_each(told: Iterable[tuple[int, dict[str, Any]]], *, kind: Notice.Kind, at: dt.datetime) -> None:
    """Tell many members something each, as (member, data), in two queries; see `tell`."""
    told = list(told)
    if not told:
        return
    notices = Notice.objects.bulk_create(Notice(member_id=pk, kind=kind, data=data, created_at=at) for pk, data in told)
    waiting = Notice.objects.filter(member__in={pk for pk, _data in told}, read_at__isnull=True).order_by()
    counts = dict(waiting.values_list("member").annotate(Count("pk")))
    facts: list[tuple[Topic, Fact]] = []
    for notice in notices:
        fact = {"type": "notice", "notice": as_fact(notice), "unread": counts.get(notice.member_id, 0)}
        facts.append((("member", notice.member_id), fact))
    announce_all(facts)


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
