"""Beginning a consultation and looking after it; handing in, supporting; coming into its room."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules as collectives
from backend.collectives.models import Collective
from backend.consultations import rules
from backend.consultations.consultation_tasks import end_collecting
from backend.consultations.models import Consultation, Recommendation, Support
from backend.consultations.telling import everyone, facts, show, tell_about
from backend.conversations import actions as conversations
from backend.conversations import rules as rooms
from backend.conversations import text as words
from backend.conversations.models import Room
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently

State = Consultation.State


@transaction.atomic
def begin(
    *,
    by: Member,
    title: str,
    at: dt.datetime,
    text: str = "",
    everywhere: bool = False,
    collects_until: dt.datetime | None = None,
) -> Consultation:
    """Ask everyone in one's own organisation, or in all of them. Without `collects_until` nothing is collected: people talk at once."""
    if not rules.may_begin(by, everywhere=everywhere):
        raise NotAllowed("may_not_consult", _("Only coordinators of your organisation may ask everyone."))
    running = Consultation.objects.filter(organisation=None if everywhere else by.organisation)
    if running.filter(state__in=rules.EDITABLE).count() >= rules.OPEN_MAX:
        raise Conflict("too_many_consultations", _("Bring another one to its end first."), maximum=rules.OPEN_MAX)
    title = _titled(title)
    if collects_until is not None:
        _refuse_bad_end(collects_until, at)
    room = conversations.open_room(
        kind=Room.Kind.TOPIC, access=Room.Access.PRIVATE, title=title, purpose="", about_kind=rooms.CONSULTATION,
        members=[by], stewards=[by], created_by=by, at=at,
    )  # fmt: skip
    made = Consultation.objects.create(
        organisation=None if everywhere else by.organisation,
        title=title,
        text=text,
        state=State.DISCUSSION if collects_until is None else State.COLLECTING,
        collects_until=collects_until,
        room=room,
        created_by=by,
        created_at=at,
    )
    made.facilitators.add(by)
    tell_about(made, everyone(made, but=by.pk), Notice.Kind.CONSULTATION_BEGUN, at=at)
    if collects_until is not None:
        transaction.on_commit(partial(end_collecting.using(run_after=collects_until).enqueue))
    return made


@transaction.atomic
def edit(*, consultation: Consultation, by: Member, at: dt.datetime, **changes: Any) -> Consultation:
    """Other words, or another end of collecting while it runs; until people vote."""
    consultation = _looked_after(consultation, by)
    if consultation.state not in rules.EDITABLE:
        raise rules.not_now(consultation)
    if "collects_until" in changes:
        rules.refuse_unless_collecting(consultation, at)
        ends = changes["collects_until"]
        if ends is None:
            raise field_error("collects_until", "required", _("Say until when."))
        _refuse_bad_end(ends, at)
        transaction.on_commit(partial(end_collecting.using(run_after=ends).enqueue))
    if "title" in changes:
        changes["title"] = _titled(changes["title"])
    for name, value in changes.items():
        setattr(consultation, name, value)
    consultation.save(update_fields=[*changes])
    if "title" in changes:
        conversations.carry_name(room=consultation.room, by=by, title=consultation.title, purpose="", at=at)
    show(consultation)
    return consultation


@transaction.atomic
def withdraw(*, consultation: Consultation, by: Member, at: dt.datetime) -> Consultation:
    """Go no further; everything stays to be read."""
    consultation = _looked_after(consultation, by)
    consultation.state = rules.after(consultation, "withdraw")
    consultation.save(update_fields=["state"])
    show(consultation)
    return consultation


@transaction.atomic
def name_facilitator(*, consultation: Consultation, by: Member, member: Member, at: dt.datetime) -> None:
    """Somebody among those who are asked looks after it as well from now on, and is told; said twice, it is once.

    Where nobody is left who does, whoever could have begun it names somebody, or themselves.
    """
    consultation = held(consultation)
    rules.refuse_unless_concerned(by, consultation)
    if not rules.may_name(by, consultation):
        raise NotAllowed("not_a_facilitator", _("Only those who look after this consultation may do this."))
    if not Member.objects.visible_to(by).filter(pk=member.pk).exists():
        raise field_error("member", "not_found", _("This person does not exist, or not for you."))
    if not rules.concerns(member, consultation):
        raise field_error("member", "not_concerned", _("This person is not among those who are asked."))
    if consultation.facilitators.filter(pk=member.pk).exists():
        return
    if consultation.facilitators.count() >= rules.FACILITATORS_MAX:
        raise Conflict(
            "too_many_facilitators", _("So many people look after it already."), maximum=rules.FACILITATORS_MAX
        )
    consultation.facilitators.add(member)
    conversations.join_room(room=consultation.room, member=member, at=at)
    conversations.let_steer(room=consultation.room, by=by, member=member, is_steward=True, at=at)
    tell(member=member, kind=Notice.Kind.FACILITATOR_NAMED, data=_by(consultation, by), at=at)


@transaction.atomic
def let_facilitator_go(*, consultation: Consultation, by: Member, member: int, at: dt.datetime) -> None:
    """Somebody, or oneself, looks after it no longer; refused for the last one (`last_facilitator`)."""
    consultation = _looked_after(consultation, by)
    gone = consultation.facilitators.filter(pk=member).first()
    if gone is None:
        raise NotFound()
    if not consultation.people.filter(consultations_facilitated=consultation).exclude(pk=member).exists():
        raise Conflict("last_facilitator", _("Name somebody else first: somebody always looks after it."))
    consultation.facilitators.remove(gone)
    conversations.let_steer(room=consultation.room, by=by, member=gone, is_steward=False, at=at)


@patiently
def hand_in(
    *,
    consultation: Consultation,
    by: Member,
    text: str,
    language: str,
    at: dt.datetime,
    collective: Collective | None = None,
) -> Recommendation:
    """Recommend something, alone or for a local group in which one has a vote; until collecting ends. The same twice is refused."""
    # Held, so that two clicks at once are counted one after the other, and collecting ends before or after them.
    consultation = Consultation.objects.select_for_update(no_key=True, of=("self",)).get(pk=consultation.pk)
    rules.refuse_unless_concerned(by, consultation)
    rules.refuse_unless_collecting(consultation, at)
    if collective is not None and (collective.closed_at is not None or not collectives.has_vote(by, collective)):
        raise field_error("collective", "not_in_collective", _("You do not speak for this collective."))
    mine = Recommendation.objects.filter(consultation=consultation, author=by)
    said = words.clean(text)
    if words.is_blank(said):
        raise field_error("text", "required", _("Write something first."))
    if mine.filter(text=said).exists():
        raise Conflict("said_already", _("You have recommended exactly this already."))
    if mine.count() >= rules.RECOMMENDATIONS_MAX:
        raise Invalid("too_many_recommendations", _("Leave some for the others."), maximum=rules.RECOMMENDATIONS_MAX)
    return Recommendation.objects.create(
        consultation=consultation,
        author=by,
        collective=collective,
        for_group=collective is not None,
        language=words.checked_language(language),
        text=said,
        created_at=at,
    )


@patiently
def take_back(*, consultation: Consultation, by: Member, recommendation: int, at: dt.datetime) -> None:
    """Recommend it no longer, while it is collected; afterwards everything stays."""
    consultation = Consultation.objects.select_for_update(no_key=True, of=("self",)).get(pk=consultation.pk)
    rules.refuse_unless_concerned(by, consultation)
    row = consultation.recommendations.filter(pk=recommendation).first()
    if row is None:
        raise NotFound()
    if row.author_id != by.pk:
        raise NotAllowed("not_the_author", _("Only who recommended it may do this."))
    rules.refuse_unless_collecting(consultation, at)
    row.delete()


@patiently
def support(*, consultation: Consultation, by: Member, recommendation: int, want: bool, at: dt.datetime) -> None:
    """Want the same, or no longer, while it is collected; said twice, it is once. One's own needs none."""
    consultation = Consultation.objects.select_for_update(no_key=True, of=("self",)).get(pk=consultation.pk)
    rules.refuse_unless_concerned(by, consultation)
    row = consultation.recommendations.filter(pk=recommendation).first()
    if row is None:
        raise NotFound()
    rules.refuse_unless_collecting(consultation, at)
    if row.author_id == by.pk:
        raise Conflict("own_recommendation", _("It is your own."))
    if want:
        Support.objects.get_or_create(recommendation=row, member=by)
    else:
        Support.objects.filter(recommendation=row, member=by).delete()


@transaction.atomic
def come_in(*, consultation: Consultation, by: Member, at: dt.datetime) -> Room:
    """Into its room, which is open to all whom it concerns and to nobody else."""
    rules.refuse_unless_concerned(by, consultation)
    conversations.join_room(room=consultation.room, member=by, at=at)
    return consultation.room


@transaction.atomic
def move_away(*, member: Member, at: dt.datetime) -> None:
    """Who has gone to another organisation is no longer in the rooms of what the former one consults about."""
    mine = Consultation.objects.filter(room__memberships__member=member, organisation__isnull=False)
    for consultation in mine.exclude(organisation=member.organisation_id).select_related("room"):
        conversations.leave_room(room=consultation.room, member=member, at=at)


def held(consultation: Consultation) -> Consultation:
    """The consultation as it is now, held until the end of the transaction."""
    rows = Consultation.objects.select_for_update(of=("self",), no_key=True).select_related("room", "organisation")
    return rows.get(pk=consultation.pk)


def _looked_after(consultation: Consultation, by: Member) -> Consultation:
    fresh = held(consultation)
    rules.refuse_unless_facilitating(by, fresh)
    return fresh


def _titled(title: str) -> str:
    title = words.clean_line(title)
    if words.is_blank(title):
        raise field_error("title", "required", _("Say what it is about."))
    return title


def _refuse_bad_end(collects_until: dt.datetime, at: dt.datetime) -> None:
    if collects_until < at + rules.SHORTEST_COLLECTING:
        raise field_error("collects_until", "ends_too_soon", _("Leave people an hour at least."))
    if collects_until > at + rules.LONGEST_COLLECTING:
        raise field_error("collects_until", "too_late", _("Collecting lasts a year at most."))


def _by(consultation: Consultation, by: Member) -> dict[str, Any]:
    return facts(consultation) | {"person": {"id": by.pk, "name": by.name}}
