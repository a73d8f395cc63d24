"""The journeys of the tracks: read by all in their language, written by coordinators, walked by two."""

from typing import Any

import pytest

from backend.mentoring.models import JourneyMark, JourneyStep, Programme
from backend.mentoring.starter_journeys import JOURNEYS, LANGUAGES, as_rows
from tests.cast import a_member, signed_in
from tests.mentoring.pair_cast import a_mentorship

pytestmark = pytest.mark.django_db


def a_step(**words: Any) -> dict[str, Any]:
    return {"week": 1, "names": {"en": "First"}, "abouts": {}, "questions": {"en": ["Why?"]}, "readings": {}} | words


def a_coordinator(track: str = "economic") -> Any:
    carla = a_member("Carla")
    assert carla.organisation is not None
    programme = Programme.objects.create(organisation=carla.organisation, name=track, track=track)
    programme.coordinators.add(carla)
    return signed_in(carla)


def write(client: Any, *steps: dict[str, Any], track: str = "economic", **words: Any) -> Any:
    wish = {"names": {"en": "My activity"}, "leads": {}, "steps": list(steps)} | words
    return client.put(f"/api/journeys/{track}/", wish, format="json")


def test_every_track_begins_with_a_journey_that_says_the_same_in_four_languages() -> None:
    told = signed_in(a_member()).get("/api/journeys/").json()
    assert [journey["track"] for journey in told] == ["social", "economic", "cooperative"]
    for journey in told:
        assert set(journey["names"]) == set(journey["leads"]) == set(LANGUAGES)
        for step in journey["steps"]:
            assert set(step["names"]) == set(step["abouts"]) == set(LANGUAGES)
            assert len({len(step["questions"][language]) for language in LANGUAGES}) == 1
            assert len({len(step["readings"].get(language, [])) for language in LANGUAGES}) == 1
        assert any(step["readings"] for step in journey["steps"])
    for track in JOURNEYS:
        weeks = [row["week"] for row in as_rows(track)[1]]
        assert weeks == sorted(weeks)


def test_the_two_read_what_there_is_to_read_at_a_step_in_their_own_language() -> None:
    mentorship = a_mentorship()
    page = (
        signed_in(mentorship.mentee)
        .get(f"/api/mentorships/{mentorship.pk}/together/", HTTP_ACCEPT_LANGUAGE="nl")
        .json()
    )
    (readings,) = [step["readings"] for step in page["steps"] if step["name"] == "Wat het kost"]
    vat = "https://europa.eu/youreurope/business/taxation/vat/vat-rules-rates/index_nl.htm"
    assert readings == [{"title": "Uw Europa: btw, regels en tarieven per land", "url": vat}]
    book = {"title": "The price of a day", "url": "https://example.org/day"}
    write(a_coordinator(), a_step(readings={"en": [book]}))
    page = (
        signed_in(mentorship.mentor)
        .get(f"/api/mentorships/{mentorship.pk}/together/", HTTP_ACCEPT_LANGUAGE="nl")
        .json()
    )
    # Nobody has written it in Dutch: it is read in English.
    assert [step["readings"] for step in page["steps"]] == [[book]]


def test_only_who_coordinates_the_track_writes_its_journey() -> None:
    carla = a_coordinator("social")
    assert [one["may"]["edit"] for one in carla.get("/api/journeys/").json()] == [True, False, False]
    assert write(carla, a_step(), track="social").status_code == 200
    refused = write(carla, a_step(), track="economic")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_coordinator")
    assert write(carla, a_step(), track="other").status_code == 404


def test_a_step_that_is_left_out_stays_with_those_who_have_walked_it() -> None:
    carla, mentorship = a_coordinator(), a_mentorship()
    made = write(carla, a_step(), a_step(names={"en": "Second", "fr": "Deuxième"})).json()["steps"]
    base = f"/api/mentorships/{mentorship.pk}/"
    ada = signed_in(mentorship.mentee)
    page = ada.put(f"{base}journey/{made[0]['id']}/", {"done": True}, format="json").json()
    assert [step["done_at"] is not None for step in page["steps"]] == [True, False]
    again = write(carla, made[1], a_step(names={"en": "New"})).json()["steps"]
    assert [step["names"]["en"] for step in again] == ["Second", "New"]
    page = ada.get(f"{base}together/", HTTP_ACCEPT_LANGUAGE="fr").json()
    assert sorted(step["name"] for step in page["steps"]) == ["Deuxième", "First", "New"]
    assert ada.put(f"{base}journey/{made[0]['id']}/", {"done": False}, format="json").status_code == 200
    assert not JourneyMark.objects.exists()
    assert ada.put(f"{base}journey/{made[0]['id']}/", {"done": True}, format="json").status_code == 404


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"names": {}}, "names", "required"),
        ({"names": {"es": "Mi actividad"}}, "names", "unknown_language"),
        ({"steps": [a_step(week=200)]}, "steps.0.week", "max_value"),
        ({"steps": [a_step(readings={"en": [{"title": "Law", "url": "javascript:x"}]})]}, "steps", "invalid"),
        ({"steps": [a_step(id=123456)]}, "steps", "not_found"),
    ],
)
def test_a_journey_that_cannot_be_read_is_refused(wish: dict[str, Any], field: str, code: str) -> None:
    before = list(JourneyStep.objects.filter(journey__track="economic").values_list("pk", "is_retired"))
    answer = write(a_coordinator(), **wish)
    assert answer.status_code == 400
    found = {name: [error["code"] for error in errors] for name, errors in answer.json()["fields"].items()}
    assert any(name.startswith(field) and code in codes for name, codes in found.items()), found
    assert list(JourneyStep.objects.filter(journey__track="economic").values_list("pk", "is_retired")) == before
