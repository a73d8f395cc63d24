"""Peer circles: seats, the line for them, who sees whom, and handing a circle on."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.conversations.models import Membership, Room
from backend.errors import Conflict
from backend.members import actions as members
from backend.members.models import Block, Member
from backend.mentoring import circle_calendar, circle_meetings, circles
from backend.mentoring.models import Circle, CircleMeeting, CircleSeat, Guiding
from backend.notices.models import Notice
from tests.bookings.cast import a_resource
from tests.cast import a_member, a_skill, an_organisation, signed_in
from tests.mentoring.cast import NOW
from tests.mentoring.test_asking import at_once

pytestmark = pytest.mark.django_db


def a_circle(facilitator: Member, seats: int = 3, **fields: Any) -> Circle:
    return circles.open_circle(member=facilitator, title="Prices that hold", seats=seats, at=NOW, **fields)


def join(circle: Circle, *people: Member) -> list[str]:
    return [circles.join(circle=circle, member=one, at=NOW + dt.timedelta(minutes=1)).state for one in people]


def seated(circle: Circle) -> list[str]:
    rows = CircleSeat.objects.seated().filter(circle=circle)  # type: ignore[attr-defined]
    return sorted(rows.values_list("member__name", flat=True))


def in_room(circle: Circle) -> list[str]:
    return sorted(Membership.objects.filter(room=circle.room).values_list("member__name", flat=True))


def told(person: Member) -> list[str]:
    return list(Notice.objects.filter(member=person).order_by("pk").values_list("kind", flat=True))


def test_a_circle_of_five_opens_fills_and_lets_the_sixth_stand_in_line() -> None:
    ada, skill = a_member("Ada"), a_skill("pricing")
    wish = {
        "title": "Prices that hold",
        "purpose": "What we ask, and why.",
        "skill": skill.pk,
        "language": "fr",
        "seats": 5,
    }
    made = signed_in(ada).post("/api/circles/", wish)
    assert made.status_code == 201, made.json()
    circle = Circle.objects.get(pk=made.json()["id"])
    others = [a_member(name) for name in ("Ben", "Cleo", "Dan", "Eve", "Fay")]
    states = [signed_in(one).post(f"/api/circles/{circle.pk}/join/").json()["my_state"] for one in others]
    assert states == ["seated"] * 4 + ["waiting"]
    assert seated(circle) == in_room(circle) == ["Ada", "Ben", "Cleo", "Dan", "Eve"]
    assert told(ada) == ["circle_joined"] * 4
    fay = signed_in(others[-1]).get(f"/api/circles/{circle.pk}/").json()
    assert (fay["my_place"], fay["room"], fay["people"], fay["seated"], fay["waiting"]) == (1, None, [], 5, 1)
    ben = signed_in(others[0]).get(f"/api/circles/{circle.pk}/").json()
    assert [one["name"] for one in ben["people"]] == ["Ada", "Ben", "Cleo", "Dan", "Eve"]
    assert (ben["line"], ben["may"]) == ([], {"join": False, "leave": True, "lead": False})
    assert [one["name"] for one in signed_in(ada).get(f"/api/circles/{circle.pk}/").json()["line"]] == ["Fay"]


def test_a_seat_that_is_given_back_goes_to_who_came_first() -> None:
    ada, ben, cleo, dan, eve = (a_member(name) for name in ("Ada", "Ben", "Cleo", "Dan", "Eve"))
    circle = a_circle(ada)
    assert join(circle, ben, cleo, dan, eve) == ["seated", "seated", "waiting", "waiting"]
    assert signed_in(ben).post(f"/api/circles/{circle.pk}/leave/").status_code == 204
    assert seated(circle) == in_room(circle) == ["Ada", "Cleo", "Dan"]
    assert (told(dan), told(eve), told(ada)[-1]) == (["circle_seated"], [], "circle_left")
    circles.change(circle=circle, by=ada, seats=4, at=NOW)
    assert seated(circle) == ["Ada", "Cleo", "Dan", "Eve"]


def test_whoever_stands_in_line_comes_before_who_comes_now() -> None:
    ada, ben, cleo, dan = (a_member(name) for name in ("Ada", "Ben", "Cleo", "Dan"))
    circle = a_circle(ada)
    join(circle, ben, cleo, dan)
    Block.objects.create(by=dan, whom=cleo, created_at=NOW)
    circles.leave(circle=circle, member=ben, at=NOW)
    # Dan is passed over while Cleo sits there, and keeps his place in the line.
    assert seated(circle) == ["Ada", "Cleo"]
    assert join(circle, a_member("Eve")) == ["waiting"]
    assert CircleSeat.objects.get(circle=circle, member=dan).state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_seat_in_the_same_instant_one_stands_in_line() -> None:
    circle = a_circle(a_member("Ada"))
    join(circle, a_member("Ben"))
    start, states = threading.Barrier(2), []

    def take(person: Member) -> None:
        start.wait()
        try:
            states.append(circles.join(circle=circle, member=person, at=NOW).state)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[a_member(name)]) for name in ("Cleo", "Dan")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["seated", "waiting"]


def test_the_facilitator_stays_until_somebody_else_facilitates() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    circle = a_circle(ada)
    join(circle, ben)
    leave = signed_in(ada).post(f"/api/circles/{circle.pk}/leave/")
    assert (leave.status_code, leave.json()["code"]) == (409, "facilitator_stays")
    stranger = signed_in(ada).post(f"/api/circles/{circle.pk}/hand_on/", {"member": a_member("Zoe").pk})
    assert stranger.json()["fields"]["member"][0]["code"] == "not_in_circle"
    assert (
        signed_in(ben).post(f"/api/circles/{circle.pk}/hand_on/", {"member": ben.pk}).json()["code"]
        == "not_the_facilitator"
    )
    handed = signed_in(ada).post(f"/api/circles/{circle.pk}/hand_on/", {"member": ben.pk}).json()
    assert (handed["facilitator"]["name"], handed["may"]["leave"]) == ("Ben", True)
    assert Membership.objects.get(room=circle.room, member=ben).role == "steward"
    assert Membership.objects.get(room=circle.room, member=ada).role == "member"
    assert signed_in(ada).post(f"/api/circles/{circle.pk}/leave/").status_code == 204


def test_who_was_put_out_does_not_come_back() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    circle = a_circle(ada)
    join(circle, ben)
    assert signed_in(ada).post(f"/api/circles/{circle.pk}/remove/", {"member": ben.pk}).json()["seated"] == 1
    assert (told(ben), in_room(circle)) == (["circle_removed"], ["Ada"])
    assert signed_in(ben).post(f"/api/circles/{circle.pk}/join/").status_code == 404
    assert signed_in(ada).post(f"/api/circles/{circle.pk}/remove/", {"member": ben.pk}).status_code == 404


def test_a_circle_is_there_for_who_may_meet_its_facilitator_and_is_apart_from_nobody_in_it() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    circle = a_circle(ada)
    join(circle, ben)
    viewers = {name: a_member(name) for name in ("Zoe", "BlockedByBen", "BlocksAda")}
    Block.objects.create(by=ben, whom=viewers["BlockedByBen"], created_at=NOW)
    Block.objects.create(by=viewers["BlocksAda"], whom=ada, created_at=NOW)
    seen = {name: len(signed_in(one).get("/api/circles/").json()["results"]) for name, one in viewers.items()}
    assert seen == {"Zoe": 1, "BlockedByBen": 0, "BlocksAda": 0}
    assert signed_in(viewers["BlockedByBen"]).post(f"/api/circles/{circle.pk}/join/").status_code == 404
    Member.objects.filter(pk=ada.pk).update(seen_by="organisation")
    assert signed_in(viewers["Zoe"]).get(f"/api/circles/{circle.pk}/").status_code == 200
    assert (
        signed_in(a_member("Far", organisation=an_organisation())).get(f"/api/circles/{circle.pk}/").status_code == 404
    )
    assert signed_in(ben).get(f"/api/circles/{circle.pk}/").status_code == 200


def test_people_outside_do_not_learn_who_sits_there() -> None:
    ada, ben = a_member("Ada"), a_member("Ben", seen_by="nobody")
    circle = a_circle(ada)
    join(circle, ben)
    assert "Ben" in str(signed_in(ada).get(f"/api/circles/{circle.pk}/").json())
    outside = signed_in(a_member("Zoe"))
    assert "Ben" not in str(outside.get(f"/api/circles/{circle.pk}/").json())
    assert "Ben" not in str(outside.get("/api/circles/").json())


def test_anyone_leads_one_circle_and_who_leads_more_has_said_how_many_seats() -> None:
    ada = a_member("Ada")
    a_circle(ada, seats=5)
    with pytest.raises(Conflict) as refused:
        a_circle(ada, seats=5)
    assert (refused.value.code, refused.value.extra) == ("too_many_circles", {"maximum": 0})
    Guiding.objects.create(member=ada, circle_seats=9)
    with pytest.raises(Conflict):
        a_circle(ada, seats=5)
    a_circle(ada, seats=4)


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"seats": 2}, "seats", "min_value"),
        ({"seats": 9}, "seats", "max_value"),
        ({"title": "x"}, "title", "min_length"),
        ({"language": "zz"}, "language", "unknown_language"),
        ({"skill": 10**9}, "skill", "does_not_exist"),
    ],
)
def test_odd_circles_are_refused_field_by_field(wish: dict[str, Any], field: str, code: str) -> None:
    answer = signed_in(a_member()).post("/api/circles/", {"title": "Prices", "seats": 4} | wish)
    assert (answer.status_code, answer.json()["fields"][field][0]["code"]) == (400, code)
    assert not Circle.objects.exists()


def test_seats_do_not_become_fewer_than_people() -> None:
    ada = a_member("Ada")
    circle = a_circle(ada, seats=4)
    join(circle, *(a_member(name) for name in ("Ben", "Cleo", "Dan")))
    answer = signed_in(ada).patch(f"/api/circles/{circle.pk}/", {"seats": 3})
    assert answer.json()["fields"]["seats"][0]["code"] == "too_few_seats"
    renamed = signed_in(ada).patch(f"/api/circles/{circle.pk}/", {"title": "Fair prices", "seats": 8}).json()
    assert (renamed["title"], renamed["seats"], Room.objects.get(pk=circle.room_id).title) == (
        "Fair prices",
        8,
        "Fair prices",
    )


def test_a_meeting_is_told_to_those_who_sit_there_and_seen_by_nobody_else() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    circle = a_circle(ada)
    join(circle, ben)
    starts_at = timezone.now() + dt.timedelta(days=3)
    wish = {"starts_at": starts_at.isoformat(), "minutes": 90, "link": "https://meet.example.org/prices"}
    made = signed_in(ada).post(f"/api/circles/{circle.pk}/meetings/", wish)
    assert made.status_code == 201, made.json()
    assert told(ben) == ["circle_meeting"]
    mine = signed_in(ben).get(f"/api/circles/{circle.pk}/").json()["meetings"]
    assert [row["link"] for row in mine] == ["https://meet.example.org/prices"]
    assert signed_in(a_member("Zoe")).get(f"/api/circles/{circle.pk}/").json()["meetings"] == []
    cancel = f"/api/circles/{circle.pk}/meetings/{mine[0]['id']}/cancel/"
    assert signed_in(ben).post(cancel).json()["code"] == "not_the_facilitator"
    assert [signed_in(ada).post(cancel).json()["meetings"] for _time in range(2)] == [[], []]
    assert told(ben) == ["circle_meeting", "circle_meeting_cancelled"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": "2020-01-01T10:00:00Z"}, "starts_at"),
        ({"starts_at": "2090-01-01T10:00:00Z"}, "starts_at"),
        ({"minutes": 5}, "minutes"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_odd_meetings_are_refused(change: dict[str, Any], field: str) -> None:
    ada = a_member("Ada")
    circle = a_circle(ada)
    wish = {"starts_at": (timezone.now() + dt.timedelta(days=1)).isoformat(), "minutes": 60} | change
    answer = signed_in(ada).post(f"/api/circles/{circle.pk}/meetings/", wish)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not CircleMeeting.objects.exists()


def test_closing_tells_everyone_cancels_meetings_and_keeps_the_room() -> None:
    ada, ben, cleo, dan = (a_member(name) for name in ("Ada", "Ben", "Cleo", "Dan"))
    circle = a_circle(ada)
    join(circle, ben, cleo, dan)
    wish = {"starts_at": (timezone.now() + dt.timedelta(days=1)).isoformat(), "minutes": 60}
    signed_in(ada).post(f"/api/circles/{circle.pk}/meetings/", wish)
    closed = signed_in(ada).post(f"/api/circles/{circle.pk}/close/").json()
    assert (closed["state"], closed["may"]["lead"], closed["meetings"], closed["waiting"]) == ("closed", False, [], 0)
    assert [told(one)[-1] for one in (ben, cleo, dan)] == ["circle_closed"] * 3
    assert in_room(circle) == ["Ada", "Ben", "Cleo"]
    assert signed_in(a_member("Zoe")).get("/api/circles/").json()["results"] == []
    for path, body in (("join", {}), ("close", {}), ("meetings", wish)):
        answer = signed_in(ada).post(f"/api/circles/{circle.pk}/{path}/", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "circle_closed")
    assert signed_in(ben).post(f"/api/circles/{circle.pk}/leave/").status_code == 204


def test_its_room_is_left_through_the_circle_alone() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    circle = a_circle(ada)
    join(circle, ben)
    assert signed_in(ben).post(f"/api/rooms/{circle.room_id}/leave/").json()["code"] == "cannot_leave"
    bring = signed_in(ada).post(f"/api/rooms/{circle.room_id}/members/", {"member": a_member("Zoe").pk})
    assert (bring.status_code, bring.json()["code"]) == (403, "not_a_steward")
    assert in_room(circle) == ["Ada", "Ben"]


def test_when_the_facilitator_leaves_the_cooperative_who_sits_there_longest_goes_on() -> None:
    ada, ben, cleo, dan = (a_member(name) for name in ("Ada", "Ben", "Cleo", "Dan"))
    circle, alone = a_circle(ada), a_circle(dan)
    join(circle, ben, cleo, dan)
    circles.leave_all(member=ada, at=NOW)
    circle.refresh_from_db()
    assert (circle.facilitator, seated(circle), told(ben)) == (
        ben,
        ["Ben", "Cleo", "Dan"],
        ["circle_facilitated", "circle_left", "circle_joined"][:2],
    )
    circles.leave_all(member=dan, at=NOW)
    alone.refresh_from_db()
    assert (alone.state, seated(alone), seated(circle)) == ("closed", [], ["Ben", "Cleo"])


def test_who_leads_from_now_on_answers_for_the_rooms_that_are_booked() -> None:
    ada, ben, cleo = (a_member(name) for name in ("Ada", "Ben", "Cleo"))
    circle, studio = a_circle(ada), a_resource()
    join(circle, ben, cleo)
    start = NOW + dt.timedelta(hours=22)
    meeting = circle_meetings.plan(circle=circle, by=ada, starts_at=start, minutes=120, resource=studio.pk, at=NOW)
    assert meeting.booking is not None
    circles.hand_on(circle=circle, by=ada, to=ben.pk, at=NOW)
    meeting.booking.refresh_from_db()
    assert (meeting.booking.member, meeting.booking.status) == (ben, "confirmed")
    members.close_account(member=ben, at=NOW)
    meeting.booking.refresh_from_db()
    assert (meeting.booking.member, meeting.booking.status) == (ada, "confirmed")
    circle_meetings.cancel(meeting=meeting, by=ada, at=NOW)
    meeting.booking.refresh_from_db()
    assert meeting.booking.status == "cancelled"


def test_who_sits_with_somebody_whom_a_block_stands_between_is_not_named_to_them() -> None:
    ada, ben, cleo = (a_member(name) for name in ("Ada", "Ben", "Cleo"))
    circle = a_circle(ada)
    join(circle, ben, cleo)

    def named(person: Member) -> list[str]:
        told = signed_in(person).get(f"/api/circles/{circle.pk}/").json()
        assert told["seated"] == 3
        return [one["name"] for one in told["people"]]

    assert named(ben) == ["Ada", "Ben", "Cleo"]
    Block.objects.create(by=ben, whom=cleo, created_at=NOW)
    assert [named(person) for person in (ada, ben, cleo)] == [["Ada", "Ben", "Cleo"], ["Ada", "Ben"], ["Ada", "Cleo"]]


def test_lists_cost_the_same_with_one_circle_and_with_three() -> None:
    zoe, counts = a_member("Zoe"), []
    for names in (["Ada"], ["Ben", "Cleo"]):
        for name in names:
            join(a_circle(a_member(name), skill=a_skill(name)), a_member("X"), a_member("Y"))
        client = signed_in(zoe)
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/circles/?mine=false")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_neither_more_seats_nor_being_handed_a_circle_goes_beyond_the_seats_that_one_leads() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    Guiding.objects.create(member=ada, circle_seats=7)
    one, other, bens = a_circle(ada), a_circle(ada, seats=4), a_circle(ben)
    join(bens, ada)
    with pytest.raises(Conflict) as more:
        circles.change(circle=one, by=ada, seats=4, at=NOW)
    with pytest.raises(Conflict) as handed:
        circles.hand_on(circle=bens, by=ben, to=ada.pk, at=NOW)
    assert more.value.code == handed.value.code == "too_many_circles"
    circles.change(circle=other, by=ada, seats=3, at=NOW)
    circles.change(circle=one, by=ada, seats=4, at=NOW)
    circles.change(circle=bens, by=ben, seats=8, at=NOW)
    Guiding.objects.filter(member=ada).update(circle_seats=15)
    circles.hand_on(circle=bens, by=ben, to=ada.pk, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_circles_that_grow_in_the_same_instant_share_the_seats_that_are_left() -> None:
    ada = a_member("Ada")
    Guiding.objects.create(member=ada, circle_seats=7)
    one, other = a_circle(ada), a_circle(ada)
    outcomes = at_once(
        lambda: circles.change(circle=one, by=ada, seats=4, at=NOW),
        lambda: circles.change(circle=other, by=ada, seats=4, at=NOW),
    )
    assert outcomes == ["done", "too_many_circles"]


def test_meetings_are_in_the_calendars_of_those_who_sit_there_and_of_nobody_else() -> None:
    ada, ben, zoe, now = a_member("Ada"), a_member("Ben"), a_member("Zoe"), timezone.now()
    circle = a_circle(ada)
    join(circle, ben)
    made = circle_meetings.plan(
        circle=circle, by=ada, starts_at=now + dt.timedelta(days=2), minutes=60, place="Atelier 3", at=now
    )
    url = f"/api/circles/{circle.pk}/meetings/{made.pk}/ics/"
    answer = signed_in(ben).get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    for words in ("SUMMARY:Prices that hold", "LOCATION:Atelier 3", "STATUS:CONFIRMED"):
        assert words in answer.content.decode()
    assert "Ada" not in answer.content.decode()
    assert signed_in(zoe).get(url).status_code == 404
    window = (now, now + dt.timedelta(days=9))
    assert [len(list(circle_calendar.events_of(one, *window))) for one in (ada, ben, zoe)] == [1, 1, 0]
    circle_meetings.cancel(meeting=made, by=ada, at=now)
    assert "STATUS:CANCELLED" in signed_in(ben).get(url).content.decode()
    assert list(circle_calendar.events_of(ben, *window)) == []


@pytest.mark.parametrize("act", ["remove", "hand_on"])
def test_a_number_that_no_database_keeps_names_nobody(act: str) -> None:
    ada = a_member("Ada")
    answer = signed_in(ada).post(f"/api/circles/{a_circle(ada).pk}/{act}/", {"member": 10**30})
    assert (answer.status_code, answer.json()["fields"]["member"][0]["code"]) == (400, "max_value")
