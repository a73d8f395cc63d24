"""What a collective writes down together. Who saves names the version that they read: what others wrote meanwhile is never lost."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules
from backend.collectives.models import Collective, Note, NoteText
from backend.errors import Conflict, Invalid, NotFound, field_error
from backend.members.models import Member

TEXT_MAX = 100_000
NOTES_MAX = 500


@transaction.atomic
def begin_note(*, collective: Collective, by: Member, title: str, text: str, at: dt.datetime) -> Note:
    """A new note, with its first version."""
    # Held, so that two clicks at once are counted one after the other.
    collective = Collective.objects.select_for_update(of=("self",), no_key=True).get(pk=collective.pk)
    _refuse_unless_writing(by, collective)
    if collective.notes.count() >= NOTES_MAX:
        raise Invalid("too_many_notes", _("There are very many notes here already."), maximum=NOTES_MAX)
    note = Note.objects.create(collective=collective, title=title, created_at=at)
    NoteText.objects.create(note=note, version=1, text=sound(text), written_by=by, written_at=at)
    return note


@transaction.atomic
def write_note(*, note: Note, by: Member, version: int, title: str, text: str, at: dt.datetime) -> Note:
    """Another version, after `version`, which `by` has read; refused with what it says now where somebody has written meanwhile."""
    note = Note.objects.select_for_update(of=("self",), no_key=True).select_related("collective").get(pk=note.pk)
    _refuse_unless_writing(by, note.collective)
    if note.version != version:
        newest = note.texts.select_related("written_by").get(version=note.version)
        raise Conflict(
            "note_changed",
            _("Somebody has written here meanwhile. Your text is kept: put the two together."),
            version=note.version,
            title=note.title,
            text=newest.text,
            written_by=newest.written_by.name if newest.written_by else "",
        )
    note.version, note.title = version + 1, title
    NoteText.objects.create(note=note, version=note.version, text=sound(text), written_by=by, written_at=at)
    note.save(update_fields=["version", "title"])
    return note


def sound(text: str) -> str:
    """Refused when it is too much for a note."""
    if len(text) > TEXT_MAX:
        raise field_error("text", "max_length", _("This is too long."))
    return text


def _refuse_unless_writing(member: Member, collective: Collective) -> None:
    """Members, guests too; to who does not belong a note does not exist, and who is on leave only reads."""
    if not rules.belongs(member, collective):
        raise NotFound()
    if not rules.may_book(member, collective):
        raise Conflict("not_now", _("This cannot be done at this point."))
