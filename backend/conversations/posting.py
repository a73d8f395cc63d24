"""What a message needs before and after it is stored; everything here takes many messages as well as one.

`looked_up` and `rules.standings` read, `rules.refusal_to_post` and `refusal_to_refer` decide, `draft` makes the row,
`after` writes what belongs to the stored rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.conversations import rows, text
from backend.conversations.facts import attachment_fact, reply_facts, row_as_fact
from backend.conversations.limits import ATTACHMENTS_MAX, MENTIONS_MAX
from backend.conversations.models import Attachment, Event, Membership, Mention, Topic
from backend.conversations.telling import tell_mentioned
from backend.conversations.wishes import Wish
from backend.errors import Refusal, field_error
from backend.members.models import Block
from backend.skills.folding import fold


@dataclass(frozen=True, slots=True)
class Found:
    """What these wishes refer to, as far as it exists: topics by id, answered messages by room and number, files by key."""

    topics: dict[int, Topic] = field(default_factory=dict)
    replies: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    people: dict[int, set[int]] = field(default_factory=dict)


def checked(wish: Wish) -> tuple[str, str]:
    """The cleaned body of a wish and its HTML. Refuses what makes no sense by itself; no query."""
    if len(wish.mentions) > MENTIONS_MAX:
        raise field_error("mentions", "too_many_mentions", _("Mention 50 people at most."))
    if len(set(wish.attachments)) > ATTACHMENTS_MAX:
        raise field_error("attachments", "too_many_attachments", _("Send ten files at most."))
    text.checked_language(wish.language)
    body = text.checked_body(wish.body, may_be_empty=bool(wish.attachments))
    return body, text.rendered(body)


def looked_up(wishes: Iterable[Wish]) -> Found:
    """What the wishes name, in one query for each sort of thing that any of them names."""
    wishes = list(wishes)
    topics = {wish.topic for wish in wishes if wish.topic is not None}
    replies = {(wish.room_id, wish.reply_to) for wish in wishes if wish.reply_to is not None}
    keys = {key for wish in wishes for key in wish.attachments}
    rooms = {wish.room_id for wish in wishes if wish.mentions}
    mentioned = {pk for wish in wishes for pk in wish.mentions}
    people: dict[int, set[int]] = defaultdict(set)
    if mentioned:
        there = Membership.objects.filter(room__in=rooms, member__in=mentioned, member__is_active=True)
        for room, member in there.values_list("room", "member"):
            people[room].add(member)
    return Found(
        topics={topic.pk: topic for topic in Topic.objects.filter(pk__in=topics)} if topics else {},
        replies=reply_facts(replies) if replies else {},
        attachments=({row.key: row for row in Attachment.objects.filter(key__in=keys, message=None)} if keys else {}),
        people=people,
    )


def refusal_to_refer(wish: Wish, found: Found) -> Refusal | None:
    """Why what the wish names cannot be named; None when it can. A mention of a stranger is no error: it tells nobody."""
    topic = found.topics.get(wish.topic) if wish.topic is not None else None
    if wish.topic is not None and (topic is None or topic.room_id != wish.room_id):
        return field_error("topic", "topic_unknown", _("This topic does not exist here."))
    if wish.reply_to is not None and (wish.room_id, wish.reply_to) not in found.replies:
        return field_error("reply_to", "reply_unknown", _("The message that you answer does not exist here."))
    for key in wish.attachments:
        row = found.attachments.get(key)
        if row is None or row.room_id != wish.room_id or row.uploader_id != wish.author_id:
            return field_error("attachments", "attachment_unknown", _("Choose the file again."))
    return None


def draft(wish: Wish, body: str, html: str, found: Found, seq: int, message_no: int) -> rows.Row:
    """The row of a message that has these numbers."""
    data: dict[str, Any] = {}
    if wish.mentions:
        named = [pk for pk in dict.fromkeys(wish.mentions) if pk in found.people.get(wish.room_id, ())]
        data = {"mentions": named} if named else {}
    if wish.everyone:
        data["everyone"] = True
    return rows.Row(
        room_id=wish.room_id,
        seq=seq,
        message_no=message_no,
        author_id=wish.author_id,
        client_id=wish.client_id,
        body=body,
        html=html,
        topic_id=wish.topic,
        reply_to_seq=wish.reply_to,
        language=wish.language,
        is_important=wish.important,
        data=data,
        words=fold(body),
    )


def fact_of(row: rows.Row, author: dict[str, Any], created_at: str, wish: Wish, found: Found) -> dict[str, Any]:
    """A message that is being stored, as it leaves."""
    fact = row_as_fact(row, author, created_at)
    if wish.reply_to is not None:
        fact["reply_to"] = found.replies.get((wish.room_id, wish.reply_to))
    if wish.attachments:
        fact["attachments"] = [attachment_fact(found.attachments[key]) for key in dict.fromkeys(wish.attachments)]
    return fact


def has_more(row: rows.Row, wish: Wish) -> bool:
    """Whether anything but the message itself is to be written."""
    return bool(row.topic_id is not None or row.data or row.is_important or wish.attachments)


def after(written: Sequence[tuple[int, rows.Row, Wish]], at: dt.datetime) -> None:
    """Write what belongs to messages stored in this transaction, by their keys: topics, files, mentions, and who is told."""
    counts: dict[int, list[int]] = defaultdict(list)
    for pk, row, wish in written:
        if row.topic_id is not None:
            counts[row.topic_id].append(row.seq)
        for place, key in enumerate(dict.fromkeys(wish.attachments)):
            Attachment.objects.filter(key=key, message=None).update(message=pk, place=place)
    for topic, seqs in counts.items():
        Topic.objects.filter(pk=topic).update(message_count=F("message_count") + len(seqs), last_seq=max(seqs))
    calling = [pk for pk, row, _wish in written if row.data or row.is_important]
    if calling:
        for event in Event.objects.filter(pk__in=calling).select_related("room", "author").order_by("pk"):
            mention(event, at)


def mention(event: Event, at: dt.datetime, *, message: Event | None = None) -> None:
    """Put a message (or an edit of `message`) on the lists of those it names, and tell those who were not named before."""
    message = message or event
    others = Membership.objects.filter(room=event.room_id, member__is_active=True).exclude(member=event.author_id)
    if not event.data.get("everyone") and not event.is_important:
        others = others.filter(member__in=event.data.get("mentions", []))
    apart = Block.between(event.author) if event.author else frozenset()
    people = [row for row in others if row.member_id not in apart]
    named = set(event.data.get("mentions", []))
    on_list = [row for row in people if event.data.get("everyone") or row.member_id in named]
    before = set(Mention.objects.filter(message=message).values_list("member", flat=True))
    Mention.objects.bulk_create(
        (
            Mention(message=message, room_id=message.room_id, seq=message.seq, member_id=row.member_id)
            for row in on_list
            if row.member_id not in before
        ),
        ignore_conflicts=True,
    )
    tell_mentioned(message, [row for row in people if row.member_id not in before], {r.member_id for r in on_list}, at)
