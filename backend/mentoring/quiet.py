"""Pairs of whom nothing was seen for long: both are told, and two weeks later it ends, unless one of them gives a sign.

A sign is anything in their room, a session, an answer to how it goes, or that one of them says: we go on. Each job looks at all that
is due, a handful in a transaction, and again under the lock: right when it runs twice, late, or in two workers at once.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotFound
from backend.members.models import Member
from backend.mentoring import relation
from backend.mentoring.models import Mentorship, MentorshipSession, Pulse
from backend.mentoring.pulses import LASTING
from backend.mentoring.telling import hold, named
from backend.mentoring.times import NOTICE_OF, QUIET_AFTER
from backend.notices.actions import tell_each
from backend.notices.models import Notice
from backend.patience import patiently

HANDFUL = 500
TOLD = F("quiet_told_at")
_SIGNS = (MentorshipSession.State.PROPOSED, MentorshipSession.State.AGREED, MentorshipSession.State.HELD)


def quiet_since(moment: dt.datetime | F) -> QuerySet[Mentorship]:
    """Lasting mentorships under way without a sign of either since this moment, or since both were TOLD."""
    session = MentorshipSession.objects.filter(mentorship=OuterRef("pk"), state__in=_SIGNS)
    answered = Pulse.objects.filter(mentorship=OuterRef("pk"))
    outer: Any = OuterRef("quiet_told_at") if moment is TOLD else moment
    rows = Mentorship.objects.filter(status=Mentorship.Status.ACTIVE, kind__in=LASTING, started_at__lt=moment)
    rows = rows.filter(Q(kept_on_at__isnull=True) | Q(kept_on_at__lt=moment))
    rows = rows.filter(Q(room__last_event_at__isnull=True) | Q(room__last_event_at__lt=moment))
    return rows.exclude(Exists(session.filter(Q(starts_at__gte=outer) | Q(changed_at__gte=outer)))).exclude(
        Exists(answered.filter(answered_at__gte=outer))
    )


def to_tell(at: dt.datetime) -> QuerySet[Mentorship]:
    """Quiet for so long that both should hear of it, and have not since."""
    return quiet_since(at - QUIET_AFTER).filter(quiet_told_at__isnull=True)


def to_end(at: dt.datetime) -> QuerySet[Mentorship]:
    """Both were told, the time is over, and there was no sign since."""
    return quiet_since(TOLD).filter(quiet_told_at__lte=at - NOTICE_OF)


def look_after(*, at: dt.datetime) -> tuple[int, int]:
    """Take back what a sign has answered, tell whom it has been quiet between, end what stayed quiet: (told, ended)."""
    stirred = Mentorship.objects.filter(status=Mentorship.Status.ACTIVE, quiet_told_at__isnull=False)
    stirred.exclude(pk__in=quiet_since(TOLD).values("pk")).update(quiet_told_at=None)
    told = sum(_tell(some, at) for some in _handfuls(to_tell(at)))
    return told, sum(_end(some, at) for some in _handfuls(to_end(at)))


@transaction.atomic
def keep_on(*, mentorship: Mentorship, by: Member, at: dt.datetime) -> Mentorship:
    """One of the two says that they go on: it does not end by itself. Refused once it has ended."""
    rows = Mentorship.objects.of(by).select_for_update(of=("self",)).select_related("mentor", "mentee")
    found = rows.filter(pk=mentorship.pk).first()
    if found is None:
        raise NotFound
    if found.status == Mentorship.Status.CLOSED:
        raise Conflict("already_closed", _("This mentorship has ended already."))
    found.kept_on_at, found.quiet_told_at = at, None
    found.save(update_fields=["kept_on_at", "quiet_told_at"])
    return found


@patiently
def _tell(pks: Sequence[int], at: dt.datetime) -> int:
    rows = to_tell(at).filter(pk__in=pks).select_for_update(of=("self",)).select_related("mentor", "mentee")
    pairs = list(rows.order_by("pk"))
    Mentorship.objects.filter(pk__in=[pair.pk for pair in pairs]).update(quiet_told_at=at)
    tell_each(_both(pairs), kind=Notice.Kind.MENTORSHIP_QUIET, at=at)
    return len(pairs)


@patiently
def _end(pks: Sequence[int], at: dt.datetime) -> int:
    concerned = Mentorship.objects.filter(pk__in=pks).values_list("mentor", "mentee")
    hold(*{person for pair in concerned for person in pair})
    rows = to_end(at).filter(pk__in=pks).select_for_update(of=("self",)).select_related("mentor", "mentee")
    pairs = list(rows.order_by("pk"))
    for pair in pairs:
        relation.end(pair, by=None, reason=Mentorship.CloseReason.DORMANT, at=at)
    tell_each(_both(pairs), kind=Notice.Kind.MENTORSHIP_LAPSED, at=at)
    return len(pairs)


def _both(pairs: Sequence[Mentorship]) -> list[tuple[int, dict[str, Any]]]:
    people = [(one, other, pair) for pair in pairs for one, other in _sides(pair)]
    return [(one.pk, {"mentorship": pair.pk, "person": named(other)}) for one, other, pair in people]


def _sides(pair: Mentorship) -> tuple[tuple[Member, Member], tuple[Member, Member]]:
    return (pair.mentor, pair.mentee), (pair.mentee, pair.mentor)


def _handfuls(due: QuerySet[Mentorship]) -> list[Sequence[int]]:
    pks = list(due.order_by("pk").values_list("pk", flat=True))
    return [pks[start : start + HANDFUL] for start in range(0, len(pks), HANDFUL)]
