"""Programmes from draft to close: their coordinators change them, members join, answer, and say whom they would like."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member, Organisation
from backend.mentoring import rules
from backend.mentoring.lifecycle import PROGRAMMES, after
from backend.mentoring.models import Cohort, CohortSeat, PairWish, Participant, Programme, ProgrammeNote

Role = Participant.Role


@transaction.atomic
def begin(*, by: Member, name: str, track: str, at: dt.datetime, **fields: Any) -> Programme:
    """A new programme of one's own organisation: a draft, which only its coordinator sees. `fields` as for `change`.

    Whoever coordinates a programme there may begin another; the first is made by the office.
    """
    if not rules.may_begin_programme(by):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of a programme may begin another."))
    assert by.organisation is not None
    made = Programme(organisation=by.organisation, name=name, track=track, state=Programme.State.DRAFT, created_at=at)
    _save_named(made)
    made.coordinators.add(by)
    return change(programme=made, by=by, **fields)


@transaction.atomic
def change(
    *, programme: Programme, by: Member, partners: Sequence[Organisation] | None = None, **fields: Any
) -> Programme:
    """Change what a programme says of itself and whom it takes; `partners`: whose members take part beside those at home.

    Refused with `programme_closed` once it is closed, and with `track_settled` where it is no draft any more.
    """
    held = _held(programme, by)
    if held.state == Programme.State.CLOSED:
        raise Conflict("programme_closed", _("This programme is closed."))
    if fields.get("track", held.track) != held.track and held.state != Programme.State.DRAFT:
        raise Conflict("track_settled", _("Its track is settled: people have seen the programme."))
    for name, value in fields.items():
        setattr(held, name, value)
    if held.starts_on and held.ends_on and held.ends_on < held.starts_on:
        raise field_error("ends_on", "ends_before_it_starts", _("It ends before it starts."))
    if fields:
        _save_named(held, *fields)
    if partners is not None:
        held.partners.set([one for one in partners if one.pk != held.organisation_id])
    return held


@transaction.atomic
def move(*, programme: Programme, event: str, by: Member) -> Programme:
    """Open, run or close it, as `PROGRAMMES` allows; anything else is refused with `programme_moved`."""
    held = _held(programme, by)
    refusal = Conflict("programme_moved", _("This cannot be done with the programme as it is now."))
    held.state = after(PROGRAMMES, held.state, event, refusal)
    held.save(update_fields=["state"])
    return held


def offered_to(member: Member) -> QuerySet[Programme]:
    """Programmes of the member's organisation and those shared with it that are open or running, those that they joined, and those
    that proposed somebody to them, closed or not: how it was decided stays to be read.
    """
    at_home = Q(organisation=member.organisation_id) | Q(partners=member.organisation_id)
    shown = at_home & Q(state__in=[Programme.State.OPEN, Programme.State.RUNNING])
    mine = Q(pk__in=Participant.objects.filter(member=member).values("programme"))
    seats = CohortSeat.objects.filter(Q(mentee=member) | Q(mentor=member), cohort__status=Cohort.Status.PUBLISHED)
    decided = Q(pk__in=seats.values("cohort__programme"))
    return Programme.objects.filter((shown & Q(organisation__isnull=False)) | mine | decided).distinct()


@transaction.atomic
def join(*, programme: Programme, member: Member, role: str, answers: Sequence[str], at: dt.datetime) -> Participant:
    """Take part, to be guided or to guide; said again, the last answers count. `answers` are in the order of the questions.

    Refused while it is not open, when it is full, for guides without places on its track, and for who wants no help.
    """
    held = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    if held.state != Programme.State.OPEN:
        raise Conflict("programme_not_open", _("This programme takes nobody at the moment."))
    if len(answers) > len(held.questions):
        raise field_error("answers", "too_many_answers", _("There are more answers than questions."))
    must_fit(held, member, role)
    mine = held.participants.filter(member=member)
    said = [{"question": asked, "answer": one.strip()} for asked, one in zip(held.questions, answers, strict=False)]
    mine.exclude(role=role).delete()
    made, _new = held.participants.update_or_create(
        member=member, defaults={"role": role, "answers": said}, create_defaults={
            "role": role, "answers": said, "joined_at": at,
        }
    )  # fmt: skip
    return made


def must_fit(programme: Programme, member: Member, role: str) -> None:
    """Raises the refusal that stands between this member and this part in the programme; counts within the caller's lock."""
    if role == Role.MENTOR and (not member.guide_capacity or programme.track not in member.guide_tracks):
        raise Conflict("no_guide_here", _("Say first that you guide on this track, and with how many places."))
    if role == Role.MENTEE and not member.wants.exists():
        raise Conflict("nothing_wanted", _("Say first what you would like help with."))
    others = programme.participants.filter(role=Role.MENTEE).exclude(member=member)
    if role == Role.MENTEE and programme.most_people is not None and others.count() >= programme.most_people:
        raise Conflict("programme_full", _("All places of this programme are taken."))


def leave(*, programme: Programme, member: Member) -> None:
    """No longer take part: answers and wishes are gone. Pairs that were proposed already stay with the two people."""
    programme.participants.filter(member=member).delete()


@transaction.atomic
def wish(
    *, programme: Programme, member: Member, wanted: Sequence[Member], avoided: Sequence[Mapping[str, Any]]
) -> Participant:
    """Say anew whom one would like, the dearest first, and whom not, as {member, reason}; this replaces what was said before.

    Wishes raise what a pair is worth to the one who wishes; whoever is to be avoided is never given.
    """
    held = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    mine = held.participants.filter(member=member).first()
    if mine is None:
        raise Conflict("not_joined", _("Join the programme first."))
    if held.state == Programme.State.CLOSED:
        raise Conflict("programme_closed", _("This programme is closed."))
    if len(wanted) > held.most_wishes:
        raise field_error("wanted", "too_many_ranks", _("These are more wishes than this programme takes."))
    named = [one.pk for one in wanted] + [one["member"].pk for one in avoided]
    if len(named) != len(set(named)) or member.pk in named:
        raise field_error("wanted", "named_twice", _("Name each person once, and not yourself."))
    mine.wishes.all().delete()
    PairWish.objects.bulk_create(
        [PairWish(participant=mine, whom=one, rank=rank) for rank, one in enumerate(wanted, start=1)]
        + [PairWish(participant=mine, whom=one["member"], reason=one.get("reason", "")) for one in avoided]
    )
    return mine


def write_note(*, programme: Programme, body: str, by: Member, at: dt.datetime) -> ProgrammeNote:
    """Write something down for the other coordinators of this programme."""
    must_coordinate(by, programme)
    return ProgrammeNote.objects.create(programme=programme, author=by, body=body, written_at=at)


def drop_note(*, programme: Programme, note: int, by: Member) -> None:
    """Take back a note of one's own. Raises NotFound for any other."""
    must_coordinate(by, programme)
    gone, _rows = programme.notes.filter(pk=note, author=by).delete()
    if not gone:
        raise NotFound


def filled_in(words: str, *, name: str, guide: str, programme: str) -> str:
    """The words of a template with the names in it; whatever else stands in braces stays as it is."""
    for place, value in (("{name}", name), ("{guide}", guide), ("{programme}", programme)):
        words = words.replace(place, value)
    return words


def _save_named(programme: Programme, *fields: str) -> None:
    """Refused with `name_taken` where its organisation has another programme of this name; the constraint decides, whoever was first."""
    others = Programme.objects.filter(organisation=programme.organisation_id, name=programme.name)
    try:
        with transaction.atomic():
            programme.save(update_fields=fields or None)
    except IntegrityError as error:
        if not others.exclude(pk=programme.pk).exists():
            raise
        raise field_error("name", "name_taken", _("There is a programme of this name already.")) from error


def homes_of(programme: Programme) -> set[int | None]:
    """The organisations whose members take part, by number."""
    return {programme.organisation_id, *programme.partners.values_list("pk", flat=True)}


def must_coordinate(by: Member, programme: Programme) -> None:
    """Raises `not_a_coordinator` for anybody who does not look after this programme."""
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))


def _held(programme: Programme, by: Member) -> Programme:
    must_coordinate(by, programme)
    held: Programme = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    return held
