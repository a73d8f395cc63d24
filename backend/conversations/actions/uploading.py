"""Files before they are sent with a message."""

import datetime as dt
import secrets
import uuid
from functools import partial
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from backend.conversations import files, rules
from backend.conversations.models import Attachment, Hidden, Room
from backend.conversations.tasks import drop_unsent
from backend.errors import NotFound
from backend.media import clean_pictures
from backend.members.models import Member
from backend.skills.folding import fold

SIDE, THUMB_SIDE = 2048, 480
KEPT_UNSENT = dt.timedelta(hours=24)
FOLDED_MAX = 250


def upload(
    *, room: Room, by: Member, client_id: uuid.UUID, name: str, content: IO[bytes], size: int, at: dt.datetime
) -> tuple[Attachment, bool]:
    """Keep a file for a message to come; returns it and whether it is new. The same `client_id` again gives the same file.

    Pictures are decoded and encoded anew, 2,048 pixels at most, without metadata, with a thumbnail. Refuses what
    `files.sniffed` and `media.clean_pictures` refuse, and whoever may not speak in the room.
    """
    if (known := _stored(by, client_id)) is not None:
        return known, False
    if (refusal := rules.refusal_to_speak(rules.standing_of(by, room), at)) is not None:
        raise refusal
    kind = files.sniffed(content, name=name, size=size)
    row = Attachment(
        key=secrets.token_urlsafe(18),
        room=room,
        uploader=by,
        client_id=client_id,
        name=(called := files.checked_name(name)),
        folded=fold(called)[:FOLDED_MAX],
        content_type=kind.content_type,
        kind=Attachment.Kind.IMAGE if kind.is_image else Attachment.Kind.FILE,
        size=size,
        created_at=at,
    )
    if kind.is_image:
        whole, thumb = clean_pictures(content, sides=(SIDE, THUMB_SIDE), field="file")
        row.size, row.width, row.height = len(whole.data), whole.width, whole.height
        row.file.save(_name(), ContentFile(whole.data), save=False)
        row.thumb.save(_name(), ContentFile(thumb.data), save=False)
    else:
        row.file.save(_name(), File(content), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            transaction.on_commit(partial(drop_unsent.using(run_after=at + KEPT_UNSENT).enqueue))
    except IntegrityError:
        _delete_files([row])
        known = _stored(by, client_id)
        if known is None:
            raise
        return known, False
    return row, True


def opened(*, room: int, key: str, viewer: Member) -> Attachment:
    """A file for someone in its room now; one that is not sent yet for its uploader only; none of a hidden message."""
    row = Attachment.objects.select_related("room", "message").filter(room=room, key=key).first()
    if row is None or not rules.may_read(viewer, row.room):
        raise NotFound
    if row.message is None:
        if row.uploader_id != viewer.pk:
            raise NotFound
    elif Hidden.objects.filter(message=row.message).exists():
        raise NotFound
    return row


def drop_unsent_before(*, at: dt.datetime) -> int:
    """Delete what was uploaded more than a day ago and never sent; returns how many files that were."""
    with transaction.atomic():
        old = Attachment.objects.select_for_update().filter(message=None, created_at__lte=at - KEPT_UNSENT)
        rows = list(old)
        Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
        transaction.on_commit(partial(_delete_files, rows))
    return len(rows)


def _stored(by: Member, client_id: uuid.UUID) -> Attachment | None:
    return Attachment.objects.filter(uploader=by, client_id=client_id).first()


def _name() -> str:
    # Not an ending that the public pictures are served by: these are for the people of the room.
    return f"{secrets.token_urlsafe(24)}.bin"


def _delete_files(rows: list[Attachment]) -> None:
    for row in rows:
        for file in (row.file, row.thumb):
            if file.name:
                default_storage.delete(file.name)
