"""Demands of a programme as a table: read in whole or not at all, written so that it can be read again."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from backend.members.models import Member
from backend.mentoring import cohorts
from backend.mentoring.line_reading import Faults, lines
from backend.mentoring.models import PairDemand, Programme
from backend.tables import harmless

COLUMNS = ("mentee", "mentor", "kind")


@transaction.atomic
def read(*, programme: Programme, table: str, by: Member) -> int:
    """Demand what stands in a table of `mentee`, `mentor` (e-mail addresses) and `kind` (kept, excluded); how many there were.

    Refused as a whole with `table_unreadable`, or with every line that cannot be used and why. An address of somebody whom
    the coordinator cannot see is one that nobody has.
    """
    rows, faults = [(number, _wish(line)) for number, line in lines(table, COLUMNS)], Faults()
    addresses = {address for _number, (mentee, mentor, _kind) in rows for address in (mentee, mentor)}
    people = {one.email: one for one in Member.objects.visible_to(by).filter(email__in=addresses)}
    said: dict[tuple[str, str], str] = {}
    for number, (mentee, mentor, kind) in rows:
        if mentee not in people or mentor not in people:
            faults.add(number, "unknown_person", _("Nobody here has this address."))
        elif mentee == mentor:
            faults.add(number, "oneself", _("Choose two different people."))
        elif kind not in PairDemand.Kind.values:
            faults.add(number, "invalid_choice", _("It is “kept” or “excluded”."))
        elif said.setdefault((mentee, mentor), kind) != kind:
            faults.add(number, "kept_and_apart", _("The same two are kept together and apart."))
        else:
            cohorts.demand(programme=programme, mentee=people[mentee], mentor=people[mentor], kind=kind, by=by)
    faults.refuse()
    return len(rows)


def written(programme: Programme) -> Iterator[tuple[str, str, str]]:
    """The cells of the demands, in the order in which they were made."""
    for mentee, mentor, kind in programme.demands.order_by("pk").values_list("mentee__email", "mentor__email", "kind"):
        yield harmless(mentee), harmless(mentor), kind


def _wish(line: dict[str, str]) -> tuple[str, str, str]:
    mentee, mentor, kind = (line[name].lower() for name in COLUMNS)
    return mentee, mentor, kind
