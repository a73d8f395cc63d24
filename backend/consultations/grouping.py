"""From what was collected to themes: nothing disappears, and what is left out has a reason that everybody can read."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from backend.consultations import rules
from backend.consultations.actions import held
from backend.consultations.models import Consultation, Recommendation, Theme
from backend.consultations.telling import show, tell_about
from backend.conversations import actions as conversations
from backend.conversations import text as words
from backend.errors import Conflict, NotFound, field_error
from backend.members.models import Member
from backend.notices.models import Notice
from backend.patience import patiently

State = Consultation.State


def group_due(*, at: dt.datetime) -> int:
    """Whose collecting has ended is grouped from now on; who looks after it is told. Returns how many those were."""
    due = Consultation.objects.filter(state=State.COLLECTING, collects_until__lte=at).order_by("collects_until", "pk")
    return sum(_end_collecting(consultation=consultation, at=at) for consultation in due)


@patiently
def _end_collecting(*, consultation: Consultation, at: dt.datetime) -> bool:
    consultation = held(consultation)
    ends = consultation.collects_until
    if consultation.state != State.COLLECTING or ends is None or ends > at:
        return False
    consultation.state = rules.after(consultation, "group")
    consultation.save(update_fields=["state"])
    facilitators = list(consultation.facilitators.values_list("pk", flat=True))
    tell_about(consultation, facilitators, Notice.Kind.CONSULTATION_COLLECTED, at=at)
    show(consultation)
    return True


@transaction.atomic
def add_theme(*, consultation: Consultation, by: Member, title: str, summary: str = "", at: dt.datetime) -> Theme:
    consultation = _grouped(consultation, by)
    title = _free(consultation, title)
    if consultation.themes.count() >= rules.THEMES_MAX:
        raise Conflict("too_many_themes", _("Put some of them together."), maximum=rules.THEMES_MAX)
    last = consultation.themes.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    made = Theme.objects.create(consultation=consultation, position=position, title=title, summary=summary)
    show(consultation)
    return made


@transaction.atomic
def change_theme(*, consultation: Consultation, by: Member, theme: int, at: dt.datetime, **changes: Any) -> Theme:
    """Another title or summary."""
    consultation = _grouped(consultation, by)
    row = _theme(consultation, theme)
    if "title" in changes:
        changes["title"] = _free(consultation, changes["title"], but=row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=[*changes])
    show(consultation)
    return row


@transaction.atomic
def drop_theme(*, consultation: Consultation, by: Member, theme: int, at: dt.datetime, into: int | None = None) -> None:
    """Do without a theme: all that is in it goes into another one, or waits to be grouped again."""
    consultation = _grouped(consultation, by)
    row = _theme(consultation, theme)
    other = _theme(consultation, into) if into is not None else None
    if other is not None and other.pk == row.pk:
        raise field_error("into", "oneself", _("Choose another theme."))
    row.recommendations.update(theme=other)
    row.delete()
    show(consultation)


@transaction.atomic
def place(
    *,
    consultation: Consultation,
    by: Member,
    recommendation: int,
    at: dt.datetime,
    theme: int | None = None,
    merged_into: int | None = None,
    left_out_because: str = "",
) -> Recommendation:
    """Put a recommendation into a theme, or to another one that says the same, or leave it out and say why; without either it waits."""
    consultation = _grouped(consultation, by)
    row = _recommendation(consultation, recommendation)
    reason = words.clean_line(left_out_because)
    if left_out_because and words.is_blank(reason):
        raise field_error("left_out_because", "required", _("Say why: everybody can read it."))
    if sum([theme is not None, merged_into is not None, reason != ""]) > 1:
        raise field_error("theme", "one_place", _("Put it in one place."))
    row.theme = _theme(consultation, theme) if theme is not None else None
    row.merged_into, row.left_out_because = None, reason
    if merged_into is not None:
        row.merged_into = _merged(row, _recommendation(consultation, merged_into))
        row.theme = row.merged_into.theme
    row.save(update_fields=["theme", "merged_into", "left_out_because"])
    # What says the same stands where it stands.
    row.merged.update(theme=row.theme, left_out_because="")
    show(consultation)
    return row


@transaction.atomic
def discuss(*, consultation: Consultation, by: Member, at: dt.datetime) -> Consultation:
    """Show the themes to everyone, each with a topic of its own; who recommended something hears what became of it."""
    consultation = _grouped(consultation, by)
    waiting = waiting_in(consultation)
    if waiting:
        raise Conflict("not_all_grouped", _("Some recommendations still wait."), missing=waiting)
    themes = list(consultation.themes.all())
    if not themes:
        raise Conflict("no_themes", _("Make a theme first."))
    consultation.state = rules.after(consultation, "discuss")
    consultation.save(update_fields=["state"])
    # Whoever looks after it may have gone out of the room.
    conversations.join_room(room=consultation.room, member=by, at=at)
    for theme in themes:
        theme.topic = conversations.open_topic(room=consultation.room, by=by, title=theme.title, at=at)
        theme.save(update_fields=["topic"])
    said = consultation.recommendations.filter(author__is_active=True).order_by("author")
    authors = [pk for pk in said.values_list("author", flat=True).distinct() if pk != by.pk]
    tell_about(consultation, authors, Notice.Kind.CONSULTATION_GROUPED, at=at)
    show(consultation)
    return consultation


def waiting_in(consultation: Consultation) -> int:
    """How many recommendations are in no theme, not left out, and do not say the same as another one."""
    return consultation.recommendations.filter(theme=None, merged_into=None, left_out_because="").count()


@transaction.atomic
def carry(*, consultation: Consultation, event: str) -> None:
    """What happens to its vote happens to it: `open`, `close`, `conclude`."""
    consultation = held(consultation)
    consultation.state = rules.after(consultation, event)
    consultation.save(update_fields=["state"])
    show(consultation)


def _grouped(consultation: Consultation, by: Member) -> Consultation:
    consultation = held(consultation)
    rules.refuse_unless_facilitating(by, consultation)
    if consultation.state != State.GROUPING:
        raise rules.not_now(consultation)
    return consultation


def _theme(consultation: Consultation, theme: int) -> Theme:
    row = consultation.themes.filter(pk=theme).first()
    if row is None:
        raise field_error("theme", "unknown_theme", _("There is no such theme."))
    return row


def _recommendation(consultation: Consultation, recommendation: int) -> Recommendation:
    row = consultation.recommendations.filter(pk=recommendation).first()
    if row is None:
        raise NotFound()
    return row


def _merged(row: Recommendation, into: Recommendation) -> Recommendation:
    if into.pk == row.pk or into.merged_into_id is not None or row.merged.exists():
        raise field_error("merged_into", "merged_itself", _("Choose one that stands for itself."))
    if into.left_out_because:
        raise field_error("merged_into", "left_out", _("That one is left out."))
    return into


def _free(consultation: Consultation, title: str, but: Theme | None = None) -> str:
    title = words.clean_line(title)
    if words.is_blank(title):
        raise field_error("title", "required", _("Give the theme a title."))
    taken = consultation.themes.filter(title__iexact=title).exclude(pk=but.pk if but else 0)
    if taken.exists():
        raise field_error("title", "theme_exists", _("There is a theme with this title already."))
    return title
