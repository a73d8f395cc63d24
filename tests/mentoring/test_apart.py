"""A cohort brings nobody together who does not want it, cannot, or is together already; and looks again before it says so."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.members.models import Block, Member
from backend.mentoring import actions, cohorts, publishing
from backend.mentoring.cohort_tasks import price_places
from backend.mentoring.intake import intake_of
from backend.mentoring.models import Cohort, Dismissal, PairDemand, PlacePrice, Programme
from backend.mentoring.people import PEOPLE
from backend.notices.models import Notice
from backend.skills.models import Skill
from matching import verify
from tests.cast import a_member, a_skill, signed_in
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, pairs, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def blocks(ada: Member, vera: Member) -> None:
    Block.objects.create(by=vera, whom=ada, created_at=timezone.now())


def does_not_want(ada: Member, vera: Member) -> None:
    Dismissal.objects.create(member=ada, person=vera, reason="other", created_at=timezone.now())


def is_not_wanted(ada: Member, vera: Member) -> None:
    Dismissal.objects.create(member=vera, person=ada, reason="other", created_at=timezone.now())


def is_hidden(ada: Member, vera: Member) -> None:
    Member.objects.filter(pk=vera.pk).update(seen_by=Member.SeenBy.NOBODY, changed_at=timezone.now())


def has_asked(ada: Member, vera: Member) -> None:
    actions.ask(mentee=ada, mentor=vera, track="economic", wishes=[], message="Would you help me?", at=timezone.now())


def is_guided_elsewhere(ada: Member, vera: Member) -> None:
    request = actions.ask(
        mentee=ada, mentor=vera, track="social", wishes=[], message="Would you help me?", at=timezone.now()
    )
    actions.accept(request=request, by=vera, at=timezone.now())


@pytest.mark.parametrize(
    "happens",
    [blocks, does_not_want, is_not_wanted, is_hidden, has_asked, is_guided_elsewhere],
    ids=lambda it: it.__name__,
)
def test_two_people_are_not_paired_when(happens: Any, coordinator: Member, vat: Skill) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    a_mentor("Sid")
    programme = a_programme(coordinator)
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=a_mentor("Zed"), kind="excluded")
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Vera")}
    happens(ada, vera)
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Sid")}


@pytest.mark.parametrize("happens", [blocks, does_not_want, is_hidden], ids=lambda it: it.__name__)
def test_a_kept_pair_that_may_not_meet_cannot_be_kept_and_looks_like_any_other(
    happens: Any, coordinator: Member, vat: Skill
) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat, places=1)
    programme = a_programme(coordinator)
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=vera, kind="kept")
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Vera")}
    happens(ada, vera)
    cohort = worked_out(programme, coordinator)
    assert (cohort.status, cohort.failure, cohort.failure_detail) == ("failed", "kept_impossible", "Ada – Vera")


def leaves(ada: Member, vera: Member) -> None:
    Member.objects.filter(pk=vera.pk).update(is_active=False)


def pauses(ada: Member, vera: Member) -> None:
    Member.objects.filter(pk=vera.pk).update(guide_paused=True)


def no_longer_guides_here(ada: Member, vera: Member) -> None:
    Member.objects.filter(pk=vera.pk).update(guides_economic=False)


def wants_nothing_any_more(ada: Member, vera: Member) -> None:
    ada.wants.all().delete()


def are_to_stay_apart(ada: Member, vera: Member) -> None:
    PairDemand.objects.create(programme=Programme.objects.get(), mentee=ada, mentor=vera, kind="excluded")


def has_fewer_places(ada: Member, vera: Member) -> None:
    Member.objects.filter(pk=vera.pk).update(guide_capacity=0)


@pytest.mark.parametrize(
    "happens",
    [blocks, leaves, pauses, no_longer_guides_here, wants_nothing_any_more, are_to_stay_apart, has_fewer_places],
    ids=lambda it: it.__name__,
)
def test_a_pair_that_has_become_impossible_is_proposed_to_nobody(happens: Any, coordinator: Member, vat: Skill) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat, places=1)
    bo, _sid = a_mentee("Bo", sewing := a_skill("sewing")), a_mentor("Sid", sewing, places=1)
    cohort = worked_out(a_programme(coordinator), coordinator)
    assert pairs(cohort) == {("Ada", "Vera"), ("Bo", "Sid")}
    happens(ada, vera)
    publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    assert {notice.member.name: notice.kind for notice in Notice.objects.select_related("member")} == {
        "Bo": "guide_proposed",
        "Sid": "mentee_proposed",
    }
    assert list(cohort.seats.filter(is_stale=True).values_list("mentee__name", "why_empty")) == [("Ada", "")]
    assert bo.pk


def test_where_places_became_fewer_those_found_first_keep_theirs(coordinator: Member, vat: Skill) -> None:
    for name in ("Ada", "Bo", "Cy"):
        a_mentee(name, vat)
    vera = a_mentor("Vera", vat, places=3)
    cohort = worked_out(a_programme(coordinator), coordinator)
    Member.objects.filter(pk=vera.pk).update(guide_capacity=2)
    publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    assert list(cohort.seats.filter(is_stale=True).values_list("mentee__name", flat=True)) == ["Cy"]


def test_a_run_whose_worker_died_is_shown_as_interrupted_and_reading_it_writes_nothing(coordinator: Member) -> None:
    programme, long_ago = a_programme(coordinator), timezone.now() - dt.timedelta(minutes=11)
    cohort = cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=long_ago)
    client = signed_in(coordinator)
    shown = client.get(f"/api/cohorts/?programme={programme.pk}").json()["results"][0]
    assert (shown["status"], shown["failure"]) == ("failed", "interrupted")
    assert Cohort.objects.get(pk=cohort.pk).status == "waiting"
    assert client.post(f"/api/programmes/{programme.pk}/match/", {}, format="json").status_code == 201


def test_a_run_that_was_given_up_keeps_no_seats(
    coordinator: Member, vat: Skill, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)

    def slowly(*given: Any) -> tuple[str, ...]:
        Cohort.objects.update(status="failed", failure="interrupted")
        return verify(*given)

    monkeypatch.setattr(cohorts, "verify", slowly)
    cohort = worked_out(programme, coordinator)
    assert (cohort.status, cohort.seats.count()) == ("failed", 0)


def test_a_programme_that_cannot_be_priced_stops_no_other(coordinator: Member, vat: Skill) -> None:
    broken = a_programme(coordinator, name="Broken", weights={"wishes": -1})
    a_programme(coordinator)
    a_mentee("Ada", vat), a_mentee("Bo", vat)
    a_mentor("Vera", vat, places=1), a_mentor("Sid", places=5)
    with pytest.raises(ExceptionGroup) as caught:
        price_places.call()
    assert [failure.__notes__ for failure in caught.value.exceptions] == [[f"in programme {broken.pk}"]]
    assert PlacePrice.objects.count() == 1


def test_only_a_coordinator_drops_a_demand(coordinator: Member, vat: Skill) -> None:
    programme = a_programme(coordinator)
    made = PairDemand.objects.create(
        programme=programme, mentee=a_mentee("Ada", vat), mentor=a_mentor("Vera", vat), kind="kept"
    )
    path = f"/api/programmes/{programme.pk}/demands/{made.pk}/"
    assert signed_in(a_member("Eve")).delete(path).status_code == 404
    assert PairDemand.objects.exists()
    assert [signed_in(coordinator).delete(path).status_code for _ in range(2)] == [204, 204]
    assert not PairDemand.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_an_intake_is_read_in_as_many_queries_however_many_there_are(
    coordinator: Member, vat: Skill, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        a_mentee(f"Ada {number}", vat)
    a_mentor("Vera", vat, places=3)
    programme = a_programme(coordinator)
    PEOPLE.index(at=timezone.now())
    with django_assert_num_queries(23):
        intake_of(programme, 0, lambda *_progress: None, at=timezone.now())
