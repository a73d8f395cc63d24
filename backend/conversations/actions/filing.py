"""The files of a room: all that was sent in it, and taking one out again."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.conversations import rules
from backend.conversations.actions.changing import drop_files, take_back
from backend.conversations.actions.log import Kind, append, held
from backend.conversations.models import Attachment, Event, Room
from backend.errors import NotAllowed, NotFound
from backend.members.models import Member
from backend.skills.folding import fold

CALLED_MAX = 120


def files_of(room: Room, *, called: str = "") -> QuerySet[Attachment]:
    """What was sent with messages that are there and not covered; with `called` those that have every word of it in their name."""
    rows = Attachment.objects.filter(room=room, message__isnull=False, message__hidden__isnull=True)
    words = fold(called[:CALLED_MAX]).split()
    for word in words:
        rows = rows.filter(folded__contains=word)
    return rows.select_related("message__author") if words or not called.strip() else rows.none()


@transaction.atomic
def remove_file(*, room: Room, key: str, by: Member, at: dt.datetime) -> Event:
    """Take a file out of its message, for who sent it or moderates the room; a message of nothing else is taken back whole.

    Whose file somebody else has taken out is in the room's record.
    """
    room = held(room)
    row = files_of(room).filter(key=key).first()
    if row is None or row.message is None or not rules.may_read(by, room):
        raise NotFound
    message = row.message
    if not rules.may_remove_file(by, message, is_moderating=rules.may_moderate(by, room)):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    if not _says_more(message, row):
        return take_back(room, message, by=by, at=at)
    drop_files(Attachment.objects.filter(pk=row.pk))
    whose = message.author if message.author_id != by.pk else None
    return append(
        room, kind=Kind.FILE_REMOVED, author=by, at=at, target_seq=message.seq, subject=whose, data={"key": key}
    )


def _says_more(message: Event, file: Attachment) -> bool:
    """Whether a message has words, as they are now, or other files."""
    if Attachment.objects.filter(message=message).exclude(pk=file.pk).exists():
        return True
    edits = Event.objects.filter(room=message.room_id, target_seq=message.seq, kind=Kind.MESSAGE_EDITED)
    return bool((edits.order_by("-seq").first() or message).body)
