"""A coordinator opens a programme, members join with answers and wishes, and everyone can read how it was decided."""

from typing import Any

import pytest
from django.utils import timezone

from backend.errors import Conflict, Invalid
from backend.members.models import Block, Member
from backend.mentoring import cohorts, demand_table, programmes, publishing
from backend.mentoring.deciding import decided_for
from backend.mentoring.lifecycle import PROGRAMMES
from backend.mentoring.models import Cohort, PairDemand, Participant, Programme
from backend.mentoring.people import PEOPLE
from backend.mentoring.why import why
from tests.cast import a_member, a_skill, an_organisation, signed_in
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, pairs, worked_out

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def joined(programme: Programme, member: Member, role: str = "mentee", *answers: str) -> Participant:
    return programmes.join(programme=programme, member=member, role=role, answers=answers, at=NOW)


def likes(programme: Programme, member: Member, *wanted: Member, avoided: tuple[Member, ...] = ()) -> None:
    said: list[dict[str, Any]] = [{"member": one, "reason": "we share a flat"} for one in avoided]
    programmes.wish(programme=programme, member=member, wanted=wanted, avoided=said)


def test_a_programme_goes_only_where_its_table_says(coordinator: Member) -> None:
    for state, events in PROGRAMMES.items():
        for event in ("open", "run", "close", "draft"):
            programme = a_programme(coordinator, name=f"{state} {event}", state=state)
            if event in events:
                moved = programmes.move(programme=programme, event=event, by=coordinator)
                assert moved.state == events[event]
            else:
                with pytest.raises(Conflict, match="programme_moved"):
                    programmes.move(programme=programme, event=event, by=coordinator)


def test_a_draft_is_neither_offered_nor_joined_nor_worked_out(coordinator: Member) -> None:
    ada = a_mentee("Ada", a_skill())
    programme = a_programme(coordinator, state="draft")
    assert list(programmes.offered_to(ada)) == []
    with pytest.raises(Conflict, match="programme_not_open"):
        joined(programme, ada)
    with pytest.raises(Conflict, match="programme_not_running"):
        cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=NOW)
    programmes.move(programme=programme, event="open", by=coordinator)
    assert list(programmes.offered_to(ada)) == [programme]
    assert joined(programme, ada).role == "mentee"


def test_only_those_who_joined_are_paired_where_one_joins(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    a_mentee("Bo", vat), a_mentor("Vito", vat)
    programme = a_programme(coordinator, takes="joined")
    joined(programme, ada), joined(programme, vera, "mentor")
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Vera")}


def test_members_of_a_partner_take_part_in_a_shared_programme(coordinator: Member) -> None:
    vat, abroad = a_skill("VAT return"), an_organisation(name="Abroad", slug="abroad")
    a_mentor("Vera", vat, places=1)
    ada = a_mentee("Ada", vat)
    Member.objects.filter(pk=ada.pk).update(organisation=abroad)
    ada.refresh_from_db()
    programme = a_programme(coordinator)
    assert list(programmes.offered_to(ada)) == []
    assert pairs(worked_out(programme, coordinator)) == set()
    programme.partners.add(abroad)
    assert list(programmes.offered_to(ada)) == [programme]
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Vera")}


def test_a_wish_turns_a_tie_and_who_is_avoided_is_never_given(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada = a_mentee("Ada", vat)
    guides = [a_mentor(name, vat, places=1) for name in ("Vera", "Vito", "Viv")]
    programme = a_programme(coordinator)
    joined(programme, ada)
    for guide in guides:
        likes(programme, ada, guide)
        assert pairs(worked_out(programme, coordinator)) == {("Ada", guide.name)}
    likes(programme, ada, avoided=tuple(guides[:2]))
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Viv")}
    likes(programme, ada, avoided=tuple(guides))
    assert pairs(worked_out(programme, coordinator)) == set()


def test_who_was_avoided_after_the_run_is_not_proposed(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    joined(programme, ada)
    cohort = worked_out(programme, coordinator)
    likes(programme, ada, avoided=(vera,))
    publishing.publish(cohort=cohort, by=coordinator, at=NOW)
    assert cohort.seats.get().is_stale


def test_joining_and_wishing_have_their_limits(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, bo, vera = a_mentee("Ada", vat), a_mentee("Bo", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator, most_people=1, most_wishes=1, questions=["Why?"])
    with pytest.raises(Conflict, match="not_joined"):
        likes(programme, ada, vera)
    assert joined(programme, ada, "mentee", " To learn ").answers == [{"question": "Why?", "answer": "To learn"}]
    assert joined(programme, ada, "mentee", "To live").answers == [{"question": "Why?", "answer": "To live"}]
    with pytest.raises(Conflict, match="programme_full"):
        joined(programme, bo)
    with pytest.raises(Conflict, match="no_guide_here"):
        joined(programme, bo, "mentor")
    with pytest.raises(Conflict, match="nothing_wanted"):
        joined(programme, a_member("Cy"))
    for wanted, avoided in (((vera, bo), ()), ((vera,), (vera,)), ((ada,), ())):
        with pytest.raises(Invalid):
            likes(programme, ada, *wanted, avoided=avoided)
    programmes.leave(programme=programme, member=ada)
    assert joined(programme, bo).member == bo


def test_a_coordinator_reads_why_not_that_one(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, bo = a_mentee("Ada", vat), a_mentee("Bo", vat)
    vera, vito = a_mentor("Vera", vat, places=1), a_mentor("Vito", vat, places=1)
    far = a_mentor("Far", a_skill("sewing"), guides_economic=False)
    programme = a_programme(coordinator)
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=vera, kind="kept")
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=vito, kind="excluded")
    cohort = worked_out(programme, coordinator)
    said = {name: why(cohort, who.pk, guide.pk).outcome for name, who, guide in (
        ("given", ada, vera), ("apart", ada, vito), ("full", bo, vera), ("impossible", bo, far),
    )}  # fmt: skip
    assert said == {name: name for name in said}
    client = signed_in(coordinator)
    answer = client.get(f"/api/cohorts/{cohort.pk}/why/?mentee={bo.pk}&mentor={vera.pk}")
    assert (answer.status_code, answer.json()["outcome"]) == (200, "full")
    assert signed_in(ada).get(f"/api/cohorts/{cohort.pk}/why/?mentee={bo.pk}&mentor={vera.pk}").status_code == 404


def test_members_read_how_it_was_decided_and_never_that_somebody_avoids_them(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera, vito = a_mentee("Ada", vat), a_mentor("Vera", vat), a_mentor("Vito", vat)
    programme = a_programme(coordinator, words_with_guide="{name}, write to {guide} {soon}.")
    joined(programme, ada), joined(programme, vito, "mentor")
    likes(programme, ada, vito, vera)
    likes(programme, vito, avoided=(ada,))
    assert signed_in(ada).get(f"/api/offered-programmes/{programme.pk}/decided/").status_code == 404
    cohort = worked_out(programme, coordinator)
    publishing.publish(cohort=cohort, by=coordinator, at=NOW)
    told = signed_in(ada).get(f"/api/offered-programmes/{programme.pk}/decided/").json()
    assert [one["name"] for one in told["people"]] == ["Vera"]
    assert told["words"] == "Ada, write to Vera {soon}."
    assert [(one["whom"]["name"], one["outcome"], one["for_mentee"] is None) for one in told["wishes"]] == [
        ("Vito", "impossible", True),
        ("Vera", "given", False),
    ]
    assert why(cohort, ada.pk, vito.pk).outcome == "apart"
    Block.objects.create(by=vera, whom=ada, created_at=NOW)
    assert decided_for(programme, ada)["people"] == []


def test_a_member_joins_and_wishes_over_http(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator, questions=["Why?"], words_on_joining="Welcome, {name}.")
    client, url = signed_in(ada), f"/api/offered-programmes/{programme.pk}/"
    (offered,) = client.get("/api/offered-programmes/").json()
    assert (offered["mine"], offered["may"]) == (
        None,
        {"join": True, "leave": False, "wish": False, "read_decision": False},
    )
    answer = client.post(f"{url}join/", {"role": "mentee", "answers": ["To learn"]}, format="json")
    assert (answer.json()["words"], answer.json()["may"]["wish"]) == ("Welcome, Ada.", True)
    answer = client.put(f"{url}wishes/", {"wanted": [vera.pk]}, format="json")
    assert [(one["whom"]["name"], one["rank"]) for one in answer.json()["mine"]["wishes"]] == [("Vera", 1)]
    (row,) = signed_in(coordinator).get(f"/api/programmes/{programme.pk}/participants/").json()["results"]
    assert row["answers"] == [{"question": "Why?", "answer": "To learn"}]
    assert client.get(f"/api/programmes/{programme.pk}/participants/").status_code == 404
    Block.objects.create(by=vera, whom=ada, created_at=NOW)
    assert client.put(f"{url}wishes/", {"wanted": [vera.pk]}, format="json").status_code == 400
    assert client.get(url).json()["mine"]["wishes"] == []
    assert client.post(f"{url}leave/").status_code == 204
    assert not programme.participants.exists()


def test_a_coordinator_sets_a_programme_up_and_moves_it(coordinator: Member) -> None:
    programme = a_programme(coordinator, state="draft")
    client, url = signed_in(coordinator), f"/api/programmes/{programme.pk}/"
    wish = {"about": "For starters", "questions": ["Why?"], "starts_on": "2027-01-01", "ends_on": "2027-06-30"}
    answer = client.patch(f"{url}settings/", wish, format="json")
    assert {name: answer.json()[name] for name in wish} == wish
    assert client.patch(f"{url}settings/", {"ends_on": "2026-12-31"}, format="json").status_code == 400
    assert client.post(f"{url}move/", {"event": "open"}, format="json").json()["may"] == ["run", "close"]
    assert client.post(f"{url}move/", {"event": "close"}, format="json").json()["state"] == "closed"
    refused = client.patch(f"{url}settings/", {"about": "Late"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "programme_closed")
    other = signed_in(a_member("Bo"))
    assert other.patch(f"{url}settings/", {"about": "Mine"}, format="json").status_code == 404


def test_notes_are_for_the_coordinators_of_a_programme(coordinator: Member) -> None:
    programme, other = a_programme(coordinator), a_member("Bo")
    url = f"/api/programmes/{programme.pk}/notes/"
    made = signed_in(coordinator).post(url, {"body": "Call Vera"}, format="json").json()
    programme.coordinators.add(other)
    assert [one["body"] for one in signed_in(other).get(url).json()] == ["Call Vera"]
    assert signed_in(other).delete(f"{url}{made['id']}/").status_code == 404
    assert signed_in(coordinator).delete(f"{url}{made['id']}/").status_code == 204
    assert signed_in(a_member("Cy")).get(url).status_code == 404


def test_a_table_of_demands_is_read_in_whole_or_not_at_all(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera, vito = a_mentee("Ada", vat), a_mentor("Vera", vat), a_mentor("Vito", vat)
    programme = a_programme(coordinator)
    good = f"mentee;mentor;kind\n{ada.email};{vera.email};kept\n"
    bad = f"{ada.email};nobody@example.org;kept\n{ada.email};{ada.email};kept\n{ada.email};{vito.email};x\n"
    bad += f"{ada.email};{vera.email};excluded\n"
    with pytest.raises(Invalid) as refused:
        demand_table.read(programme=programme, table=good + bad, by=coordinator)
    assert [(one["line"], one["code"]) for one in refused.value.extra["fields"]["table"]] == [
        (3, "unknown_person"),
        (4, "oneself"),
        (5, "invalid_choice"),
        (6, "kept_and_apart"),
    ]
    with pytest.raises(Invalid):
        demand_table.read(programme=programme, table="a,b\n1,2", by=coordinator)
    assert not programme.demands.exists()
    client, url = signed_in(coordinator), f"/api/programmes/{programme.pk}/demands/csv/"
    assert client.post(url, {"table": good}, format="json").json() == {"demands": 1}
    written = client.get(url).content.decode()
    assert written.splitlines() == ["mentee,mentor,kind", f"{ada.email},{vera.email},kept"]
    assert demand_table.read(programme=programme, table=written, by=coordinator) == 1


def test_an_address_that_looks_like_a_formula_is_written_harmless_and_read_again(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    Member.objects.filter(pk=ada.pk).update(email="=cmd@example.org")
    programme = a_programme(coordinator)
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=vera, kind="kept")
    written = signed_in(coordinator).get(f"/api/programmes/{programme.pk}/demands/csv/").content.decode()
    assert written.splitlines()[1] == f"'=cmd@example.org,{vera.email},kept"
    programme.demands.all().delete()
    assert demand_table.read(programme=programme, table=written, by=coordinator) == 1
    assert programme.demands.get().mentee == ada


def test_how_it_was_decided_stays_to_be_read_by_those_concerned_when_a_programme_is_closed(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    cohort = worked_out(programme, coordinator)
    programmes.move(programme=programme, event="close", by=coordinator)
    assert list(programmes.offered_to(ada)) == []
    Programme.objects.filter(pk=programme.pk).update(state="open")
    publishing.publish(cohort=cohort, by=coordinator, at=NOW)
    programmes.move(programme=programme, event="close", by=coordinator)
    assert list(programmes.offered_to(a_member("Cy"))) == []
    for who, whom in ((ada, "Vera"), (vera, "Ada")):
        (offered,) = signed_in(who).get("/api/offered-programmes/").json()
        assert (offered["state"], offered["may"]["read_decision"], offered["may"]["join"]) == ("closed", True, False)
        told = signed_in(who).get(f"/api/offered-programmes/{programme.pk}/decided/").json()
        assert [one["name"] for one in told["people"]] == [whom]


def test_the_same_wishes_give_the_same_hash_and_the_same_pairs(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    joined(programme, ada)
    likes(programme, ada, vera)
    for _ in range(2):
        asked = cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=NOW)
        Cohort.objects.filter(pk=asked.pk).update(seed=7)
        assert pairs(cohorts.run(asked, clock=timezone.now)) == {("Ada", "Vera")}
    assert len(set(Cohort.objects.values_list("certificate__digest", flat=True))) == 1
