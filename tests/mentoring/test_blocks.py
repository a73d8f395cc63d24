"""What a block ends between two people, whoever of them blocks, and what it leaves to others."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from backend.collectives import actions as collectives
from backend.members.actions import block, unblock
from backend.members.models import Member
from backend.mentoring import actions, circles, open_hours, sessions, waiting
from backend.mentoring.asking import Further
from backend.mentoring.models import GuideWait, Kind, Mentorship, MentorshipRequest, NextChoice
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, signed_in
from tests.mentoring.cast import NOW, a_mentorship
from tests.mentoring.test_asking import at_once

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def asked(mentee: Member, mentor: Member, *choices: Member, kind: str = Kind.SPONSORSHIP) -> MentorshipRequest:
    return actions.ask(
        mentee=mentee, mentor=mentor, track="economic", wishes=[], message="Can you help me?", at=NOW, kind=kind,
        further=Further(choices=choices),
    )  # fmt: skip


def told(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def says(member: Member, room: int) -> int:
    words = {"client_id": str(uuid4()), "body": "Are you there?"}
    return signed_in(member).post(f"/api/rooms/{room}/messages/", words).status_code


@pytest.mark.parametrize("who", ["who asked", "who was asked"])
def test_a_request_between_the_two_ends_and_the_wish_goes_on(who: str) -> None:
    ada, grace, hedy = a_member("Ada"), a_guide("Grace"), a_guide("Hedy")
    request = asked(ada, grace, hedy)
    by, whom = (ada, grace) if who == "who asked" else (grace, ada)
    block(by=by, whom=whom, at=NOW + DAY)
    request.refresh_from_db()
    if by == ada:
        assert (request.status, told(grace)) == ("withdrawn", ["request_received", "request_withdrawn"])
    else:
        assert (request.status, told(ada)) == ("declined", ["request_declined", "request_passed_on"])
        assert told(hedy) == ["request_received"]


def test_who_is_blocked_is_no_next_choice_any_more() -> None:
    ada, grace, hedy, rosa = a_member("Ada"), a_guide("Grace"), a_guide("Hedy"), a_guide("Rosa")
    request = asked(ada, grace, hedy, rosa)
    block(by=ada, whom=hedy, at=NOW + DAY)
    assert list(NextChoice.objects.values_list("mentor__name", "outcome")) == [("Hedy", "impossible"), ("Rosa", "")]
    assert (request.status, told(hedy)) == ("pending", [])


@pytest.mark.parametrize("who", ["guide", "guided"])
def test_guidance_of_the_two_ends_with_what_was_ahead_and_their_room_falls_silent(who: str) -> None:
    mentorship = a_mentorship(started_at=timezone.now())
    by, whom = mentorship.mentor, mentorship.mentee
    if who == "guided":
        by, whom = whom, by
    start = timezone.now() + 3 * DAY
    session = sessions.propose(
        mentorship=mentorship, by=by, starts_at=start, minutes=60, way="online", anyway=True, at=timezone.now()
    )
    assert says(whom, mentorship.room_id) == 201
    for _twice in range(2):
        block(by=by, whom=whom, at=timezone.now())
    mentorship.refresh_from_db()
    session.refresh_from_db()
    assert (mentorship.status, mentorship.closed_by, session.state) == ("closed", by, "cancelled")
    assert told(whom).count("mentorship_closed") == 1
    assert (says(whom, mentorship.room_id), says(by, mentorship.room_id)) == (404, 404)


def test_what_was_stays_in_the_records_of_both() -> None:
    mentorship = a_mentorship(started_at=timezone.now())
    block(by=mentorship.mentee, whom=mentorship.mentor, at=timezone.now())
    for one in (mentorship.mentee, mentorship.mentor):
        assert signed_in(one).get(f"/api/mentorships/{mentorship.pk}/").json()["status"] == "closed"


def test_who_waits_for_whom_they_block_waits_for_any_guide_and_a_kept_place_goes_on() -> None:
    grace = a_guide("Grace", places=1)
    running = actions.accept(request=asked(a_member("Guided"), grace), by=grace, at=NOW)
    ada, ben = a_member("Ada"), a_member("Ben")
    first, second = (waiting.wait_for(member=one, mentor=grace, track="economic", at=NOW)[0] for one in (ada, ben))
    actions.close(mentorship=running, by=grace, at=NOW + DAY)
    first.refresh_from_db()
    assert first.status == "offered"
    block(by=ada, whom=grace, at=NOW + DAY)
    rows = GuideWait.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert list(rows.values_list("status", "mentor__name", "offered__name")) == [
        ("waiting", None, None),
        ("offered", "Grace", "Grace"),
    ]


@pytest.mark.parametrize(("who", "left"), [("guide", "cancelled"), ("guest", "open")])
def test_an_open_hour_of_the_two_is_given_back(who: str, left: str) -> None:
    grace, ada = a_guide("Grace"), a_member("Ada")
    start = timezone.now() + 2 * DAY
    hour = open_hours.offer(guide=grace, starts_at=[start], minutes=30, place="Ghent", at=timezone.now())[0]
    open_hours.take(hour=hour, member=ada, at=timezone.now())
    by, whom = (grace, ada) if who == "guide" else (ada, grace)
    block(by=by, whom=whom, at=timezone.now())
    hour.refresh_from_db()
    assert (hour.status, told(whom)[-1]) == (left, "open_hour_cancelled")


@pytest.mark.parametrize("who", ["leader", "guest"])
def test_nobody_is_led_by_somebody_whom_a_block_stands_between(who: str) -> None:
    ada, ben, cleo, dan = (a_member(name) for name in ("Ada", "Ben", "Cleo", "Dan"))
    circle = circles.open_circle(member=ada, title="Prices that hold", seats=3, at=NOW)
    for one in (ben, cleo, dan):
        circles.join(circle=circle, member=one, at=NOW)
    by, whom = (ada, ben) if who == "leader" else (ben, ada)
    block(by=by, whom=whom, at=NOW)
    shown = signed_in(ada).get(f"/api/circles/{circle.pk}/").json()
    assert [one["name"] for one in shown["people"]] == ["Ada", "Cleo", "Dan"]
    assert signed_in(ben).get(f"/api/circles/{circle.pk}/").status_code == 404
    assert told(whom)[-1] == ("circle_removed" if by == ada else "circle_left")


def test_who_comes_to_lead_somebody_whom_they_blocked_does_not_meet_their_name() -> None:
    ada, ben, cleo = (a_member(name) for name in ("Ada", "Ben", "Cleo"))
    circle = circles.open_circle(member=ada, title="Prices that hold", seats=3, at=NOW)
    for one in (ben, cleo):
        circles.join(circle=circle, member=one, at=NOW)
    block(by=ben, whom=cleo, at=NOW)
    circles.hand_on(circle=circle, by=ada, to=ben.pk, at=NOW)
    shown = signed_in(ben).get(f"/api/circles/{circle.pk}/").json()
    assert ([one["name"] for one in shown["people"]], shown["seated"]) == (["Ada", "Ben"], 3)


def test_guidance_of_a_collective_goes_on_for_the_others() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    house = collectives.found(member=ada, name="Light House", purpose="Shows.", at=NOW)
    mentorship = a_mentorship(grace, ada, collective=house)
    block(by=ada, whom=grace, at=NOW)
    mentorship.refresh_from_db()
    assert mentorship.status == "active"


def test_a_block_that_is_taken_back_brings_nothing_back() -> None:
    mentorship = a_mentorship(started_at=timezone.now())
    block(by=mentorship.mentee, whom=mentorship.mentor, at=timezone.now())
    unblock(by=mentorship.mentee, whom=mentorship.mentor_id)
    assert not Mentorship.objects.running().exists()
    assert says(mentorship.mentor, mentorship.room_id) == 201


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_block_in_the_same_instant_nothing_is_left_running() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    request = asked(ada, grace)
    at_once(lambda: actions.accept(request=request, by=grace, at=NOW), lambda: block(by=ada, whom=grace, at=NOW))
    assert not Mentorship.objects.running().exists()
    assert not MentorshipRequest.objects.filter(status="pending").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_block_each_other_in_the_same_instant_both_do() -> None:
    mentorship = a_mentorship()
    grace, ada = mentorship.mentor, mentorship.mentee
    assert at_once(lambda: block(by=ada, whom=grace, at=NOW), lambda: block(by=grace, whom=ada, at=NOW)) == ["done"] * 2
    mentorship.refresh_from_db()
    assert mentorship.status == "closed"
