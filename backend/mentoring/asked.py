"""Who can be asked for what: every reason why not, in the order in which one would want to hear it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from backend.collectives.models import Collective
from backend.collectives.rules import may_steer
from backend.errors import Conflict, NotAllowed, field_error
from backend.members.models import Member
from backend.mentoring import rules, suggestions
from backend.mentoring.models import GuideWait, Kind, Mentorship, MentorshipRequest
from backend.mentoring.words import Words
from matching import Condition

Status = MentorshipRequest.Status
TALKS = frozenset({Kind.ADVICE, Kind.TASTER})


@dataclass(frozen=True)
class Asked:
    """Who asks whom, about what, in which way; and for, or of, which collective."""

    mentee: Member
    mentor: Member
    track: str
    kind: str
    collective: Collective | None = None
    by_collective: Collective | None = None


def already_asked() -> Conflict:
    return Conflict("already_asked", _("You have asked this person already."))


def refuse(wish: Asked, at: dt.datetime) -> None:
    """Raise the first reason why this person cannot ask that one for this."""
    mentee, mentor = wish.mentee, wish.mentor
    if mentee.pk == mentor.pk:
        raise field_error("mentor", "oneself", _("Choose someone else as your guide."))
    if not Member.objects.visible_to(mentee).filter(pk=mentor.pk).exists():
        raise field_error("mentor", "not_found", _("This person does not exist, or not for you."))
    if wish.collective is not None and not may_steer(mentee, wish.collective):
        raise field_error("collective", "not_a_steward", _("Only stewards of this collective may do this."))
    _refuse_kind(wish)
    if rules.is_guided_by(mentee, mentor) or (wish.kind == Kind.PEER and rules.is_guided_by(mentor, mentee)):
        raise Conflict("already_guided", _("This person guides you already."))
    pending = MentorshipRequest.objects.filter(mentee=mentee, status=Status.PENDING)
    if pending.filter(mentor=mentor).exists():
        raise already_asked()
    if pending.count() >= rules.OPEN_REQUESTS_MAX:
        raise Conflict(
            "too_many_open_requests",
            _("Wait for an answer or withdraw a request first."),
            maximum=rules.OPEN_REQUESTS_MAX,
        )
    _refuse_full(wish, at)
    for reason in suggestions.why_not(mentee, mentor, track=wish.track, at=at):
        if reason.condition not in _not_asked_of(wish):
            raise Conflict(reason.condition.value, Words(()).why_not(reason))


def refuse_choices(wish: Asked, choices: Sequence[Member]) -> None:
    """Next choices are other people, named once, and not more than CHOICES_MAX; whether they can be asked is seen when they are."""
    if len({one.pk for one in choices}) < len(choices):
        raise field_error("next_choices", "named_twice", _("Name each one once."))
    if {wish.mentee.pk, wish.mentor.pk} & {one.pk for one in choices}:
        raise field_error("next_choices", "oneself", _("Choose someone else."))
    if len(choices) > rules.CHOICES_MAX:
        raise field_error("next_choices", "too_many_choices", _("Name five next choices at most."))
    if choices and wish.by_collective is not None:
        raise field_error("next_choices", "one_of_two", _("A collective is asked alone."))


def refuse_to_accept(request: MentorshipRequest, by: Member, at: dt.datetime) -> None:
    """Raise why this request cannot be accepted by them any more; to be asked while both are held."""
    mentee = request.mentee
    if not mentee.is_active:
        raise Conflict("not_pending", _("This request is no longer open."))
    full = Conflict("no_open_place", _("All places are taken. End a mentorship or offer more places first."))
    if request.by_collective is not None:
        # The collective's places are counted one acceptance after the other, whoever of its stewards answers.
        if rules.places_of_collective(request.by_collective, held=True) < 1:
            raise full
    elif request.kind in TALKS and rules.talks_left_of([by], at=at)[by.pk] < 1:
        raise Conflict("no_talk_left", _("All your talks of this month are taken. Offer more of them first."))
    elif request.kind == Kind.SPONSORSHIP and rules.places_open(by) < 1:
        raise full
    elif request.kind == Kind.PEER and (
        rules.peers_of(mentee) >= rules.PEERS_MAX or rules.peers_of(by) >= rules.PEERS_MAX
    ):
        raise Conflict("too_many_peers", _("One of you has as many peers as one can have."))
    if rules.is_guided_by(mentee, by) or (request.kind in TALKS and _has_talk(mentee, by, request.track)):
        raise Conflict("already_guided", _("You guide this person already."))


def _not_asked_of(wish: Asked) -> frozenset[Condition]:
    """Conditions of long guidance that have no say here."""
    if wish.kind == Kind.PEER or wish.by_collective is not None:
        return frozenset({Condition.NO_OPEN_PLACE, Condition.TRACK_NOT_OFFERED})
    return frozenset({Condition.NO_OPEN_PLACE}) if wish.kind in TALKS else frozenset()


def _refuse_kind(wish: Asked) -> None:
    """Whether they guide at all, in this way and in this track."""
    mentor = wish.mentor
    if wish.by_collective is not None:
        guiding = getattr(wish.by_collective, "guiding", None)
        if guiding is None or wish.by_collective.closed_at is not None or not guiding.places:
            raise NotAllowed("not_a_guide", _("This collective does not guide others at the moment."))
        if wish.kind != Kind.SPONSORSHIP:
            raise field_error("kind", "kind_not_offered", _("A collective guides for long only."))
        tracks = guiding.tracks
    elif wish.kind == Kind.PEER:
        if not rules.guiding_of(mentor).peers:
            raise NotAllowed("no_peers", _("This person does not look for a peer."))
        return
    elif wish.kind in TALKS:
        if not rules.gives_talks(mentor):
            raise NotAllowed("not_a_guide", _("This person does not guide others at the moment."))
        tracks = mentor.guide_tracks
    else:
        if not mentor.is_guide:
            raise NotAllowed("not_a_guide", _("This person does not guide others at the moment."))
        tracks = mentor.guide_tracks
    if wish.track not in tracks:
        raise field_error("track", "track_not_offered", _("This person does not guide in this track."))


def _refuse_full(wish: Asked, at: dt.datetime) -> None:
    mentee, mentor = wish.mentee, wish.mentor
    full = Conflict("no_open_place", _("This person has no open place at the moment."))
    if wish.by_collective is not None:
        if rules.places_of_collective(wish.by_collective) < 1:
            raise full
    elif wish.kind in TALKS:
        if rules.talks_left_of([mentor], at=at)[mentor.pk] < 1:
            raise Conflict("no_talk_left", _("All talks of this person are taken this month."))
        if _has_talk(mentee, mentor, wish.track):
            raise Conflict("already_guided", _("This person guides you already."))
        if wish.kind == Kind.TASTER and _tasters(mentee, wish.track) >= rules.TASTERS_MAX:
            raise Conflict("too_many_tasters", _("Talk with these first, or choose one of them."), maximum=3)
    elif wish.kind == Kind.PEER:
        if rules.peers_of(mentee) >= rules.PEERS_MAX or rules.peers_of(mentor) >= rules.PEERS_MAX:
            raise Conflict("too_many_peers", _("One of you has as many peers as one can have."))
    else:
        open_places = rules.places_open(mentor)
        if open_places < 1:
            raise full
        kept = GuideWait.objects.filter(offered=mentor, status=GuideWait.Status.OFFERED, held_until__gt=at)
        if open_places <= kept.exclude(member=mentee).count():
            raise Conflict("place_kept", _("The free place is kept for someone who has waited for it."))


def _has_talk(mentee: Member, mentor: Member, track: str) -> bool:
    talks = Mentorship.objects.filter(mentee=mentee, mentor=mentor, track=track)
    return talks.exclude(status=Mentorship.Status.CLOSED).exists()


def _tasters(mentee: Member, track: str) -> int:
    """Talks before choosing that are asked for or under way."""
    asked = MentorshipRequest.objects.filter(mentee=mentee, track=track, kind=Kind.TASTER, status=Status.PENDING)
    running = Mentorship.objects.filter(mentee=mentee, track=track, kind=Kind.TASTER)
    return asked.count() + running.exclude(status=Mentorship.Status.CLOSED).count()
