"""How a programme goes: the right counts, nobody's words, and as many queries for three as for one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.members.models import Block, Member
from backend.mentoring import health
from backend.mentoring.models import MentorshipRequest, Programme, Pulse
from tests.cast import a_guide, a_member, signed_in
from tests.mentoring.cast import a_mentorship, a_session_held
from tests.mentoring.test_cohorts import a_programme

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def days(many: int) -> dt.datetime:
    return NOW - dt.timedelta(days=many)


def a_request(mentor: Member, *, ago: int, status: str = "pending") -> MentorshipRequest:
    ended = None if status == "pending" else days(ago - 1)
    return MentorshipRequest.objects.create(
        mentee=a_member("Ada"), mentor=mentor, track="economic", message="My secret", status=status,
        created_at=days(ago), answered_at=ended,
    )  # fmt: skip


def counts(programme: Programme) -> health.Health:
    return health.health_of(programme, at=NOW)


def test_requests_that_wait_and_guides_who_are_silent_are_counted(coordinator: Member) -> None:
    programme, quick, slow = a_programme(coordinator), a_guide("Quinn"), a_guide("Sloane")
    a_request(quick, ago=1), a_request(slow, ago=4), a_request(slow, ago=20, status="expired")
    a_request(quick, ago=200, status="expired")
    found = counts(programme)
    assert (found["requests_waiting"], found["requests_waiting_long"], found["requests_lapsed"]) == (2, 1, 1)
    assert (found["guides"], found["silent_guides"]) == (2, 1)
    rows = health.guides_of(programme, by=coordinator, at=NOW, only="silent")
    assert [(one.person.name, one.waiting, one.silent) for one in rows] == [("Sloane", 1, 2)]


def test_pairs_who_do_not_meet_are_counted_once_they_have_had_time(coordinator: Member) -> None:
    programme, guide = a_programme(coordinator), a_guide()
    a_mentorship(guide, a_member("New"), started_at=days(10))
    a_mentorship(guide, a_member("Never"), started_at=days(60))
    a_session_held(a_mentorship(guide, a_member("Met"), started_at=days(60)), at=days(5))
    a_session_held(a_mentorship(guide, a_member("Once"), started_at=days(300)), at=days(200))
    a_mentorship(guide, a_member("Rests"), started_at=days(60), status="paused")
    a_mentorship(guide, a_member("Else"), started_at=days(60), track="social")
    found = counts(programme)
    assert (found["pairs"], found["pairs_paused"], found["pairs_without_session"]) == (4, 1, 2)


def test_pulses_are_counted_only_where_enough_people_answered(coordinator: Member) -> None:
    programme, guide = a_programme(coordinator), a_guide(places=9)
    for number in range(health.FEWEST_ASKED):
        mentorship = a_mentorship(guide, a_member(f"Ada {number}"), started_at=days(40))
        assert counts(programme)["pulses_that_need_care"] is None
        Pulse.objects.create(
            mentorship=mentorship, member=mentorship.mentee, occasion="first_month", asked_at=days(9),
            answered_at=days(8), going=1 if number < 2 else 5, need="nothing",
        )  # fmt: skip
    assert counts(programme)["pulses_that_need_care"] == 2


def test_health_is_for_coordinators_and_tells_nobodys_name_or_words_but_guides(coordinator: Member) -> None:
    programme, guide = a_programme(coordinator), a_guide("Sloane")
    asked = a_request(guide, ago=9)
    url = f"/api/programmes/{programme.pk}/health/"
    assert signed_in(guide).get(url).status_code == 404
    answer = signed_in(coordinator).get(url)
    assert answer.json()["guides"][0]["person"]["name"] == "Sloane"
    assert asked.message == "My secret"
    assert "My secret" not in answer.content.decode()
    assert '"Ada"' not in answer.content.decode()
    assert signed_in(coordinator).get(f"{url}?sort=height").status_code == 400
    Block.objects.create(by=guide, whom=coordinator, created_at=NOW)
    assert signed_in(coordinator).get(url).json()["guides"] == []


def test_the_table_of_guides_opens_in_a_spreadsheet_without_running_a_formula(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    a_request(a_guide("=SUM(A1)"), ago=9)
    answer = signed_in(coordinator).get(f"/api/programmes/{programme.pk}/health/csv/")
    lines = answer.content.decode().splitlines()
    assert lines == ["name,places,paused,running,waiting,silent,without_session", "'=SUM(A1),2,False,0,1,1,0"]


def test_health_takes_as_many_queries_for_three_guides_as_for_one(coordinator: Member) -> None:
    programme, client = a_programme(coordinator), signed_in(coordinator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/api/programmes/{programme.pk}/health/").status_code == 200
        return len(queries)

    def grow() -> None:
        guide = a_guide()
        a_request(guide, ago=5)
        a_mentorship(guide, a_member(), started_at=days(50))

    grow()
    first = asked()
    grow()
    grow()
    assert asked() == first
