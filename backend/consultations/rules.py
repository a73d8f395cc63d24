"""Who may do what in a consultation, and when."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backend.consultations.models import Consultation
from backend.errors import Conflict, NotAllowed, NotFound
from backend.members.models import Member
from backend.mentoring.rules import may_begin_programme

State = Consultation.State

TRANSITIONS: dict[str, dict[str, str]] = {
    State.COLLECTING: {"group": State.GROUPING, "withdraw": State.WITHDRAWN},
    State.GROUPING: {"discuss": State.DISCUSSION, "withdraw": State.WITHDRAWN},
    State.DISCUSSION: {"open": State.VOTING, "withdraw": State.WITHDRAWN},
    State.VOTING: {"close": State.CLOSED},
    State.CLOSED: {"conclude": State.CONCLUDED},
    State.CONCLUDED: {"conclude": State.CONCLUDED},
    State.WITHDRAWN: {},
}
"""All that can happen to a consultation. From `open` on, its vote carries it along; collecting ends by itself on its day."""

EDITABLE = (State.COLLECTING, State.GROUPING, State.DISCUSSION)
SHORTEST_COLLECTING = dt.timedelta(hours=1)
LONGEST_COLLECTING = dt.timedelta(days=365)
RECOMMENDATIONS_MAX = 20
THEMES_MAX = 20
FACILITATORS_MAX = 20
OPEN_MAX = 10


def after(consultation: Consultation, event: str) -> str:
    """The state that follows, or the refusal `consultation_not_now`."""
    following = TRANSITIONS[consultation.state].get(event)
    if following is None:
        raise not_now(consultation)
    return following


def not_now(consultation: Consultation) -> Conflict:
    return Conflict("consultation_not_now", _("The consultation is not at this point."), state=consultation.state)


def concerns(member: Member, consultation: Consultation) -> bool:
    """Whether the member is among those who are asked; the row of `Consultation.people`."""
    if not (member.is_active and member.is_onboarded) or member.organisation_id is None:
        return False
    return consultation.organisation_id in (None, member.organisation_id)


def is_facilitator(member: Member, consultation: Consultation) -> bool:
    """One of those who look after it, as long as they belong to those who are asked."""
    if not concerns(member, consultation):
        return False
    if "facilitators" in getattr(consultation, "_prefetched_objects_cache", ()):
        return any(one.pk == member.pk for one in consultation.facilitators.all())
    return consultation.facilitators.filter(pk=member.pk).exists()


def is_orphaned(consultation: Consultation) -> bool:
    """Whether nobody looks after it any more: accounts were closed, or people went to another organisation."""
    return not consultation.people.filter(consultations_facilitated=consultation).exists()


def may_name(member: Member, consultation: Consultation) -> bool:
    """Ask somebody to look after it: who does; where nobody is left, whoever could have begun it."""
    if not concerns(member, consultation):
        return False
    everywhere = consultation.organisation_id is None
    return is_facilitator(member, consultation) or (
        may_begin(member, everywhere=everywhere) and is_orphaned(consultation)
    )


def may_begin(member: Member, *, everywhere: bool) -> bool:
    """Of the own organisation: its office, and whoever coordinates a programme there. Of the federation: who has all keys."""
    return member.is_superuser and member.organisation_id is not None if everywhere else may_begin_programme(member)


def is_collecting(consultation: Consultation, at: dt.datetime) -> bool:
    ends = consultation.collects_until
    return consultation.state == State.COLLECTING and ends is not None and at < ends


def refuse_unless_concerned(member: Member, consultation: Consultation) -> None:
    if not concerns(member, consultation):
        raise NotFound()


def refuse_unless_facilitating(member: Member, consultation: Consultation) -> None:
    refuse_unless_concerned(member, consultation)
    if not is_facilitator(member, consultation):
        raise NotAllowed("not_a_facilitator", _("Only those who look after this consultation may do this."))


def refuse_unless_collecting(consultation: Consultation, at: dt.datetime) -> None:
    if not is_collecting(consultation, at):
        raise Conflict("collecting_is_over", _("Recommendations are not taken any more."))
