"""How it goes: when it is asked, who reads the answer, and what a job does that runs twice, late, or beside another."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backend.errors import Conflict
from backend.members.models import Member
from backend.mentoring import pulses
from backend.mentoring.models import Mentorship, Pulse
from backend.notices.actions import tell_each
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, signed_in
from tests.mentoring.cast import NOW, a_mentorship

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def asked(member: Member) -> list[str]:
    return list(Pulse.objects.filter(member=member).order_by("pk").values_list("occasion", flat=True))


def test_both_are_asked_after_a_month_and_then_every_two_months() -> None:
    pair = a_mentorship(started_at=NOW)
    days = [day for day in range(160) if pulses.ask_all(at=NOW + day * DAY)]
    assert days == [30, 90, 150]
    for person in (pair.mentor, pair.mentee):
        # What nobody answered is asked no more: the last question is the only one that waits.
        assert asked(person) == ["regular"]
        assert Notice.objects.filter(member=person, kind="pulse_asked").count() == 3


def test_a_job_that_runs_twice_or_late_asks_once() -> None:
    pair = a_mentorship(started_at=NOW)
    late = NOW + 200 * DAY
    assert [pulses.ask_all(at=late), pulses.ask_all(at=late), pulses.ask_all(at=late + DAY)] == [1, 0, 0]
    assert asked(pair.mentee) == ["first_month"]


@pytest.mark.parametrize("fields", [{"status": "paused"}, {"status": "closed"}, {"kind": "advice"}, {"kind": "taster"}])
def test_what_rests_has_ended_or_was_one_talk_is_not_asked(fields: dict[str, Any]) -> None:
    a_mentorship(started_at=NOW, **fields)
    assert pulses.ask_all(at=NOW + 40 * DAY) == 0
    a_mentorship(a_guide("Gil"), a_member("Ben"), started_at=NOW)
    assert pulses.ask_all(at=NOW + 40 * DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_everyone_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulses, "HANDFUL", 3)
    pairs = [a_mentorship(a_guide(f"Guide {n}"), a_member(f"Member {n}"), started_at=NOW) for n in range(10)]
    both_know_who_is_due, counts = threading.Barrier(2), []
    ask, began = pulses._ask, set[int]()

    def ask_together(pks: Sequence[int], at: dt.datetime) -> int:
        if threading.get_ident() not in began:
            began.add(threading.get_ident())
            both_know_who_is_due.wait()
        return ask(pks, at)

    monkeypatch.setattr(pulses, "_ask", ask_together)

    def work() -> None:
        try:
            counts.append(pulses.ask_all(at=NOW + 30 * DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 10
    assert Pulse.objects.count() == Notice.objects.filter(kind="pulse_asked").count() == 2 * len(pairs)


def test_a_crash_in_the_middle_loses_nothing_and_asks_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulses, "HANDFUL", 2)
    for n in range(5):
        a_mentorship(a_guide(f"Guide {n}"), a_member(f"Member {n}"), started_at=NOW)
    told = tell_each

    def fails_at_the_second(*args: Any, **named: Any) -> None:
        told(*args, **named)
        if Pulse.objects.count() > 4:
            raise RuntimeError("the power is gone")

    monkeypatch.setattr(pulses, "tell_each", fails_at_the_second)
    with pytest.raises(RuntimeError):
        pulses.ask_all(at=NOW + 30 * DAY)
    assert Pulse.objects.count() == Notice.objects.count() == 4
    monkeypatch.setattr(pulses, "tell_each", told)
    assert pulses.ask_all(at=NOW + 31 * DAY) == 3
    assert Pulse.objects.count() == Notice.objects.count() == 10


def test_the_first_session_is_asked_about_once_and_not_beside_an_open_question() -> None:
    pair = a_mentorship(started_at=NOW)
    pulses.ask_all(at=NOW + 30 * DAY)
    waiting = Pulse.objects.get(member=pair.mentee)
    pulses.answer(pulse=waiting, by=pair.mentee, going=4, need="nothing", at=NOW + 31 * DAY)
    pulses.after_session(pair, at=NOW + 32 * DAY)
    pulses.after_session(pair, at=NOW + 33 * DAY)
    assert asked(pair.mentee) == ["first_month", "first_session"]
    assert asked(pair.mentor) == ["first_month"]


def test_at_the_end_both_are_asked_instead_of_what_waits_and_who_has_left_is_not() -> None:
    pair = a_mentorship(started_at=NOW)
    pulses.ask_all(at=NOW + 30 * DAY)
    Member.objects.filter(pk=pair.mentor.pk).update(is_active=False)
    pulses.at_closing(Mentorship.objects.get(pk=pair.pk), at=NOW + 35 * DAY)
    assert asked(pair.mentee) == ["closing"]
    assert asked(pair.mentor) == []


def test_a_member_answers_once_and_within_a_month() -> None:
    pair = a_mentorship(started_at=NOW)
    pulses.ask_all(at=NOW + 30 * DAY)
    mine, theirs = (Pulse.objects.get(member=one) for one in (pair.mentee, pair.mentor))
    pulses.answer(pulse=mine, by=pair.mentee, going=5, need="nothing", at=NOW + 31 * DAY)
    for pulse, by, code in ((mine, pair.mentee, "already_answered"), (theirs, pair.mentor, "pulse_over")):
        with pytest.raises(Conflict) as refused:
            pulses.answer(pulse=pulse, by=by, going=5, need="nothing", at=NOW + 60 * DAY)
        assert refused.value.code == code


def test_only_who_is_asked_sees_the_question_and_nobody_else_the_answer() -> None:
    started = timezone.now() - 31 * DAY
    pair = a_mentorship(started_at=started)
    pulses.ask_all(at=timezone.now())
    mine = signed_in(pair.mentee).get("/api/pulses/").json()["results"]
    assert [(row["person"]["name"], row["occasion"]) for row in mine] == [("Grace", "first_month")]
    address = f"/api/pulses/{mine[0]['id']}/answer/"
    wish = {"going": 1, "need": "another_guide"}
    admin = a_member("Root", is_staff=True, is_superuser=True)
    for other in (pair.mentor, admin):
        assert signed_in(other).post(address, wish).status_code == 404
    answer = signed_in(pair.mentee).post(address, wish)
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["pulse"]["going"], answer.json()["offers_help"]) == (1, False)
    for other in (pair.mentee, pair.mentor, admin):
        assert mine[0]["id"] not in [row["id"] for row in signed_in(other).get("/api/pulses/").json()["results"]]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"going": 0, "need": "nothing"}, "going"),
        ({"going": 6, "need": "time"}, "going"),
        ({"going": 3, "need": "x"}, "need"),
    ],
)
def test_odd_answers_are_refused(wish: dict[str, Any], field: str) -> None:
    pair = a_mentorship(started_at=timezone.now() - 31 * DAY)
    pulses.ask_all(at=timezone.now())
    pulse = Pulse.objects.get(member=pair.mentee)
    answer = signed_in(pair.mentee).post(f"/api/pulses/{pulse.pk}/answer/", wish)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_the_list_costs_the_same_with_one_question_and_with_three() -> None:
    from django.test.utils import CaptureQueriesContext

    ada, counts = a_member("Ada"), []
    for names in (["Gil"], ["Gus", "Gwen"]):
        for name in names:
            a_mentorship(a_guide(name), ada, started_at=timezone.now() - 31 * DAY)
        pulses.ask_all(at=timezone.now())
        client = signed_in(ada)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/api/pulses/").json()["results"]) == (3 if len(names) == 2 else 1)
        counts.append(len(queries))
    assert counts[0] == counts[1]
