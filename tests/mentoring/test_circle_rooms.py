"""A circle that meets in a room: booked in the same step under the name of the circle, or not at all, and given back with the meeting."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.bookings.models import Booking, Resource
from backend.errors import Conflict
from backend.members.models import Member
from backend.mentoring import circle_calendar, circle_meetings, circles
from backend.mentoring.models import Circle, CircleMeeting
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_resource, soon
from tests.cast import a_member, an_organisation, signed_in, utc

pytestmark = pytest.mark.django_db
TEN = utc(2026, 11, 30, 10)


def a_circle(facilitator: Member, *others: Member) -> Circle:
    circle = circles.open_circle(member=facilitator, title="Prices that hold", seats=5, at=NOW)
    for one in others:
        circles.join(circle=circle, member=one, at=NOW)
    return circle


def meet(circle: Circle, room: Resource, **changes: Any) -> CircleMeeting:
    wish: dict[str, Any] = {"starts_at": TEN, "minutes": 90, "resource": room.pk, "at": NOW} | changes
    return circle_meetings.plan(circle=circle, by=circle.facilitator, **wish)


def test_the_room_is_booked_with_the_meeting_under_the_name_of_the_circle_and_given_back_with_it() -> None:
    ada, ben, room = a_member("Ada"), a_member("Ben"), a_resource()
    circle = a_circle(ada, ben)
    meeting = meet(circle, room)
    booking = Booking.objects.get()
    assert (meeting.booking, booking.member, booking.title) == (booking, ada, "Prices that hold")
    assert (booking.status, booking.starts_at, booking.ends_at) == ("confirmed", TEN, TEN + HOUR * 3 / 2)
    # Whoever facilitates it now calls it off, although somebody else has booked the room.
    circles.hand_on(circle=circle, by=ada, to=ben.pk, at=NOW)
    circle_meetings.cancel(meeting=meeting, by=ben, at=NOW)
    booking.refresh_from_db()
    assert (booking.status, booking.allocations.filter(active=True).count()) == ("cancelled", 0)
    a_booking(a_member("Eve"), room, hours=(10, 12))


def test_where_the_room_is_taken_no_meeting_is_made_and_nobody_is_told() -> None:
    ben, room = a_member("Ben"), a_resource()
    circle = a_circle(a_member("Ada"), ben)
    a_booking(a_member("Eve"), room, hours=(9, 12))
    with pytest.raises(Conflict) as refused:
        meet(circle, room)
    assert refused.value.code == "slot_taken"
    assert (CircleMeeting.objects.count(), Booking.objects.count()) == (0, 1)
    assert not Notice.objects.filter(member=ben).exists()


def test_closing_a_circle_gives_back_the_rooms_of_all_that_was_to_come_but_not_of_what_has_begun() -> None:
    circle, room = a_circle(a_member("Ada")), a_resource()
    began, ahead = meet(circle, room), meet(circle, room, starts_at=TEN + HOUR * 24)
    circles.close(circle=circle, by=circle.facilitator, at=TEN + HOUR / 2)
    states = dict(Booking.objects.values_list("circle_meeting", "status"))
    assert states == {began.pk: "confirmed", ahead.pk: "cancelled"}
    called_off = circle.meetings.filter(cancelled_at__isnull=False)
    assert list(called_off) == [ahead]


def test_a_room_whose_time_to_cancel_is_over_stays_booked_while_the_meeting_is_called_off() -> None:
    circle, room = a_circle(a_member("Ada")), a_resource(cancel_notice_minutes=120)
    meeting = meet(circle, room)
    meeting = circle_meetings.cancel(meeting=meeting, by=circle.facilitator, at=TEN - HOUR)
    assert (meeting.cancelled_at, Booking.objects.get().status) == (TEN - HOUR, "confirmed")


def test_a_room_that_the_facilitator_may_not_book_is_refused_through_the_same_door() -> None:
    ada, room = a_member("Ada"), a_resource(own_organisation_only=True)
    room.place.organisation = an_organisation()
    room.place.save()
    wish = {"starts_at": soon().isoformat(), "minutes": 60, "resource": room.pk}
    answer = signed_in(ada).post(f"/api/circles/{a_circle(ada).pk}/meetings/", wish, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_organisation")
    assert not CircleMeeting.objects.exists()


def test_who_sits_there_reads_which_room_it_is_and_whether_it_is_still_theirs() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    circle, room = a_circle(ada, ben), a_resource(name="Blue room")
    wish = {"starts_at": soon().isoformat(), "minutes": 60, "resource": room.pk, "place": "Ring twice"}
    made = signed_in(ada).post(f"/api/circles/{circle.pk}/meetings/", wish, format="json").json()["meetings"]
    assert made[0]["room"] == {"name": "Blue room", "place": "Workshop", "address": "Brussels", "state": "held"}
    (event,) = circle_calendar.events_of(ben, soon(days=0), soon(days=9))
    assert event["location"] == "Blue room, Workshop, Brussels, Ring twice"
    Booking.objects.update(status="cancelled", cancelled_at=NOW)
    read = signed_in(ben).get(f"/api/circles/{circle.pk}/").json()["meetings"]
    assert (read[0]["room"]["state"], read[0]["place"]) == ("gone", "Ring twice")
    (event,) = circle_calendar.events_of(ben, soon(days=0), soon(days=9))
    assert event["location"] == "Ring twice"
    assert signed_in(a_member("Zoe")).get(f"/api/circles/{circle.pk}/").json()["meetings"] == []


def test_a_circle_with_one_meeting_in_a_room_costs_as_many_queries_as_one_with_three() -> None:
    ada, room, counts = a_member("Ada"), a_resource(), []
    circle = a_circle(ada)
    for days in ([7], [8, 9]):
        for day in days:
            meet(circle, room, starts_at=soon(days=day), at=soon(days=0) - dt.timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            assert signed_in(ada).get(f"/api/circles/{circle.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
