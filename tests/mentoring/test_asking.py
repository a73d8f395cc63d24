"""Requests that get answered: ways to be guided, next choices, deadlines, and one yes to a wish."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backend.errors import Conflict, Refusal
from backend.members.actions import block
from backend.members.models import Member
from backend.mentoring import actions, deadlines, open_hours, parting, waiting
from backend.mentoring.asking import Further, choose_next, expire
from backend.mentoring.models import Guiding, Kind, Mentorship, MentorshipRequest
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, signed_in, utc

pytestmark = pytest.mark.django_db

AT = utc(2026, 3, 2, 9)
DAY = dt.timedelta(days=1)


def a_request(
    mentee: Member, mentor: Member, *choices: Member, kind: str = Kind.SPONSORSHIP, track: str = "economic", **more: Any
) -> MentorshipRequest:
    at = more.pop("at", AT)
    return actions.ask(
        mentee=mentee, mentor=mentor, track=track, wishes=[], message="Can you help me?", at=at, kind=kind,
        further=Further(choices=choices, **more),
    )  # fmt: skip


def told(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def status(request: MentorshipRequest) -> str:
    request.refresh_from_db()
    return request.status


def test_one_yes_settles_the_wish_and_the_others_are_withdrawn() -> None:
    ada, grace, hedy, rosa = a_member("Ada"), a_guide("Grace"), a_guide("Hedy"), a_guide("Rosa")
    first, second = a_request(ada, grace), a_request(ada, hedy)
    elsewhere = a_request(ada, rosa, track="social")
    actions.accept(request=second, by=hedy, at=AT)
    assert (status(first), first.why_withdrawn, status(elsewhere)) == ("withdrawn", "settled", "pending")
    assert told(grace) == ["request_received", "request_settled"]
    with pytest.raises(Conflict) as late:
        actions.accept(request=first, by=grace, at=AT)
    assert late.value.code == "not_pending"


def test_a_wish_of_its_own_is_not_settled_by_another() -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    first, second = a_request(ada, grace), a_request(ada, hedy, joins=False)
    actions.accept(request=second, by=hedy, at=AT)
    assert status(first) == "pending"


def test_a_no_goes_on_to_the_next_choice_in_the_same_words() -> None:
    ada, grace, hedy, rosa = a_member("Ada"), a_guide("Grace"), a_guide("Hedy"), a_guide("Rosa")
    request = a_request(ada, grace, hedy, rosa)
    actions.decline(request=request, by=grace, reason="no_time", at=AT + DAY)
    fresh = MentorshipRequest.objects.get(mentor=hedy)
    assert (fresh.message, fresh.wish, fresh.created_at) == ("Can you help me?", request, AT + DAY)
    assert told(ada) == ["request_declined", "request_passed_on"]
    actions.decline(request=fresh, by=hedy, reason="no_time", at=AT + 2 * DAY)
    assert MentorshipRequest.objects.get(mentor=rosa).status == "pending"
    assert [one.outcome for one in request.next_choices.all()] == ["asked", "asked"]


def test_a_next_choice_who_cannot_be_asked_is_passed_over_without_a_word() -> None:
    ada, grace, hedy, rosa = a_member("Ada"), a_guide("Grace"), a_guide("Hedy"), a_guide("Rosa")
    request = a_request(ada, grace, hedy, rosa)
    block(by=hedy, whom=ada, at=AT)
    actions.decline(request=request, by=grace, reason="no_time", at=AT + DAY)
    assert [one.mentor.name for one in MentorshipRequest.objects.filter(status="pending")] == ["Rosa"]
    assert told(hedy) == []


def test_who_is_silent_is_reminded_once_after_three_days() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    a_request(ada, grace)
    assert deadlines.remind_all(at=AT + 3 * DAY - dt.timedelta(seconds=1)) == 0
    assert deadlines.remind_all(at=AT + 3 * DAY) == 1
    assert deadlines.remind_all(at=AT + 4 * DAY) == 0
    assert told(grace) == ["request_received", "request_reminder"]


def test_after_seven_days_a_request_is_over_and_goes_on() -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    request = a_request(ada, grace, hedy)
    assert deadlines.expire_all(at=AT + 7 * DAY - dt.timedelta(seconds=1)) == 0
    deadlines.keep(at=AT + 7 * DAY)
    assert status(request) == "expired"
    assert told(ada) == ["request_expired", "request_passed_on"]
    assert told(grace) == ["request_received", "request_missed"]
    assert told(hedy) == ["request_received"]
    # The next one has seven days of their own, whenever the task came.
    assert MentorshipRequest.objects.get(mentor=hedy).created_at == AT + 7 * DAY


def test_a_request_that_is_looked_at_too_early_or_was_answered_meanwhile_does_not_run_out() -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    early, answered = a_request(ada, grace), a_request(ada, hedy, track="social")
    assert not expire(request=early, at=AT + 7 * DAY - dt.timedelta(seconds=1))
    actions.decline(request=answered, by=hedy, reason="no_time", at=AT + DAY)
    assert not expire(request=answered, at=AT + 7 * DAY)
    assert (status(early), status(answered)) == ("pending", "declined")


def test_a_task_that_comes_late_and_twice_does_everything_once() -> None:
    people = [(a_member(f"Mentee {one}"), a_guide(f"Guide {one}")) for one in range(3)]
    for mentee, mentor in people:
        a_request(mentee, mentor)
    deadlines.keep(at=AT + 40 * DAY)
    deadlines.keep(at=AT + 40 * DAY)
    assert MentorshipRequest.objects.filter(status="expired").count() == 3
    for mentee, mentor in people:
        assert (told(mentee), told(mentor)) == (["request_expired"], ["request_received", "request_missed"])


def test_an_answer_after_the_deadline_is_refused() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    request = a_request(ada, grace)
    deadlines.keep(at=AT + 7 * DAY)
    answer = signed_in(grace).post(f"/api/mentorship-requests/{request.pk}/accept/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_pending")


def test_withdrawing_the_last_request_forgets_the_next_choices() -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    request = a_request(ada, grace, hedy)
    actions.withdraw(request=request, by=ada, at=AT)
    assert not request.next_choices.exists()
    assert told(hedy) == []


def test_only_the_mentee_sees_and_changes_who_is_next() -> None:
    ada, grace, hedy, rosa = a_member("Ada"), a_guide("Grace"), a_guide("Hedy"), a_guide("Rosa")
    wish = {"mentor": grace.pk, "track": "economic", "message": "My first VAT return.", "next_choices": [hedy.pk]}
    made = signed_in(ada).post("/api/mentorship-requests/", wish).json()
    assert [one["mentor"]["name"] for one in made["next_choices"]] == ["Hedy"]
    theirs = signed_in(grace).get(f"/api/mentorship-requests/{made['id']}/").json()
    assert theirs["next_choices"] == []
    path = f"/api/mentorship-requests/{made['id']}/next-choices/"
    changed = signed_in(ada).put(path, {"next_choices": [rosa.pk, hedy.pk]}).json()
    assert [one["mentor"]["name"] for one in changed["next_choices"]] == ["Rosa", "Hedy"]
    assert signed_in(grace).put(path, {"next_choices": []}).status_code == 404
    request = MentorshipRequest.objects.get(pk=made["id"])
    actions.withdraw(request=request, by=ada, at=timezone.now())
    with pytest.raises(Conflict):
        choose_next(request=request, by=ada, choices=[rosa], at=timezone.now())


@pytest.mark.parametrize(("which", "code"), [("mentor", "oneself"), ("me", "oneself"), ("twice", "named_twice")])
def test_next_choices_are_other_people_named_once(which: str, code: str) -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    choices = {"mentor": [grace.pk], "me": [ada.pk], "twice": [hedy.pk, hedy.pk]}[which]
    wish = {"mentor": grace.pk, "track": "economic", "message": "My first VAT return.", "next_choices": choices}
    answer = signed_in(ada).post("/api/mentorship-requests/", wish)
    assert (answer.status_code, answer.json()["fields"]["next_choices"][0]["code"]) == (400, code)


def test_six_next_choices_are_one_too_many() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    with pytest.raises(Refusal) as refused:
        a_request(ada, grace, *[a_guide(f"Guide {one}") for one in range(6)])
    assert refused.value.extra["fields"]["next_choices"][0]["code"] == "too_many_choices"


def test_a_talk_takes_no_place_but_one_of_the_talks_of_the_month() -> None:
    grace = a_guide("Grace", places=1)
    Guiding.objects.create(member=grace, talks_a_month=1)
    talk = actions.accept(request=a_request(a_member("Ada"), grace, kind=Kind.ADVICE), by=grace, at=AT)
    assert talk.kind == "advice"
    actions.accept(request=a_request(a_member("Ben"), grace), by=grace, at=AT)
    with pytest.raises(Conflict) as full:
        a_request(a_member("Cleo"), grace, kind=Kind.ADVICE)
    assert full.value.code == "no_talk_left"
    a_request(a_member("Cleo"), grace, kind=Kind.ADVICE, at=utc(2026, 4, 1))


def test_a_talk_that_nobody_ended_is_over_after_a_month() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    talk = actions.accept(request=a_request(ada, grace, kind=Kind.ADVICE), by=grace, at=AT)
    deadlines.keep(at=AT + 30 * DAY)
    talk.refresh_from_db()
    assert (talk.status, talk.closed_at) == ("closed", AT + 30 * DAY)


def test_three_talk_before_one_is_chosen_and_choosing_ends_the_others() -> None:
    ada, guides = a_member("Ada"), [a_guide(name) for name in ("Grace", "Hedy", "Rosa", "Vera")]
    tasters = [a_request(ada, guide, kind=Kind.TASTER) for guide in guides[:3]]
    with pytest.raises(Conflict) as fourth:
        a_request(ada, guides[3], kind=Kind.TASTER)
    assert fourth.value.code == "too_many_tasters"
    talks = [actions.accept(request=one, by=one.mentor, at=AT) for one in tasters[:2]]
    assert status(tasters[2]) == "pending"
    chosen = actions.accept(request=a_request(ada, guides[0]), by=guides[0], at=AT + DAY)
    assert (chosen.kind, chosen.mentor) == ("sponsorship", guides[0])
    assert [Mentorship.objects.get(pk=one.pk).status for one in talks] == ["closed", "closed"]
    assert (status(tasters[2]), tasters[2].why_withdrawn) == ("withdrawn", "settled")


def test_two_peers_need_no_guide_and_each_has_three_at_most() -> None:
    ada, peers = a_member("Ada"), [a_member(name) for name in ("Ben", "Cleo", "Dan", "Eve")]
    for peer in peers[:3]:
        actions.accept(request=a_request(ada, peer, kind=Kind.PEER), by=peer, at=AT)
    with pytest.raises(Conflict) as full:
        a_request(peers[3], ada, kind=Kind.PEER)
    assert full.value.code == "too_many_peers"
    Guiding.objects.create(member=peers[3], peers=False)
    with pytest.raises(Refusal) as unwilling:
        a_request(peers[0], peers[3], kind=Kind.PEER)
    assert unwilling.value.code == "no_peers"


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What comes of acts in the same instant: "done", or the code of the refusal."""
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_when_two_guides_accept_one_wish_in_the_same_instant_one_of_them_guides() -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    one, other = a_request(ada, grace), a_request(ada, hedy)
    outcomes = at_once(
        lambda: actions.accept(request=one, by=grace, at=AT), lambda: actions.accept(request=other, by=hedy, at=AT)
    )
    assert outcomes == ["done", "not_pending"]
    assert Mentorship.objects.filter(mentee=ada).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_end_and_pass_on_each_request_once() -> None:
    hedy = a_guide("Hedy", places=9)
    pairs = [(a_member(f"Mentee {one}"), a_guide(f"Guide {one}")) for one in range(4)]
    for mentee, mentor in pairs:
        a_request(mentee, mentor, *([hedy] if mentee.name != "Mentee 0" else []))
    late = AT + 8 * DAY
    assert at_once(lambda: deadlines.keep(at=late), lambda: deadlines.keep(at=late)) == ["done", "done"]
    assert MentorshipRequest.objects.filter(status="expired").count() == 4
    assert MentorshipRequest.objects.filter(mentor=hedy, status="pending").count() == 3
    assert Notice.objects.filter(kind="request_expired").count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_each_other_in_the_same_instant_do_not_block_each_other() -> None:
    grace, hedy = a_guide("Grace"), a_guide("Hedy")
    assert at_once(lambda: a_request(grace, hedy), lambda: a_request(hedy, grace)) == ["done", "done"]


def test_who_leaves_ends_what_they_asked_and_were_asked_and_those_concerned_are_told() -> None:
    ada, grace, hedy, rosa = a_member("Ada"), a_guide("Grace"), a_guide("Hedy"), a_guide("Rosa")
    asked, received = a_request(grace, rosa), a_request(ada, grace, hedy)
    hour = open_hours.offer(guide=grace, starts_at=[AT + DAY], minutes=30, place="Ghent", at=AT)[0]
    open_hours.take(hour=hour, member=ada, at=AT)
    for _twice in range(2):
        parting.end_asking(member=grace, at=AT)
    assert (status(asked), asked.why_withdrawn, status(received)) == ("withdrawn", "left", "declined")
    assert MentorshipRequest.objects.get(mentor=hedy).status == "pending"
    hour.refresh_from_db()
    assert hour.status == "cancelled"
    assert told(rosa) == ["request_received", "request_withdrawn"]
    assert told(ada) == ["request_declined", "request_passed_on", "open_hour_cancelled"]


def test_who_waited_for_somebody_who_leaves_waits_for_any_guide() -> None:
    grace, ada, ben = a_guide("Grace", places=1), a_member("Ada"), a_member("Ben")
    running = actions.accept(request=a_request(a_member("Guided"), grace), by=grace, at=AT)
    waits = [waiting.wait_for(member=one, mentor=grace, track="economic", at=AT)[0] for one in (ada, ben)]
    actions.close(mentorship=running, by=grace, at=AT)
    parting.end_asking(member=grace, at=AT)
    for wait in waits:
        wait.refresh_from_db()
    assert [(wait.status, wait.mentor, wait.offered) for wait in waits] == [("waiting", None, None)] * 2
