"""Tables that coordinators send in: read in whole or not at all, and every line that cannot be used is named."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from backend.errors import Invalid, field_error
from backend.tables import as_meant

MOST_LINES = 1_000
MOST_NAMED = 20
BYTE_ORDER_MARK = "\ufeff"


def lines(table: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line with its number, after the heading; commas or semicolons part the columns. Further columns are handed on as well.

    Refused with `table_unreadable` without these columns, and with more than `MOST_LINES` lines.
    """
    words = _("A table with the columns %(columns)s is wanted, of at most 1,000 lines.") % {
        "columns": ", ".join(columns)
    }
    unreadable = field_error("table", "table_unreadable", words)
    table = table.lstrip(BYTE_ORDER_MARK)
    heading = table.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(table), delimiter=";" if ";" in heading else ",", restkey="")
    if not set(columns) <= {_plain(name) for name in rows.fieldnames or ()}:
        raise unreadable
    try:
        for number, row in enumerate(rows, start=2):
            if number > MOST_LINES + 1:
                raise unreadable
            yield number, {_plain(name): _cell(cell) for name, cell in row.items()}
    except csv.Error as error:
        raise unreadable from error


@dataclass
class Faults:
    """Lines that cannot be used, and why."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: int, code: str, words: str) -> None:
        detail = _("Line %(number)s: %(why)s") % {"number": line, "why": words}
        self.found.append({"line": line, "code": code, "detail": detail})

    def refuse(self) -> None:
        """Raises a refusal that names the first of them, if there are any."""
        if self.found:
            raise Invalid(fields={"table": self.found[:MOST_NAMED]}, lines=len(self.found))


def _plain(name: str | None) -> str:
    return (name or "").strip().lower()


def _cell(cell: object) -> str:
    return as_meant(cell.strip()) if isinstance(cell, str) else ""
