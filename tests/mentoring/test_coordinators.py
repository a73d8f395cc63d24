"""Who looks after a programme: named by who does already, let go, and never nobody."""

import pytest
from django.utils import timezone

from backend.errors import Conflict, NotAllowed
from backend.members import actions as members
from backend.members.models import Block, Member
from backend.mentoring import coordinators, programmes
from backend.mentoring.models import Programme
from backend.notices.models import Notice
from tests.cast import a_member, an_organisation, signed_in
from tests.mentoring.test_asking import at_once
from tests.mentoring.test_cohorts import a_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def cleo() -> Member:
    return a_member("Cleo")


def who(programme: Programme) -> list[str]:
    return sorted(programme.coordinators.values_list("name", flat=True))


def test_a_coordinator_names_another_who_is_told_and_sees_the_programme_from_then_on(cleo: Member) -> None:
    programme, bo = a_programme(cleo), a_member("Bo")
    url, page = f"/api/programmes/{programme.pk}/coordinators/", f"/api/programmes/{programme.pk}/"
    assert signed_in(bo).get(page).status_code == 404
    assert signed_in(bo).post(url, {"member": bo.pk}).status_code == 404
    for _time in range(2):
        answer = signed_in(cleo).post(url, {"member": bo.pk})
        assert (answer.status_code, [one["name"] for one in answer.json()["coordinators"]]) == (200, ["Bo", "Cleo"])
    assert list(Notice.objects.values_list("member", "kind")) == [(bo.pk, "coordinator_named")]
    assert signed_in(bo).get(page).status_code == 200
    Block.objects.create(by=bo, whom=cleo, created_at=NOW)
    assert [one["name"] for one in signed_in(cleo).get(page).json()["coordinators"]] == ["Cleo"]


def test_who_belongs_to_none_of_its_organisations_or_is_not_to_be_seen_is_not_named(cleo: Member) -> None:
    programme, abroad = a_programme(cleo), an_organisation(name="Abroad", slug="abroad")
    zoe, eve = a_member("Zoe", organisation=abroad), a_member("Eve")
    Block.objects.create(by=eve, whom=cleo, created_at=NOW)
    url = f"/api/programmes/{programme.pk}/coordinators/"
    answer = signed_in(cleo).post(url, {"member": zoe.pk})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_of_programme")
    assert signed_in(cleo).post(url, {"member": eve.pk}).status_code == 400
    programmes.change(programme=programme, by=cleo, partners=[abroad])
    assert signed_in(cleo).post(url, {"member": zoe.pk}).status_code == 200
    assert who(programme) == ["Cleo", "Zoe"]


def test_who_is_let_go_sees_it_no_more_and_the_last_one_stays(cleo: Member) -> None:
    programme, bo = a_programme(cleo), a_member("Bo")
    coordinators.name(programme=programme, member=bo, by=cleo, at=NOW)
    url = f"/api/programmes/{programme.pk}/coordinators/"
    assert signed_in(cleo).delete(f"{url}{a_member('Di').pk}/").status_code == 404
    assert signed_in(cleo).delete(f"{url}{bo.pk}/").status_code == 204
    assert Notice.objects.filter(member=bo).order_by("-pk")[0].kind == "coordinator_over"
    assert signed_in(bo).delete(f"{url}{cleo.pk}/").status_code == 404
    last = signed_in(cleo).delete(f"{url}{cleo.pk}/")
    assert (last.status_code, last.json()["code"], who(programme)) == (409, "last_coordinator", ["Cleo"])


def test_a_closed_programme_and_more_than_twenty_people_are_refused(
    cleo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme, bo, di = a_programme(cleo), a_member("Bo"), a_member("Di")
    monkeypatch.setattr(coordinators, "COORDINATORS_MOST", 2)
    coordinators.name(programme=programme, member=bo, by=cleo, at=NOW)
    with pytest.raises(Conflict, match="too_many_coordinators"):
        coordinators.name(programme=programme, member=di, by=cleo, at=NOW)
    programmes.move(programme=programme, event="close", by=cleo)
    with pytest.raises(Conflict, match="programme_closed"):
        coordinators.let_go(programme=programme, member=bo.pk, by=cleo, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_let_each_other_go_in_the_same_instant_one_stays(cleo: Member) -> None:
    programme, bo = a_programme(cleo), a_member("Bo")
    coordinators.name(programme=programme, member=bo, by=cleo, at=NOW)
    outcomes = at_once(
        lambda: coordinators.let_go(programme=programme, member=bo.pk, by=cleo, at=NOW),
        lambda: coordinators.let_go(programme=programme, member=cleo.pk, by=bo, at=NOW),
    )
    assert outcomes == ["done", "not_a_coordinator"]
    assert programme.coordinators.count() == 1


def test_who_leaves_the_cooperative_looks_after_nothing_any_more(cleo: Member) -> None:
    programme, bo = a_programme(cleo), a_member("Bo")
    coordinators.name(programme=programme, member=bo, by=cleo, at=NOW)
    members.close_account(member=bo, at=NOW)
    assert who(programme) == ["Cleo"]
    with pytest.raises(NotAllowed, match="not_a_coordinator"):
        coordinators.name(programme=programme, member=a_member("Di"), by=bo, at=NOW)
