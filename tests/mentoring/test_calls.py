"""Calling for help: who reads it, and what of it."""

from typing import Any

import pytest
from django.utils import timezone

from backend.conversations.models import Membership
from backend.errors import NotFound
from backend.members.models import Block, Member
from backend.mentoring import calls, coordinators, pulses
from backend.mentoring.models import HelpCall, Mentorship, Programme, Pulse
from backend.notices.models import Notice
from tests.cast import a_member, an_organisation, signed_in
from tests.mentoring.cast import NOW, a_mentorship

pytestmark = pytest.mark.django_db


def a_programme(coordinator: Member, track: str = "economic") -> Programme:
    made = Programme.objects.create(
        organisation=coordinator.organisation or an_organisation(), name=f"Start {track}", track=track
    )
    made.coordinators.add(coordinator)
    return made


def in_difficulty(pair: Mentorship) -> Pulse:
    """Ada said that it goes badly."""
    pulses.after_session(pair, at=NOW)
    asked = Pulse.objects.get(member=pair.mentee)
    return pulses.answer(pulse=asked, by=pair.mentee, going=2, need="understanding", at=NOW)


def call(pair: Mentorship, **wish: Any) -> Any:
    return signed_in(pair.mentee).post("/api/help-calls/", {"mentorship": pair.pk} | wish)


def test_who_is_in_difficulty_is_told_who_could_help() -> None:
    pair, cleo = a_mentorship(), a_member("Cleo")
    a_programme(cleo)
    pulses.after_session(pair, at=timezone.now())
    asked = Pulse.objects.get(member=pair.mentee)
    answer = signed_in(pair.mentee).post(f"/api/pulses/{asked.pk}/answer/", {"going": 2, "need": "direction"}).json()
    assert (answer["offers_help"], [one["name"] for one in answer["helpers"]]) == (True, ["Cleo"])
    assert not Notice.objects.filter(member=cleo).exists()
    fine = Pulse.objects.get(member=pair.mentor)
    answer = signed_in(pair.mentor).post(f"/api/pulses/{fine.pk}/answer/", {"going": 5, "need": "nothing"}).json()
    assert (answer["offers_help"], answer["helpers"]) == (False, [])


def test_coordinators_of_a_programme_that_another_organisation_shares_read_a_call_too() -> None:
    pair, abroad = a_mentorship(), an_organisation()
    far = a_member("Fay", organisation=abroad)
    programme = a_programme(far)
    assert call(pair, words="Help").json()["code"] == "no_coordinator"
    assert pair.mentee.organisation is not None
    programme.partners.add(pair.mentee.organisation)
    Programme.objects.filter(pk=programme.pk).update(state="draft")
    assert call(pair, words="Help").json()["code"] == "no_coordinator"
    Programme.objects.filter(pk=programme.pk).update(state="running")
    assert call(pair, words="Help").status_code == 201
    assert [one["words"] for one in signed_in(far).get("/api/help-calls/").json()["results"]] == ["Help"]


@pytest.mark.parametrize("shares_answers", [True, False])
@pytest.mark.parametrize("shares_partner", [True, False])
def test_a_coordinator_sees_what_the_member_shares_and_nothing_more(shares_answers: bool, shares_partner: bool) -> None:
    pair, cleo = a_mentorship(), a_member("Cleo")
    a_programme(cleo)
    in_difficulty(pair)
    made = call(pair, words="We talk past each other.", shares_answers=shares_answers, shares_partner=shares_partner)
    assert made.status_code == 201, made.json()
    seen = signed_in(cleo).get("/api/help-calls/").json()["results"][0]
    assert (seen["person"]["name"], seen["words"]) == ("Ada", "We talk past each other.")
    assert seen["answers"] == ({"going": 2, "need": "understanding"} if shares_answers else None)
    assert (seen["partner"] and seen["partner"]["name"]) == ("Grace" if shares_partner else None)
    assert seen["mentorship"] is None
    assert ("Grace" in str(seen)) == shares_partner
    told = Notice.objects.get(member=cleo)
    assert (told.kind, told.data["person"]["name"], "Grace" in str(told.data)) == ("help_called", "Ada", False)


def test_nobody_else_reads_it_the_other_one_and_administrators_neither() -> None:
    pair, cleo = a_mentorship(), a_member("Cleo")
    a_programme(cleo)
    number = call(pair, words="We talk past each other.").json()["id"]
    assert signed_in(cleo).get(f"/api/help-calls/{number}/").status_code == 200
    admin = a_member("Root", is_staff=True, is_superuser=True)
    a_programme(late := a_member("Late"), "social")
    for other in (pair.mentor, admin, late):
        client = signed_in(other)
        assert client.get("/api/help-calls/").json()["results"] == []
        for path in ("", "take/", "settle/", "withdraw/"):
            address = f"/api/help-calls/{number}/{path}"
            assert (client.post(address) if path else client.get(address)).status_code == 404


def test_it_goes_to_the_coordinators_of_the_track_else_to_any_at_home_and_never_to_the_two() -> None:
    pair = a_mentorship()
    assert call(pair).json()["code"] == "no_coordinator"
    a_programme(a_member("Far", organisation=an_organisation()))
    a_programme(a_member("Sol"), "social")
    assert [one.name for one in calls.helpers(pair, pair.mentee)] == ["Sol"]
    programme = a_programme(pair.mentor)
    programme.coordinators.add(a_member("Eve"), a_member("Bad"), a_member("Gone", is_active=False))
    Block.objects.create(by=Member.objects.get(name="Bad"), whom=pair.mentee, created_at=NOW)
    assert [one.name for one in calls.helpers(pair, pair.mentee)] == ["Eve"]
    shown = signed_in(pair.mentee).get(f"/api/mentorships/{pair.pk}/helpers/").json()
    assert [one["name"] for one in shown] == ["Eve"]
    assert signed_in(a_member("Nosy")).get(f"/api/mentorships/{pair.pk}/helpers/").status_code == 404


def test_one_of_them_takes_it_and_a_room_of_the_two_opens() -> None:
    pair, cleo, dora = a_mentorship(), a_member("Cleo"), a_member("Dora")
    a_programme(cleo).coordinators.add(dora)
    number = call(pair).json()["id"]
    taken = signed_in(cleo).post(f"/api/help-calls/{number}/take/").json()
    assert (taken["state"], taken["taken_by"]["name"], taken["may"]["settle"]) == ("taken", "Cleo", True)
    people = Membership.objects.filter(room=taken["room"]).values_list("member__name", flat=True)
    assert sorted(people) == ["Ada", "Cleo"]
    assert Notice.objects.get(member=pair.mentee).data["room"] == taken["room"]
    second = signed_in(dora).post(f"/api/help-calls/{number}/take/")
    assert (second.status_code, second.json()["code"]) == (409, "call_taken")
    assert signed_in(dora).get(f"/api/help-calls/{number}/").json()["room"] is None
    assert signed_in(dora).post(f"/api/help-calls/{number}/settle/").status_code == 404
    assert signed_in(cleo).post(f"/api/help-calls/{number}/settle/").json()["state"] == "settled"
    again = signed_in(cleo).post(f"/api/help-calls/{number}/settle/")
    assert (again.status_code, again.json()["code"]) == (409, "call_over")


def reads(coordinator: Member, number: int) -> bool:
    client = signed_in(coordinator)
    is_listed = [one["id"] for one in client.get("/api/help-calls/").json()["results"]] == [number]
    assert (client.get(f"/api/help-calls/{number}/").status_code == 200) == is_listed
    return is_listed


def test_who_looks_after_the_programme_no_more_reads_its_calls_no_more() -> None:
    pair, cleo, dora = a_mentorship(), a_member("Cleo"), a_member("Dora")
    programme = a_programme(cleo)
    programme.coordinators.add(dora)
    a_programme(dora, "social")
    number = call(pair, words="We talk past each other.").json()["id"]
    assert reads(cleo, number)
    assert reads(dora, number)
    # She looks after another one at home, for which she would not be chosen while there is Cleo.
    coordinators.let_go(programme=programme, member=dora.pk, by=cleo, at=NOW)
    assert (reads(cleo, number), reads(dora, number)) == (True, False)
    for path in ("take/", "settle/"):
        assert signed_in(dora).post(f"/api/help-calls/{number}/{path}").status_code == 404
    mine = signed_in(pair.mentee).get(f"/api/help-calls/{number}/").json()
    assert [one["name"] for one in mine["coordinators"]] == ["Cleo"]
    with pytest.raises(NotFound):
        calls.take(call=HelpCall.objects.get(pk=number), by=dora, at=NOW)


def test_nor_who_was_taken_from_it_by_another_door() -> None:
    pair, cleo = a_mentorship(), a_member("Cleo")
    programme = a_programme(cleo)
    number = call(pair).json()["id"]
    assert reads(cleo, number)
    programme.coordinators.remove(cleo)
    assert not reads(cleo, number)
    with pytest.raises(NotFound):
        calls.take(call=HelpCall.objects.get(pk=number), by=cleo, at=NOW)
    programme.coordinators.add(cleo)
    Programme.objects.update(organisation=an_organisation())
    assert not reads(cleo, number)


def test_what_is_taken_back_is_read_by_nobody_and_one_may_call_again() -> None:
    pair, cleo = a_mentorship(), a_member("Cleo")
    a_programme(cleo)
    number = call(pair, words="Never mind.").json()["id"]
    assert call(pair).json()["code"] == "already_called"
    made = HelpCall.objects.get(pk=number)
    with pytest.raises(NotFound):
        calls.withdraw(call=made, by=cleo, at=NOW)
    assert signed_in(pair.mentee).post(f"/api/help-calls/{number}/withdraw/").json()["state"] == "withdrawn"
    assert signed_in(cleo).get("/api/help-calls/").json()["results"] == []
    # Whoever had it before them a moment ago does not find out that it is still there.
    with pytest.raises(NotFound):
        calls.take(call=made, by=cleo, at=NOW)
    assert call(pair).status_code == 201
    assert HelpCall.objects.count() == 2


def test_nobody_calls_about_what_others_have() -> None:
    pair = a_mentorship()
    a_programme(a_member("Cleo"))
    answer = signed_in(a_member("Nosy")).post("/api/help-calls/", {"mentorship": pair.pk})
    assert (answer.status_code, answer.json()["fields"]["mentorship"][0]["code"]) == (400, "does_not_exist")


def test_lists_cost_the_same_with_one_call_and_with_three() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cleo, counts = a_member("Cleo"), []
    for names in (["Ann"], ["Ben", "Bob"]):
        for name in names:
            pair = a_mentorship(mentee=a_member(name))
            if not Programme.objects.exists():
                a_programme(cleo)
            call(pair, shares_answers=True, shares_partner=True)
        client = signed_in(cleo)
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/help-calls/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
