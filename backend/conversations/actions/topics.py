"""Topics inside a room."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.conversations import rules, text
from backend.conversations.actions.log import Kind, append, held
from backend.conversations.models import Room, Topic
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member


@transaction.atomic
def open_topic(*, room: Room, by: Member, title: str, at: dt.datetime) -> Topic:
    """A new topic; whoever may speak in the room may open one. A title that is used already is refused (`topic_exists`)."""
    room = held(room)
    if (refusal := rules.refusal_to_speak(rules.standing_of(by, room), at)) is not None:
        raise refusal
    title = _free(room, title)
    topic = Topic.objects.create(room=room, title=title, opened_by=by, opened_at=at)
    append(room, kind=Kind.TOPIC_OPENED, author=by, at=at, topic=topic, data={"title": title})
    return topic


@transaction.atomic
def change_topic(
    *, room: Room, topic: int, by: Member, at: dt.datetime, title: str | None = None, closed: bool | None = None
) -> Topic:
    """Another title, or closed or open again: by whoever opened it, or a steward."""
    room = held(room)
    if not rules.may_read(by, room):
        raise NotFound
    row = Topic.objects.filter(room=room, pk=topic).first()
    if row is None:
        raise NotFound
    if row.opened_by_id != by.pk and not rules.may_moderate(by, room):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    if (refusal := rules.refusal_to_speak(rules.standing_of(by, room), at)) is not None:
        raise refusal
    changes: dict[str, Any] = {}
    if title is not None and text.clean_line(title) != row.title:
        row.title = changes["title"] = _free(room, title, but=row)
    if closed is not None and closed != (row.closed_at is not None):
        row.closed_at = at if closed else None
        changes["closed"] = closed
    if changes:
        row.save(update_fields=["title", "closed_at"])
        append(room, kind=Kind.TOPIC_CHANGED, author=by, at=at, topic=row, data=changes)
    return row


def _free(room: Room, title: str, but: Topic | None = None) -> str:
    title = text.clean_line(title)[:120]
    if text.is_blank(title):
        raise field_error("title", "required", _("Give the topic a title."))
    taken = Topic.objects.filter(room=room, title__iexact=title)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise Conflict("topic_exists", _("There is a topic with this title already."))
    return title
