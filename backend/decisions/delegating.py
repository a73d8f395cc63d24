"""Who votes for me whenever a vote begins, until I take it back: in a collective, in my organisation, in the federation."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules as collectives
from backend.collectives.models import Collective
from backend.decisions.models import Proposal, StandingDelegation
from backend.errors import NotFound, field_error
from backend.members.models import Member, Organisation
from backend.notices.actions import tell
from backend.notices.models import Notice


def scope_of(proposal: Proposal) -> dict[str, Any]:
    """The conditions on `StandingDelegation` of those that count in a proposal."""
    if proposal.collective_id is not None:
        return scope(collective=proposal.collective_id)
    assert proposal.consultation is not None
    return scope(organisation=proposal.consultation.organisation_id)


def scope(*, collective: int | None = None, organisation: int | None = None) -> dict[str, Any]:
    """Neither: of the federation."""
    if collective is not None:
        return {"collective": collective}
    if organisation is not None:
        return {"organisation": organisation}
    return {"collective__isnull": True, "organisation__isnull": True}


@transaction.atomic
def lend(
    *,
    by: Member,
    to: int | None,
    at: dt.datetime,
    collective: Collective | None = None,
    organisation: Organisation | None = None,
) -> StandingDelegation | None:
    """Let somebody vote for me in every vote that begins from now on, or (None) no longer; votes that run stay as they are.

    It goes one step, my own vote goes before it, and two who choose each other are refused (`delegation_circle`).
    """
    if to == by.pk:
        raise field_error("member", "oneself", _("Choose someone else."))
    # Both in their order, so that two who choose each other at once are seen one after the other.
    both = [pk for pk in (by.pk, to) if pk is not None]
    list(Member.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=both).order_by("pk"))
    where: dict[str, Any] = {"collective": collective, "organisation": organisation}
    ids = {name: one.pk if one is not None else None for name, one in where.items()}
    rows = StandingDelegation.objects.filter(**scope(**ids))
    if to is None:
        rows.filter(member=by).delete()
        return None
    _refuse_outsider(by, collective, organisation)
    delegate = _delegate(by, to, collective, organisation)
    if rows.filter(member=delegate, delegate=by).exists():
        raise field_error("member", "delegation_circle", _("This person lets you vote for them."))
    known = rows.filter(member=by).first()
    if known is not None and known.delegate_id == delegate.pk:
        return known
    rows.filter(member=by).delete()
    made = StandingDelegation.objects.create(member=by, delegate=delegate, since=at, **where)
    tell(member=delegate, kind=Notice.Kind.VOTE_LENT, data=_facts(by, collective, organisation), at=at)
    return made


def seen_by(viewer: Member) -> QuerySet[StandingDelegation]:
    """Mine, those who chose me, and all of the collectives in which I am; nothing of others elsewhere."""
    mine = Q(member=viewer) | Q(delegate=viewer)
    inside = viewer.collective_memberships.filter(state__in=collectives.BELONGING, collective__closed_at=None)
    return StandingDelegation.objects.filter(
        Q(collective__in=inside.values("collective")) | (mine & Q(collective__isnull=True))
    )


@transaction.atomic
def move_away(*, member: Member, at: dt.datetime) -> None:
    """Who has gone to another organisation neither lends nor borrows votes in the former one."""
    theirs = StandingDelegation.objects.filter(Q(member=member) | Q(delegate=member), organisation__isnull=False)
    theirs.exclude(organisation=member.organisation_id).delete()


@transaction.atomic
def end_all(*, member: Member, at: dt.datetime) -> None:
    """Whose account is closed neither lends nor borrows votes any more; votes that run stay as they are."""
    StandingDelegation.objects.filter(Q(member=member) | Q(delegate=member)).delete()


def _refuse_outsider(by: Member, collective: Collective | None, organisation: Organisation | None) -> None:
    if collective is not None and (collective.closed_at is not None or not collectives.has_vote(by, collective)):
        raise field_error("collective", "not_a_voter", _("You have no vote here."))
    if by.organisation_id is None or (organisation is not None and organisation.pk != by.organisation_id):
        raise NotFound()


def _delegate(by: Member, to: int, collective: Collective | None, organisation: Organisation | None) -> Member:
    """Somebody who has a vote there; outside collectives, whom I may meet."""
    if collective is not None:
        row = collective.memberships.select_related("member").filter(member=to, member__is_active=True).first()
        if row is None or not collectives.has_vote(row.member, collective):
            raise field_error("member", "not_a_voter", _("This person has no vote here."))
        return row.member
    found = Member.objects.visible_to(by).filter(pk=to).first()
    if found is None:
        raise field_error("member", "not_found", _("This person does not exist, or not for you."))
    if found.organisation_id is None or (organisation is not None and found.organisation_id != organisation.pk):
        raise field_error("member", "not_a_voter", _("This person has no vote here."))
    return found


def _facts(by: Member, collective: Collective | None, organisation: Organisation | None) -> dict[str, Any]:
    where = {"collective": {"id": collective.pk, "name": collective.name}} if collective is not None else {}
    return {
        "person": {"id": by.pk, "name": by.name},
        "organisation": organisation.name if organisation is not None else "",
    } | where
