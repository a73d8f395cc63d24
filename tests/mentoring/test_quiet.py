"""Pairs that have gone quiet: both are told, and what stays quiet ends; and the daily round that looks after it."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from backend.conversations.models import Room
from backend.mentoring import actions, quiet, relation, rounds
from backend.mentoring.models import Mentorship, MentorshipRequest, Pulse
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, signed_in
from tests.mentoring.cast import NOW, a_mentorship, a_session_held

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def told(pair: Mentorship, kind: str) -> int:
    return Notice.objects.filter(member__in=[pair.mentor, pair.mentee], kind=kind).count()


def days_told_and_ended() -> tuple[list[int], list[int]]:
    outcome = {day: quiet.look_after(at=NOW + day * DAY) for day in range(1, 140)}
    return [day for day, (some, _e) in outcome.items() if some], [day for day, (_t, ended) in outcome.items() if ended]


def test_a_quiet_pair_is_told_after_three_months_and_ends_two_weeks_later() -> None:
    pair = a_mentorship(started_at=NOW)
    assert days_told_and_ended() == ([91], [105])
    pair.refresh_from_db()
    assert (pair.status, pair.close_reason, pair.closed_by) == ("closed", "dormant", None)
    assert (told(pair, "mentorship_quiet"), told(pair, "mentorship_lapsed")) == (2, 2)
    assert set(Pulse.objects.values_list("occasion", flat=True)) == {"closing"}


def speaks(pair: Mentorship, at: dt.datetime) -> None:
    Room.objects.filter(pk=pair.room_id).update(last_event_at=at)


def meets(pair: Mentorship, at: dt.datetime) -> None:
    a_session_held(pair, at=at)


def answers(pair: Mentorship, at: dt.datetime) -> None:
    Pulse.objects.create(
        mentorship=pair, member=pair.mentee, occasion="regular", asked_at=at, answered_at=at, going=4, need="nothing"
    )


def goes_on(pair: Mentorship, at: dt.datetime) -> None:
    quiet.keep_on(mentorship=pair, by=pair.mentee, at=at)


def rests(pair: Mentorship, at: dt.datetime) -> None:
    relation.pause(mentorship=pair, by=pair.mentor, at=at - DAY)
    relation.resume(mentorship=pair, by=pair.mentor, at=at)


@pytest.mark.parametrize("sign", [speaks, meets, answers, goes_on, rests])
def test_any_sign_after_the_notice_keeps_it_and_counting_begins_anew(
    sign: Callable[[Mentorship, dt.datetime], None],
) -> None:
    pair = a_mentorship(started_at=NOW)
    assert quiet.look_after(at=NOW + 91 * DAY) == (1, 0)
    sign(pair, NOW + 100 * DAY)
    assert quiet.look_after(at=NOW + 110 * DAY) == (0, 0)
    pair.refresh_from_db()
    assert (pair.status, pair.quiet_told_at) == ("active", None)
    assert quiet.look_after(at=NOW + 191 * DAY) == (1, 0)
    assert quiet.look_after(at=NOW + 205 * DAY) == (0, 1)


@pytest.mark.parametrize("fields", [{"status": "paused"}, {"kind": "advice"}])
def test_what_rests_or_is_one_talk_does_not_end_by_being_quiet(fields: dict[str, str]) -> None:
    a_mentorship(None, None, started_at=NOW, **fields)
    assert days_told_and_ended() == ([], [])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_and_end_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "HANDFUL", 2)
    for n in range(4):
        a_mentorship(a_guide(f"Guide {n}"), a_member(f"Member {n}"), started_at=NOW)
    for step, kind in (("_tell", "mentorship_quiet"), ("_end", "mentorship_lapsed")):
        counts = _two_workers(monkeypatch, step, NOW + (91 if step == "_tell" else 105) * DAY)
        assert sum(sum(one) for one in counts) == 4
        assert Notice.objects.filter(kind=kind).count() == 8
    assert Mentorship.objects.filter(status="closed").count() == 4


def _two_workers(monkeypatch: pytest.MonkeyPatch, step: str, at: dt.datetime) -> list[tuple[int, int]]:
    """Both know what is due before either of them does anything."""
    together, began, counts = threading.Barrier(2), set[int](), list[tuple[int, int]]()
    do = getattr(quiet, step)

    def do_together(pks: Sequence[int], at: dt.datetime) -> int:
        if threading.get_ident() not in began:
            began.add(threading.get_ident())
            together.wait()
        return int(do(pks, at))

    def work() -> None:
        try:
            counts.append(quiet.look_after(at=at))
        finally:
            connection.close()

    with monkeypatch.context() as patched:
        patched.setattr(quiet, step, do_together)
        threads = [threading.Thread(target=work) for _worker in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return counts


def test_going_on_is_said_by_the_two_alone_and_while_it_lasts() -> None:
    pair = a_mentorship(started_at=NOW)
    Mentorship.objects.filter(pk=pair.pk).update(quiet_told_at=NOW)
    shown = signed_in(pair.mentee).get("/api/mentorships/").json()["results"][0]
    assert shown["ends_quietly_at"] == "2027-03-15T12:00:00Z"
    address = f"/api/mentorships/{pair.pk}/keep-on/"
    assert signed_in(a_member("Nosy")).post(address).status_code == 404
    assert signed_in(pair.mentor).post(address).status_code == 204
    assert signed_in(pair.mentee).get("/api/mentorships/").json()["results"][0]["ends_quietly_at"] is None
    actions.close(mentorship=pair, by=pair.mentor, at=NOW)
    late = signed_in(pair.mentor).post(address)
    assert (late.status_code, late.json()["code"]) == (409, "already_closed")


def test_a_round_is_asked_for_when_the_first_mentorship_begins_and_by_each_round_while_any_lasts() -> None:
    assert not DBTaskResult.objects.filter(task_path__endswith="make_round").exists()
    grace = a_guide("Grace")
    for name in ("Ada", "Ben"):
        request = actions.ask(
            mentee=a_member(name), mentor=grace, track="economic", wishes=[], message="Can you help?", at=NOW
        )
        actions.accept(request=request, by=grace, at=NOW)
    waiting = DBTaskResult.objects.filter(task_path__endswith="make_round", status="READY")
    assert [row.run_after for row in waiting] == [dt.datetime(2027, 3, 2, 5, tzinfo=dt.UTC)]
    waiting.update(status="RUNNING")
    rounds.make(at=NOW + 31 * DAY)
    assert Pulse.objects.count() == 4
    assert [row.run_after for row in waiting.all()] == [dt.datetime(2027, 4, 2, 5, tzinfo=dt.UTC)]
    waiting.update(status="RUNNING")
    for pair in Mentorship.objects.all():
        actions.close(mentorship=pair, by=grace, at=NOW + 32 * DAY)
    rounds.make(at=NOW + 33 * DAY)
    assert not waiting.all().exists()
    assert MentorshipRequest.objects.count() == 2
