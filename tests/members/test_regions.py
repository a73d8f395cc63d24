"""Regions: which town lies in which, what they are called, and who is found in one."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from backend.members import regions, towns
from backend.members.models import Member
from tests.cast import a_member, an_organisation, signed_in
from tests.members.test_across_borders import names, refused

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "fr", "nl", "de")
# Parts of towns, a camp: GeoNames counts them to no region that we know.
NOWHERE = {"Dhekelia", "Újszeged"}


# -- what there is ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("AT-1", "Eisenstadt"), ("AT-2", "Klagenfurt"), ("AT-3", "Sankt Pölten"), ("AT-4", "Linz"), ("AT-5", "Salzburg"),
        ("AT-6", "Graz"), ("AT-7", "Innsbruck"), ("AT-8", "Bregenz"), ("AT-9", "Wien"),
        ("BE-BRU", "Bruxelles"), ("BE-VLG", "Gent"), ("BE-WAL", "Namur"),
        ("CH-BS", "Basel"), ("CH-BL", "Liestal"), ("CH-GE", "Genève"), ("CH-TI", "Lugano"), ("CH-ZH", "Zürich"),
        ("DE-BB", "Potsdam"), ("DE-BE", "Berlin"), ("DE-BW", "Stuttgart"), ("DE-BY", "München"), ("DE-HB", "Bremen"),
        ("DE-HE", "Frankfurt am Main"), ("DE-HH", "Hamburg"), ("DE-MV", "Schwerin"), ("DE-NI", "Hannover"), ("DE-NW", "Köln"),
        ("DE-RP", "Mainz"), ("DE-SH", "Kiel"), ("DE-SL", "Saarbrücken"), ("DE-SN", "Leipzig"), ("DE-ST", "Magdeburg"), ("DE-TH", "Erfurt"),
        ("DK-84", "København"), ("DK-82", "Aarhus"),
        ("ES-AN", "Sevilla"), ("ES-AR", "Zaragoza"), ("ES-AS", "Oviedo"), ("ES-CB", "Santander"), ("ES-CL", "Valladolid"),
        ("ES-CM", "Toledo"), ("ES-CN", "Las Palmas de Gran Canaria"), ("ES-CT", "Barcelona"), ("ES-EX", "Mérida"), ("ES-GA", "Vigo"),
        ("ES-IB", "Palma"), ("ES-MC", "Murcia"), ("ES-MD", "Madrid"), ("ES-NC", "Pamplona"), ("ES-PV", "Bilbao"), ("ES-RI", "Logroño"),
        ("ES-VC", "Valencia"),
        ("FR-20R", "Ajaccio"), ("FR-ARA", "Lyon"), ("FR-BFC", "Dijon"), ("FR-BRE", "Rennes"), ("FR-CVL", "Orléans"), ("FR-GES", "Strasbourg"),
        ("FR-HDF", "Lille"), ("FR-IDF", "Paris"), ("FR-NAQ", "Bordeaux"), ("FR-NOR", "Rouen"), ("FR-OCC", "Toulouse"),
        ("FR-PAC", "Marseille"), ("FR-PDL", "Nantes"),
        ("GB-ENG", "Manchester"), ("GB-NIR", "Belfast"), ("GB-SCT", "Glasgow"), ("GB-WLS", "Cardiff"),
        ("GR-I", "Athens"), ("GR-E", "Volos"), ("GR-M", "Chaniá"), ("IE-L", "Dublin"), ("IE-M", "Cork"),
        ("IT-21", "Torino"), ("IT-23", "Aosta"), ("IT-25", "Milano"), ("IT-32", "Bolzano"), ("IT-34", "Venezia"), ("IT-36", "Trieste"),
        ("IT-42", "Genova"), ("IT-45", "Bologna"), ("IT-52", "Firenze"), ("IT-55", "Perugia"), ("IT-57", "Ancona"), ("IT-62", "Roma"),
        ("IT-65", "Pescara"), ("IT-67", "Campobasso"), ("IT-72", "Napoli"), ("IT-75", "Bari"), ("IT-77", "Potenza"),
        ("IT-78", "Catanzaro"), ("IT-82", "Palermo"), ("IT-88", "Cagliari"),
        ("LU-ES", "Esch-sur-Alzette"), ("LU-LU", "Luxembourg"),
        ("NL-DR", "Assen"), ("NL-FL", "Lelystad"), ("NL-FR", "Leeuwarden"), ("NL-GE", "Arnhem"), ("NL-GR", "Groningen"), ("NL-LI", "Maastricht"),
        ("NL-NB", "Eindhoven"), ("NL-NH", "Amsterdam"), ("NL-OV", "Zwolle"), ("NL-UT", "Utrecht"), ("NL-ZE", "Middelburg"),
        ("NL-ZH", "Rotterdam"),
        ("PT-01", "Aveiro"), ("PT-11", "Lisboa"), ("PT-13", "Porto"), ("PT-20", "Ponta Delgada"), ("PT-30", "Funchal"),
        ("CZ-64", "Brno"), ("HU-BU", "Budapest"), ("NO-46", "Bergen"), ("PL-12", "Kraków"), ("RO-CJ", "Cluj-Napoca"),
        ("SE-M", "Malmö"), ("FI-18", "Helsinki"), ("SK-BL", "Bratislava"), ("BG-22", "Sofia"), ("HR-17", "Split"), ("LT-VL", "Vilnius"),
        ("EE-37", "Tallinn"), ("CY-01", "Nicosia"), ("IS-1", "Reykjavík"), ("UA-46", "Lviv"),
    ],
)  # fmt: skip
def test_a_town_lies_in_its_region(code: str, written: str) -> None:
    town = towns.town(written, code[:2])
    assert (town and town.region) == code


def test_each_region_has_a_town_and_each_town_of_their_countries_a_region() -> None:
    everywhere = {town for same in towns.known().towns.values() for town in same}
    countries = {code[:2] for code in regions.known().regions}
    assert {town.region for town in everywhere} - {""} == set(regions.known().regions)
    assert all(town.region.startswith(town.country) for town in everywhere if town.region)
    assert {town.name for town in everywhere if town.country in countries and not town.region} == NOWHERE
    assert len(regions.known().divisions) == len(regions.known().regions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_within_a_country_each_region_has_a_name_of_its_own(language: str) -> None:
    for country in {code[:2] for code in regions.known().regions}:
        called = [one.name_in(language) for one in regions.of_country(country, language=language)]
        assert all(called)
        assert len(set(called)) == len(called), country


@pytest.mark.parametrize(
    ("language", "first", "called"),
    [
        ("en", "DE-BW", "North Rhine-Westphalia"), ("fr", "DE-BW", "Rhénanie-du-Nord-Westphalie"),
        ("nl", "DE-BW", "Noordrijn-Westfalen"), ("de", "DE-BW", "Nordrhein-Westfalen"),
    ],
)  # fmt: skip
def test_the_regions_of_a_country_are_listed_in_the_language_of_who_reads(
    language: str, first: str, called: str
) -> None:
    client = signed_in(a_member(language=language))
    rows = client.get("/api/regions/", {"country": "de"}, headers={"Accept-Language": language}).json()
    assert (len(rows), rows[0]["code"]) == (16, first)
    assert {"code": "DE-NW", "name": called} in rows


def test_a_country_without_regions_has_none_and_what_is_no_country_is_refused() -> None:
    client = signed_in(a_member())
    assert client.get("/api/regions/", {"country": "MT"}).json() == []
    for wrong in ("XX", "", "FRA", "\x00"):
        answer = client.get("/api/regions/", {"country": wrong})
        assert answer.status_code == 400
        assert answer.json()["fields"]["country"][0]["code"] == "unknown_country"
    assert APIClient().get("/api/regions/", {"country": "FR"}).status_code in (401, 403)


# -- who is found ----------------------------------------------------------------------------------------------------
def test_people_are_found_in_one_region_or_in_several() -> None:
    viewer = a_member("Viewer")
    a_member("Lyon", city="LYON", country="FR")
    a_member("Grenoble", city="Grenoble", country="FR")
    a_member("Rennes", city="Rennes", country="FR")
    a_member("Cologne", city="Keulen", country="DE")
    a_member("Unknown", city="Nowhere-on-Sea", country="FR")
    assert names(viewer, region="FR-ARA") == ["Grenoble", "Lyon"]
    assert names(viewer, region=["FR-ARA", "DE-NW"]) == ["Cologne", "Grenoble", "Lyon"]
    assert names(viewer, region="FR-BRE", country="FR") == ["Rennes"]
    assert names(viewer, region="FR-BRE", country="DE") == []
    found = signed_in(viewer).get("/api/members/map/", {"region": "DE-NW"}).json()
    assert [(town["country"], town["count"]) for town in found["towns"]] == [("DE", 1)]


@pytest.mark.parametrize("words", ["Brittany", "bretagne", "BRETAGNE rennes", "Berta Brittany"])
def test_the_name_of_a_region_is_a_place_to_search_by_in_any_language(words: str) -> None:
    viewer = a_member("Viewer", city="Ghent")
    a_member("Berta", city="Rennes", country="FR")
    a_member("Lena", city="Lyon", country="FR")
    assert names(viewer, search=words) == ["Berta"]
    assert names(viewer, search="Pays de la Loire") == []


@pytest.mark.parametrize("wrong", ["FR", "FR-XXX", "fr-ara", "84", "\x00", "FR-ARA,FR-BRE"])
def test_a_region_that_does_not_exist_is_refused(wrong: str) -> None:
    assert refused(a_member(), region=wrong) == {"region": ["invalid_choice"]}


def test_who_moves_is_found_in_the_region_where_they_live_now() -> None:
    ada = a_member("Ada", city="Ghent", country="BE")
    assert names(ada, region="BE-VLG") == ["Ada"]
    moved = signed_in(ada).patch("/api/me/", {"city": "Lyon", "country": "FR"}, format="json").json()
    assert moved["region"] == {"code": "FR-ARA", "name": "Auvergne-Rhône-Alpes"}
    assert (names(ada, region="BE-VLG"), names(ada, region="FR-ARA")) == ([], ["Ada"])
    assert signed_in(ada).patch("/api/me/", {"city": "Xyz"}, format="json").json()["region"] is None
    assert names(ada, region="FR-ARA") == []


def test_who_tells_those_abroad_nothing_of_their_town_tells_them_nothing_of_its_region() -> None:
    house, other = an_organisation(), an_organisation()
    shy = a_member("Shy", city="Lyon", country="FR", organisation=house, seen_abroad="work")
    at_home = a_member("Neighbour", city="Nice", country="FR", organisation=other)
    abroad = a_member("Stranger", city="Ghent", country="BE", organisation=other)
    region = {"code": "FR-ARA", "name": "Auvergne-Rhône-Alpes"}
    for viewer, found, told in ((at_home, ["Shy"], region), (abroad, [], None)):
        client = signed_in(viewer)
        assert names(viewer, search="Shy") == ["Shy"]
        assert names(viewer, region="FR-ARA") == found
        cards = client.get("/api/members/", {"search": "Shy"}).json()["results"]
        assert [card["region"] for card in cards] == [told]
        assert client.get(f"/api/members/{shy.pk}/").json()["region"] == told
        there = client.get("/api/members/map/", {"region": "FR-ARA"}).json()
        assert sum(town["count"] for town in there["towns"]) + there["elsewhere"] == len(found)


def test_those_who_were_there_before_regions_are_placed_in_theirs() -> None:
    for city, country in (("Lyon", "FR"), ("Ghent", "BE"), ("Nowhere-on-Sea", "FR"), ("Valletta", "MT")):
        a_member(city, city=city, country=country)
    Member.objects.update(region="")
    migration: Any = import_module("backend.members.migrations.0004_regions")
    migration.name_regions(apps, SimpleNamespace(connection=connection))
    placed = dict(Member.objects.exclude(region="").values_list("name", "region"))
    assert placed == {"Lyon": "FR-ARA", "Ghent": "BE-VLG"}
