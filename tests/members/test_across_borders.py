"""Finding each other across borders: around a town, in some weeks, in several countries; and what is told abroad."""

import datetime as dt
import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.members import around, towns
from backend.members.models import Away, FreeHours, Member, WorkCountry
from backend.members.towns import Point
from backend.mentoring.apart import Apart, hidden_from
from tests.cast import a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db

LYON, LYON_POINT = {"city": "Lyon", "country": "FR"}, "45.749,4.848"
MONDAY = dt.date(2027, 5, 3)


def names(viewer: Member, **query: Any) -> list[str]:
    answer = signed_in(viewer).get("/api/members/", query)
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def refused(viewer: Member, **query: Any) -> dict[str, list[str]]:
    answer = signed_in(viewer).get("/api/members/", query)
    assert answer.status_code == 400, answer.content
    return {name: [error["code"] for error in errors] for name, errors in answer.json()["fields"].items()}


# -- towns -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "country", "known_as"),
    [
        ("Liège", "BE", "Liège"), ("luik", "be", "Liège"), ("Lüttich", "BE", "Liège"), ("LIEGE", "BE", "Liège"),
        ("Ghent", "BE", "Gent"), ("Gent (Ledeberg)", "BE", "Gent"), ("Lyon, Croix-Rousse", "FR", "Lyon"),
        ("Köln", "DE", "Köln"), ("Cologne", "DE", "Köln"), ("Wenen", "AT", "Vienna"), ("Torino", "IT", "Turin"),
        ("Lyon", "DE", None), ("Nowhere-on-Sea", "FR", None), ("", "FR", None), ("Lyon", "", None), ("(x)", "FR", None),
    ],
)  # fmt: skip
def test_a_town_is_known_in_whichever_language_it_is_written(written: str, country: str, known_as: str | None) -> None:
    found = towns.town(written, country)
    assert (found and found.name) == known_as


def test_towns_are_offered_as_one_types_those_of_ones_country_first() -> None:
    client = signed_in(a_member(country="BE"))
    first = client.get("/api/towns/", {"search": "luik"}).json()[0]
    assert first == {"name": "Liège", "country": "BE", "point": "50.634,5.567"}
    assert client.get("/api/towns/", {"search": "Lyo"}).json()[0]["name"] == "Lyon"
    at_home = client.get("/api/towns/", {"search": "b"}).json()
    assert len(at_home) == 8
    assert {row["country"] for row in at_home} == {"BE"}
    for nothing in ("", "!!!", "zzzzzz", "\x00", "x" * 3000):
        assert client.get("/api/towns/", {"search": nothing}).json() == []


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_the_chord_through_the_sphere_is_the_distance_along_the_ground(a: float, b: float, c: float, d: float) -> None:
    one, other = Point(a, b), Point(c, d)
    pairs = zip(towns.on_sphere(one), towns.on_sphere(other), strict=True)
    straight = sum((x - y) ** 2 for x, y in pairs) ** 0.5
    assert straight == pytest.approx(towns.chord(towns.distance_km(one, other)), abs=1e-7)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0.001, 500), st.floats(0, 360), st.floats(0, 1))
def test_whatever_lies_in_a_circle_lies_on_one_of_its_tiles(
    lat: float, lon: float, km: float, course: float, part: float
) -> None:
    middle = Point(lat, lon)
    far, turn, up = km * part / towns.EARTH_KM, math.radians(course), math.radians(lat)
    north = math.asin(math.sin(up) * math.cos(far) + math.cos(up) * math.sin(far) * math.cos(turn))
    east = math.atan2(math.sin(turn) * math.sin(far) * math.cos(up), math.cos(far) - math.sin(up) * math.sin(north))
    there = Point(math.degrees(north), (math.degrees(east) + lon + 180) % 360 - 180)
    assert towns.tile(there) in towns.tiles(middle, km)


# -- around a town ---------------------------------------------------------------------------------------------------
def test_people_are_found_around_a_point_however_they_wrote_their_town() -> None:
    viewer = a_member("Viewer", city="Ghent", country="BE")
    a_member("Here", **LYON)
    a_member("Near", city="Villeurbanne", country="FR")
    a_member("Far", city="Genève", country="CH")
    a_member("Unknown", city="Nowhere-on-Sea", country="FR")
    a_member("Silent", city="", country="FR")
    assert names(viewer, near=LYON_POINT, within_km=30) == ["Here", "Near"]
    assert names(viewer, near=LYON_POINT, within_km=150) == ["Far", "Here", "Near"]
    assert names(viewer, near="50.85,4.35") == ["Viewer"]  # Ghent is 49 km from Brussels.
    rows = signed_in(viewer).get(f"/api/members/?near={LYON_POINT}&within_km=150").json()["results"]
    assert [row["distance_km"] for row in rows] == [112, 0, 3]
    assert {row["distance_km"] for row in signed_in(viewer).get("/api/members/").json()["results"]} == {None}


def test_what_is_near_is_what_a_loop_over_all_distances_finds() -> None:
    luck = random.Random(5)
    everyone = [one for same in towns.known().towns.values() for one in same if one.thousands >= 100]
    people = [
        Member(email=f"{number}@example.org", name=f"{number}", city=town.name, country=town.country)
        for number, town in enumerate(luck.sample(sorted(set(everyone)), 200))
    ]
    placed = [member for member in Member.objects.bulk_create(people) if member.point is not None]
    assert len(placed) == 200
    for _ in range(40):
        middle, km = Point(luck.uniform(35, 65), luck.uniform(-10, 30)), luck.choice([5, 50, 250, 500])
        expected = {one.pk for one in placed if one.point and towns.distance_km(middle, one.point) <= km}
        # A position comes back to a thousandth of a degree: those on the edge itself may be either.
        edge = {one.pk for one in placed if one.point and abs(towns.distance_km(middle, one.point) - km) < 0.2}
        found = set(around.within(Member.objects.all(), middle, km).values_list("pk", flat=True))
        assert found - edge == expected - edge


def test_who_moves_is_found_where_they_live_now() -> None:
    ada = a_member("Ada", city="Ghent", country="BE")
    assert names(ada, near=LYON_POINT) == []
    me = signed_in(ada).patch("/api/me/", LYON, format="json").json()
    assert (me["point"], names(ada, near=LYON_POINT)) == (LYON_POINT, ["Ada"])
    assert signed_in(ada).patch("/api/me/", {"city": "Xyz"}, format="json").json()["point"] is None
    assert names(ada, near=LYON_POINT) == []


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"near": "here"}, {"near": ["invalid"]}), ({"near": "91,0"}, {"near": ["invalid"]}), ({"near": "1"}, {"near": ["invalid"]}),
        ({"near": "nan,nan"}, {"near": ["invalid"]}), ({"within_km": "5"}, {"near": ["invalid"]}),
        ({"near": "1,1", "within_km": "0"}, {"within_km": ["out_of_range"]}), ({"near": "1,1", "within_km": "x"}, {"within_km": ["out_of_range"]}),
        ({"near": "1,1", "within_km": "501"}, {"within_km": ["out_of_range"]}),
        ({"free_from": "2027-05-03"}, {"free_until": ["required"]}), ({"free_until": "2027-05-03"}, {"free_from": ["required"]}),
        ({"free_from": "May", "free_until": "2027-05-03"}, {"free_from": ["invalid"]}),
        ({"free_from": "2027-05-03", "free_until": "2027-05-02"}, {"free_until": ["ends_before_start"]}),
        ({"free_from": "2027-05-03", "free_until": "2027-06-28"}, {"free_until": ["more_than_eight_weeks"]}),
        ({"works_in": "XX"}, {"works_in": ["invalid_choice"]}), ({"works_in": "\x00"}, {"works_in": ["invalid_choice"]}),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_refused_by_name(query: dict[str, str], fields: dict[str, list[str]]) -> None:
    assert refused(a_member(), **query) == fields


# -- when and where --------------------------------------------------------------------------------------------------
def free(name: str, *weekdays: int, away: tuple[dt.date, dt.date] | None = None) -> Member:
    member = a_member(name)
    FreeHours.objects.bulk_create(
        FreeHours(member=member, weekday=day, from_minute=540, until_minute=600) for day in weekdays
    )
    if away:
        Away.objects.create(member=member, first_day=away[0], last_day=away[1])
    return member


def test_who_is_free_has_a_day_in_each_week_on_which_they_are_not_away() -> None:
    viewer = a_member("Viewer")
    free("Always", 0)
    free("Not that day", 4)
    free("Away then", 0, away=(MONDAY, MONDAY))
    free("Away but for Friday", 0, 4, away=(MONDAY - dt.timedelta(9), MONDAY + dt.timedelta(3)))
    free("Away the second week", 0, away=(MONDAY + dt.timedelta(7), MONDAY + dt.timedelta(13)))
    day, week, fortnight = (MONDAY + dt.timedelta(days) for days in (0, 6, 13))
    assert names(viewer, free_from=MONDAY, free_until=day) == ["Always", "Away the second week"]
    assert names(viewer, free_from=MONDAY, free_until=week) == [
        "Always", "Away but for Friday", "Away the second week", "Not that day",
    ]  # fmt: skip
    assert names(viewer, free_from=MONDAY, free_until=fortnight) == ["Always", "Away but for Friday", "Not that day"]


def test_hours_that_come_and_go_by_any_door_are_looked_for_as_they_are_now() -> None:
    viewer, ada = a_member("Viewer"), a_member("Ada")
    friday = dt.date(2027, 5, 7)

    def found() -> bool:
        return names(viewer, free_from=friday, free_until=friday) == ["Ada"]

    hours = FreeHours.objects.create(member=ada, weekday=4, from_minute=540, until_minute=600)
    assert found()
    ada.save()  # As she was read before she had any.
    assert found()
    FreeHours.objects.filter(pk=hours.pk).update(weekday=3)
    assert not found()
    friday_too = FreeHours.objects.create(member=ada, weekday=4, from_minute=540, until_minute=600)
    assert found()
    friday_too.delete()
    assert not found()
    mine = [{"weekday": 4, "from": "09:00", "until": "10:00"}, {"weekday": 4, "from": "11:00", "until": "12:00"}]
    assert signed_in(ada).patch("/api/me/", {"free_hours": mine}, format="json").status_code == 200
    assert found()
    FreeHours.objects.filter(member=ada).delete()
    assert not found()


def test_who_works_in_both_countries_lives_in_one_and_works_in_the_other_or_works_in_both() -> None:
    viewer = a_member("Viewer", country="BE")
    for name, country, others in (
        ("Across", "BE", ["FR"]),
        ("Back", "FR", ["BE"]),
        ("Third", "CH", ["BE", "FR"]),
        ("Home", "FR", []),
    ):
        member = a_member(name, country=country)
        WorkCountry.objects.bulk_create(WorkCountry(member=member, code=code) for code in others)
    assert names(viewer, works_in=["BE", "FR"]) == ["Across", "Back", "Third"]
    assert names(viewer, works_in="FR") == ["Across", "Back", "Home", "Third"]
    third = Member.objects.get(name="Third")
    assert signed_in(viewer).get(f"/api/members/{third.pk}/").json()["works_in"] == ["BE", "FR"]


@pytest.mark.parametrize("works_in", [["XX"], ["BEL"], "BE", [1], [None], ["BE"] * 13])
def test_a_country_that_does_not_exist_is_refused(works_in: Any) -> None:
    answer = signed_in(a_member()).patch("/api/me/", {"works_in": works_in}, format="json")
    assert answer.status_code == 400
    assert all(name.startswith("works_in") for name in answer.json()["fields"])


# -- what is told abroad ---------------------------------------------------------------------------------------------
@pytest.fixture
def cast() -> dict[str, Member]:
    """People of Lyon who tell those abroad everything, little and nothing; a neighbour, a colleague and a stranger who look."""
    house, other = an_organisation(), an_organisation()
    home = {"organisation": house, "about": "I sing.", **LYON}
    found = {
        "open": a_member("Open", **home),
        "shy": a_member("Shy", seen_abroad="work", **home),
        "hidden": a_member("Hidden", seen_abroad="nothing", **home),
    }
    for member in found.values():
        FreeHours.objects.create(member=member, weekday=0, from_minute=540, until_minute=600)
    return found | {
        "neighbour": a_member("Neighbour", city="Nice", country="FR", organisation=other),
        "colleague": a_member("Colleague", city="Ghent", country="BE", organisation=house),
        "stranger": a_member("Stranger", city="Ghent", country="BE", organisation=other),
    }


EVERYBODY = ["Hidden", "Open", "Shy"]


@pytest.mark.parametrize(
    ("query", "abroad"),
    [
        ({"country": "FR"}, ["Neighbour", "Open", "Shy"]), ({"search": "lyon"}, ["Open"]), ({"search": "sing"}, ["Open"]),
        ({"near": LYON_POINT}, ["Open"]), ({"free_from": "2027-05-03", "free_until": "2027-05-03"}, ["Open"]),
        ({"search": "shy"}, ["Shy"]), ({"search": "hidden"}, []), ({"region": "FR-ARA"}, ["Open"]),
        ({"search": "Rhône-Alpes"}, ["Open"]),
    ],
)  # fmt: skip
def test_those_abroad_find_people_only_by_what_these_tell_them(
    cast: dict[str, Member], query: dict[str, str], abroad: list[str]
) -> None:
    everybody = {"country": ["Hidden", "Neighbour", "Open", "Shy"], "search": EVERYBODY}
    at_home = (
        everybody["country"]
        if "country" in query
        else [query["search"].title()]
        if query.get("search") in ("shy", "hidden")
        else EVERYBODY
    )
    assert names(cast["neighbour"], **query) == at_home
    assert names(cast["colleague"], **query) == at_home
    assert names(cast["stranger"], **query) == abroad


def test_a_page_says_no_more_abroad_than_the_list(cast: dict[str, Member]) -> None:
    def told(viewer: str, whom: str) -> Any:
        return signed_in(cast[viewer]).get(f"/api/members/{cast[whom].pk}/")

    for viewer in ("neighbour", "colleague", "shy"):
        page = told(viewer, "shy").json()
        assert (page["city"], page["about"], len(page["free_hours"])) == ("Lyon", "I sing.", 1)
    page = told("stranger", "shy").json()
    assert (page["city"], page["about"], page["free_hours"], page["timezone"], page["country"]) == (
        "",
        "",
        [],
        "",
        "FR",
    )
    assert (told("neighbour", "hidden").status_code, told("stranger", "hidden").status_code) == (200, 404)


def test_neither_map_nor_pages_tell_where_somebody_lives(cast: dict[str, Member]) -> None:
    def map_for(viewer: str) -> Any:
        return signed_in(cast[viewer]).get("/api/members/map/", {"country": "FR"}).json()

    at_home, abroad = map_for("neighbour"), map_for("stranger")
    lyon = {"name": "Lyon", "country": "FR", "latitude": 45.749, "longitude": 4.848, "point": LYON_POINT}
    assert at_home["towns"][0] == lyon | {"count": 3}
    assert (abroad["towns"][0], abroad["elsewhere"]) == (lyon | {"count": 1}, 1)
    # A page is cut after the last name: that place in the alphabet is told, and no town with it.
    assert "lyon" in cast["open"].folded
    assert cast["shy"].folded == "shy"


def test_who_is_not_seen_abroad_is_not_suggested_there_either(cast: dict[str, Member]) -> None:
    hidden = cast["hidden"].pk
    for viewer, is_hidden in (("stranger", True), ("neighbour", False), ("colleague", False), ("hidden", False)):
        member = cast[viewer]
        assert (hidden in hidden_from(member)) == is_hidden
        assert (hidden in Apart([member]).hidden(member.pk)) == is_hidden
        assert (hidden in set(Member.objects.visible_to(member).values_list("pk", flat=True))) != is_hidden
        assert cast["hidden"].is_shown_to(member) != is_hidden


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_with_all_conditions_takes_the_same_queries_for_one_and_for_three(
    rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        free(f"Member {number}", 0)
    query: dict[str, Any] = {
        "near": "51.05,3.717",
        "free_from": MONDAY,
        "free_until": MONDAY,
        "works_in": "BE",
        "region": "BE-VLG",
    }
    client = signed_in(a_member("Viewer"))
    with django_assert_num_queries(7):
        assert len(client.get("/api/members/", query).json()["results"]) == rows
    with django_assert_num_queries(4):
        assert client.get("/api/members/map/", query).json()["towns"][0]["count"] == rows
