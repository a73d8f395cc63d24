"""Finding words in the rooms that one is in: one interface, the database's own full text behind it."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet

from backend.conversations.models import Event, Membership
from backend.members.models import Member
from backend.skills.folding import fold

WORDS_MAX = 12


class Says(Func):
    """Whether the words of a row of `SearchText` hold these folded words, the last one as a beginning."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, words: list[str]) -> None:
        self.words = words
        super().__init__(F("searched__pk"), F("searched__words"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        row, given = compiler.compile(self.source_expressions[0])
        query = " ".join(f'"{word}"' for word in self.words) + "*"
        return f"{row} IN (SELECT rowid FROM conversations_words WHERE conversations_words MATCH %s)", [*given, query]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        words, given = compiler.compile(self.source_expressions[1])
        query = " & ".join(f"'{word}'" for word in self.words) + ":*"
        return f"to_tsvector('simple', {words}) @@ to_tsquery('simple', %s)", [*given, query]


def found(
    member: Member,
    *,
    q: str = "",
    room: int | None = None,
    author: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    language: str = "",
) -> QuerySet[Event]:
    """The messages with all these words, in rooms that the member is in at this moment; deleted and hidden ones never.

    `until` is the first moment that no longer counts.
    """
    mine = Membership.objects.filter(member=member.pk).values("room")
    rows = Event.objects.filter(room__in=mine, kind=Event.Kind.MESSAGE, searched__isnull=False)
    if words := fold(q).split()[:WORDS_MAX]:
        rows = rows.filter(Says(words))
    elif q.strip():
        return rows.none()
    if room is not None:
        rows = rows.filter(room=room)
    if author is not None:
        rows = rows.filter(author=author)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    if until is not None:
        rows = rows.filter(created_at__lt=until)
    if language:
        rows = rows.filter(language=language)
    return rows.select_related("author", "subject", "room")
