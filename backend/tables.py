"""Tables to take away: CSV (RFC 4180), the heading first, for spreadsheets that take more than is good for them."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse


def harmless(text: str) -> str:
    """What a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def as_meant(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def as_table(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A download called `name`.csv; the cells as they are given."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    table = csv.writer(answer)
    table.writerow(columns)
    table.writerows(rows)
    return answer
