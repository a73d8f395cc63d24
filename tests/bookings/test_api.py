"""Places, resources, calendars and bookings through the API."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.bookings import actions
from backend.bookings.models import Booking, Place, Resource
from backend.bookings.times import iso
from tests.bookings.cast import HOUR, a_booking, a_collective, a_place, a_pool, a_resource, soon
from tests.cast import a_member, an_organisation, signed_in, utc

pytestmark = pytest.mark.django_db


def wish(*resources: Resource, start: dt.datetime | None = None, hours: int = 2, **more: Any) -> dict[str, Any]:
    start = start or soon()
    ids = [resource.pk for resource in resources]
    return {"resources": ids, "starts_at": iso(start), "ends_at": iso(start + hours * HOUR)} | more


def booked(member: Any, *resources: Resource, start: dt.datetime | None = None, hours: int = 2, **more: Any) -> Booking:
    start = start or soon()
    return a_booking(member, *resources, starts_at=start, ends_at=start + hours * HOUR, at=timezone.now(), **more)


def test_a_booking_is_made_and_told_in_full() -> None:
    ada, studio = a_member("Ada"), a_resource()
    answer = signed_in(ada).post("/api/bookings/", wish(studio, title="Rehearsal"))
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    person = {"id": ada.pk, "name": "Ada", "photo": None, "country": "BE", "city": "Ghent"}
    assert {**told, "created_at": "", "id": 0} == {
        "id": 0,
        "title": "Rehearsal",
        "note": "",
        "starts_at": iso(soon()),
        "ends_at": iso(soon() + 2 * HOUR),
        "status": "confirmed",
        "resources": [
            {
                "id": studio.pk,
                "name": "Studio",
                "place": {"id": studio.place.pk, "name": "Workshop", "timezone": "Europe/Brussels"},
            }
        ],
        "items": [{"resource": studio.pk, "quantity": 1}],
        "quantity": 1,
        "member": person,
        "collective": None,
        "people": [],
        "series": None,
        "occurrence": "",
        "held_until": None,
        "cost_cents": 0,
        "cost_credits": 0,
        "deposit_cents": 0,
        "currency": "EUR",
        "checked_in_at": None,
        "checked_out_at": None,
        "ending": "",
        "created_at": "",
        "may": {"cancel": True, "change": True, "restore": False, "decide": False},
    }
    assert signed_in(ada).get(f"/api/bookings/{told['id']}/").json() == told


def test_a_taken_slot_answers_409_and_its_first_alternative_can_be_booked() -> None:
    studio, eve = a_resource(), signed_in(a_member("Eve"))
    booked(a_member(), studio)
    answer = eve.post("/api/bookings/", wish(studio))
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert answer.json()["conflicts"] == [{"resource": studio.pk, "from": iso(soon()), "until": iso(soon() + 2 * HOUR)}]
    for offer in answer.json()["alternatives"]:
        ids = [resource["id"] for resource in offer["resources"]]
        again = {"resources": ids, "starts_at": offer["starts_at"], "ends_at": offer["ends_at"]}
        answer = eve.post("/api/bookings/", again)
        assert answer.status_code == 201
        eve.post(f"/api/bookings/{answer.json()['id']}/cancel/")


def test_a_hall_with_four_of_the_tripods_is_one_booking() -> None:
    hall, tripods, ada = a_resource(name="Hall"), a_pool(5, name="Tripods"), signed_in(a_member())
    items = [{"resource": hall.pk, "quantity": 1}, {"resource": tripods.pk, "quantity": 4}]
    asked = {name: value for name, value in wish(hall).items() if name != "resources"} | {"items": items}
    assert ada.post("/api/bookings/check/", asked).status_code == 200
    made = ada.post("/api/bookings/", asked)
    assert (made.status_code, made.json()["items"]) == (201, items), made.json()
    held = Booking.objects.get().allocations.values_list("resource", "quantity")
    assert sorted(held) == [(hall.pk, 1), (tripods.pk, 4)]
    later = soon(9)
    more = asked | {"starts_at": iso(later), "ends_at": iso(later + HOUR), "items": [*items, items[1]]}
    refused = ada.post("/api/bookings/", more).json()["fields"]["quantity"]  # Named twice they add up.
    assert [(error["code"], error["resource"]) for error in refused] == [("quantity_too_large", tripods.pk)]


def test_what_is_wanted_is_said_in_one_way() -> None:
    studio, ada = a_resource(), signed_in(a_member())
    both = wish(studio, items=[{"resource": studio.pk}])
    neither = {name: value for name, value in wish(studio).items() if name != "resources"}
    for asked in (both, neither):
        answer = ada.post("/api/bookings/", asked)
        assert (answer.status_code, answer.json()["fields"]["items"][0]["code"]) == (400, "required")
    assert ada.post("/api/bookings/", neither | {"items": []}).json()["fields"]["items"][0]["code"] == "min_length"


def test_a_wall_time_is_on_the_clock_of_the_place() -> None:
    studio = a_resource(place=a_place(timezone="America/Martinique"))
    day = soon().date().isoformat()
    asked = {"resources": [studio.pk], "starts_at": f"{day}T14:00", "ends_at": f"{day}T15:00:00"}
    answer = signed_in(a_member()).post("/api/bookings/", asked)
    assert (answer.status_code, answer.json()["starts_at"]) == (201, f"{day}T18:00:00Z")


def test_a_time_that_does_not_exist_is_refused_with_the_one_that_does() -> None:
    studio = a_resource(place=a_place(timezone="Europe/Paris"), ahead_days=4000)
    asked = {"resources": [studio.pk], "starts_at": "2027-03-28T02:30", "ends_at": "2027-03-28T04:00"}
    answer = signed_in(a_member()).post("/api/bookings/", asked)
    assert answer.status_code == 400
    (entry,) = answer.json()["fields"]["starts_at"]
    assert (entry["code"], entry["instead"]) == ("time_does_not_exist", "2027-03-28T03:30")


def test_wall_times_in_places_with_different_clocks_are_refused() -> None:
    things = a_resource(), a_resource(place=a_place(timezone="Europe/Lisbon"))
    asked = wish(*things) | {"starts_at": "2027-01-11T10:00", "ends_at": "2027-01-11T11:00"}
    answer = signed_in(a_member()).post("/api/bookings/", asked)
    assert answer.json()["fields"]["resources"][0]["code"] == "different_clocks"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"starts_at": "tomorrow"}, "starts_at", "invalid_time"),
        ({"starts_at": "9999-12-31T23:59-12:00"}, "starts_at", "invalid_time"),
        ({"starts_at": None}, "starts_at", "null"),
        ({"resources": []}, "resources", "min_length"),
        ({"resources": [10**18]}, "resources", "not_found"),
        ({"resources": [10**30]}, "resources.0", "max_value"),
        ({"resources": "all"}, "resources", "not_a_list"),
        ({"quantity": 0}, "quantity", "min_value"),
        ({"title": "x" * 121}, "title", "max_length"),
        ({"collective": 10**6}, "collective", "not_in_collective"),
        ({"starts_at": "2020-01-01T10:00Z", "ends_at": "2020-01-01T11:00Z"}, "starts_at", "in_the_past"),
        ({"ends_at": "2020-01-01T11:00Z"}, "ends_at", "ends_before_start"),
    ],
)
def test_nonsense_is_refused_by_field(change: dict[str, Any], field: str, code: str) -> None:
    answer = signed_in(a_member()).post("/api/bookings/", wish(a_resource()) | change)
    assert answer.status_code == 400, answer.json()
    assert [entry["code"] for entry in answer.json()["fields"][field]] == [code]
    assert not Booking.objects.exists()


def test_the_booking_of_someone_else_does_not_exist_for_me() -> None:
    booking = booked(a_member("Ada"), a_resource())
    eve = signed_in(a_member("Eve"))
    assert eve.get(f"/api/bookings/{booking.pk}/").status_code == 404
    assert eve.patch(f"/api/bookings/{booking.pk}/", {"title": "Mine"}).status_code == 404
    assert eve.post(f"/api/bookings/{booking.pk}/cancel/").status_code == 404
    assert eve.get("/api/bookings/").json()["results"] == []
    booking.refresh_from_db()
    assert (booking.title, booking.status) == ("", "confirmed")


def test_a_fellow_of_the_collective_sees_the_booking_and_may_not_cancel_it() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    ateliers = a_collective(ada, bob)
    booking = booked(ada, a_resource(), collective=ateliers.pk)
    client = signed_in(bob)
    assert client.get(f"/api/bookings/{booking.pk}/").json()["may"]["cancel"] is False
    assert client.get("/api/bookings/").json()["results"] == []
    (row,) = client.get(f"/api/bookings/?collective={ateliers.pk}").json()["results"]
    assert row["collective"] == {"id": ateliers.pk, "name": "Ateliers"}
    answer = client.post(f"/api/bookings/{booking.pk}/cancel/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_cancelled_slot_is_free_at_once() -> None:
    ada, studio = signed_in(a_member()), a_resource()
    made = ada.post("/api/bookings/", wish(studio)).json()
    answer = ada.post(f"/api/bookings/{made['id']}/cancel/")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert [name for name, may in answer.json()["may"].items() if may] == ["restore"]
    assert ada.post("/api/bookings/", wish(studio)).status_code == 201
    assert ada.post(f"/api/bookings/{made['id']}/cancel/").json()["code"] == "already_cancelled"


def test_a_booking_is_moved_by_wall_time_or_renamed() -> None:
    ada, studio = signed_in(a_member()), a_resource(place=a_place(timezone="UTC"))
    made = ada.post("/api/bookings/", wish(studio)).json()
    day = soon(9).date().isoformat()
    answer = ada.patch(f"/api/bookings/{made['id']}/", {"starts_at": f"{day}T08:00", "ends_at": f"{day}T09:00"})
    assert (answer.status_code, answer.json()["starts_at"]) == (200, f"{day}T08:00:00Z")
    assert ada.patch(f"/api/bookings/{made['id']}/", {"title": "Choir"}).json()["title"] == "Choir"
    answer = ada.patch(f"/api/bookings/{made['id']}/", {"ends_at": f"{day}T07:00"})
    assert answer.json()["fields"]["ends_at"][0]["code"] == "ends_before_start"


def test_bookings_ahead_come_soonest_first_and_those_behind_latest_first() -> None:
    ada, studio = a_member(), a_resource()
    later, sooner = booked(ada, studio, start=soon(9)), booked(ada, studio, start=soon(8))
    gone = actions.cancel(member=ada, booking=booked(ada, studio, start=soon(10)), at=timezone.now())
    client = signed_in(ada)

    def listed(query: str) -> list[int]:
        return [row["id"] for row in client.get(f"/api/bookings/?{query}").json()["results"]]

    assert listed("upcoming=true") == [sooner.pk, later.pk]
    assert listed("past=true") == [gone.pk]
    assert listed("") == [gone.pk, later.pk, sooner.pk]
    first = client.get("/api/bookings/?upcoming=true&page_size=1").json()
    assert [row["id"] for row in client.get(first["next"]).json()["results"]] == [later.pk]


def test_a_place_tells_its_house_rules_and_counts_what_it_shares() -> None:
    place = a_place(name="Foundry", house_rules="Shoes on.")
    a_resource(place=place)
    a_resource(place=place, is_active=False)
    a_place(name="Closed", is_active=False)
    client = signed_in(a_member())
    (row,) = client.get("/api/places/").json()["results"]
    assert (row["name"], row["house_rules"], row["resources_count"]) == ("Foundry", "Shoes on.", 1)
    assert row["photo"] is None
    Place.objects.filter(pk=place.pk).update(photo="places/foundry.webp")
    (row,) = client.get("/api/places/").json()["results"]
    assert row["photo"] == "/media/places/foundry.webp"
    assert row["organisation"] == {"id": place.organisation.pk, "name": place.organisation.name}
    assert client.get(f"/api/places/{place.pk}/").json() == row
    assert client.get("/api/places/?search=found&country=be").json()["results"] == [row]
    assert client.get("/api/places/?city=Paris").json()["results"] == []


def test_a_resource_tells_its_rules_and_whether_i_may_book_it() -> None:
    studio = a_resource(opens_minute=510, closes_minute=1440, own_organisation_only=True, seats=6)
    told = signed_in(a_member()).get(f"/api/resources/{studio.pk}/").json()
    assert (told["rules"]["opens"], told["rules"]["closes"], told["may"]) == ("08:30", "24:00", {"book": True})
    assert told["rules"]["own_organisation_only"] is True
    stranger = signed_in(a_member(organisation=an_organisation()))
    assert stranger.get(f"/api/resources/{studio.pk}/").json()["may"] == {"book": False}
    answer = stranger.post("/api/bookings/", wish(studio))
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_organisation")


def free(query: str) -> list[str]:
    answer = signed_in(a_member()).get(f"/api/resources/?{query}")
    assert answer.status_code == 200, answer.json()
    return [row["name"] for row in answer.json()["results"]]


def test_the_search_finds_only_what_is_open_and_free_then() -> None:
    place = a_place(timezone="UTC")
    taken, _free = a_resource(place=place, name="Taken"), a_resource(place=place, name="Free")
    cleaned = a_resource(place=place, name="Cleaned", buffer_after_minutes=60)
    pool = a_pool(2, place=place, name="Pool")
    a_resource(place=place, name="Closed", closes_minute=9 * 60)
    loaned = a_resource(place=place, name="Loaned", kind="equipment", max_minutes=14 * 1440)
    ada = a_member()
    booked(ada, taken, start=soon(hour=11), hours=1)
    booked(ada, cleaned, start=soon(hour=12), hours=1)
    booked(ada, pool, start=soon(hour=10), hours=1)
    booked(ada, loaned, start=soon(days=3), hours=24 * 6)
    window = f"free_from={iso(soon(hour=10))}&free_until={iso(soon(hour=12))}"
    assert free(window) == ["Free", "Pool"]
    booked(ada, pool, start=soon(hour=11), hours=1)
    assert free(window) == ["Free", "Pool"]
    booked(ada, pool, start=soon(hour=10), hours=2)
    assert free(window) == ["Free"]
    assert free(window + "&kind=equipment") == []
    earlier = f"free_from={iso(soon(hour=9))}&free_until={iso(soon(hour=11))}"
    assert free(earlier) == ["Cleaned", "Free", "Taken"]
    assert free(earlier + f"&quantity={10**12}") == []


def test_a_search_by_wall_time_asks_each_place_on_its_own_clock() -> None:
    brussels, lisbon = (
        a_resource(name=zone, place=a_place(timezone=zone)) for zone in ("Europe/Brussels", "Europe/Lisbon")
    )
    ada = a_member()
    for studio in (brussels, lisbon):
        start = utc(2099, 1, 15, 9)
        Resource.objects.filter(pk=studio.pk).update(ahead_days=32000)
        booked(ada, studio, start=start, hours=1)
    assert free("free_from=2099-01-15T09:00&free_until=2099-01-15T10:00") == ["Europe/Brussels"]
    assert free("free_from=2099-01-15T10:00&free_until=2099-01-15T11:00") == ["Europe/Lisbon"]
    assert free("free_from=2099-01-15T09:00Z&free_until=2099-01-15T10:00Z") == []


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("free_from=2027-01-15T09:00", "free_until", "invalid_time"),
        ("free_from=soon&free_until=later", "free_from", "invalid_time"),
        ("free_from=2027-01-15T09:00&free_until=2027-01-15T10:00Z", "free_until", "invalid_time"),
        ("free_from=2027-01-15T09:00&free_until=2027-01-15T09:00", "free_until", "ends_before_start"),
        ("kind=people", "kind", "invalid_choice"),
        ("place=here", "place", "invalid"),
        (f"place={10**20}", "place", "max_value"),
        (f"owner_collective={10**20}", "owner_collective", "max_value"),
        ("quantity=0", "quantity", "min_value"),
    ],
)
def test_a_search_for_nonsense_is_refused(query: str, field: str, code: str) -> None:
    answer = signed_in(a_member()).get(f"/api/resources/?{query}")
    assert answer.status_code == 400
    assert [entry["code"] for entry in answer.json()["fields"][field]] == [code]


def test_a_calendar_says_whose_a_booking_is_only_to_those_it_concerns() -> None:
    ada = a_member("Ada")
    bob, hidden = a_member("Bob"), a_member("Hidden", seen_by="nobody")
    stranger = a_member("Stranger", organisation=an_organisation())
    studio = a_resource()
    mine = booked(ada, studio, start=soon(hour=8), title="Choir")
    ateliers = a_collective(ada, bob)
    ours = booked(bob, studio, start=soon(hour=10), collective=ateliers.pk)
    booked(bob, studio, start=soon(hour=12))
    booked(hidden, studio, start=soon(hour=14), title="Secret")
    query = f"from={iso(soon(hour=0))}&until={iso(soon(hour=24))}"

    def seen(member: Any) -> list[tuple[int | None, str, bool]]:
        told = signed_in(member).get(f"/api/calendar/?{query}&resource={studio.pk}").json()
        assert [it["id"] for it in told["resources"]] == [studio.pk]
        alone = signed_in(member).get(f"/api/resources/{studio.pk}/busy/?{query}").json()
        assert alone == told["busy"]
        return [(row["booking"], row["title"], row["mine"]) for row in alone]

    assert seen(ada) == [
        (mine.pk, "Choir", True),
        (ours.pk, "Ateliers", True),
        (None, "Bob", False),
        (None, "", False),
    ]
    assert seen(stranger) == [(None, "", False)] * 4


def test_a_calendar_has_limits() -> None:
    client, studio = signed_in(a_member()), a_resource()
    start = soon()

    def asked(days: int, extra: str = "") -> Any:
        return client.get(f"/api/calendar/?from={iso(start)}&until={iso(start + days * 24 * HOUR)}{extra}")

    assert asked(62).status_code == 200
    assert asked(63).json()["fields"]["until"][0]["code"] == "window_too_long"
    assert asked(-1).json()["fields"]["until"][0]["code"] == "ends_before_start"
    assert client.get("/api/calendar/").json()["fields"]["from"][0]["code"] == "invalid_time"
    assert asked(1, "&resource=x").json()["fields"]["resource"][0]["code"] == "invalid"
    assert asked(1, f"&resource={studio.pk}" * 101).json()["fields"]["resource"][0]["code"] == "too_many"
    assert client.get(f"/api/resources/{studio.pk}/busy/").status_code == 400


def queries(address: str, member: Any) -> int:
    client = signed_in(member)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    "kind",
    ["bookings/?upcoming=true", "resources/?free_from={0}&free_until={1}", "places/", "calendar/?from={0}&until={1}"],
)
def test_a_list_of_three_asks_no_more_than_a_list_of_one(kind: str) -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    ateliers = a_collective(ada, bob)
    address = "/api/" + kind.format(iso(soon(hour=10)), iso(soon(hour=12)))
    booked(ada, a_resource(), a_pool(2), collective=ateliers.pk)
    one = queries(address, ada)
    for _ in range(2):
        booked(ada, a_resource(place=a_place(organisation=an_organisation())), a_pool(2), collective=ateliers.pk)
    assert queries(address, ada) == one


def test_people_at_the_door_see_nothing() -> None:
    a_resource()
    newcomer = signed_in(a_member(onboarded_at=None))
    for address in ("places", "resources", "bookings", "calendar"):
        assert newcomer.get(f"/api/{address}/").json()["code"] == "not_onboarded"
