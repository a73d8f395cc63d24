"""Waiting for a guide: who is first in line when a place frees. Those left out before come first, then who has waited longest."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict, NotFound, field_error
from backend.members.models import Member
from backend.mentoring import rules, suggestions
from backend.mentoring.asking_tasks import let_places_lapse
from backend.mentoring.lifecycle import WAITS, after
from backend.mentoring.models import CohortSeat, GuideWait, Kind, Mentorship, MentorshipRequest
from backend.mentoring.telling import hold, named
from backend.mentoring.times import A_YEAR, PLACE_KEPT_FOR
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently

WAITS_MAX = 5
LOOKED_AT = 50
"""So many in line are looked at for one place: those further behind rarely matter, and a line may be long."""

Status = GuideWait.Status
IN_LINE = (Status.WAITING, Status.OFFERED)


@patiently
def wait_for(
    *, member: Member, mentor: Member | None, track: str, at: dt.datetime, left_out: int = 0
) -> tuple[GuideWait, bool]:
    """Stand in line for a guide, or for any guide in a track. Returns the wait and whether it is new: nobody stands there twice.

    `left_out` is added to how often they went without a guide before, as after a guidance that did not work out.
    """
    hold(member.pk, *([mentor.pk] if mentor else []))
    mine = GuideWait.objects.filter(member=member, status__in=IN_LINE)
    same = mine.filter(mentor=mentor, track=track).first()
    if same is not None:
        return same, False
    if mentor is not None:
        _refuse(member, mentor, track)
    if mine.count() >= WAITS_MAX:
        raise Conflict("too_many_waits", _("You wait for many things already. Leave one of the lines first."))
    before = left_out + times_left_out(member, track, at=at)
    wait = GuideWait.objects.create(member=member, mentor=mentor, track=track, left_out=before, created_at=at)
    return wait, True


@patiently
def leave(*, wait: GuideWait, by: Member, at: dt.datetime) -> GuideWait:
    """Out of the line; a place that was kept goes to the next."""
    if wait.member_id != by.pk:
        raise NotFound
    hold(*([wait.offered_id] if wait.offered_id else []))
    wait = GuideWait.objects.select_for_update(of=("self",)).get(pk=wait.pk)
    _end(wait, "leave", at)
    if wait.offered_id is not None:
        move_up([wait.offered_id], at=at)
    return wait


def move_up(mentors: Iterable[int], *, at: dt.datetime) -> None:
    """Keep each free place of these guides for the first in line who could be guided by them. To be called while they are held.

    Requests that wait for an answer come before the line: whoever sent one asked while there was a place.
    """
    if not GuideWait.objects.filter(status=Status.WAITING).exists():
        return
    for mentor in Member.objects.present().guides().filter(pk__in=set(mentors)).order_by("pk"):
        asked = MentorshipRequest.objects.filter(
            mentor=mentor, status="pending", kind=Kind.SPONSORSHIP, by_collective__isnull=True
        )
        kept = GuideWait.objects.filter(offered=mentor, status=Status.OFFERED)
        free = rules.places_open(mentor) - asked.count() - kept.count()
        for wait in _line(mentor) if free > 0 else ():
            if free > 0 and _can_be_guided(wait, mentor, at):
                _offer(wait, mentor, at)
                free -= 1


def move_all_up(*, at: dt.datetime) -> None:
    """The same for every guide for whom somebody waits."""
    waits = GuideWait.objects.filter(status=Status.WAITING)
    named_guides = set(waits.filter(mentor__isnull=False).values_list("mentor", flat=True))
    tracks = set(waits.filter(mentor__isnull=True).values_list("track", flat=True))
    anyone = (
        Q(pk__in=[]) if not tracks else Q(*[(f"guides_{track}", True) for track in sorted(tracks)], _connector=Q.OR)
    )
    for pk in Member.objects.present().guides().filter(Q(pk__in=named_guides) | anyone).values_list("pk", flat=True):
        _move_one_up(pk, at)


def lapse_all(*, at: dt.datetime) -> int:
    """Places kept for somebody who did not ask in time go to the next in line. Returns how many there were."""
    late = list(
        GuideWait.objects.filter(status=Status.OFFERED, held_until__lte=at).order_by("pk").values_list("pk", flat=True)
    )
    return sum(_lapse(pk, at) for pk in late)


def note_asked(member: Member, mentor: Member, *, at: dt.datetime) -> None:
    """Who has asked a guide does not wait for them any more."""
    waits = GuideWait.objects.filter(Q(mentor=mentor) | Q(offered=mentor), member=member, status__in=IN_LINE)
    for wait in waits.select_for_update(of=("self",)).order_by("pk"):
        _end(wait, "ask", at)


def note_guided(member: Member, track: str, *, at: dt.datetime) -> None:
    """Who has found a guide in this track leaves its lines; places kept for them are free."""
    waits = GuideWait.objects.filter(member=member, track=track, status__in=IN_LINE)
    for wait in waits.select_for_update(of=("self",)).order_by("pk"):
        _end(wait, "leave", at)
        if wait.offered_id is not None:
            move_up([wait.offered_id], at=at)


def forget(member: Member, *, at: dt.datetime) -> None:
    """Whoever leaves stands in no line; who waits for them, or had a place with them, waits for any guide in that track."""
    for wait in _open(member=member):
        _end(wait, "leave", at)
        if wait.offered_id is not None:
            move_up([wait.offered_id], at=at)
    _wait_for_anyone(_open(mentor=member) | _open(offered=member), at)


def forget_each_other(one: Member, other: Member, *, at: dt.datetime) -> None:
    """Whoever of the two waits for the other, or has a place with them, waits for any guide in that track."""
    for member, mentor in ((one, other), (other, one)):
        kept = _open(member=member, offered=mentor).exists()
        _wait_for_anyone(_open(member=member, mentor=mentor) | _open(member=member, offered=mentor), at)
        if kept:
            move_up([mentor.pk], at=at)


def _wait_for_anyone(waits: QuerySet[GuideWait], at: dt.datetime) -> None:
    for wait in waits:
        anyone = GuideWait.objects.filter(member=wait.member_id, track=wait.track, mentor__isnull=True)
        if anyone.filter(status__in=IN_LINE).exclude(pk=wait.pk).exists():
            _end(wait, "leave", at)
            continue
        if wait.status == Status.OFFERED:
            wait.status = after(WAITS, wait.status, "take_back", _not_in_line())
        wait.mentor = wait.offered = wait.held_until = None
        wait.save(update_fields=["status", "mentor", "offered", "held_until"])


def times_left_out(member: Member, track: str, *, at: dt.datetime) -> int:
    """How often in the last year a wish of theirs in this track ended without a guide, or a published cohort had none for them."""
    wishes = MentorshipRequest.objects.filter(
        mentee=member, track=track, kind=Kind.SPONSORSHIP, wish__isnull=True, created_at__gt=at - A_YEAR
    )
    unmet = wishes.filter(status__in=["declined", "expired"]).exclude(others__status__in=["accepted", "pending"])
    seats = CohortSeat.objects.filter(
        mentee=member, mentor__isnull=True, cohort__programme__track=track, cohort__published_at__gt=at - A_YEAR
    )
    return unmet.distinct().count() + seats.count()


def _refuse(member: Member, mentor: Member, track: str) -> None:
    if member.pk == mentor.pk:
        raise field_error("mentor", "oneself", _("Choose someone else as your guide."))
    if not mentor.guide_capacity:
        raise field_error("mentor", "not_a_guide", _("This person does not guide others at the moment."))
    if track not in mentor.guide_tracks:
        raise field_error("track", "track_not_offered", _("This person does not guide in this track."))
    if rules.is_guided_by(member, mentor):
        raise Conflict("already_guided", _("This person guides you already."))
    kept = GuideWait.objects.filter(offered=mentor, status=Status.OFFERED).count()
    if mentor.is_guide and rules.places_open(mentor) > kept:
        raise Conflict("place_free", _("There is a free place now. Ask at once."))


def _open(**whose: Member) -> QuerySet[GuideWait]:
    return GuideWait.objects.select_for_update(of=("self",)).filter(status__in=IN_LINE, **whose).order_by("pk")


def _line(mentor: Member) -> list[GuideWait]:
    waits = GuideWait.objects.filter(status=Status.WAITING, track__in=mentor.guide_tracks)
    waits = waits.filter(Q(mentor=mentor) | Q(mentor__isnull=True)).exclude(member=mentor)
    ordered = waits.select_for_update(of=("self",)).select_related("member").order_by("-left_out", "created_at", "pk")
    return list(ordered[:LOOKED_AT])


def _can_be_guided(wait: GuideWait, mentor: Member, at: dt.datetime) -> bool:
    """Present, mutually visible, not guided by them yet, with no other place kept, and with something in common to talk in."""
    member = wait.member
    if not member.is_active or rules.is_guided_by(member, mentor):
        return False
    if GuideWait.objects.filter(member=member, offered=mentor, status=Status.OFFERED).exists():
        return False
    if MentorshipRequest.objects.filter(mentee=member, mentor=mentor, status="pending").exists():
        return False
    if not Member.objects.visible_to(member).filter(pk=mentor.pk).exists():
        return False
    if wait.mentor_id is None and has_left(member, mentor):
        return False
    return not suggestions.why_not(member, mentor, track=wait.track, at=at)


def has_left(member: Member, mentor: Member) -> bool:
    """Whether they have asked for somebody else instead of this guide."""
    return Mentorship.objects.filter(mentee=member, mentor=mentor, new_guide_wanted_at__isnull=False).exists()


def _offer(wait: GuideWait, mentor: Member, at: dt.datetime) -> None:
    wait.status = after(WAITS, wait.status, "offer", _not_in_line())
    wait.offered, wait.held_until = mentor, at + PLACE_KEPT_FOR
    wait.save(update_fields=["status", "offered", "held_until"])
    data = {
        "person": named(mentor), "track": str(wait.track), "held_until": wait.held_until.astimezone(dt.UTC).isoformat(),
    }  # fmt: skip
    tell(member=wait.member, kind=Notice.Kind.GUIDE_FREE, data=data, at=at)
    transaction.on_commit(partial(let_places_lapse.using(run_after=wait.held_until).enqueue))


@patiently
def _lapse(pk: int, at: dt.datetime) -> int:
    offered = GuideWait.objects.filter(pk=pk).values_list("offered", flat=True).first()
    hold(*([offered] if offered else []))
    wait = GuideWait.objects.select_for_update(of=("self",)).select_related("member", "offered").get(pk=pk)
    if wait.status != Status.OFFERED or wait.held_until is None or wait.held_until > at or wait.offered is None:
        return 0
    _end(wait, "lapse", at)
    data = {"person": named(wait.offered), "track": str(wait.track)}
    tell(member=wait.member, kind=Notice.Kind.GUIDE_FREE_OVER, data=data, at=at)
    move_up([wait.offered.pk], at=at)
    return 1


@patiently
def _move_one_up(mentor: int, at: dt.datetime) -> None:
    hold(mentor)
    move_up([mentor], at=at)


def _end(wait: GuideWait, event: str, at: dt.datetime) -> None:
    wait.status = after(WAITS, wait.status, event, _not_in_line())
    wait.ended_at = at
    wait.save(update_fields=["status", "ended_at"])


def _not_in_line() -> Conflict:
    return Conflict("not_in_line", _("You do not stand in this line any more."))
