"""What the two write together between sessions: goals and steps, the agenda bank, tasks, notes, steps of the journey."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.mentoring.models import (
    AgendaItem,
    Goal,
    GoalStep,
    JourneyMark,
    JourneyStep,
    Mentorship,
    MentorshipSession,
    MentorshipTask,
    Note,
)
from backend.mentoring.pair import held, refuse_closed, tell_other
from backend.notices.models import Notice

GOALS_MOST, STEPS_MOST, AGENDA_MOST, TASKS_MOST, NOTES_MOST = 12, 20, 100, 100, 500


@transaction.atomic
def set_goal(*, mentorship: Mentorship, by: Member, at: dt.datetime, **words: Any) -> Goal:
    """Write a goal down: `title`, `sign`, `due_on`."""
    mentorship = _open(mentorship, by)
    _refuse_full(mentorship.goals.count(), GOALS_MOST)
    return Goal.objects.create(mentorship=mentorship, made_by=by, created_at=at, **words)


@transaction.atomic
def change_goal(
    *, mentorship: Mentorship, goal: int, by: Member, at: dt.datetime, reached: bool | None = None, **words: Any
) -> Goal:
    """Other words, or that it is reached after all or not."""
    found = _of(_open(mentorship, by).goals, goal)
    return _changed(found, words, "reached_at", reached, at)


@transaction.atomic
def drop_goal(*, mentorship: Mentorship, goal: int, by: Member) -> None:
    _of(_open(mentorship, by).goals, goal).delete()


@transaction.atomic
def add_step(*, mentorship: Mentorship, goal: int, by: Member, text: str) -> GoalStep:
    found = _of(_open(mentorship, by).goals, goal)
    _refuse_full(found.steps.count(), STEPS_MOST)
    return GoalStep.objects.create(goal=found, text=text)


@transaction.atomic
def change_step(
    *, mentorship: Mentorship, step: int, by: Member, at: dt.datetime, done: bool | None = None, **words: Any
) -> GoalStep:
    found = _of(GoalStep.objects.filter(goal__mentorship=_open(mentorship, by)), step)
    return _changed(found, words, "done_at", done, at)


@transaction.atomic
def drop_step(*, mentorship: Mentorship, step: int, by: Member) -> None:
    _of(GoalStep.objects.filter(goal__mentorship=_open(mentorship, by)), step).delete()


@transaction.atomic
def put_on_agenda(
    *, mentorship: Mentorship, by: Member, text: str, session: int | None = None, at: dt.datetime
) -> AgendaItem:
    """Something to talk about: in the bank, or in a session ahead."""
    mentorship = _open(mentorship, by)
    _refuse_full(mentorship.agenda.filter(done_at=None).count(), AGENDA_MOST)
    chosen = _session(mentorship, session)
    return AgendaItem.objects.create(mentorship=mentorship, made_by=by, text=text, session=chosen, created_at=at)


@transaction.atomic
def change_agenda(
    *, mentorship: Mentorship, item: int, by: Member, at: dt.datetime, done: bool | None = None, **words: Any
) -> AgendaItem:
    """Other words, another session (none: back into the bank), or that it has been talked about."""
    mentorship = _open(mentorship, by)
    found = _of(mentorship.agenda, item)
    if "session" in words:
        words["session"] = _session(mentorship, words["session"])
    return _changed(found, words, "done_at", done, at)


@transaction.atomic
def drop_agenda(*, mentorship: Mentorship, item: int, by: Member) -> None:
    _of(_open(mentorship, by).agenda, item).delete()


@transaction.atomic
def give_task(
    *, mentorship: Mentorship, by: Member, member: int, text: str, due_on: dt.date | None = None, at: dt.datetime
) -> MentorshipTask:
    """Something that one of the two will do; the other one is told when it is for them."""
    mentorship = _open(mentorship, by)
    if member not in (mentorship.mentor_id, mentorship.mentee_id):
        raise field_error("member", "not_one_of_two", _("Choose one of you two."))
    _refuse_full(mentorship.tasks.filter(done_at=None).count(), TASKS_MOST)
    task = MentorshipTask.objects.create(
        mentorship=mentorship, member_id=member, text=text, due_on=due_on, made_by=by, created_at=at
    )
    if member != by.pk:
        tell_other(mentorship, by, Notice.Kind.TASK_GIVEN, at, task=task.pk)
    return task


@transaction.atomic
def change_task(
    *, mentorship: Mentorship, task: int, by: Member, at: dt.datetime, done: bool | None = None, **words: Any
) -> MentorshipTask:
    found = _of(_open(mentorship, by).tasks, task)
    return _changed(found, words, "done_at", done, at)


@transaction.atomic
def drop_task(*, mentorship: Mentorship, task: int, by: Member) -> None:
    _of(_open(mentorship, by).tasks, task).delete()


@transaction.atomic
def write_note(
    *, mentorship: Mentorship, by: Member, text: str, is_private: bool, session: int | None = None, at: dt.datetime
) -> Note:
    """For both, or for oneself alone. For oneself also when the mentorship has ended."""
    mentorship = held(mentorship, by)
    if not is_private:
        refuse_closed(mentorship)
    _refuse_full(mentorship.notes.filter(author=by).count(), NOTES_MOST)
    about = _of(mentorship.sessions, session) if session is not None else None
    return Note.objects.create(
        mentorship=mentorship, author=by, text=text, is_private=is_private, session=about, created_at=at, changed_at=at
    )


@transaction.atomic
def change_note(*, mentorship: Mentorship, note: int, by: Member, text: str, at: dt.datetime) -> Note:
    """Only its author changes a note; a private one can never become another's to read."""
    found = _own_note(mentorship, note, by)
    found.text, found.changed_at = text, at
    found.save(update_fields=["text", "changed_at"])
    return found


@transaction.atomic
def drop_note(*, mentorship: Mentorship, note: int, by: Member) -> None:
    _own_note(mentorship, note, by).delete()


@transaction.atomic
def walk(*, mentorship: Mentorship, step: int, by: Member, at: dt.datetime) -> JourneyMark:
    """The two have walked this step of the journey of their track; said twice, it is the same."""
    mentorship = _open(mentorship, by)
    found = _of(JourneyStep.objects.filter(journey__track=mentorship.track, is_retired=False), step)
    made, _is_new = JourneyMark.objects.get_or_create(
        mentorship=mentorship, step=found, defaults={"made_by": by, "done_at": at}
    )
    return made


@transaction.atomic
def unwalk(*, mentorship: Mentorship, step: int, by: Member) -> None:
    """Take it back; nothing where there was none."""
    _open(mentorship, by).marks.filter(step=step).delete()


def _open(mentorship: Mentorship, by: Member) -> Mentorship:
    mentorship = held(mentorship, by)
    refuse_closed(mentorship)
    return mentorship


def _of(rows: Any, pk: int) -> Any:
    """One of these rows; another mentorship's does not exist here."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _own_note(mentorship: Mentorship, note: int, by: Member) -> Note:
    found: Note = _of(Note.objects.readable_by(by).filter(mentorship=held(mentorship, by)), note)
    if found.author_id != by.pk:
        raise NotAllowed("not_the_author", _("Only who wrote a note changes it."))
    return found


def _session(mentorship: Mentorship, session: int | None) -> MentorshipSession | None:
    if session is None:
        return None
    found: MentorshipSession | None = mentorship.sessions.filter(pk=session, state__in=MentorshipSession.AHEAD).first()
    if found is None:
        raise field_error("session", "not_found", _("Choose a session that is still ahead."))
    return found


def _changed(row: Any, words: dict[str, Any], moment: str, is_so: bool | None, at: dt.datetime) -> Any:
    """Write what was said; `moment` keeps when it first became so."""
    for name, value in words.items():
        setattr(row, name, value)
    fields = [*words]
    if is_so is not None and is_so != (getattr(row, moment) is not None):
        setattr(row, moment, at if is_so else None)
        fields.append(moment)
    if fields:
        row.save(update_fields=fields)
    return row


def _refuse_full(count: int, most: int) -> None:
    if count >= most:
        raise Conflict("too_many_kept", _("Finish or remove something first."), maximum=most)
