"""What the hosts of the demo cooperative have set: hours, rules, a hall of two halves, a kit, an induction."""

import datetime as dt
from typing import Any

from backend.bookings import composing, inductions, sharing, upkeep
from backend.bookings.models import Place, Resource
from backend.members.models import Member

POSITIONS = {
    "De Zenne": (50.8564, 4.3417), "Dok 9": (51.0670, 3.7330), "La Fourmi": (50.6440, 5.5730),
    "Keilewerf 4": (51.9070, 4.4310), "De Stadstuin": (52.0890, 5.0890), "La Filature": (50.6150, 3.0760),
    "Le Comptoir": (45.7540, 4.8490), "Les Chantiers": (47.2060, -1.5630), "Can Fil": (41.3990, 2.1980),
    "Haus am Ufer": (52.4930, 13.4290), "Spinnerei 12": (51.3270, 12.3180), "Werkhof Ehrenfeld": (50.9500, 6.9190),
}  # fmt: skip
FEATURES = {
    "Harbour room": ("screen", "daylight", "wifi", "step_free"),
    "Meeting room Zenne": ("screen", "whiteboard", "wifi", "step_free"),
    "Meeting room Leie": ("quiet", "video_calls", "wifi", "step_free"),
    "Rehearsal floor": ("sprung_floor", "loading_bay", "step_free"),
    "Dance studio": ("sprung_floor", "sound_system"),
    "Stage": ("stage_light", "sound_system", "step_free"),
    "Wood workshop": ("extraction", "three_phase_power"),
}


def look_after(host: Member, at: dt.datetime) -> None:
    """Positions and features everywhere; all else in the house that `host` looks after, in the harbour of Rotterdam."""
    for place in Place.objects.filter(name__in=POSITIONS):
        place.latitude, place.longitude = POSITIONS[place.name]
        place.save(update_fields=["latitude", "longitude"])
    house = Place.objects.get(name="Keilewerf 4")
    house.hosts.add(host)
    things = {thing.name: thing for thing in Resource.objects.filter(place=house)}
    for resource in Resource.objects.filter(name__in=FEATURES):
        sharing.offer(resource, FEATURES[resource.name])
    week = [(day, 7 * 60, 22 * 60) for day in range(6)] + [(6, 9 * 60, 20 * 60)]
    upkeep.set_openings(member=host, place=house, week=week, closed_on_holidays=True)
    _divide(host, house, at)
    _rule(host, things, house, at)


def _divide(host: Member, house: Place, at: dt.datetime) -> None:
    """A hall of two halves, and a kit of what one records with."""
    facts: dict[str, Any] = {"kind": Resource.Kind.WORKSPACE, "opens_minute": 8 * 60, "closes_minute": 22 * 60}
    halves = [
        sharing.add_resource(
            member=host, place=house, name=name, seats=20, description="Half of the quay hall.", **facts
        )
        for name in ("Quay hall, water side", "Quay hall, street side")
    ]
    hall = sharing.add_resource(
        member=host,
        place=house,
        name="Quay hall",
        seats=45,
        description="Both halves, with the wall folded away.",
        **facts,
    )
    composing.set_components(member=host, whole=hall, parts={half.pk: 1 for half in halves}, at=at)
    tripods = sharing.add_resource(
        member=host, place=house, name="Tripod", kind=Resource.Kind.EQUIPMENT, capacity=4, description="Fluid head."
    )
    upkeep.set_units(member=host, pool=tripods, units={f"Tripod {number}": f"KW-{number:03}" for number in range(1, 5)})
    lamp = sharing.add_resource(
        member=host,
        place=house,
        name="Lamp set",
        kind=Resource.Kind.EQUIPMENT,
        capacity=2,
        description="Two LED panels.",
    )
    kit = sharing.add_resource(
        member=host,
        place=house,
        name="Interview kit",
        kind=Resource.Kind.EQUIPMENT,
        description="Two tripods, one set of lamps.",
    )
    composing.set_components(member=host, whole=kit, parts={tripods.pk: 2, lamp.pk: 1}, at=at)


def _rule(host: Member, things: dict[str, Resource], house: Place, at: dt.datetime) -> None:
    """A cost, a quota, a risk that a host looks at, and an induction with sessions to come."""
    printer, camera, laser = things["3D printer"], things["Camera kit A"], things["Laser cutter"]
    upkeep.add_rule(
        member=host, what="cost", terms_given={"per": "day", "cents": 500}, resource=printer.pk,
        message={"en": "For the power and spare parts.", "nl": "Voor stroom en onderdelen."},
    )  # fmt: skip
    upkeep.add_rule(
        member=host, what="quota", terms_given={"per": "member", "period": "week", "hours": 72}, resource=printer.pk,
        message={"en": "So that everyone gets to print.", "nl": "Zodat iedereen kan printen."},
    )  # fmt: skip
    upkeep.add_rule(
        member=host, what="approval", resource=camera.pk,
        terms_given={"risk": "A long loan of an expensive camera", "when": "longer_than", "minutes": 3 * 24 * 60},
    )  # fmt: skip
    induction = inductions.add_induction(
        member=host, place=house.pk, name="Laser cutter", valid_days=730,
        description="One hour: materials that burn, the extraction, the emergency stop.",
    )  # fmt: skip
    morning = at.replace(hour=9, minute=0, second=0, microsecond=0)
    for days in (3, 10, 17):
        start = morning + dt.timedelta(days=days)
        inductions.plan_session(
            member=host, induction=induction, starts_at=start, ends_at=start + dt.timedelta(hours=1), at=at, seats=6
        )
    upkeep.add_rule(
        member=host, what="induction", terms_given={"induction": induction.pk}, resource=laser.pk,
        message={"en": "It is bright and it burns.", "nl": "Het is fel en het brandt."},
    )  # fmt: skip
