"""Waiting for a guide: who is told first when a place frees, and for how long it is kept."""

import datetime as dt

import pytest

from backend.errors import Conflict, Refusal
from backend.members.actions import block
from backend.members.models import Member
from backend.mentoring import actions, deadlines, guiding, waiting
from backend.mentoring.asking import Further
from backend.mentoring.models import GuideWait, Mentorship, MentorshipRequest
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, signed_in, utc
from tests.mentoring.test_asking import at_once

pytestmark = pytest.mark.django_db

AT = utc(2026, 3, 2, 9)
DAY = dt.timedelta(days=1)


def a_request(mentee: Member, mentor: Member, at: dt.datetime = AT) -> MentorshipRequest:
    return actions.ask(
        mentee=mentee, mentor=mentor, track="economic", wishes=[], message="Can you help me?", at=at,
        further=Further(joins=False),
    )  # fmt: skip


def a_full_guide(name: str = "Grace") -> tuple[Member, Mentorship]:
    grace = a_guide(name, places=1)
    return grace, actions.accept(request=a_request(a_member("Guided"), grace), by=grace, at=AT)


def in_line(member: Member, mentor: Member | None, at: dt.datetime = AT, left_out: int = 0) -> GuideWait:
    return waiting.wait_for(member=member, mentor=mentor, track="economic", at=at, left_out=left_out)[0]


def test_a_place_that_frees_is_kept_for_who_has_waited_longest() -> None:
    (grace, running), ada, ben = a_full_guide(), a_member("Ada"), a_member("Ben")
    first, second = in_line(ada, grace), in_line(ben, grace, AT + DAY)
    actions.close(mentorship=running, by=grace, at=AT + 2 * DAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.offered, first.held_until) == ("offered", grace, AT + 5 * DAY)
    assert second.status == "waiting"
    # However often it is looked at, the one place is kept for one person.
    deadlines.keep(at=AT + 2 * DAY)
    second.refresh_from_db()
    assert second.status == "waiting"
    assert [one.kind for one in Notice.objects.filter(member=ada)] == ["guide_free"]
    with pytest.raises(Conflict) as kept:
        a_request(ben, grace, AT + 2 * DAY)
    assert kept.value.code == "place_kept"
    a_request(ada, grace, AT + 2 * DAY)
    first.refresh_from_db()
    assert first.status == "asked"


def test_who_was_left_out_before_comes_first() -> None:
    (grace, running), ada, ben, hedy = a_full_guide(), a_member("Ada"), a_member("Ben"), a_guide("Hedy")
    actions.decline(request=a_request(ben, hedy), by=hedy, reason="no_time", at=AT)
    early, late = in_line(ada, grace), in_line(ben, grace, AT + DAY)
    assert (early.left_out, late.left_out) == (0, 1)
    actions.close(mentorship=running, by=grace, at=AT + 2 * DAY)
    late.refresh_from_db()
    assert late.status == "offered"


def test_who_waits_in_a_track_is_offered_any_guide_who_fits() -> None:
    (_grace, running), ada = a_full_guide(), a_member("Ada")
    wait = in_line(ada, None)
    actions.close(mentorship=running, by=running.mentee, at=AT + DAY)
    wait.refresh_from_db()
    assert (wait.status, wait.offered) == ("offered", running.mentor)


def test_a_place_nobody_took_goes_to_the_next_however_often_the_task_runs() -> None:
    (grace, running), ada, ben = a_full_guide(), a_member("Ada"), a_member("Ben")
    first, second = in_line(ada, grace), in_line(ben, grace, AT + DAY)
    actions.close(mentorship=running, by=grace, at=AT + 2 * DAY)
    assert waiting.lapse_all(at=AT + 5 * DAY - dt.timedelta(seconds=1)) == 0
    assert waiting.lapse_all(at=AT + 5 * DAY) == 1
    assert waiting.lapse_all(at=AT + 5 * DAY) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("over", "offered")
    told = Notice.objects.filter(member=ada).order_by("pk")
    assert [one.kind for one in told] == ["guide_free", "guide_free_over"]


def test_a_request_that_waits_for_an_answer_comes_before_the_line() -> None:
    grace, ada, ben = a_guide("Grace", places=1), a_member("Ada"), a_member("Ben")
    asked, other = a_request(ada, grace), a_request(a_member("Guided"), grace)
    running = actions.accept(request=other, by=grace, at=AT)
    wait = in_line(ben, grace)
    actions.close(mentorship=running, by=grace, at=AT + DAY)
    wait.refresh_from_db()
    assert wait.status == "waiting"
    deadlines.keep(at=AT + 7 * DAY)
    wait.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.status, wait.status) == ("expired", "offered")


def test_who_has_found_a_guide_leaves_the_lines_of_that_track_and_the_place_kept_for_them_goes_to_the_next() -> None:
    (grace, running), (rosa, _running) = a_full_guide(), a_full_guide("Rosa")
    ada, ben, hedy = a_member("Ada"), a_member("Ben"), a_guide("Hedy")
    first, second = in_line(ada, grace), in_line(ben, grace, AT + DAY)
    elsewhere, _is_new = waiting.wait_for(member=ada, mentor=rosa, track="social", at=AT)
    actions.close(mentorship=running, by=grace, at=AT + 2 * DAY)
    actions.accept(request=a_request(ada, hedy, AT + 2 * DAY), by=hedy, at=AT + 2 * DAY)
    for wait in (first, second, elsewhere):
        wait.refresh_from_db()
    assert (first.status, second.status, elsewhere.status) == ("left", "offered", "waiting")


def test_whoever_is_blocked_is_passed_over_in_the_line_without_a_word() -> None:
    (grace, running), ada, ben = a_full_guide(), a_member("Ada"), a_member("Ben")
    in_line(ada, grace)
    second = in_line(ben, grace, AT + DAY)
    block(by=grace, whom=ada, at=AT + DAY)
    actions.close(mentorship=running, by=grace, at=AT + 2 * DAY)
    second.refresh_from_db()
    assert (second.status, GuideWait.objects.filter(member=ada, status="offered").count()) == ("offered", 0)
    assert not Notice.objects.filter(member=ada).exists()


def test_leaving_lets_a_kept_place_go_to_the_next() -> None:
    (grace, running), ada, ben = a_full_guide(), a_member("Ada"), a_member("Ben")
    first, second = in_line(ada, grace), in_line(ben, grace, AT + DAY)
    actions.close(mentorship=running, by=grace, at=AT + 2 * DAY)
    assert signed_in(ben).delete(f"/api/guide-waits/{first.pk}/").status_code == 404
    assert signed_in(ada).delete(f"/api/guide-waits/{first.pk}/").status_code == 204
    second.refresh_from_db()
    assert second.status == "offered"


def test_a_new_place_and_the_end_of_a_pause_are_offered_too() -> None:
    (grace, _running), ada, ben = a_full_guide(), a_member("Ada"), a_member("Ben")
    first, second = in_line(ada, grace), in_line(ben, grace, AT + DAY)
    guiding.set_guiding(member=grace, wish={"is_paused": True, "places": 3}, at=AT + DAY)
    first.refresh_from_db()
    assert first.status == "waiting"
    guiding.set_guiding(member=grace, wish={"is_paused": False}, at=AT + DAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("offered", "offered")


def test_one_waits_once_and_not_for_a_place_that_is_free() -> None:
    (grace, _running), hedy, ada = a_full_guide(), a_guide("Hedy"), a_member("Ada")
    wish = {"mentor": grace.pk, "track": "economic"}
    assert signed_in(ada).post("/api/guide-waits/", wish).json()["place"] == 1
    assert signed_in(ada).post("/api/guide-waits/", wish).status_code == 200
    assert GuideWait.objects.count() == 1
    free = signed_in(ada).post("/api/guide-waits/", {"mentor": hedy.pk, "track": "economic"})
    assert (free.status_code, free.json()["code"]) == (409, "place_free")
    mine = signed_in(ada).get(f"/api/members/{grace.pk}/guiding/").json()
    assert (mine["wait"], mine["may"]) == (
        GuideWait.objects.get().pk,
        {"ask": ["advice", "taster", "peer"], "wait": False},
    )


def test_a_sixth_line_is_refused() -> None:
    ada = a_member("Ada")
    for number in range(5):
        in_line(ada, a_full_guide(f"Guide {number}")[0])
    with pytest.raises(Refusal) as refused:
        in_line(ada, None)
    assert refused.value.code == "too_many_waits"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_one_place_for_one_person() -> None:
    (grace, running), people = a_full_guide(), [a_member(name) for name in ("Ada", "Ben", "Cleo")]
    for person in people:
        in_line(person, grace)
    actions.close(mentorship=running, by=grace, at=AT + DAY)
    late = AT + 5 * DAY
    assert at_once(lambda: waiting.lapse_all(at=late), lambda: waiting.lapse_all(at=late)) == ["done", "done"]
    assert sorted(GuideWait.objects.values_list("status", flat=True)) == ["offered", "over", "waiting"]
