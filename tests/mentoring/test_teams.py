"""Who would complete a collective, over HTTP."""

from typing import Any

import pytest

from backend.collectives import actions as collectives
from backend.collectives.models import Collective
from backend.members.models import Block, FreeHours, Member, Offer, SpokenLanguage
from backend.mentoring import teams
from backend.mentoring.people import PEOPLE
from backend.skills.models import Skill
from tests.cast import a_member, a_skill, signed_in, utc

pytestmark = pytest.mark.django_db
NOW = utc(2026, 11, 23)


@pytest.fixture(autouse=True)
def _no_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    PEOPLE.forget()
    monkeypatch.setattr(teams, "SECONDS", float("inf"))


def someone(name: str, *skills: Skill, level: int = 4, **fields: Any) -> Member:
    """Speaks English and is free on Monday from nine to twelve."""
    member = a_member(name, **fields)
    Offer.objects.bulk_create(Offer(member=member, skill=skill, level=level) for skill in skills)
    SpokenLanguage.objects.create(member=member, code="en", level=5)
    FreeHours.objects.create(member=member, weekday=0, from_minute=540, until_minute=720)
    return member


def a_collective(member: Member) -> Collective:
    return collectives.found(member=member, name="Loom", purpose="", country="BE", city="", is_listed=True, at=NOW)


def asked(me: Member, collective: Collective, *skills: Skill, **more: Any) -> Any:
    body = {"needs": [{"skill": skill.pk} for skill in skills], "with_members": [me.pk]} | more
    return signed_in(me).post(f"/api/collectives/{collective.pk}/complete/", body, format="json")


def test_those_who_together_cover_what_is_lacking_are_proposed() -> None:
    sewing, dyeing, welding = a_skill("sewing"), a_skill("dyeing"), a_skill("welding")
    ada = someone("Ada", sewing)
    someone("Dora", dyeing, country="FR"), someone("Both", dyeing, country="DE"), someone("Sewer", sewing)
    answer = asked(ada, a_collective(ada), sewing, dyeing, welding)
    assert answer.status_code == 200
    team = answer.json()
    seats = {seat["person"]["name"]: [one["skill"]["name"] for one in seat["covers"]] for seat in team["seats"]}
    assert seats == {"Ada": ["sewing"], "Dora": ["dyeing"]}
    assert [one["person"]["name"] for one in team["seats"][1]["alternates"]] == ["Both"]
    assert [gap["skill"]["name"] for gap in team["gaps"]] == ["welding"]
    assert (team["language"], team["slot"], team["coverage"], team["is_proven"]) == ("en", 8, 66, True)


def test_levels_and_countries_are_kept() -> None:
    sewing = a_skill("sewing")
    ada = someone("Ada")
    someone("Learner", sewing, level=1, country="FR"), someone("Neighbour", sewing, level=5)
    collective = a_collective(ada)
    needs = [{"skill": sewing.pk, "level": 3}]
    assert [s["person"]["name"] for s in asked(ada, collective, needs=needs).json()["seats"]] == ["Ada", "Neighbour"]
    abroad = asked(ada, collective, sewing, countries=2).json()
    assert [seat["person"]["name"] for seat in abroad["seats"]] == ["Ada", "Learner"]


def test_hours_wished_for_are_those_of_whoever_asks_and_kept() -> None:
    sewing = a_skill("sewing")
    ada = someone("Ada", timezone="Europe/Helsinki")
    ada.free_hours.all().delete()
    someone("Monday", sewing)
    tuesday = someone("Tuesday", sewing)
    tuesday.free_hours.update(weekday=1)
    collective = a_collective(ada)

    def found(weekday: int, start: str, end: str) -> Any:
        answer = asked(ada, collective, sewing, free_hours=[{"weekday": weekday, "from": start, "until": end}])
        return answer.json() if answer.status_code != 200 else [
            *(seat["person"]["name"] for seat in answer.json()["seats"][1:]), answer.json()["slot"]
        ]  # fmt: skip

    # Nine in Brussels is ten in Helsinki, and eight in UTC.
    assert found(0, "10:00", "12:00") == ["Monday", 8]
    assert found(1, "08:00", "13:00") == ["Tuesday", 32]
    assert found(0, "09:00", "11:00") == [None]
    assert "too_short" in str(found(0, "10:30", "12:15"))
    assert "ends_before_start" in str(found(0, "12:00", "10:00"))


def test_whom_i_may_not_meet_or_do_not_want_is_not_proposed() -> None:
    sewing = a_skill("sewing")
    ada = someone("Ada")
    blocked, hidden, dismissed = someone("Bo", sewing), someone("Hid", sewing, seen_by="nobody"), someone("Cy", sewing)
    unwilling = someone("Di", sewing)
    Block.objects.create(by=blocked, whom=ada, created_at=NOW)
    ada.dismissals.create(person=dismissed, reason="other", created_at=NOW)
    unwilling.dismissals.create(person=ada, reason="other", created_at=NOW)
    team = asked(ada, a_collective(ada), sewing).json()
    assert [seat["person"]["name"] for seat in team["seats"]] == ["Ada"]
    assert hidden.pk


def test_only_members_may_ask_and_only_for_members() -> None:
    sewing = a_skill("sewing")
    ada, bo = someone("Ada"), someone("Bo")
    collective = a_collective(ada)
    assert asked(bo, collective, sewing).json()["code"] == "not_a_member"
    assert (
        asked(ada, collective, sewing, with_members=[bo.pk]).json()["fields"]["with_members"][0]["code"]
        == "not_a_member"
    )
    assert asked(ada, Collective(pk=10**9), sewing).status_code == 404


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"needs": []}, "needs"),
        ({"needs": [{"skill": 10**9}]}, "needs.0.skill"),
        ({"size": 7}, "size"),
        ({"size": "many"}, "size"),
        ({"language": "klingon"}, "language"),
        ({"with_members": list(range(1, 8))}, "with_members"),
        ({"with_members": [10**30]}, "with_members.0"),
    ],
)
def test_odd_calls_are_refused(more: dict[str, Any], field: str) -> None:
    ada = someone("Ada")
    answer = asked(ada, a_collective(ada), a_skill("sewing"), **more)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_the_same_skill_twice_is_refused() -> None:
    ada, sewing = someone("Ada"), a_skill("sewing")
    answer = asked(ada, a_collective(ada), sewing, sewing)
    assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["needs"])


def test_members_who_could_never_meet_are_told_so() -> None:
    ada, bo = someone("Ada"), someone("Bo")
    collective = a_collective(ada)
    collectives.invite(collective=collective, by=ada, guest=bo, at=NOW)
    collectives.accept_invitation(collective=collective, member=bo, at=NOW)
    FreeHours.objects.filter(member=bo).update(weekday=3)
    answer = asked(ada, collective, a_skill("sewing"), with_members=[ada.pk, bo.pk])
    assert (answer.status_code, answer.json()["code"]) == (409, "team_impossible")
