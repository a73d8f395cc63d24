"""Somebody leaves the cooperative: everything that they had going with others ends, and those are told."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.members import actions as members
from backend.members import leaving
from backend.members.models import Member, Organisation
from backend.mentoring import actions, calls, circles, waiting
from backend.mentoring.asking import Further
from backend.mentoring.models import (
    Circle,
    GuideWait,
    HelpCall,
    Mentorship,
    MentorshipRequest,
    OpenHour,
    PairWish,
    Participant,
    Programme,
    Pulse,
)
from backend.notices.models import Notice
from tests.cast import a_guide, a_member
from tests.mentoring.cast import NOW, a_mentorship
from tests.mentoring.test_asking import at_once

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def told(person: Member) -> list[str]:
    return list(Notice.objects.filter(member=person).order_by("pk").values_list("kind", flat=True))


def an_open_hour(guide: Member, taken_by: Member) -> OpenHour:
    return OpenHour.objects.create(
        guide=guide, taken_by=taken_by, status="taken", starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, created_at=NOW,
        changed_at=NOW,
    )  # fmt: skip


def test_everything_of_somebody_who_leaves_ends_and_the_others_are_told() -> None:
    grace, gil, ada, cleo = a_guide("Grace", places=3), a_guide("Gil"), a_guide("Ada", places=1), a_member("Cleo")
    guided, guiding = a_mentorship(grace, ada), a_mentorship(ada, cleo)
    asked = actions.ask(mentee=ada, mentor=gil, track="social", wishes=[], message="Can you help me?", at=NOW)
    Programme.objects.create(organisation=Organisation.objects.get(), name="Start", track="economic").coordinators.add(
        gil
    )
    call = calls.call(mentorship=guided, by=ada, at=NOW)
    hours = [an_open_hour(grace, ada), an_open_hour(ada, cleo)]
    circle = circles.open_circle(member=ada, title="Prices", seats=3, at=NOW)
    circles.join(circle=circle, member=cleo, at=NOW)
    Notice.objects.all().delete()
    for _twice in range(2):
        members.close_account(member=ada, at=NOW)
    assert {(one.status, one.close_reason) for one in Mentorship.objects.all()} == {("closed", "left")}
    asked.refresh_from_db()
    call.refresh_from_db()
    circle.refresh_from_db()
    assert (asked.status, call.state, circle.facilitator) == ("withdrawn", HelpCall.State.WITHDRAWN, cleo)
    assert [OpenHour.objects.get(pk=one.pk).status for one in hours] == ["open", "cancelled"]
    assert sorted(told(grace)) == ["mentorship_closed", "open_hour_cancelled", "pulse_asked"]
    assert told(gil) == ["request_withdrawn"]
    assert sorted(told(cleo)) == [
        "circle_facilitated", "circle_left", "mentorship_closed", "open_hour_cancelled", "pulse_asked",
    ]  # fmt: skip
    assert (told(ada), Pulse.objects.filter(member=ada).count()) == ([], 0)
    assert {guided.pk, guiding.pk} == set(Mentorship.objects.filter(status="closed").values_list("pk", flat=True))


def test_who_had_asked_them_goes_on_to_the_next_choice_and_lines_move_up() -> None:
    grace, gil, ada, ben = a_guide("Grace", places=1), a_guide("Gil"), a_member("Ada"), a_member("Ben")
    actions.ask(
        mentee=ada, mentor=grace, track="social", wishes=[], message="Can you help me?", at=NOW,
        further=Further(choices=[gil]),
    )  # fmt: skip
    members.close_account(member=grace, at=NOW)
    states = MentorshipRequest.objects.order_by("pk").values_list("mentor__name", "status")
    assert list(states) == [("Grace", "declined"), ("Gil", "pending")]
    full = a_guide("Full", places=1)
    running = a_mentorship(full, ben, track="social")
    wait, _is_new = waiting.wait_for(member=a_member("Cleo"), mentor=full, track="social", at=NOW)
    members.close_account(member=ben, at=NOW)
    running.refresh_from_db()
    wait.refresh_from_db()
    assert (running.status, wait.status) == ("closed", GuideWait.Status.OFFERED)


def test_parts_in_programmes_and_wishes_for_them_are_gone() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    programme = Programme.objects.create(organisation=Organisation.objects.get(), name="Start", track="economic")
    for one, role, whom in ((ada, "mentee", grace), (grace, "mentor", ada)):
        joined = Participant.objects.create(programme=programme, member=one, role=role, joined_at=NOW)
        PairWish.objects.create(participant=joined, whom=whom, rank=1)
    members.close_account(member=ada, at=NOW)
    assert list(Participant.objects.values_list("member__name", flat=True)) == ["Grace"]
    assert not PairWish.objects.exists()


def test_a_circle_that_nobody_else_sits_in_ends() -> None:
    ada = a_member("Ada")
    circles.open_circle(member=ada, title="Prices", seats=3, at=NOW)
    members.close_account(member=ada, at=NOW)
    assert Circle.objects.get().state == "closed"


@pytest.mark.django_db(transaction=True)
def test_leaving_and_answers_in_the_same_instant_wait_for_each_other() -> None:
    """Ada asked five guides, before her in the order of numbers and after her; one says yes and one says no while she leaves."""
    guides = [a_guide(f"Guide {number}") for number in range(3)]
    ada = a_member("Ada")
    guides += [a_guide(f"Guide {number}") for number in range(3, 5)]
    asked = [
        actions.ask(mentee=ada, mentor=guide, track="social", wishes=[], message="Can you help me?", at=NOW)
        for guide in guides
    ]
    outcomes = at_once(
        lambda: members.close_account(member=ada, at=NOW),
        lambda: actions.accept(request=asked[0], by=guides[0], at=NOW),
        lambda: actions.decline(request=asked[4], by=guides[4], reason="no_time", at=NOW),
        lambda: actions.withdraw(request=asked[2], by=ada, at=NOW),
    )
    assert set(outcomes) <= {"done", "not_pending"}
    assert not Mentorship.objects.running().exists()
    assert not MentorshipRequest.objects.filter(status="pending").exists()


@pytest.mark.django_db(transaction=True)
def test_everyone_concerned_is_held_in_the_order_of_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those who come to be concerned while the others are waited for: everyone is let go and held anew."""
    grace, ada, gil = a_guide("Grace"), a_member("Ada"), a_guide("Gil")
    said = iter([{gil.pk}, {gil.pk, grace.pk}, {gil.pk, grace.pk}, {gil.pk, grace.pk}])
    monkeypatch.setattr(leaving, "_concerned", [lambda *, member: next(said)])
    monkeypatch.setattr(leaving, "_endings", [])
    with CaptureQueriesContext(connection) as queries:
        members.close_account(member=ada, at=NOW)
    held = [one["sql"] for one in queries if "ORDER BY" in one["sql"] and " IN (" in one["sql"]]
    named = [sorted(pk for pk in (grace.pk, ada.pk, gil.pk) if re.search(rf"\b{pk}\b", sql)) for sql in held]
    assert named == [[ada.pk, gil.pk], [grace.pk, ada.pk, gil.pk]]
