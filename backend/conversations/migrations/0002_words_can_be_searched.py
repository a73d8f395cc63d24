"""An index over the words of messages: FTS5 on SQLite, kept by triggers; GIN on PostgreSQL."""

from typing import Any

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE conversations_words USING fts5(
        words, content='conversations_searchtext', content_rowid='event_id', tokenize="unicode61 remove_diacritics 0 tokenchars '+#&.'"
    )
    """,
    """
    CREATE TRIGGER words_are_indexed AFTER INSERT ON conversations_searchtext BEGIN
        INSERT INTO conversations_words(rowid, words) VALUES (NEW.event_id, NEW.words);
    END
    """,
    """
    CREATE TRIGGER words_are_forgotten AFTER DELETE ON conversations_searchtext BEGIN
        INSERT INTO conversations_words(conversations_words, rowid, words) VALUES ('delete', OLD.event_id, OLD.words);
    END
    """,
    """
    CREATE TRIGGER words_are_replaced AFTER UPDATE ON conversations_searchtext BEGIN
        INSERT INTO conversations_words(conversations_words, rowid, words) VALUES ('delete', OLD.event_id, OLD.words);
        INSERT INTO conversations_words(rowid, words) VALUES (NEW.event_id, NEW.words);
    END
    """,
    "INSERT INTO conversations_words(conversations_words) VALUES ('rebuild')",
]
POSTGRESQL = "CREATE INDEX words_of_messages ON conversations_searchtext USING gin (to_tsvector('simple', words))"


def index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def forget(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX words_of_messages")
    else:
        for trigger in ("words_are_indexed", "words_are_forgotten", "words_are_replaced"):
            schema_editor.execute(f"DROP TRIGGER {trigger}")
        schema_editor.execute("DROP TABLE conversations_words")


class Migration(migrations.Migration):
    replaces = [("conversations", "0006_words_can_be_searched")]
    dependencies = [("conversations", "0001_tables")]
    operations = [migrations.RunPython(index, forget)]
