"""A coordinator begins a programme, looks after who takes part, with tables in and out, and reads why this pair and not that one."""

from typing import Any

import pytest
from django.utils import timezone

from backend.errors import Conflict, Invalid, NotAllowed
from backend.members.models import Block, Member
from backend.mentoring import participants, programmes
from backend.mentoring.models import PairDemand, Participant, Programme
from backend.mentoring.people import PEOPLE
from backend.mentoring.weighing import weights_for
from backend.notices.models import Notice
from tests.cast import a_member, a_skill, an_organisation, signed_in
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, worked_out
from tests.mentoring.test_programmes import joined, likes

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def added(programme: Programme, member: Member, by: Member, role: str = "mentee") -> Participant:
    return participants.add(programme=programme, member=member, role=role, by=by, at=NOW)


def lines_of(refused: Invalid) -> list[tuple[int, str]]:
    return [(one["line"], one["code"]) for one in refused.extra["fields"]["table"]]


def test_whoever_coordinates_begins_another_programme_as_a_draft_that_only_they_see(coordinator: Member) -> None:
    abroad = an_organisation(name="Abroad", slug="abroad")
    client, wish = signed_in(coordinator), {"name": "Over the border", "track": "social", "partners": [abroad.pk]}
    assert client.post("/api/programmes/", wish, format="json").json()["code"] == "not_a_coordinator"
    a_programme(coordinator)
    answer = client.post("/api/programmes/", wish | {"takes": "joined", "questions": ["Why?"]}, format="json")
    made = answer.json()
    assert (answer.status_code, made["state"], made["may"], made["may_choose_track"]) == (
        201, "draft", ["open", "close"], True,
    )  # fmt: skip
    assert (made["partners"], made["takes"]) == ([{"id": abroad.pk, "name": "Abroad"}], "joined")
    refused = client.post("/api/programmes/", wish, format="json")
    assert refused.json()["fields"]["name"][0]["code"] == "name_taken"
    other = a_member("Bo", is_staff=True)
    assert signed_in(other).get(f"/api/programmes/{made['id']}/").status_code == 404
    assert list(programmes.offered_to(a_mentee("Ada", a_skill()))) == list(Programme.objects.filter(name="Welcome"))
    assert programmes.begin(by=other, name="Another", track="social", at=NOW).state == "draft"


def test_a_draft_weighs_nothing_for_anybody(coordinator: Member) -> None:
    programme = a_programme(coordinator, state="draft", weights={"hours": 50, "wishes": 550})
    assert weights_for(coordinator, "economic").hours == 100
    programmes.move(programme=programme, event="open", by=coordinator)
    assert weights_for(coordinator, "economic").hours == 50
    programmes.move(programme=programme, event="close", by=coordinator)
    assert weights_for(coordinator, "economic").hours == 100


def test_name_partners_and_track_are_changed_as_far_as_people_have_not_relied_on_them(coordinator: Member) -> None:
    abroad = an_organisation(name="Abroad", slug="abroad")
    programme, taken = a_programme(coordinator, state="draft"), a_programme(coordinator, name="Taken")
    home = coordinator.organisation
    assert home is not None
    changed = programmes.change(programme=programme, by=coordinator, track="social", partners=[abroad, home])
    assert (changed.track, list(changed.partners.all())) == ("social", [abroad])
    with pytest.raises(Invalid, match="invalid"):
        programmes.change(programme=programme, by=coordinator, name=taken.name)
    programmes.move(programme=programme, event="open", by=coordinator)
    programmes.change(programme=programme, by=coordinator, track="social", name="Welcome all")
    with pytest.raises(Conflict, match="track_settled"):
        programmes.change(programme=programme, by=coordinator, track="economic")
    with pytest.raises(NotAllowed, match="not_a_coordinator"):
        programmes.change(programme=programme, by=a_member("Bo"), name="Mine")


def test_who_is_added_or_removed_is_told_and_what_they_said_themselves_stays(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator, most_people=1, questions=["Why?"])
    client, url = signed_in(coordinator), f"/api/programmes/{programme.pk}/participants/"
    answer = client.post(url, {"member": ada.pk, "role": "mentee"}, format="json")
    assert (answer.status_code, answer.json()["member"]["name"], answer.json()["wished"]) == (201, "Ada", 0)
    assert list(Notice.objects.values_list("member", "kind")) == [(ada.pk, "programme_added")]
    likes(programme, ada, vera)
    added(programme, vera, coordinator, "mentor")
    foreign = a_mentee("Zoé", vat)
    Member.objects.filter(pk=foreign.pk).update(organisation=an_organisation(name="Far", slug="far"))
    foreign.refresh_from_db()
    for member, role, code in (
        (ada, "mentor", "already_joined"),
        (a_mentee("Bo", vat), "mentee", "programme_full"),
        (a_member("Cy"), "mentor", "no_guide_here"),
        (a_member("Di"), "mentee", "nothing_wanted"),
        (foreign, "mentee", "not_of_programme"),
    ):
        refused = client.post(url, {"member": member.pk, "role": role}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert [one["wished"] for one in client.get(url).json()["results"]] == [0, 1]
    gone = programme.participants.get(member=ada).pk
    assert signed_in(ada).delete(f"{url}{gone}/").status_code == 404
    assert client.delete(f"{url}{gone}/").status_code == 204
    assert client.delete(f"{url}{gone}/").status_code == 404
    assert Notice.objects.filter(member=ada, kind="programme_removed").count() == 1
    programmes.move(programme=programme, event="close", by=coordinator)
    with pytest.raises(Conflict, match="programme_not_open"):
        added(programme, ada, coordinator)
    with pytest.raises(Conflict, match="programme_closed"):
        participants.remove(programme=programme, participant=programme.participants.get().pk, by=coordinator, at=NOW)


def test_participants_are_found_by_part_wishes_and_name_in_as_many_queries_for_three_as_for_one(
    coordinator: Member, django_assert_num_queries: Any
) -> None:
    vat = a_skill("VAT return")
    programme, vera, vito = a_programme(coordinator), a_mentor("Vera", vat), a_mentor("Vito", vat)
    client, url = signed_in(coordinator), f"/api/programmes/{programme.pk}/participants/"

    def found(**query: str) -> list[str]:
        return [one["member"]["name"] for one in client.get(url, query).json()["results"]]

    ada, bo = a_mentee("Ada", vat), a_mentee("Bo", vat)
    joined(programme, ada)
    likes(programme, ada, vera, avoided=(vito,))
    assert found() == ["Ada"]
    with django_assert_num_queries(6):
        found()
    joined(programme, bo), joined(programme, vera, "mentor")
    likes(programme, bo, vito, vera)
    with django_assert_num_queries(6):
        assert found() == ["Ada", "Bo", "Vera"]
    assert found(role="mentor") == found(only="wished") == found(only="without_wishes") == ["Vera"]
    assert found(only="unwished", role="mentee") == ["Ada", "Bo"]
    assert found(only="avoiding") == found(q="ad") == ["Ada"]
    assert client.get(url, {"only": "x"}).status_code == 400
    row = client.get(url).json()["results"][0]
    assert {(one["whom"]["name"], one["rank"], one["reason"]) for one in row["wishes"]} == {
        ("Vito", None, "we share a flat"),
        ("Vera", 1, ""),
    }
    Block.objects.create(by=bo, whom=coordinator, created_at=NOW)
    assert found() == ["Ada", "Vera"]


def test_a_table_of_people_is_read_in_whole_or_not_at_all_and_names_every_bad_line(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, bo, vera = a_mentee("Ada", vat), a_mentee("Bo", vat), a_mentor("Vera", vat)
    silent = a_member("Cy")
    programme = a_programme(coordinator)
    joined(programme, bo)
    good = f"member,role,remark\n{ada.email.upper()},Mentee,x\n{vera.pk},mentor,\n{bo.pk},mentee,\n"
    bad = f"0,mentee,\nno@example.org,mentee,\n{silent.pk},mentee,\n{bo.pk},mentor,\n{silent.pk},boss,\n{'9' * 30},mentee,\n"
    with pytest.raises(Invalid) as refused:
        participants.read(programme=programme, table=good + bad, by=coordinator, at=NOW)
    assert lines_of(refused.value) == [
        (5, "unknown_person"), (6, "unknown_person"), (7, "nothing_wanted"), (8, "already_joined"),
        (9, "invalid_choice"), (10, "unknown_person"),
    ]  # fmt: skip
    assert (programme.participants.count(), Notice.objects.count()) == (1, 0)
    for table in ("name,role\nAda,mentee", "", "member;role\n" + "1;mentee\n" * 1001, 'member,role\n"' + "x" * 140_000):
        with pytest.raises(Invalid) as refused:
            participants.read(programme=programme, table=table, by=coordinator, at=NOW)
        assert refused.value.extra["fields"]["table"][0]["code"] == "table_unreadable"
    client, url = signed_in(coordinator), f"/api/programmes/{programme.pk}/participants/csv/"
    assert client.post(url, {"table": good}, format="json").json() == {"people": 2}
    assert set(Notice.objects.values_list("member", "kind")) == {
        (ada.pk, "programme_added"),
        (vera.pk, "programme_added"),
    }
    assert signed_in(ada).post(url, {"table": good}, format="json").status_code == 404


def test_the_table_of_participants_holds_no_address_and_no_formula_and_can_be_sent_back(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, vera, vito = a_mentee("=Ada", vat), a_mentor("@Vera", vat), a_mentor("Vito", vat)
    programme = a_programme(coordinator, most_wishes=2, questions=["-Why?"])
    joined(programme, ada, "mentee", "+1")
    likes(programme, ada, vera, avoided=(vito,))
    client, url = signed_in(coordinator), f"/api/programmes/{programme.pk}/participants/csv/"
    written = client.get(url).content.decode()
    assert written.splitlines() == [
        "member,name,role,joined,wish_1,wish_2,avoids,'-Why?",
        f"{ada.pk},'=Ada,mentee,{NOW.date().isoformat()},'@Vera,,Vito,'+1",
    ]
    programme.participants.all().delete()
    assert client.post(url, {"table": written}, format="json").json() == {"people": 1}


def test_a_coordinator_reads_the_wishes_the_points_and_the_conditions_of_any_pair(coordinator: Member) -> None:
    vat = a_skill("VAT return")
    ada, bo = a_mentee("Ada", vat), a_mentee("Bo", vat)
    vera, far = a_mentor("Vera", vat, places=1), a_mentor("Far", a_skill("sewing"), guides_economic=False)
    programme = a_programme(coordinator)
    joined(programme, ada), joined(programme, vera, "mentor")
    likes(programme, ada, vera)
    likes(programme, vera, ada, avoided=(bo,))
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=vera, kind="kept")
    cohort = worked_out(programme, coordinator)
    client, url = signed_in(coordinator), f"/api/cohorts/{cohort.pk}/"

    def why(mentee: Member, mentor: Member) -> Any:
        return client.get(f"{url}why/", {"mentee": mentee.pk, "mentor": mentor.pk}).json()

    given, apart, impossible = why(ada, vera), why(bo, vera), why(ada, far)
    assert (given["outcome"], given["demand"]) == ("given", "kept")
    assert sorted((one["by"], one["rank"]) for one in given["said"]) == [("mentee", 1), ("mentor", 1)]
    assert {one["part"]: one["most"] for one in given["parts"]}["wishes"] == 500
    assert (apart["outcome"], apart["said"]) == ("apart", [{"by": "mentor", "rank": None, "reason": "we share a flat"}])
    assert (impossible["outcome"], impossible["conditions"]) == ("impossible", ["track_not_offered"])
    assert [(one["person"]["name"], one["places"]) for one in client.get(f"{url}guides/").json()] == [("Vera", 1)]
    assert signed_in(ada).get(f"{url}guides/").status_code == 404
