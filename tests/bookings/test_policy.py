"""Rules about people: who may, quotas, inductions, approval, contributions; each says why and who can lift it."""

import datetime as dt
from typing import Any

import pytest

from backend.bookings import actions, terms
from backend.bookings.models import Booking, Exemption, Induction, InductionGrant, InductionSession, Resource, Rule
from backend.errors import Conflict, Invalid, NotAllowed
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_pool, a_resource, at_once, span
from tests.cast import a_member, an_organisation

pytestmark = pytest.mark.django_db


def a_rule(what: str, terms: dict[str, Any], **about: Any) -> Rule:
    return Rule.objects.create(what=what, terms=terms, **about)


def refused(member: Any, *resources: Resource, **wish: Any) -> dict[str, Any]:
    """The first problem and who can lift it."""
    with pytest.raises(Invalid) as refusal:
        a_booking(member, *resources, **wish)
    first: dict[str, Any] = next(iter(refusal.value.extra["fields"].values()))[0]
    return first | {"lifted_by": refusal.value.extra.get("lifted_by")}


def test_the_nearest_rule_counts() -> None:
    house = a_place()
    desk, drill = a_resource(place=house), a_resource(place=house, kind="equipment", name="Drill")
    a_rule("lead", {"lead_minutes": 10}, organisation=house.organisation)
    a_rule("lead", {"lead_minutes": 20}, organisation=house.organisation, kind="equipment")
    a_rule("lead", {"lead_minutes": 30}, place=house)
    a_rule("length", {"min_minutes": 60, "max_minutes": 120, "step_minutes": 60}, place=house, kind="equipment")
    assert terms.settle([desk, drill]) == 2
    assert (desk.lead_minutes, drill.lead_minutes, drill.min_minutes, desk.min_minutes) == (30, 30, 60, 30)
    own = a_rule("lead", {"lead_minutes": 5}, resource=drill)
    terms.settle([desk, drill])
    assert (desk.lead_minutes, drill.lead_minutes) == (30, 5)
    Rule.objects.filter(what="lead").delete()
    terms.settle([desk, drill], dropped=[own.what])
    assert (desk.lead_minutes, drill.lead_minutes) == (0, 0)


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("length", {"min_minutes": 0}), ("length", {"min_minutes": 90, "max_minutes": 60}), ("lead", {}), ("lead", {"lead_minutes": "5"}),
        ("lead", {"lead_minutes": True}), ("lead", {"minutes": 5}), ("quota", {"per": "member", "period": "week"}), ("who", {}),
        ("who", {"roles": ["king"]}), ("who", {"countries": ["Belgium"]}), ("approval", {"risk": "Long", "when": "longer_than"}),
        ("cost", {"per": "minute"}), ("deposit", {"cents": -1}), ("release", {"release_minutes": 10**9}), ("lead", []),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused(what: str, given: Any) -> None:
    with pytest.raises(ValueError, match=":"):
        terms.TERMS[what].read(given)


def test_who_may_is_told_with_the_words_of_the_host_and_who_can_lift_it() -> None:
    host = a_member("Hanna")
    studio = a_resource()
    studio.place.hosts.add(host)
    rule = a_rule("who", {"countries": ["FR"]}, resource=studio, message={"en": "For the French branch."})
    told = refused(a_member("Ada"), studio)
    assert (told["code"], told["rule"], told["message"]) == ("not_for_you", rule.pk, "For the French branch.")
    assert told["lifted_by"] == [{"id": host.pk, "name": "Hanna"}]
    a_booking(a_member("Fanny", country="FR"), studio)


def test_a_time_rule_is_told_with_the_words_of_the_host_too() -> None:
    studio = a_resource(lead_minutes=60 * 24 * 30)
    told = refused(a_member(), studio)
    assert (told["code"], "rule" in told) == ("too_soon", False)
    rule = a_rule("lead", {"lead_minutes": 60 * 24 * 30}, place=studio.place, message={"en": "We plan a month ahead."})
    told = refused(a_member(), studio)
    assert (told["rule"], told["message"]) == (rule.pk, "We plan a month ahead.")


def test_what_stood_in_columns_comes_back_when_a_rule_of_the_place_goes() -> None:
    studio = a_resource(step_minutes=15, min_minutes=15)
    terms.write_down_own([studio])
    assert list(Rule.objects.values_list("what", "terms__step_minutes")) == [("length", 15)]
    of_place = a_rule("length", {"min_minutes": 60, "max_minutes": 120, "step_minutes": 60}, place=studio.place)
    terms.settle([studio])
    assert studio.step_minutes == 15, "the nearest rule counts"
    of_place.delete()
    terms.settle([studio], dropped=["length"])
    assert studio.step_minutes == 15


def test_a_host_can_let_somebody_off_for_a_time() -> None:
    ada, studio = a_member(), a_resource(lead_minutes=60 * 24 * 30)
    assert refused(ada, studio)["code"] == "too_soon"
    rule = a_rule("lead", {"lead_minutes": 60 * 24 * 30}, resource=studio)
    let_off = Exemption.objects.create(rule=rule, member=ada, granted_at=NOW, until=NOW)
    assert refused(ada, studio)["code"] == "too_soon"
    let_off.until = NOW + HOUR
    let_off.save()
    a_booking(ada, studio)
    assert refused(a_member("Bob"), studio, hours=(12, 13))["code"] == "too_soon"


def test_a_quota_counts_bookings_in_the_week_of_the_place() -> None:
    ada, studio = a_member(), a_resource(ahead_days=400)
    a_rule("quota", {"per": "member", "period": "week", "count": 2}, place=studio.place)
    other = a_resource(place=studio.place, name="Other")
    a_booking(ada, studio, hours=(9, 10), day=24)
    a_booking(ada, other, hours=(9, 10), day=25)
    told = refused(ada, studio, hours=(9, 10), day=26)
    assert (told["code"], told["used"], told["most"], told["counted"]) == ("quota_reached", 2, 2, "bookings")
    a_booking(ada, studio, hours=(9, 10), day=30)
    a_booking(a_member("Bob"), studio, hours=(9, 10), day=26)
    a_booking(ada, a_resource(place=a_place(name="Elsewhere")), hours=(9, 10), day=26)


def test_sunday_night_belongs_to_the_week_that_the_clock_of_the_place_shows() -> None:
    ada, studio = a_member(), a_resource()
    a_rule("quota", {"per": "member", "period": "week", "count": 1}, resource=studio)
    a_booking(ada, studio, hours=(22, 23), day=29)  # 23:00 on Sunday in Brussels
    a_booking(ada, studio, hours=(23, 24), day=29)  # already Monday there


def test_hours_of_a_collective_and_of_one_member_in_it_are_counted_apart() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    ateliers = a_collective(ada, bob).pk
    a_rule("quota", {"per": "collective", "period": "month", "hours": 5}, resource=studio)
    a_rule("quota", {"per": "member_in_collective", "period": "month", "hours": 3}, resource=studio)
    a_booking(ada, studio, hours=(9, 12), collective=ateliers)
    assert refused(ada, studio, hours=(13, 14), collective=ateliers)["per"] == "member_in_collective"
    a_booking(bob, studio, hours=(13, 15), collective=ateliers)
    assert refused(bob, studio, hours=(16, 17), collective=ateliers)["per"] == "collective"
    a_booking(ada, studio, hours=(16, 17))


def test_moving_does_not_count_a_booking_twice_and_cancelling_gives_it_back() -> None:
    ada, studio = a_member(), a_resource()
    a_rule("quota", {"per": "member", "period": "week", "count": 1}, resource=studio)
    booking = a_booking(ada, studio)
    start, end = span(12, 14)
    actions.move(member=ada, booking=booking, starts_at=start, ends_at=end, at=NOW)
    assert refused(ada, studio, hours=(15, 16))["code"] == "quota_reached"
    actions.cancel(member=ada, booking=booking, at=NOW)
    a_booking(ada, studio, hours=(15, 16))


@pytest.mark.django_db(transaction=True)
def test_a_quota_holds_when_two_things_are_booked_at_once() -> None:
    an_organisation()
    ada, house = a_member(), a_place()
    a_rule("quota", {"per": "member", "period": "week", "count": 3}, place=house)
    things = [a_resource(place=house, name=f"Desk {number}") for number in range(6)]
    results = at_once(*[lambda thing=thing: a_booking(ada, thing) for thing in things])
    assert sum(isinstance(result, Booking) for result in results) == 3
    assert Booking.objects.count() == 3


def test_an_induction_is_asked_for_with_its_next_sessions_until_it_expires() -> None:
    ada, host, saw = a_member("Ada"), a_member("Hanna"), a_resource(name="Table saw", kind="equipment")
    saw.place.hosts.add(host)
    induction = Induction.objects.create(place=saw.place, name="Saws", valid_days=365)
    session = InductionSession.objects.create(
        induction=induction, starts_at=NOW + 24 * HOUR, ends_at=NOW + 25 * HOUR, host=host
    )
    a_rule("induction", {"induction": induction.pk}, resource=saw)
    told = refused(ada, saw)
    assert (told["code"], told["induction"]["name"]) == ("induction_needed", "Saws")
    assert [row["id"] for row in told["induction"]["sessions"]] == [session.pk]
    grant = InductionGrant.objects.create(induction=induction, member=ada, granted_by=host, granted_at=NOW)
    a_booking(ada, saw)
    grant.expires_at = span(12, 13)[0]
    grant.save()
    assert refused(ada, saw, hours=(12, 13))["code"] == "induction_needed"
    a_booking(ada, saw, hours=(11, 12))


def test_a_risky_booking_waits_for_a_host_and_holds_its_time_meanwhile() -> None:
    ada, host, hall = a_member("Ada"), a_member("Hanna"), a_resource(name="Hall")
    hall.place.hosts.add(host)
    a_rule("approval", {"risk": "Long evenings", "when": "longer_than", "minutes": 120}, resource=hall)
    assert a_booking(ada, hall, hours=(6, 8)).status == "confirmed"
    booking = a_booking(ada, hall, hours=(9, 12))
    assert booking.status == "requested"
    assert [row.kind for row in Notice.objects.filter(member=host)] == ["booking_to_approve"]
    with pytest.raises(Conflict):
        a_booking(a_member("Bob"), hall, hours=(11, 12))
    with pytest.raises(NotAllowed):
        actions.approve(member=ada, booking=booking, at=NOW)
    assert actions.approve(member=host, booking=booking, at=NOW).status == "confirmed"
    with pytest.raises(Conflict) as again:
        actions.decline(member=host, booking=booking, at=NOW)
    assert again.value.code == "already_decided"
    assert [row.kind for row in Notice.objects.filter(member=ada)] == ["booking_approved"]


def test_what_is_not_approved_is_free_at_once() -> None:
    ada, host, hall = a_member("Ada"), a_member("Hanna"), a_resource(name="Hall")
    hall.place.hosts.add(host)
    a_rule("approval", {"risk": "New here", "when": "first_booking"}, resource=hall)
    booking = a_booking(ada, hall)
    assert actions.decline(member=host, booking=booking, at=NOW).ending == "not_approved"
    assert a_booking(host, hall).status == "confirmed"


def test_a_contribution_counts_units_and_hours_begun() -> None:
    ada, pool = a_member(), a_pool(5)
    a_rule("cost", {"per": "hour", "cents": 250, "credits": 1}, place=pool.place)
    a_rule("deposit", {"cents": 5000}, resource=pool)
    start = span(9, 10)[0]
    booking = a_booking(ada, pool, quantity=2, ends_at=start + dt.timedelta(minutes=90))
    recorded = (booking.cost_cents, booking.cost_credits, booking.deposit_cents, booking.currency)
    assert recorded == (1000, 4, 10000, "EUR")
