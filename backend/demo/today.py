"""A day in the house in Utrecht: somebody is late, somebody is there, somebody is about to come."""

import datetime as dt

from backend.bookings import actions, composing, condition, sharing, upkeep, use
from backend.bookings.models import Booking, Place, Resource
from backend.members.models import Member

HOUR = dt.timedelta(hours=1)
QUARTER = dt.timedelta(minutes=15)


def begin(host: Member, people: list[Member], at: dt.datetime) -> None:
    """A kit with parts to take along, open day and night; `people` are late, there, and expected, in this order."""
    place = Place.objects.get(name="De Stadstuin")
    place.hosts.add(host)
    beamers = _thing(host, place, "Projector", 4)
    speakers = _thing(host, place, "Loudspeaker", 6)
    kit = sharing.add_resource(
        member=host, place=place, name="Presentation kit", kind=Resource.Kind.EQUIPMENT,
        description="A projector and two loudspeakers, in one case.",
    )  # fmt: skip
    composing.set_components(member=host, whole=kit, parts={beamers.pk: 1, speakers.pk: 2}, at=at)
    _often(host, kit)
    now = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    late, there, soon = people
    overdue = _booked(late, beamers, now - 26 * HOUR, now - 2 * HOUR, "Open day")
    use.hand_over(member=late, booking=overdue, at=now - 26 * HOUR)
    for handover in overdue.handovers.all():
        condition.report_condition(
            member=late,
            handover=handover,
            moment="taken",
            state="worn",
            words="A scratch on the lid.",
            at=overdue.starts_at,
        )
    running = _booked(there, kit, now - HOUR, now + 4 * HOUR, "Evening talk")
    use.hand_over(member=there, booking=running, at=now - HOUR, things=[use.Take(speakers.pk, 2)])
    _booked(soon, kit, now + QUARTER, now + 6 * HOUR, "First presentation")


def _thing(host: Member, place: Place, name: str, units: int) -> Resource:
    pool = sharing.add_resource(
        member=host, place=place, name=name, kind=Resource.Kind.EQUIPMENT, capacity=units, description="From the store."
    )
    upkeep.set_units(member=host, pool=pool, units={f"{name[0]}{number}": "" for number in range(1, units + 1)})
    _often(host, pool)
    return pool


def _often(host: Member, resource: Resource) -> None:
    """Booked for any time from a quarter of an hour to two weeks."""
    terms = {"min_minutes": 15, "max_minutes": 14 * 24 * 60, "step_minutes": 15}
    upkeep.add_rule(member=host, what="length", terms_given=terms, resource=resource.pk)


def _booked(person: Member, resource: Resource, start: dt.datetime, end: dt.datetime, title: str) -> Booking:
    return actions.book(
        member=person, resources=[resource.pk], starts_at=start, ends_at=end, title=title, at=start - 24 * HOUR
    )
