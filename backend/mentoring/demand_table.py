"""Demands of a programme as a table: read in whole or not at all, written so that it can be read again."""

import csv
import io
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import field_error
from backend.members.models import Member
from backend.mentoring import cohorts
from backend.mentoring.models import PairDemand, Programme

COLUMNS = ("mentee", "mentor", "kind")
MOST_LINES = 1_000


@transaction.atomic
def read(*, programme: Programme, table: str, by: Member) -> int:
    """Demand what stands in a table of `mentee`, `mentor` (e-mail addresses) and `kind` (kept, excluded); how many there were.

    Refused as a whole with `table_unreadable`, or with `line_unusable` and the number of the first line that cannot be used.
    An address of somebody whom the coordinator cannot see is one that nobody has.
    """
    rows = list(_rows(table))
    addresses = {address for _number, mentee, mentor, _kind in rows for address in (mentee, mentor)}
    people = {one.email: one for one in Member.objects.visible_to(by).filter(email__in=addresses)}
    for number, mentee, mentor, kind in rows:
        pair = (people.get(mentee), people.get(mentor))
        if pair[0] is None or pair[1] is None or pair[0] == pair[1] or kind not in PairDemand.Kind.values:
            words = _("Line %(number)s cannot be used. Nothing was changed.") % {"number": number}
            raise field_error("table", "line_unusable", words)
        cohorts.demand(programme=programme, mentee=pair[0], mentor=pair[1], kind=kind, by=by)
    return len(rows)


def _rows(table: str) -> Iterator[tuple[int, str, str, str]]:
    """Each line with its number, after the heading; commas or semicolons part the columns."""
    unreadable = field_error(
        "table",
        "table_unreadable",
        _("A table with the columns mentee, mentor and kind is wanted, of at most 1,000 lines."),
    )
    heading = table.lstrip("\ufeff").partition("\n")[0]
    lines = csv.DictReader(io.StringIO(table.lstrip("\ufeff")), delimiter=";" if ";" in heading else ",")
    if not set(COLUMNS) <= {(name or "").strip().lower() for name in lines.fieldnames or ()}:
        raise unreadable
    for number, line in enumerate(lines, start=2):
        if number > MOST_LINES + 1:
            raise unreadable
        cells = {(name or "").strip().lower(): str(cell or "").strip().lower() for name, cell in line.items()}
        yield number, cells["mentee"], cells["mentor"], cells["kind"]
