"""What a place with each guide is worth: kept for the suggestions, where it is a row of its own, and renewed in the background."""

import datetime as dt
from collections.abc import Mapping

from django.core.cache import cache
from django.db import transaction

from backend.members.models import Member
from backend.mentoring import cohort_tasks
from backend.mentoring.models import PlacePrice, Programme

AT_MOST_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def keep(programme: Programme, prices: Mapping[int, int], *, at: dt.datetime) -> None:
    """These prices, by mentor, in the place of the old ones; those whose price changed are ranked anew."""
    old = dict(programme.prices.values_list("mentor", "points"))
    fresh = {mentor: points for mentor, points in prices.items() if points}
    if changed := {mentor for mentor in old.keys() | fresh.keys() if old.get(mentor) != fresh.get(mentor)}:
        programme.prices.filter(mentor__in=changed).delete()
        PlacePrice.objects.bulk_create(
            PlacePrice(programme=programme, mentor_id=mentor, points=fresh[mentor])
            for mentor in sorted(changed & fresh.keys())
        )
        Member.objects.filter(pk__in=changed).update(changed_at=at)


def of(programme: Programme) -> dict[int, int]:
    """What a place with each guide costs in this programme, in points; those that cost nothing are left out."""
    return dict(programme.prices.values_list("mentor", "points"))


def soon() -> None:
    """Something has changed that prices depend on: have them renewed, but not more often than once an hour."""
    if cache.add("places-are-priced", 1, AT_MOST_EVERY.total_seconds()):
        cohort_tasks.price_places.enqueue()
