"""What a place is worth where many want the same guide, and that suggestions say so."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from backend.members.models import Member
from backend.mentoring import actions, prices
from backend.mentoring.cohort_tasks import price_places
from backend.mentoring.models import PairDemand, PlacePrice
from backend.mentoring.people import PEOPLE
from backend.skills.models import Skill
from tests.cast import a_member, an_organisation, signed_in
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def rows(path: str) -> dict[str, dict[str, int]]:
    """By guide, the points of each part that a new mentee reads."""
    member = a_mentee("Reader", Skill.objects.get(key__startswith="VAT"))
    found = signed_in(member).get(path).json()["results"]
    return {one["member"]["name"]: {row["part"]: row["points"] for row in one["rows"]} for one in found}


def test_a_place_that_two_want_has_a_price_and_the_suggestions_say_so(vat: Skill) -> None:
    programme = a_programme(a_member("Cleo"))
    a_mentee("Ada", vat), a_mentee("Bo", vat)
    vera, sid = a_mentor("Vera", vat, places=1), a_mentor("Sid", places=5)
    before = rows("/api/suggestions/")
    price_places.call()
    assert {price.mentor for price in PlacePrice.objects.filter(programme=programme)} == {vera}
    after = rows("/api/suggestions/")
    assert "scarcity" not in before["Vera"]
    assert -100 <= after["Vera"]["scarcity"] < 0
    assert after["Sid"] == before["Sid"]
    assert sid.pk != vera.pk


def test_members_of_a_programme_see_its_prices_and_all_others_the_highest(vat: Skill) -> None:
    cleo = a_member("Cleo")
    ours, other = a_programme(cleo), a_programme(cleo, organisation=an_organisation())
    vera = a_mentor("Vera", vat, places=3)
    for programme, points in ((ours, 20), (other, 70)):
        prices.keep(programme, {vera.pk: points}, at=timezone.now())
    path, reader = f"/api/suggestions/{vera.pk}/?track=economic", a_mentee("Reads", vat)
    assert rows("/api/suggestions/?track=economic")["Vera"]["scarcity"] == -20
    assert points_of(reader, path) == -20
    assert rows("/api/suggestions/?track=social")["Vera"]["scarcity"] == -70
    ours.prices.all().delete()
    assert "scarcity" not in rows("/api/suggestions/?track=economic")["Vera"]
    assert points_of(reader, path) == 0


def points_of(reader: Member, path: str) -> int:
    """What scarcity takes where this member asks about one guide."""
    answer = signed_in(reader).get(path).json()
    return sum(row["points"] for row in answer["rows"] if row["part"] == "scarcity")


def test_the_price_goes_with_the_crowd(vat: Skill) -> None:
    programme = a_programme(a_member("Cleo"))
    a_mentee("Ada", vat), a_mentee("Bo", vat)
    vera = a_mentor("Vera", vat, places=1)
    a_mentor("Sid", places=5)
    price_places.call()
    assert PlacePrice.objects.exists()
    vera.guide_capacity = 3
    vera.changed_at = timezone.now()
    vera.save()
    price_places.call()
    assert not PlacePrice.objects.filter(programme=programme).exists()
    assert "scarcity" not in rows("/api/suggestions/")["Vera"]


def test_a_run_prices_places_too(vat: Skill) -> None:
    cleo = a_member("Cleo")
    a_mentee("Ada", vat), a_mentee("Bo", vat)
    a_mentor("Vera", vat, places=1), a_mentor("Sid", places=5)
    worked_out(a_programme(cleo), cleo)
    assert PlacePrice.objects.count() == 1


def test_demands_that_cannot_be_met_do_not_stop_the_pricing(vat: Skill) -> None:
    programme = a_programme(a_member("Cleo"))
    ada, _bo = a_mentee("Ada", vat), a_mentee("Bo", vat)
    a_mentor("Vera", vat, places=1), a_mentor("Sid", places=5)
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=a_member("No guide"), kind="kept")
    price_places.call()
    assert PlacePrice.objects.count() == 1


def test_a_request_renews_prices_once_an_hour(vat: Skill, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    asked: list[int] = []
    monkeypatch.setattr("django_tasks.base.Task.enqueue", lambda *_a, **_k: asked.append(1))
    for _ in range(3):
        request = actions.ask(
            mentee=a_member("Ada"), mentor=a_mentor("Vera", vat), track="social", wishes=[], message="Would you help me?", at=timezone.now()
        )  # fmt: skip
        actions.withdraw(request=request, by=request.mentee, at=timezone.now())
    assert asked == [1]
