"""What people hear of consultations: notices, and open screens that read them again."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from backend.consultations.models import Consultation
from backend.conversations.models import Membership
from backend.events import Fact, announce_all
from backend.notices.circulars import tell_many
from backend.notices.models import Notice

LIVE_UP_TO = 200


def facts(consultation: Consultation) -> dict[str, Any]:
    """What a notice says of it; `organisation` is empty where all are asked."""
    name = consultation.organisation.name if consultation.organisation is not None else ""
    return {"consultation": {"id": consultation.pk, "title": consultation.title}, "organisation": name}


def tell_about(consultation: Consultation, members: Iterable[int], kind: Notice.Kind, *, at: dt.datetime) -> None:
    """The same notice to each of these members, in batches where they are many."""
    tell_many(members=members, kind=kind, data=facts(consultation), at=at)


def everyone(consultation: Consultation, *, but: int | None = None) -> list[int]:
    """All whom it concerns, by id."""
    return list(consultation.people.exclude(pk=but or 0).order_by("pk").values_list("pk", flat=True))


def show(consultation: Consultation) -> None:
    """Those in its room who have a window open read it again, where they are not very many; others when they come back."""
    inside = Membership.objects.filter(room=consultation.room_id).order_by()
    members = list(inside.values_list("member", flat=True)[: LIVE_UP_TO + 1])
    if len(members) <= LIVE_UP_TO:
        fact: Fact = {"type": "consultations.changed", "consultation": consultation.pk}
        announce_all([(("member", member), fact) for member in members])
