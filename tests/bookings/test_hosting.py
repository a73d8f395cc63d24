"""What a host sets: rules, who is let off, hours, what things are made of."""

import datetime as dt
from typing import Any

import pytest

from backend.bookings import composing, inductions, line, sharing, upkeep
from backend.bookings.models import Booking, Exemption, Resource, Rule
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_pool, a_resource, a_whole
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def a_host(resource: Resource, name: str = "Hanna") -> Member:
    host = a_member(name)
    resource.place.hosts.add(host)
    return host


def codes(refusal: Refusal) -> list[tuple[str, str]]:
    """(field, code) of all that is refused."""
    return [(field, one["code"]) for field, found in refusal.extra["fields"].items() for one in found]


def test_a_rule_is_kept_on_the_resources_that_it_is_about_and_dropped_again() -> None:
    studio = a_resource()
    van = a_resource(name="Van", kind="equipment", place=studio.place)
    host = a_host(studio)
    given = {"min_minutes": 60, "max_minutes": 120, "step_minutes": 60}
    rule = upkeep.add_rule(
        member=host,
        what="length",
        terms_given=given,
        place=studio.place.pk,
        kind="workspace",
        message={"en": " Short. "},
    )
    assert rule.message == {"en": "Short."}
    assert [Resource.objects.get(pk=one.pk).max_minutes for one in (studio, van)] == [120, 1440]
    upkeep.change_rule(member=host, rule=rule, terms_given=given | {"max_minutes": 180})
    assert Resource.objects.get(pk=studio.pk).max_minutes == 180
    upkeep.remove_rule(member=host, rule=rule)
    assert Resource.objects.get(pk=studio.pk).max_minutes == 1440


def test_a_second_rule_of_a_kind_replaces_the_first_but_those_that_add_up_stay() -> None:
    studio = a_resource()
    host = a_host(studio)
    for days in (10, 20):
        upkeep.add_rule(member=host, what="ahead", terms_given={"ahead_days": days}, resource=studio.pk)
        quota = {"per": "member", "period": "week", "count": days}
        upkeep.add_rule(member=host, what="quota", terms_given=quota, resource=studio.pk)
    active = Rule.objects.filter(is_active=True).order_by("what", "pk")
    assert [(rule.what, rule.terms) for rule in active] == [
        ("ahead", {"ahead_days": 20}),
        ("quota", {"per": "member", "period": "week", "count": 10}),
        ("quota", {"per": "member", "period": "week", "count": 20}),
    ]


@pytest.mark.parametrize(
    ("what", "given", "field"),
    [
        ("length", {"min_minutes": 0}, "terms"), ("length", {"mins": 1}, "terms"), ("lead", {}, "terms"),
        ("weather", {}, "what"), ("induction", {"induction": 1}, "terms"), ("quota", {"per": "cat", "period": "week"}, "terms"),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused_by_field(what: str, given: dict[str, Any], field: str) -> None:
    studio = a_resource()
    with pytest.raises(Invalid) as refused:
        upkeep.add_rule(member=a_host(studio), what=what, terms_given=given, resource=studio.pk)
    assert [name for name, _ in codes(refused.value)] == [field]
    assert not Rule.objects.exists()


def test_an_induction_of_another_house_is_asked_for_nowhere_else() -> None:
    studio, other = a_resource(), a_resource(place=a_place(name="Elsewhere"))
    there, here = a_host(other), a_host(studio)
    induction = inductions.add_induction(member=there, place=other.place_id, name="Saws")
    with pytest.raises(Invalid):
        upkeep.add_rule(member=here, what="induction", terms_given={"induction": induction.pk}, resource=studio.pk)
    upkeep.add_rule(member=there, what="induction", terms_given={"induction": induction.pk}, resource=other.pk)


def test_a_person_or_a_collective_is_let_off_until_a_day() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    host, ateliers = a_host(studio), a_collective(bob, ada, steward=bob)
    rule = upkeep.add_rule(member=host, what="ahead", terms_given={"ahead_days": 1}, resource=studio.pk)
    with pytest.raises(Invalid):
        a_booking(ada, studio)
    first = upkeep.let_off(member=host, rule=rule, person=ada, until=NOW + HOUR, at=NOW, reason="A tour")
    a_booking(ada, studio)
    upkeep.let_off(member=host, rule=rule, collective=ateliers, at=NOW)
    a_booking(bob, studio, hours=(12, 13), collective=ateliers.pk)
    again = upkeep.let_off(member=host, rule=rule, person=ada, at=NOW)
    assert not Exemption.objects.filter(pk=first.pk).exists()
    upkeep.end_exemption(member=host, exemption=again)
    with pytest.raises(Invalid):
        a_booking(ada, studio, hours=(14, 15))
    with pytest.raises(Invalid):
        upkeep.let_off(member=host, rule=rule, person=ada, until=NOW, at=NOW)
    with pytest.raises(Invalid):
        upkeep.let_off(member=host, rule=rule, at=NOW)
    told = Notice.objects.filter(kind__startswith="rule_lifted").order_by("pk")
    assert [(row.member, row.kind, row.data["resource"]["name"]) for row in told] == [
        (ada, "rule_lifted_until", "Studio"),
        (bob, "rule_lifted", "Studio"),
        (ada, "rule_lifted", "Studio"),
    ]
    assert (told[0].data["until"], told[1].data["collective"]["name"]) == ("2026-11-23T09:00:00Z", "Ateliers")


def test_a_house_is_closed_outside_its_week_and_on_days_of_exception() -> None:
    ada, studio = a_member(), a_resource()
    host = a_host(studio)
    upkeep.set_openings(member=host, place=studio.place, week=[(0, 540, 1080), (0, 1200, 1320)])
    a_booking(ada, studio, hours=(9, 10))  # A Monday.
    with pytest.raises(Invalid):
        a_booking(ada, studio, hours=(9, 10), day=27)
    closed = upkeep.add_exception(
        member=host, place=studio.place, first_day=dt.date(2026, 11, 30), last_day=dt.date(2026, 11, 30), reason="Roof"
    )
    with pytest.raises(Invalid):
        a_booking(ada, studio, hours=(11, 12))
    upkeep.remove_exception(member=host, exception=closed)
    upkeep.set_openings(member=host, place=studio.place, week=[])
    a_booking(ada, studio, hours=(9, 10), day=27)


@pytest.mark.parametrize(
    "week", [[(7, 0, 60)], [(0, 600, 600)], [(0, 1440, 1500)], [(0, 540, 720), (0, 700, 800)], [(0, 0, 2881)]]
)
def test_hours_that_make_no_sense_are_refused(week: list[tuple[int, int, int]]) -> None:
    studio = a_resource()
    with pytest.raises(Invalid) as refused:
        upkeep.set_openings(member=a_host(studio), place=studio.place, week=week)
    assert [name for name, _ in codes(refused.value)] == ["week"]


def test_things_change_their_facts_and_keep_the_rules_of_their_kind() -> None:
    studio = a_resource()
    host = a_host(studio)
    upkeep.add_rule(member=host, what="lead", terms_given={"lead_minutes": 60}, place=studio.place_id, kind="workspace")
    saw = sharing.add_resource(
        member=host, place=studio.place, name="Saw", kind="workspace", features=["wifi", "water"]
    )
    assert saw.lead_minutes == 60
    changed = sharing.change_resource(member=host, resource=saw, kind="equipment", seats=3, features=["wifi"])
    assert (changed.lead_minutes, changed.seats) == (0, 3)
    assert [row.code for row in changed.features.all()] == ["wifi"]
    with pytest.raises(Invalid):
        sharing.change_resource(member=host, resource=saw, features=["dragons"])


def test_units_that_are_not_named_any_more_are_out_of_use_but_known() -> None:
    pool = a_pool(2)
    host = a_host(pool)
    upkeep.set_units(member=host, pool=pool, units={"1": "A17", "2": ""})
    left = upkeep.set_units(member=host, pool=pool, units={"1": "A18"})
    assert [(unit.label, unit.serial) for unit in left] == [("1", "A18")]
    assert pool.units.count() == 2
    with pytest.raises(Invalid):
        upkeep.set_units(member=host, pool=pool, units=dict.fromkeys("123", ""))


def test_a_booking_of_a_whole_holds_its_new_parts() -> None:
    left, right = a_resource(name="Left"), None
    right = a_resource(name="Right", place=left.place)
    hall = a_whole(left, place=left.place)
    booking = a_booking(a_member(), hall)
    host = a_host(hall)
    composing.set_components(member=host, whole=hall, parts={left.pk: 1, right.pk: 1}, at=NOW)
    held = booking.allocations.filter(active=True).order_by("resource")
    assert [row.resource_id for row in held] == [left.pk, right.pk]
    composing.set_components(member=host, whole=hall, parts={}, at=NOW)
    assert [row.resource_id for row in booking.allocations.filter(active=True)] == [hall.pk]
    assert not Resource.objects.get(pk=hall.pk).is_composed


def test_what_is_booked_together_with_a_whole_while_its_parts_change_is_locked_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = a_resource(name="Left")
    right, van = a_resource(name="Right", place=left.place), a_resource(name="Van", place=left.place)
    hall, ada, real = a_whole(left, place=left.place), a_member(), line.with_who_waits
    host, late = a_host(hall), []

    def chosen(resources: set[int]) -> list[int]:
        monkeypatch.setattr(line, "with_who_waits", real)
        late.append(a_booking(ada, hall, van))  # Between choosing what to lock and locking it.
        return list(resources)

    monkeypatch.setattr(line, "with_who_waits", chosen)
    composing.set_components(member=host, whole=hall, parts={right.pk: 1}, at=NOW)
    held = late[0].allocations.filter(active=True).order_by("resource")
    assert [row.resource_id for row in held] == [right.pk, van.pk]


def test_parts_that_are_booked_already_are_refused_with_whose_promise_they_break() -> None:
    left = a_resource(name="Left")
    right = a_resource(name="Right", place=left.place)
    hall = a_whole(left, place=left.place)
    booking = a_booking(a_member(), hall)
    a_booking(a_member("Bob"), right)
    with pytest.raises(Conflict) as refused:
        composing.set_components(member=a_host(hall), whole=hall, parts={left.pk: 1, right.pk: 1}, at=NOW)
    assert refused.value.code == "no_room_for_bookings"
    assert [row["id"] for row in refused.value.extra["bookings"]] == [booking.pk]
    assert [row.part_id for row in hall.components.all()] == [left.pk]


def test_parts_are_things_of_the_same_place_that_are_not_made_of_others() -> None:
    studio = a_resource()
    host = a_host(studio)
    elsewhere = a_resource(place=a_place(name="Elsewhere"))
    elsewhere.place.hosts.add(host)
    foreign = a_resource(place=a_place(name="Foreign"), travels=True)
    composed = a_whole(a_resource(name="Half", place=studio.place))
    lamps = a_pool(2, place=studio.place)
    for part, units, code in (
        (elsewhere, 1, "elsewhere"),
        (foreign, 1, "not_found"),
        (composed, 1, "made_of_others"),
        (lamps, 3, "quantity_too_large"),
        (studio, 1, "invalid"),
    ):
        with pytest.raises(Invalid) as refused:
            composing.set_components(member=host, whole=studio, parts={part.pk: units}, at=NOW)
        assert codes(refused.value) == [("parts", code)]
    elsewhere.travels = True
    elsewhere.save()
    composing.set_components(member=host, whole=studio, parts={elsewhere.pk: 1, lamps.pk: 2}, at=NOW)
    assert Resource.objects.get(pk=studio.pk).is_composed


def test_only_who_looks_after_it_may_set_anything() -> None:
    owner, staff = a_member("Olga"), a_member("Boss", is_staff=True)
    studio = a_resource(owner_member=owner)
    host, stranger = a_host(studio), a_member("Eve")
    steward = a_member("Stella")
    shared = a_resource(name="Shared", place=studio.place)
    shared.owner_collective = a_collective(steward, steward=steward)
    shared.save()
    own_rule = upkeep.add_rule(member=host, what="lead", terms_given={"lead_minutes": 5}, resource=studio.pk)

    def set_all(who: Member, thing: Resource) -> None:
        sharing.change_resource(member=who, resource=thing, seats=2)
        rule = upkeep.add_rule(member=who, what="ahead", terms_given={"ahead_days": 9}, resource=thing.pk)
        upkeep.let_off(member=who, rule=rule, person=who, at=NOW)

    for who, thing in ((host, studio), (owner, studio), (staff, studio), (steward, shared)):
        set_all(who, thing)
    for who in (stranger, steward):
        for act in (
            lambda who: set_all(who, studio),
            lambda who: upkeep.remove_rule(member=who, rule=own_rule),
            lambda who: upkeep.let_off(member=who, rule=own_rule, person=who, at=NOW),
            lambda who: upkeep.set_openings(member=who, place=studio.place, week=[]),
            lambda who: sharing.change_place(member=who, place=studio.place, name="Mine"),
            lambda who: composing.set_components(member=who, whole=studio, parts={}, at=NOW),
            lambda who: upkeep.set_units(member=who, pool=studio, units={}),
        ):
            with pytest.raises(NotAllowed):
                act(who)
    with pytest.raises(NotAllowed):
        sharing.change_place(member=owner, place=studio.place, name="Mine")
    studio.is_active = False
    studio.save()
    with pytest.raises(NotFound):
        set_all(stranger, studio)
    assert Booking.objects.count() == 0


def test_a_thing_names_a_hidden_collective_to_those_in_it_only() -> None:
    ada, eve = a_member("Ada"), a_member("Eve")
    ours = a_collective(ada, steward=ada)
    van = a_resource(name="Van", owner_collective=ours)

    def owner(viewer: Member) -> Any:
        return signed_in(viewer).get(f"/api/resources/{van.pk}/").json()["owner"]

    told = {"kind": "collective", "id": ours.pk, "name": ours.name}
    assert owner(eve) == told
    ours.is_listed = False
    ours.save()
    assert (owner(ada), owner(eve)) == (told, None)
