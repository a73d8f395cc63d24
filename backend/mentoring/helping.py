"""Whom I could help: the search for a guide seen from the other side, over the same index."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from backend.members.models import Member, Want
from backend.mentoring import rules
from backend.mentoring.apart import Apart
from backend.mentoring.models import Mentorship, MentorshipRequest, PairDemand
from backend.mentoring.people import PEOPLE, persons
from backend.mentoring.suggestions import LIMIT
from matching import GUIDE, Explanation, Rung, Weights

HELPING: Weights = dataclasses.replace(
    GUIDE,
    version="helping-1",
    guiding=False,
    wishes=GUIDE.mutual,
    mutual=GUIDE.wishes,
    hours=GUIDE.hours + GUIDE.track_record,
    abroad=0,
    abroad_theirs=GUIDE.abroad,
    track_record=0,
    waiting=0,
    scarcity=0,
)
"""What a guide counts, with both sides exchanged. Whoever looks for help has no track record: its points go to common hours."""


@dataclass(frozen=True)
class Helped:
    """People who look for what I offer, best first. Places are judged on me: `places_open` is how many more I can take on."""

    matches: list[tuple[Member, Explanation]]
    places_open: int


def helped_by(me: Member, *, at: dt.datetime, limit: int = LIMIT) -> Helped:
    """Members who look for what I offer; not those whom I guide, who have asked me, or from whom I am to stay apart."""
    index = PEOPLE.index(at=at)
    mine = persons(Member.objects.filter(pk=me.pk), at=at)[0]
    wanted = {skill for offered, _level in mine.offers for skill, _percent in index.near.met_by(offered)}
    looking = Want.objects.filter(skill__in=wanted, member__in=Member.objects.present()).exclude(member=me)
    running = Mentorship.objects.filter(mentor=me).exclude(status=Mentorship.Status.CLOSED)
    asked = MentorshipRequest.objects.filter(mentor=me, status=MentorshipRequest.Status.PENDING)
    apart = PairDemand.objects.filter(mentor=me, kind=PairDemand.Kind.EXCLUDED)
    known = {pk for rows in (running, asked, apart) for pk in rows.values_list("mentee", flat=True)}
    allowed = frozenset(looking.values_list("member", flat=True)) - Apart([me]).hidden(me.pk) - known
    found = index.top(mine, limit, allowed=allowed, weights=HELPING, narrowest=Rung.CONTEXT)
    rows = Member.objects.present().filter(pk__in={one.them for one in found})
    rows = rows.select_related("organisation", "profession").prefetch_related("sectors", "languages", "offers__skill")
    members = {row.pk: row for row in rows}
    matches = [(members[one.them], one) for one in found if one.them in members]
    return Helped(matches, rules.places_open(me) if me.is_guide else 0)
