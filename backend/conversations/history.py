"""Reading a room's log: what came after a number, and pages of what was before."""

from typing import Any

from backend.conversations.facts import as_facts
from backend.conversations.models import Event, Room

PAGE = 50
PAGE_MAX = 300


def since(room: Room, seq: int, *, limit: int = PAGE_MAX) -> list[dict[str, Any]]:
    """The events after this number, oldest first."""
    rows = Event.objects.filter(room=room, seq__gt=seq).select_related("author", "subject").order_by("seq")[:limit]
    return as_facts(rows)


def before(room: Room, seq: int | None, *, limit: int = PAGE) -> tuple[list[dict[str, Any]], bool]:
    """The page that ends before this number (None: the newest page), oldest first, and whether there is more before it."""
    rows = Event.objects.filter(room=room).select_related("author", "subject").order_by("-seq")
    if seq is not None:
        rows = rows.filter(seq__lt=seq)
    page = list(rows[: limit + 1])
    has_older = len(page) > limit
    return as_facts(reversed(page[:limit])), has_older
