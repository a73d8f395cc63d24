"""Who is not brought together: the same people for suggestions, for cohorts, and when a cohort is published.

Read for many members at once, in a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from backend.members.models import Block, Member
from backend.mentoring.models import Dismissal, Kind, Mentorship, MentorshipRequest

FEW = 500
"""For more members than this it is cheaper to read a table as a whole."""
Pairs = Iterable[tuple[int, int]]


class Apart:
    """Whom each of these members is not shown, and not given.

    Whether a block stands between two people, or one of them just does not want the other suggested, cannot be told apart.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self._mine = {member.pk for member in members}
        self._homes = {member.pk: (member.organisation_id, member.country) for member in members}
        self._shy = _shy_by_home(set(self._homes.values()))
        self._never: defaultdict[int, set[int]] = defaultdict(set)
        self._asked: defaultdict[int, set[int]] = defaultdict(set)
        # Single talks stand in nobody's way: after them one may want more.
        running = Mentorship.objects.running().filter(kind__in=[Kind.SPONSORSHIP, Kind.PEER])
        pending = MentorshipRequest.objects.filter(status=MentorshipRequest.Status.PENDING)
        for rows, one, other in ((Block.objects.all(), "by", "whom"), (Dismissal.objects.all(), "member", "person")):
            pairs = list(self._about(rows, one, other))
            self._note(self._never, pairs)
            self._note(self._never, ((there, here) for here, there in pairs))
        self._note(self._never, self._about(running, "mentee", "mentor"))
        self._note(self._asked, self._about(pending, "mentee", "mentor"))

    def hidden(self, member: int) -> frozenset[int]:
        """Whom a member may not meet or does not want to, and their running guides. Open requests change nothing here."""
        return (self._shy[self._homes[member]] | self._never[member]) - {member}

    def taken(self, member: int) -> frozenset[int]:
        """The same, and those whom this member has asked already and who have not answered."""
        return self.hidden(member) | self._asked[member]

    def _about(self, rows: QuerySet[Any], one: str, other: str) -> Pairs:
        if len(self._mine) <= FEW:
            rows = rows.filter(Q(**{f"{one}__in": self._mine}) | Q(**{f"{other}__in": self._mine}))
        return rows.values_list(one, other)

    def _note(self, into: defaultdict[int, set[int]], pairs: Pairs) -> None:
        for here, there in pairs:
            if here in self._mine:
                into[here].add(there)


def hidden_from(me: Member) -> frozenset[int]:
    """Those present whom this member may not meet; few, as most people show themselves to everyone."""
    home = (me.organisation_id, me.country)
    return (_shy_by_home({home})[home] - {me.pk}) | Block.between(me)


Home = tuple[int | None, str]
"""An organisation and a country."""


def _shy_by_home(homes: set[Home]) -> dict[Home, frozenset[int]]:
    """Who does not show themselves to members of these organisations who live in these countries: the others of `visible_to`."""
    open_to_all = Q(seen_by=Member.SeenBy.EVERYONE) & ~Q(seen_abroad=Member.SeenAbroad.NOTHING)
    hiding = Member.objects.present().exclude(open_to_all)
    rows = list(hiding.values_list("pk", "seen_by", "organisation", "country"))

    def is_shy(seen_by: str, theirs: Home, ours: Home) -> bool:
        if seen_by == Member.SeenBy.NOBODY:
            return True
        same_house = theirs[0] is not None and theirs[0] == ours[0]
        return not same_house and (seen_by == Member.SeenBy.ORGANISATION or theirs[1] != ours[1])

    return {
        ours: frozenset(pk for pk, seen_by, house, country in rows if is_shy(seen_by, (house, country), ours))
        for ours in homes
    }
