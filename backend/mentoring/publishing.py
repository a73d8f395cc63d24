"""Proposing the pairs of a cohort to the people concerned, after another look at each of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import Conflict, NotAllowed
from backend.members.models import Member
from backend.mentoring import rules
from backend.mentoring.apart import Apart
from backend.mentoring.intake import mentees_of
from backend.mentoring.models import Cohort, CohortSeat, PairDemand, Programme
from backend.mentoring.wishes import Wishes
from backend.notices.actions import tell
from backend.notices.models import Notice


@transaction.atomic
def publish(*, cohort: Cohort, by: Member, at: dt.datetime) -> Cohort:
    """Propose to each mentee the guide that was found, and tell the guide; asking, and answering, stays theirs.

    Days may lie between a run and this. A pair that has become impossible is marked as stale, proposed to nobody, and nobody
    is told why: a block looks like any other reason.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("programme__organisation").get(pk=cohort.pk)
    if not rules.may_coordinate(by, cohort.programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    if cohort.programme.state == Programme.State.CLOSED:
        raise Conflict("programme_closed", _("This programme is closed."))
    if cohort.status != Cohort.Status.READY:
        raise Conflict("not_ready", _("Only a cohort that is ready can be published, and only once."))
    cohort.status, cohort.published_at = Cohort.Status.PUBLISHED, at
    cohort.save(update_fields=["status", "published_at"])
    seats = list(cohort.seats.filter(mentor__isnull=False).select_related("mentee", "mentor").order_by("pk"))
    possible = _still_possible(cohort.programme, seats)
    cohort.seats.filter(pk__in={seat.pk for seat in seats} - possible).update(is_stale=True)
    for seat in seats:
        assert seat.mentor is not None
        if seat.pk in possible:
            data = {"programme": cohort.programme.name, "track": cohort.programme.track}
            _propose(seat.mentee, Notice.Kind.GUIDE_PROPOSED, seat.mentor, data, at)
            _propose(seat.mentor, Notice.Kind.MENTEE_PROPOSED, seat.mentee, data, at)
    return cohort


def _propose(member: Member, kind: Notice.Kind, person: Member, data: dict[str, str], at: dt.datetime) -> None:
    tell(member=member, kind=kind, data={"person": {"id": person.pk, "name": person.name}} | data, at=at)


def _still_possible(programme: Programme, seats: Iterable[CohortSeat]) -> set[int]:
    """The seats whose two people could still be given each other. Where places became fewer, those found first keep them."""
    seats = list(seats)
    looking = set(mentees_of(programme).values_list("pk", flat=True))
    guides = Member.objects.present().guides().filter(pk__in={seat.mentor_id for seat in seats})
    places = Counter(rules.places_open_of([one for one in guides if programme.track in one.guide_tracks]))
    apart = Apart([seat.mentee for seat in seats])
    demands = programme.demands.filter(kind=PairDemand.Kind.EXCLUDED).values_list("mentee", "mentor")
    kept = programme.demands.filter(kind=PairDemand.Kind.KEPT).values_list("mentee", "mentor")
    excluded = set(demands) | (Wishes(programme).avoided - set(kept))
    possible: set[int] = set()
    for seat in seats:
        assert seat.mentor_id is not None
        pair = (seat.mentee_id, seat.mentor_id)
        together = pair not in excluded and seat.mentor_id not in apart.hidden(seat.mentee_id)
        if together and seat.mentee_id in looking and places[seat.mentor_id] > 0:
            places[seat.mentor_id] -= 1
            possible.add(seat.pk)
    return possible
