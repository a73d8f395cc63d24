"""The words of messages as they are searched."""

from django.db import models

from backend.conversations.models.events import Event


class SearchText(models.Model):
    """A message's newest words, folded: no capitals, no accents. Deleted and hidden messages have none.

    The database keeps its own index over this table: FTS5 on SQLite, a GIN index on PostgreSQL (see the migrations).
    """

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="searched")
    words = models.TextField()
