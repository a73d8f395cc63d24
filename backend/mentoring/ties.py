"""Who can be reached by whom because of guidance: the two of a running mentorship, and those who sit in one circle."""

from collections.abc import Collection

from backend.members.models import Member
from backend.mentoring.models import Circle, CircleSeat, Mentorship


def guide_each_other(*, viewer: Member, among: Collection[int]) -> set[int]:
    """From the moment a request is accepted until the mentorship is closed; a pause changes nothing."""
    pairs = Mentorship.objects.running().of(viewer).values_list("mentor", "mentee")
    return {pk for pair in pairs for pk in pair} & {*among}


def sit_together(*, viewer: Member, among: Collection[int]) -> set[int]:
    """Who has a seat in an open circle where the viewer has one; who waits in line neither reads nor is read."""
    seated = CircleSeat.objects.seated().filter(circle__state=Circle.State.OPEN)
    mine = seated.filter(member=viewer).values("circle")
    return set(seated.filter(member__in=among, circle__in=mine).values_list("member", flat=True))
