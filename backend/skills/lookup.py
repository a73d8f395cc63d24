"""The labels in the database, found by how they begin or by how their words begin; indexed as each engine does it best.

SQLite keeps the words of the labels in a full-text table (FTS5) that triggers keep up to date, PostgreSQL in an inverted index.
Both are made after each migration where they are missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from backend.skills.models import Label, Source

LAST = "\U0010ffff"
_ADD = "INSERT INTO skills_label_words (rowid, folded, joined) VALUES (new.id, new.folded, new.joined);"
_DROP = (
    "INSERT INTO skills_label_words (skills_label_words, rowid, folded, joined) "
    "VALUES ('delete', old.id, old.folded, old.joined);"
)
SQLITE = {
    "skills_label_words": (
        "CREATE VIRTUAL TABLE skills_label_words USING fts5(folded, joined, content='skills_label', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '+#.&_'\", prefix='2 3 4')"
    ),
    "skills_label_added": f"CREATE TRIGGER skills_label_added AFTER INSERT ON skills_label BEGIN {_ADD} END",
    "skills_label_deleted": f"CREATE TRIGGER skills_label_deleted AFTER DELETE ON skills_label BEGIN {_DROP} END",
    "skills_label_changed": (
        f"CREATE TRIGGER skills_label_changed AFTER UPDATE OF folded, joined ON skills_label BEGIN {_DROP} {_ADD} END"
    ),
}
POSTGRES_WORDS = "array_to_tsvector(string_to_array(btrim(label.folded || ' ' || label.joined), ' '))"
# Without a list of what is still to be filed, which each search would have to read whole.
POSTGRES = (
    "CREATE INDEX IF NOT EXISTS skills_label_words ON skills_label "
    f"USING gin ({POSTGRES_WORDS.replace('label.', '')}) WITH (fastupdate = off)"
)
COLUMNS = "label.skill_id, label.profession_id, label.sector_id, label.text, label.language"


@dataclass(frozen=True, slots=True)
class Hit:
    """A label that was found, and the concept that it names: (kind, id)."""

    kind: str
    id: int
    text: str
    language: str


def make_indexes(using: str) -> None:
    """Have the words of all labels indexed; nothing when they are."""
    connection = connections[using]
    if "skills_label" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES)
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'skills_label_%'")
        made = {name for (name,) in cursor.fetchall()}
        missing = [statement for name, statement in SQLITE.items() if name not in made]
        for statement in missing:
            cursor.execute(statement)
        if missing:
            cursor.execute("INSERT INTO skills_label_words (skills_label_words) VALUES ('rebuild')")


def labels(
    typed: str,
    beginnings: Sequence[Sequence[str]] | None,
    *,
    language: str | None = None,
    ours: bool = False,
    kinds: Iterable[str],
    limit: int,
) -> list[Hit]:
    """Labels of these kinds of concept, the best first.

    With `beginnings`, of each sequence one must begin a word of the label; without, the label itself must begin with what was
    typed. `language` None is any; `ours` leaves out what was imported or proposed. Best is:
    not merely proposed, exactly what was typed, ours, nearest in length, preferred, in this order.
    """
    connection = connections[Label.objects.db]
    is_postgres = connection.vendor == "postgresql"
    of_kind = " OR ".join(f"label.{kind}_id IS NOT NULL" for kind in sorted(kinds))
    where = [f"({of_kind})"]
    values: list[Any] = []
    if language is not None:
        said_by = [Source.CORE] if ours else [*Source]
        where.append(f"label.language = %s AND label.said_by IN ({', '.join(['%s'] * len(said_by))})")
        values += [language, *said_by]
    table = "skills_label label"
    if beginnings is None and is_postgres:
        where.append("label.folded LIKE %s")
        values.append(typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    elif beginnings is None:
        where.append("label.folded >= %s AND label.folded < %s")
        values += [typed, typed + LAST]
    elif is_postgres:
        where.append(f"{POSTGRES_WORDS} @@ %s::tsquery")
        values.append(_tsquery(beginnings))
    else:
        # The words first: the other way round SQLite would look up every label of the language.
        table = "skills_label_words CROSS JOIN skills_label label ON label.id = skills_label_words.rowid"
        where.append("skills_label_words MATCH %s")
        values.append(_match(beginnings))
    query = f"""
        SELECT {COLUMNS} FROM {table} WHERE {" AND ".join(where)}
        ORDER BY label.said_by = %s, label.folded <> %s, label.said_by <> %s, abs(length(label.folded) - %s),
            NOT label.is_preferred, label.id
        LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, Source.MEMBER, typed, Source.CORE, len(typed), limit])
        return [_hit(*row) for row in cursor.fetchall()]


def holding(beginnings: Sequence[Sequence[str]]) -> QuerySet[Label]:
    """All labels in which, of each of these sequences, one begins a word."""
    if connections[Label.objects.db].vendor == "postgresql":
        where, wanted = f"SELECT label.id FROM skills_label label WHERE {POSTGRES_WORDS} @@ %s::tsquery", _tsquery
    else:
        where, wanted = "SELECT rowid FROM skills_label_words WHERE skills_label_words MATCH %s", _match
    return Label.objects.filter(pk__in=RawSQL(where, [wanted(beginnings)]))


def _hit(skill: int | None, profession: int | None, sector: int | None, text: str, language: str) -> Hit:
    for kind, pk in (("skill", skill), ("profession", profession), ("sector", sector)):
        if pk is not None:
            return Hit(kind, pk, text, language)
    raise AssertionError("a label belongs to one concept")


def _match(beginnings: Sequence[Sequence[str]]) -> str:
    return " AND ".join(f"({' OR '.join(f'{_quoted(word)}*' for word in one)})" for one in beginnings)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _tsquery(beginnings: Sequence[Sequence[str]]) -> str:
    def lexeme(word: str) -> str:
        return "'" + word.replace("\\", "\\\\").replace("'", "''") + "':*"

    return " & ".join(f"({' | '.join(lexeme(word) for word in one)})" for one in beginnings)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of some labels, folded, and the last of these labels: its number, and what it says."""

    words: frozenset[str] = frozenset()
    last: int = 0
    text: str = ""


def said(*, since: int = 0) -> Said:
    """What all labels say, or those from this one on."""
    found: set[str] = set()
    rows: Any = Label.objects.filter(pk__gte=since).order_by("pk").values_list("pk", "folded", "joined")
    last, text = 0, ""
    for pk, folded, joined in rows.iterator(chunk_size=10_000):
        last, text = pk, folded
        found.update(folded.split(" "))
        if joined:
            found.update(joined.split(" "))
    return Said(frozenset(found - {""}), last, text)


def still_says(last: int, text: str) -> bool:
    """Whether this label is there and says this."""
    return Label.objects.filter(pk=last, folded=text).exists()
