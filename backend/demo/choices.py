"""What members were shown in the week before they asked a guide, and that they asked those with time: something to learn weights from."""

import datetime as dt
import random

from backend.members.models import Member
from backend.mentoring.models import MentorshipRequest, Programme, Showing
from backend.mentoring.weighing import weights_of

DAYS = 8
BESIDE = 3
"""So many other guides stood in the list."""


def look_around(programme: Programme) -> None:
    """Each member of its organisation who asked a guide had looked at a list every day of that week."""
    dice = random.Random("choices")
    version = weights_of(programme).version
    guides = list(Member.objects.present().filter(guide_capacity__gt=0, seen_by="everyone").order_by("pk"))
    requests = MentorshipRequest.objects.filter(mentee__organisation=programme.organisation).select_related("mentor")
    for request in requests.order_by("pk"):
        others = [guide for guide in guides if guide.pk not in (request.mentor_id, request.mentee_id)]
        for ago in range(DAYS):
            listed = [*dice.sample(others, BESIDE), request.mentor]
            Showing.objects.bulk_create(
                Showing(
                    member_id=request.mentee_id,
                    person=guide,
                    day=request.created_at.date() - dt.timedelta(days=ago),
                    place=place,
                    chance=1,
                    points=_points(dice, has_time=guide == request.mentor),
                    weights=version,
                )
                for place, guide in enumerate(listed, start=1)
            )


def _points(dice: random.Random, *, has_time: bool) -> dict[str, int]:
    if has_time:
        return {"wishes": dice.randint(80, 320), "hours": dice.randint(60, 100), "languages": 30}
    return {"wishes": dice.randint(160, 400), "hours": dice.randint(0, 60), "languages": 30}
