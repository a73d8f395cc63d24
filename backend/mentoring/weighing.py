"""The weights that count for whom: those of a programme where there is one, else the defaults; and how they are changed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backend.errors import NotAllowed, field_error
from backend.members.models import Member
from backend.mentoring import rules
from backend.mentoring.models import Programme, WeightsVersion
from matching import FAR, GUIDE, Weights

GAINS = ("wishes", "mutual", "sector", "hours", "languages", "abroad", "track_record")
"""The parts that share 1,000 points."""
DEDUCTIONS = ("waiting", "scarcity")
WHOLE = 1_000
SHARES = {"none": 0, "low": 1, "medium": 2, "high": 4, "must": 8}
"""How much a part counts beside others, for whoever prefers words to points."""
DIFFERENT: Mapping[str, Mapping[str, Any]] = {
    "sector": {"sector_apart": True},
    "experience": {"levels": [list(row) for row in FAR]},
}
"""What counts where two people had better differ; where they had better be alike, the defaults do."""
SIMILAR_OR_DIFFERENT = ("similar", "different")


def weights_of(programme: Programme) -> Weights:
    """The weights of a programme. Raises ValueError for points that cannot be."""
    return replace(GUIDE, version=f"programme-{programme.pk}-{programme.weights_version}", **programme.weights)


def programme_for(member: Member, track: str | None) -> Programme | None:
    """The programme whose weights a member's suggestions follow: that of their organisation on this track, the oldest of several.

    Without a track, the only one that the organisation has; drafts and closed ones count for nobody.
    """
    under_way = [Programme.State.OPEN, Programme.State.RUNNING]
    ours = Programme.objects.filter(organisation=member.organisation_id, organisation__isnull=False).order_by("pk")
    ours = ours.filter(state__in=under_way)
    if track is not None:
        return ours.filter(track=track).first()
    few = list(ours[:2])
    return few[0] if len(few) == 1 else None


def weights_for(member: Member, track: str | None) -> Weights:
    """How a guide is weighed for this member on this track."""
    programme = programme_for(member, track)
    return GUIDE if programme is None else weights_of(programme)


def shared_out(levels: Mapping[str, str]) -> dict[str, int]:
    """Words as points that come to 1,000: in proportion, what rounding leaves to the largest remainders, of equals the first.

    Raises a refusal where nothing counts.
    """
    shares = {part: SHARES[levels.get(part, "none")] for part in GAINS}
    whole = sum(shares.values())
    if not whole:
        raise field_error("levels", "weights_nothing", _("Something has to count."))
    points = {part: WHOLE * share // whole for part, share in shares.items()}
    remainders = sorted(GAINS, key=lambda part: (-(WHOLE * shares[part] % whole), GAINS.index(part)))
    for part in remainders[: WHOLE - sum(points.values())]:
        points[part] += 1
    return points


def alike(programme: Programme) -> dict[str, str]:
    """In what two people had better be similar, and in what different."""
    said = programme.weights.items()
    return {
        name: SIMILAR_OR_DIFFERENT[all(one in said for one in weights.items())] for name, weights in DIFFERENT.items()
    }


@transaction.atomic
def weigh(
    *,
    programme: Programme,
    points: Mapping[str, int],
    by: Member,
    like: Mapping[str, str] = MappingProxyType({}),
    source: str = WeightsVersion.Source.EDITED,
    at: dt.datetime,
) -> Programme:
    """Let these points count from now on: all of `GAINS`, which come to 1,000, and of `DEDUCTIONS` those that change.

    `like`: similar or different, by name of `DIFFERENT`; whatever is not named stays.

    Earlier weights are kept under their number, by which results name them.
    """
    programme = Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)
    if not rules.may_coordinate(by, programme):
        raise NotAllowed("not_a_coordinator", _("Only coordinators of this programme may do this."))
    if sum(points.get(part, 0) for part in GAINS) != WHOLE:
        raise field_error("points", "weights_not_whole", _("The points of all parts come to 1,000."))
    now = weights_of(programme)
    fresh = {**{part: getattr(now, part) for part in DEDUCTIONS}, **points}
    changed = {name: value for name, value in (fresh | _within(fresh)).items() if getattr(GUIDE, name) != value}
    for name, said in (alike(programme) | dict(like)).items():
        if said == "different":
            changed |= DIFFERENT[name]
    try:
        replace(GUIDE, **changed)
    except (TypeError, ValueError) as error:
        raise field_error(
            "points", "weights_impossible", _("These weights cannot be: %(why)s") % {"why": error}
        ) from error
    _kept(programme, source=WeightsVersion.Source.GIVEN, by=None, at=programme.created_at)
    programme.weights, programme.weights_version = changed, programme.weights_version + 1
    programme.save(update_fields=["weights", "weights_version"])
    _kept(programme, source=source, by=by, at=at)
    return programme


def _within(points: Mapping[str, int]) -> dict[str, int]:
    """What one shared sector and one further language give, in the same proportion to the whole part as by default."""
    parts = {"sector_first": "sector", "sector_more": "sector", "language_each": "languages"}
    return {name: getattr(GUIDE, name) * points[part] // getattr(GUIDE, part) for name, part in parts.items()}


def _kept(programme: Programme, *, source: str, by: Member | None, at: dt.datetime) -> None:
    WeightsVersion.objects.get_or_create(
        programme=programme,
        number=programme.weights_version,
        defaults={"points": programme.weights, "source": source, "made_by": by, "made_at": at},
    )
