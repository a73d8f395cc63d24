"""Who was suggested to whom, and with which chance: what is learnt from choices later must know what there was to choose from.

A list is answered with a receipt; whoever shows it hands the receipt in. Asking for a list writes nothing down.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from backend.errors import field_error
from backend.members.models import Member
from backend.mentoring.models import Showing
from matching import Explanation, Part

LATELY = dt.timedelta(days=30)
KEPT = dt.timedelta(days=180)
VALID = dt.timedelta(days=1)
SALT = "suggestions.shown"


def receipt_for(member: Member, shown: Iterable[Explanation], chances: Mapping[int, float]) -> str:
    """A list of suggestions for this member, signed: only what was really answered can be handed in."""
    people = [(one.them, chances.get(one.them, 1), _points(one), one.version) for one in shown]
    return signing.dumps({"member": member.pk, "people": people}, salt=SALT, compress=True)


@transaction.atomic
def note_shown(*, member: Member, receipt: str, at: dt.datetime) -> None:
    """Keep who was suggested today, each once, and forget what is too old to learn from."""
    try:
        said = signing.loads(receipt, salt=SALT, max_age=VALID)
    except signing.BadSignature as error:
        raise field_error("receipt", "invalid", _("This is not a receipt, or not from today.")) from error
    if said["member"] != member.pk:
        raise field_error("receipt", "invalid", _("This is not a receipt, or not from today."))
    people = Member.objects.in_bulk([person for person, *_rest in said["people"]])
    Showing.objects.bulk_create(
        (
            Showing(
                member=member,
                person_id=person,
                day=at.date(),
                place=place,
                chance=chance,
                points=points,
                weights=weights,
            )
            for place, (person, chance, points, weights) in enumerate(said["people"], start=1)
            if person in people
        ),
        ignore_conflicts=True,
    )
    Showing.objects.filter(day__lt=at.date() - KEPT).delete()


def shown_lately(people: Iterable[int], at: dt.datetime) -> dict[int, int]:
    """Showings on earlier days: those of today would change today's draw."""
    rows = Showing.objects.filter(person__in=people, day__gt=at.date() - LATELY, day__lt=at.date())
    return dict(rows.values_list("person").annotate(count=Count("pk")).order_by())


def _points(explanation: Explanation) -> dict[str, Any]:
    return {part.value: points for part in Part if (points := explanation.points(part))}
