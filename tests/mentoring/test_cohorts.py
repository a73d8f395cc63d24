"""A coordinator has the pairs of a programme worked out, reads how good they are, and proposes them."""

import datetime as dt
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from backend.errors import Conflict, NotAllowed
from backend.members.models import Member, Offer, Want
from backend.mentoring import cohorts, programmes, publishing
from backend.mentoring.models import Cohort, PairDemand, Programme
from backend.mentoring.people import PEOPLE
from backend.notices.models import Notice
from backend.skills.models import Skill
from matching import Objective, assign, read_intake
from tests.cast import a_guide, a_member, a_skill, an_organisation, signed_in
from tests.mentoring.cast import a_mentorship

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def a_programme(coordinator: Member, **fields: Any) -> Programme:
    values = {"organisation": coordinator.organisation, "name": "Welcome", "track": "economic", "floor": 0}
    programme = Programme.objects.create(**(values | fields))
    programme.coordinators.add(coordinator)
    return programme


def a_mentee(name: str, *skills: Skill) -> Member:
    member = a_member(name)
    Want.objects.bulk_create(Want(member=member, skill=skill) for skill in skills)
    return member


def a_mentor(name: str, *skills: Skill, **fields: Any) -> Member:
    member = a_guide(name, **fields)
    Offer.objects.bulk_create(Offer(member=member, skill=skill, level=3) for skill in skills)
    return member


def worked_out(programme: Programme, by: Member, objective: str = "total") -> Cohort:
    asked = cohorts.ask_for(programme=programme, by=by, objective=objective, at=timezone.now())
    return cohorts.run(asked, clock=timezone.now)


def pairs(cohort: Cohort) -> set[tuple[str, str]]:
    seats = cohort.seats.filter(mentor__isnull=False).values_list("mentee__name", "mentor__name")
    return set(seats)


def test_everyone_gets_the_guide_who_knows_what_they_want(coordinator: Member, vat: Skill) -> None:
    sewing = a_skill("sewing")
    a_mentee("Ada", vat), a_mentee("Bo", sewing)
    a_mentor("Vera", vat, places=1), a_mentor("Sid", sewing, places=1)
    cohort = worked_out(a_programme(coordinator), coordinator)
    assert cohort.status == Cohort.Status.READY
    assert pairs(cohort) == {("Ada", "Vera"), ("Bo", "Sid")}
    assert cohort.certificate is not None
    assert (cohort.certificate["figures"]["matched"], cohort.certificate["gap"], cohort.certificate["unique"]) == (
        2,
        0,
        True,
    )


def test_who_finds_no_place_is_told_why(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentee("Bo", vat)
    a_mentor("Vera", vat, places=1)
    cohort = worked_out(a_programme(coordinator), coordinator)
    (without,) = cohort.seats.filter(mentor=None)
    assert without.why_empty == "full"


def test_the_stored_intake_gives_the_same_pairs_again(coordinator: Member, vat: Skill) -> None:
    for name in ("Ada", "Bo", "Cy"):
        a_mentee(name, vat)
    for name in ("Vera", "Vito"):
        a_mentor(name, vat, places=1)
    cohort = worked_out(a_programme(coordinator), coordinator)
    assert cohort.intake is not None
    assert cohort.certificate is not None
    again = assign(read_intake(cohort.intake), objective=Objective.TOTAL)
    assert again.certificate.digest == cohort.certificate["digest"]
    assert {(pair.mentee, pair.mentor) for pair in again.pairs} == set(
        cohort.seats.filter(mentor__isnull=False).values_list("mentee", "mentor")
    )


def test_two_people_can_be_kept_together_or_apart(coordinator: Member, vat: Skill) -> None:
    sewing = a_skill("sewing")
    ada, bo = a_mentee("Ada", vat), a_mentee("Bo", sewing)
    vera, sid = a_mentor("Vera", vat, places=1), a_mentor("Sid", sewing, places=1)
    programme = a_programme(coordinator)
    cohorts.demand(programme=programme, mentee=ada, mentor=sid, kind="kept", by=coordinator)
    assert ("Ada", "Sid") in pairs(worked_out(programme, coordinator))
    cohorts.demand(programme=programme, mentee=ada, mentor=sid, kind="excluded", by=coordinator)
    cohorts.demand(programme=programme, mentee=bo, mentor=sid, kind="excluded", by=coordinator)
    assert not {("Ada", "Sid"), ("Bo", "Sid")} & pairs(worked_out(programme, coordinator))
    assert vera.pk


def test_demands_that_cannot_be_met_are_named(coordinator: Member, vat: Skill) -> None:
    ada, full = a_mentee("Ada", vat), a_mentor("Vera", vat, places=1)
    programme = a_programme(coordinator)
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=full, kind="kept")
    Member.objects.filter(pk=full.pk).update(guide_paused=True)
    cohort = worked_out(programme, coordinator)
    assert (cohort.status, cohort.failure, cohort.failure_detail) == ("failed", "kept_impossible", "Ada – Vera")


def test_a_programme_is_matched_once_at_a_time_and_a_dead_run_makes_way(coordinator: Member) -> None:
    programme, now = a_programme(coordinator), timezone.now()
    first = cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=now)
    with pytest.raises(Conflict, match="cohort_running"):
        cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=now)
    later = now + dt.timedelta(minutes=11)
    second = cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=later)
    first.refresh_from_db()
    assert (first.status, first.failure, second.status) == ("failed", "interrupted", "waiting")
    assert cohorts.run(first, clock=timezone.now).status == "failed"


def test_a_cohort_is_worked_out_once_however_often_the_task_runs(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    cohort = worked_out(a_programme(coordinator), coordinator)
    assert cohorts.run(cohort, clock=timezone.now).status == "ready"
    assert cohort.seats.count() == 1


def test_a_run_that_was_given_up_while_it_was_worked_out_keeps_nothing(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    cohort = cohorts.ask_for(programme=a_programme(coordinator), by=coordinator, objective="total", at=timezone.now())

    def clock() -> dt.datetime:
        checking = Cohort.objects.filter(pk=cohort.pk, step=Cohort.Step.CHECKING)
        checking.update(status="failed", failure="interrupted")
        return timezone.now()

    given_up = cohorts.run(cohort, clock=clock)
    assert (given_up.status, given_up.failure, given_up.seats.count(), given_up.certificate) == (
        "failed", "interrupted", 0, None,
    )  # fmt: skip


def test_what_goes_wrong_leaves_the_published_cohort_alone(
    coordinator: Member, vat: Skill, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    published = publishing.publish(cohort=worked_out(programme, coordinator), by=coordinator, at=timezone.now())

    def breaks(*_args: Any, **_kwargs: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(cohorts, "assign", breaks)
    assert worked_out(programme, coordinator).status == "failed"
    published.refresh_from_db()
    assert published.status == "published"
    assert pairs(published) == {("Ada", "Vera")}


def test_a_cohort_that_fails_its_own_check_is_not_kept(
    coordinator: Member, vat: Skill, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    monkeypatch.setattr(cohorts, "assign", lambda *args, **kwargs: replace(assign(*args, **kwargs), pairs=()))
    cohort = worked_out(a_programme(coordinator), coordinator)
    assert (cohort.status, cohort.seats.count()) == ("failed", 0)


def test_publishing_proposes_each_guide_to_the_mentee_once(coordinator: Member, vat: Skill) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    cohort = worked_out(a_programme(coordinator), coordinator)
    with pytest.raises(NotAllowed, match="not_a_coordinator"):
        publishing.publish(cohort=cohort, by=a_member("Mallory"), at=timezone.now())
    publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    (notice,) = Notice.objects.filter(member=ada)
    assert (notice.kind, notice.data["person"]) == ("guide_proposed", {"id": vera.pk, "name": "Vera"})
    with pytest.raises(Conflict, match="not_ready"):
        publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())


def test_where_places_became_fewer_before_it_is_published_those_found_first_keep_them(
    coordinator: Member, vat: Skill
) -> None:
    people, vera = [a_mentee("Ada", vat), a_mentee("Ben", vat)], a_mentor("Vera", vat, places=2)
    cohort = worked_out(a_programme(coordinator), coordinator)
    Member.objects.filter(pk=vera.pk).update(guide_capacity=1)
    publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    seats = cohort.seats.order_by("pk")
    assert [seat.is_stale for seat in seats] == [False, True]
    told = Notice.objects.filter(member__in=people).values_list("member", flat=True)
    assert list(told) == [seats[0].mentee_id]


def test_whoever_found_a_guide_before_it_is_published_is_proposed_to_nobody(coordinator: Member, vat: Skill) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    cohort = worked_out(a_programme(coordinator), coordinator)
    a_mentorship(a_guide("Hedy"), ada)
    publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    assert [seat.is_stale for seat in cohort.seats.all()] == [True]
    assert not Notice.objects.filter(member__in=[ada, vera]).exists()


def test_a_programme_that_closed_meanwhile_proposes_nothing(coordinator: Member, vat: Skill) -> None:
    ada, _vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    cohort = worked_out(programme, coordinator)
    programmes.move(programme=programme, event="close", by=coordinator)
    with pytest.raises(Conflict, match="programme_closed"):
        publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    assert not Notice.objects.filter(member=ada).exists()


def test_only_coordinators_see_and_run_a_programme(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    theirs, others = signed_in(coordinator), signed_in(a_member("Mallory"))
    answer = theirs.post(f"/api/programmes/{programme.pk}/match/", {"objective": "total"}, format="json")
    assert answer.status_code == 201
    cohort = cohorts.run(Cohort.objects.get(pk=answer.json()["id"]), clock=timezone.now)
    addresses = [f"/api/programmes/{programme.pk}/", f"/api/cohorts/{cohort.pk}/", f"/api/cohorts/{cohort.pk}/seats/"]
    addresses.append(f"/api/cohorts/{cohort.pk}/record/")
    assert [theirs.get(address).status_code for address in addresses] == [200] * 4
    assert [others.get(address).status_code for address in addresses] == [404] * 4
    assert others.post(f"/api/programmes/{programme.pk}/match/").status_code == 404
    assert others.get("/api/programmes/").json() == []
    assert theirs.get("/api/programmes/").json()[0]["name"] == "Welcome"
    assert theirs.get(addresses[0]).json()["mentees"] == 1
    with pytest.raises(NotAllowed):
        cohorts.ask_for(programme=programme, by=a_member("Mallory"), objective="total", at=timezone.now())


def test_a_cohort_shows_its_quality_beside_two_plain_ways(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    cohort = worked_out(a_programme(coordinator), coordinator)
    quality = signed_in(coordinator).get(f"/api/cohorts/{cohort.pk}/").json()["quality"]
    assert quality["figures"]["matched"] == quality["greedy"]["matched"] == quality["by_lot"]["matched"] == 1
    seats = signed_in(coordinator).get(f"/api/cohorts/{cohort.pk}/seats/").json()["results"]
    assert [(seat["mentee"]["name"], seat["mentor"]["name"]) for seat in seats] == [("Ada", "Vera")]


@pytest.mark.parametrize("rows", [1, 3])
def test_seats_are_read_in_as_many_queries_however_many_there_are(
    coordinator: Member, vat: Skill, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        a_mentee(f"Ada {number}", vat)
    a_mentor("Vera", vat, places=3)
    cohort = worked_out(a_programme(coordinator), coordinator)
    client = signed_in(coordinator)
    with django_assert_num_queries(4):
        assert len(client.get(f"/api/cohorts/{cohort.pk}/seats/").json()["results"]) == rows


def test_members_of_other_organisations_guide_but_are_not_enrolled(coordinator: Member, vat: Skill) -> None:
    abroad = an_organisation(name="Elsewhere", country="FR")
    stranger = a_member("Zoé", organisation=abroad)
    Want.objects.create(member=stranger, skill=vat)
    a_mentee("Ada", vat), a_mentor("Vera", vat, organisation=abroad)
    assert pairs(worked_out(a_programme(coordinator), coordinator)) == {("Ada", "Vera")}


def test_the_command_shows_the_figures_and_refuses_an_unknown_programme(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme, out = a_programme(coordinator), StringIO()
    call_command("run_cohort", str(programme.pk), stdout=out)
    assert "proof by prices" in out.getvalue()
    with pytest.raises(CommandError, match=f"known: {programme.pk} \\(Welcome\\)"):
        call_command("run_cohort", "0")


def test_a_guide_who_said_little_is_paired_at_the_floor_that_programmes_have(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    assert Programme._meta.get_field("floor").default == 100
    assert pairs(worked_out(a_programme(coordinator, floor=100), coordinator)) == {("Ada", "Vera")}
    assert pairs(worked_out(a_programme(coordinator, floor=1000, name="Strict"), coordinator)) == set()


@pytest.mark.parametrize("objective", Cohort.Objective.values)
def test_the_record_of_every_objective_can_be_checked_by_whoever_has_it(
    coordinator: Member, vat: Skill, objective: str, tmp_path: Path
) -> None:
    for name in ("Ada", "Bo", "Cy"):
        a_mentee(name, vat)
    a_mentor("Vera", vat, places=1), a_mentor("Sid", vat, places=1)
    decides = "rankings" if objective == "own_rankings" else "points"
    cohort = worked_out(a_programme(coordinator, decides=decides), coordinator, objective)
    client, file, out = signed_in(coordinator), tmp_path / "record.json", StringIO()
    file.write_bytes(client.get(f"/api/cohorts/{cohort.pk}/record/").content)
    for record in (str(file), str(cohort.pk)):
        call_command("check_cohort", record, stdout=out)
    assert out.getvalue().count("This record holds") == 2
    quality = client.get(f"/api/cohorts/{cohort.pk}/").json()["quality"]
    assert (quality["plain"] is None) == (objective == "total")
    said = json.loads(file.read_text())
    said["cohort"]["figures"]["points"] += 1
    file.write_text(json.dumps(said))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("check_cohort", str(file))


def test_a_record_whose_seats_were_changed_does_not_hold(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    cohort = worked_out(a_programme(coordinator), coordinator)
    cohort.seats.update(mentor=a_mentor("Eve"))
    with pytest.raises(CommandError, match="the seats are not those of the record"):
        call_command("check_cohort", str(cohort.pk))


@pytest.mark.parametrize("record", ["0", "nowhere.json", __file__])
def test_what_is_no_record_is_refused(record: str) -> None:
    with pytest.raises(CommandError):
        call_command("check_cohort", record)
