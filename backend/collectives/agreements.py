"""The agreement of a collective: a first text by a steward, then whatever is decided together; each member accepts it anew."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules
from backend.collectives.actions import accept, facts, held
from backend.collectives.models import Agreement, Collective
from backend.errors import Conflict, NotAllowed, field_error
from backend.members.models import Member
from backend.notices.actions import tell_all
from backend.notices.models import Notice

TEXT_MAX = 20_000


def sound(text: object) -> str:
    """The text as it is kept; refused when there is none, or too much."""
    if not isinstance(text, str) or not text.strip():
        raise field_error("text", "required", _("Write down what you agree on."))
    if len(text) > TEXT_MAX:
        raise field_error("text", "max_length", _("This is too long."))
    return text.strip()


@transaction.atomic
def write_first(*, collective: Collective, by: Member, text: str, at: dt.datetime) -> Agreement:
    """A steward writes the first one, and accepts it thereby; what follows is decided by all."""
    collective = held(collective)
    if not rules.may_steer(by, collective):
        raise NotAllowed("not_a_steward", _("Only stewards of this collective may do this."))
    if collective.agreements.exists():
        raise Conflict("agreement_is_decided", _("There is an agreement already: propose to change it."))
    made = _write(collective, by=by, text=text, at=at)
    agree(collective=collective, member=by, agreement=made.number, at=at)
    return made


@transaction.atomic
def set_decided(*, collective: Collective, by: Member, text: str, decision: int, at: dt.datetime) -> Agreement:
    """What was decided is the agreement from now on; `decision` says where it was."""
    return _write(held(collective), by=by, text=text, at=at, decision=decision)


@transaction.atomic
def agree(*, collective: Collective, member: Member, agreement: int, at: dt.datetime) -> Collective:
    """Accept the agreement that is in force, named by its number; twice is once."""
    collective = held(collective)
    row = rules.membership_of(member, collective)
    if row is None or row.state not in rules.BELONGING:
        raise Conflict("not_in_collective", _("You are not a member of this collective."))
    if row.agreed_to != agreement:
        accept(row, agreement, at=at)
        row.save(update_fields=["agreed_to", "agreed_at"])
    return collective


def _write(collective: Collective, *, by: Member, text: str, at: dt.datetime, decision: int | None = None) -> Agreement:
    before = collective.agreements.first()
    made = Agreement.objects.create(
        collective=collective,
        number=before.number + 1 if before else 1,
        text=sound(text),
        in_force_from=at,
        written_by=by,
        decision=decision,
    )
    inside = collective.memberships.filter(state__in=rules.BELONGING)
    told = inside if decision is not None else inside.exclude(member=by)
    kind, data = Notice.Kind.AGREEMENT_CHANGED, facts(collective, by)
    tell_all(members=list(told.values_list("member", flat=True)), kind=kind, data=data, at=at)
    return made
