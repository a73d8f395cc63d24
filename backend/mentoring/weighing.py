"""The weights that count for whom: those of a programme where there is one, else the defaults."""

from dataclasses import replace

from backend.members.models import Member
from backend.mentoring.models import Programme
from matching import GUIDE, Weights


def weights_of(programme: Programme) -> Weights:
    """The weights of a programme. Raises ValueError for points that cannot be."""
    return replace(GUIDE, version=f"programme-{programme.pk}-{programme.weights_version}", **programme.weights)


def programme_for(member: Member, track: str | None) -> Programme | None:
    """The programme whose weights a member's suggestions follow: that of their organisation on this track, the oldest of several.

    Without a track, the only one that the organisation has.
    """
    ours = Programme.objects.filter(organisation=member.organisation_id, organisation__isnull=False).order_by("pk")
    if track is not None:
        return ours.filter(track=track).first()
    few = list(ours[:2])
    return few[0] if len(few) == 1 else None


def weights_for(member: Member, track: str | None) -> Weights:
    """How a guide is weighed for this member on this track."""
    programme = programme_for(member, track)
    return GUIDE if programme is None else weights_of(programme)
