"""How it goes: asked of both after a month, then every two months, after the first session and at the end; answered in private.

The job looks at all that is due, a handful in a transaction: it is right when it runs twice, late, in two workers at once, or
after a crash in the middle, for whoever was asked is due only two months later.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotFound
from backend.members.models import Member
from backend.mentoring.models import Kind, Mentorship, Pulse
from backend.notices.actions import tell_each
from backend.notices.models import Notice
from backend.patience import patiently

FIRST_AFTER = dt.timedelta(days=30)
AGAIN_AFTER = dt.timedelta(days=60)
OPEN_FOR = dt.timedelta(days=30)
LASTING = (Kind.SPONSORSHIP, Kind.PEER)
"""Kinds that last: a single talk is over before anyone could ask."""
HANDFUL = 500

Occasion = Pulse.Occasion


def due(at: dt.datetime) -> QuerySet[Mentorship]:
    """Mentorships under way whose two people are to be asked by now. Those that rest are asked when they go on."""
    first = Q(next_pulse_at__isnull=True, started_at__lte=at - FIRST_AFTER)
    running = Mentorship.objects.filter(status=Mentorship.Status.ACTIVE, kind__in=LASTING)
    return running.filter(first | Q(next_pulse_at__lte=at))


def ask_all(*, at: dt.datetime) -> int:
    """Ask in all that are due, those too that were missed while nothing ran. Returns how many mentorships that were."""
    waiting = list(due(at).order_by("pk").values_list("pk", flat=True))
    return sum(_ask(waiting[start : start + HANDFUL], at) for start in range(0, len(waiting), HANDFUL))


@transaction.atomic
def after_session(mentorship: Mentorship, *, at: dt.datetime) -> None:
    """The first session was held: ask both how it was, unless they have a question to answer already. Later ones ask nothing."""
    if mentorship.kind not in LASTING or mentorship.pulses.filter(occasion=Occasion.FIRST_SESSION).exists():
        return
    asked = set(mentorship.pulses.filter(answered_at__isnull=True).values_list("member", flat=True))
    _put(_both(mentorship, Occasion.FIRST_SESSION, but=asked), at)


@transaction.atomic
def at_closing(mentorship: Mentorship, *, at: dt.datetime) -> None:
    """It has ended: ask both how it was, instead of what they had not answered yet; who has left is asked nothing."""
    Pulse.objects.filter(mentorship=mentorship, answered_at__isnull=True).delete()
    if mentorship.kind != Kind.TASTER:
        _put(_both(mentorship, Occasion.CLOSING), at)


@transaction.atomic
def answer(*, pulse: Pulse, by: Member, going: int, need: str, at: dt.datetime) -> Pulse:
    """Say how it goes, from 1 to 5, and what would help most. Said once; until a month after it was asked."""
    found = Pulse.objects.select_for_update(of=("self",)).filter(pk=pulse.pk, member=by).first()
    if found is None:
        raise NotFound
    if found.answered_at is not None:
        raise Conflict("already_answered", _("You have answered this already."))
    if found.asked_at <= at - OPEN_FOR:
        raise Conflict("pulse_over", _("This question is over. You will be asked again."))
    found.going, found.need, found.answered_at = going, need, at
    found.save(update_fields=["going", "need", "answered_at"])
    return found


def open_to(member: Member, *, at: dt.datetime) -> QuerySet[Pulse]:
    """What this member is asked now, newest first."""
    rows = Pulse.objects.filter(member=member, answered_at__isnull=True, asked_at__gt=at - OPEN_FOR)
    return rows.select_related("mentorship__mentor", "mentorship__mentee").order_by("-pk")


@patiently
def _ask(pks: Sequence[int], at: dt.datetime) -> int:
    """Looked at again under the lock: another worker may have been faster, and some may have ended."""
    rows = due(at).filter(pk__in=pks).select_for_update(of=("self",)).select_related("mentor", "mentee")
    asked = list(rows.order_by("pk"))
    Pulse.objects.filter(mentorship__in=[one.pk for one in asked], answered_at__isnull=True).delete()
    pulses: list[Pulse] = []
    for one in asked:
        pulses += _both(one, Occasion.REGULAR if one.next_pulse_at else Occasion.FIRST_MONTH)
    Mentorship.objects.filter(pk__in=[one.pk for one in asked]).update(next_pulse_at=at + AGAIN_AFTER)
    _put(pulses, at)
    return len(asked)


def _both(mentorship: Mentorship, occasion: str, but: Iterable[int] = ()) -> list[Pulse]:
    """A question for each of the two who is still a member."""
    people = [mentorship.mentor, mentorship.mentee]
    return [
        Pulse(mentorship=mentorship, member=one, occasion=occasion)
        for one in people
        if one.is_active and one.pk not in but
    ]


def _put(pulses: Sequence[Pulse], at: dt.datetime) -> None:
    for pulse in pulses:
        pulse.asked_at = at
    Pulse.objects.bulk_create(pulses)
    told = [(pulse.member_id, _facts(pulse)) for pulse in pulses]
    tell_each(told, kind=Notice.Kind.PULSE_ASKED, at=at)


def _facts(pulse: Pulse) -> dict[str, object]:
    pair = pulse.mentorship
    other = pair.mentee if pulse.member_id == pair.mentor_id else pair.mentor
    return {"pulse": pulse.pk, "mentorship": pair.pk, "person": {"id": other.pk, "name": other.name}}
