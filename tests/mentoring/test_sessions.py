"""Sessions: proposed when both are free, with their room or not at all, agreed, called off, held."""

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from backend.bookings import feeds
from backend.bookings.models import Booking
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from backend.mentoring import relation, sessions
from backend.mentoring.lifecycle import SESSIONS
from backend.mentoring.models import AgendaItem, MentorshipSession
from backend.mentoring.session_calendar import calendar_of_one
from backend.notices.models import Notice
from tests.bookings.cast import a_booking, a_resource, at_once, soon
from tests.cast import a_guide, a_member, an_organisation, signed_in, utc
from tests.mentoring.pair_cast import NOW, a_mentorship, a_session, free

pytestmark = pytest.mark.django_db
TEN = utc(2026, 11, 30, 10)
HOUR = dt.timedelta(hours=1)


def test_a_session_is_proposed_by_one_and_agreed_by_the_other() -> None:
    mentorship = a_mentorship()
    session = a_session(mentorship, mentorship.mentee, link="https://meet.example.org/ada")
    told = Notice.objects.get(member=mentorship.mentor)
    assert (told.kind, told.data["starts_at"], told.data["session"]) == (
        "session_proposed", "2026-11-30T10:00:00Z", session.pk,
    )  # fmt: skip
    with pytest.raises(NotAllowed) as refused:
        sessions.agree(session=session, by=mentorship.mentee, at=NOW)
    assert refused.value.code == "own_proposal"
    session = sessions.agree(session=session, by=mentorship.mentor, at=NOW)
    assert (session.state, session.answered_at, session.sequence) == ("agreed", NOW, 1)
    assert Notice.objects.get(member=mentorship.mentee).kind == "session_agreed"


def test_the_room_is_booked_in_the_same_step_and_given_back_when_the_session_is_cancelled() -> None:
    mentorship, room = a_mentorship(a_guide("Grace", timezone="Europe/Lisbon", country="PT")), a_resource()
    session = a_session(mentorship, mentorship.mentee, way="place", resource=room.pk)
    booking = Booking.objects.get()
    assert session.booking == booking
    assert (booking.member, booking.status, booking.starts_at, booking.ends_at) == (
        mentorship.mentee, "confirmed", TEN, TEN + HOUR,
    )  # fmt: skip
    sessions.cancel(session=session, by=mentorship.mentor, at=NOW)
    booking.refresh_from_db()
    assert (booking.status, booking.allocations.filter(active=True).count()) == ("cancelled", 0)
    a_booking(a_member("Eve"), room, hours=(10, 11))


def test_where_the_room_is_taken_no_session_is_made() -> None:
    mentorship, room = a_mentorship(), a_resource()
    a_booking(a_member("Eve"), room, hours=(9, 12))
    with pytest.raises(Conflict) as refused:
        a_session(mentorship, mentorship.mentee, way="place", resource=room.pk)
    assert refused.value.code == "slot_taken"
    assert (MentorshipSession.objects.count(), Booking.objects.count()) == (0, 1)
    assert not Notice.objects.filter(kind="session_proposed").exists()


def test_where_the_session_cannot_be_made_no_room_is_booked() -> None:
    mentorship, room = a_mentorship(), a_resource()
    a_session(mentorship, mentorship.mentee)
    with pytest.raises(Conflict) as refused:
        a_session(mentorship, mentorship.mentee, way="place", resource=room.pk)
    assert refused.value.code == "not_free_then"
    assert not Booking.objects.exists()


def test_a_room_that_one_may_not_book_is_refused_through_the_same_door() -> None:
    mentorship = a_mentorship()
    room = a_resource(own_organisation_only=True)
    room.place.organisation = an_organisation()
    room.place.save()
    start = soon(days=14).isoformat()
    wish = {"starts_at": start, "minutes": 60, "way": "place", "resource": room.pk, "anyway": True}
    answer = signed_in(mentorship.mentee).post(f"/api/mentorships/{mentorship.pk}/sessions/", wish, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_organisation")
    assert not MentorshipSession.objects.exists()


def test_a_room_whose_time_to_cancel_is_over_stays_booked_while_the_session_is_called_off() -> None:
    mentorship, room = a_mentorship(), a_resource(cancel_notice_minutes=120)
    session = a_session(mentorship, mentorship.mentee, way="place", resource=room.pk)
    session = sessions.cancel(session=session, by=mentorship.mentee, at=TEN - HOUR)
    assert (session.state, Booking.objects.get().status) == ("cancelled", "confirmed")


def test_a_session_is_called_off_once() -> None:
    mentorship = a_mentorship()
    session = a_session(mentorship, mentorship.mentee)
    sessions.cancel(session=session, by=mentorship.mentor, at=NOW)
    with pytest.raises(Conflict) as refused:
        sessions.cancel(session=session, by=mentorship.mentee, at=NOW)
    assert refused.value.code == "session_over"
    assert Notice.objects.filter(kind="session_cancelled").count() == 1


def test_who_has_something_else_cannot_be_asked_for_that_time_and_is_asked_for_another() -> None:
    grace = a_guide("Grace")
    mentorship, other = a_mentorship(grace), a_mentorship(grace, a_member("Eve"))
    a_session(other, grace)
    with pytest.raises(Conflict) as refused:
        a_session(mentorship, mentorship.mentee, starts_at=TEN + HOUR / 2, anyway=True)
    assert (refused.value.code, refused.value.extra["people"]) == ("not_free_then", [grace.pk])
    # Monday the 23rd, from eight in the morning in UTC: they are free at once.
    assert refused.value.extra["alternatives"][0] == "2026-11-23T08:00:00Z"
    a_session(mentorship, mentorship.mentee, starts_at=TEN + HOUR)


def test_unusual_hours_are_asked_about_and_then_meant() -> None:
    mentorship = a_mentorship()
    free(mentorship.mentor, 1, 9, 12)
    with pytest.raises(Conflict) as refused:
        a_session(mentorship, mentorship.mentee)
    assert refused.value.code == "outside_hours"
    assert refused.value.extra["alternatives"][0] == "2026-11-24T08:00:00Z"
    assert a_session(mentorship, mentorship.mentee, anyway=True).state == "proposed"


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"starts_at": NOW - HOUR}, "starts_at", "in_the_past"),
        ({"starts_at": NOW + dt.timedelta(days=400)}, "starts_at", "too_far_ahead"),
        ({"minutes": 10}, "minutes", "out_of_range"),
        ({"way": "place"}, "resource", "required"),
        ({"resource": 7}, "resource", "required"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(wish: dict[str, Any], field: str, code: str) -> None:
    mentorship = a_mentorship()
    with pytest.raises(Invalid) as refused:
        a_session(mentorship, mentorship.mentee, **wish)
    assert [error["code"] for error in refused.value.extra["fields"][field]] == [code]


def test_twelve_sessions_ahead_are_enough() -> None:
    mentorship = a_mentorship()
    for number in range(12):
        a_session(mentorship, mentorship.mentee, starts_at=TEN + number * HOUR, anyway=True)
    with pytest.raises(Conflict) as refused:
        a_session(mentorship, mentorship.mentee, starts_at=TEN + 13 * HOUR, anyway=True)
    assert refused.value.code == "too_many_sessions"


def test_only_after_it_has_begun_a_session_was_held_or_missed_and_its_agenda_follows() -> None:
    mentorship = a_mentorship()
    talked = AgendaItem.objects.create(mentorship=mentorship, text="VAT", made_by=mentorship.mentee, created_at=NOW)
    session = a_session(mentorship, mentorship.mentee, agenda=[talked.pk])
    talked.refresh_from_db()
    assert talked.session == session
    sessions.agree(session=session, by=mentorship.mentor, at=NOW)
    with pytest.raises(Conflict) as refused:
        sessions.hold(session=session, by=mentorship.mentor, at=TEN - HOUR)
    assert refused.value.code == "not_begun"
    session = sessions.hold(session=session, by=mentorship.mentor, minutes=45, at=TEN + HOUR)
    assert (session.state, session.began_at, session.minutes) == ("held", TEN, 45)
    talked.refresh_from_db()
    assert talked.done_at == TEN + HOUR
    again = a_session(mentorship, mentorship.mentee, starts_at=TEN + 24 * HOUR)
    later = AgendaItem.objects.create(
        mentorship=mentorship, text="Prices", made_by=mentorship.mentee, created_at=NOW, session=again
    )
    assert sessions.miss(session=again, by=mentorship.mentee, at=TEN + 26 * HOUR).state == "missed"
    later.refresh_from_db()
    assert (later.session, later.done_at) == (None, None)


def test_meeting_without_a_plan_counts_but_not_before_they_met() -> None:
    mentorship = a_mentorship()
    sessions.note_down(mentorship=mentorship, by=mentorship.mentor, began_at=NOW - 2 * HOUR, minutes=30, at=NOW)
    assert list(mentorship.sessions.values_list("state", "minutes")) == [("held", 30)]
    for began in (NOW - dt.timedelta(days=40), NOW - HOUR / 4, dt.datetime.max.replace(tzinfo=dt.UTC)):
        with pytest.raises(Invalid):
            sessions.note_down(mentorship=mentorship, by=mentorship.mentor, began_at=began, minutes=30, at=NOW)


ACTS = {
    "agree": sessions.agree, "decline": sessions.decline, "cancel": sessions.cancel, "hold": sessions.hold,
    "miss": sessions.miss,
}  # fmt: skip


@pytest.mark.parametrize("state", [state.value for state in MentorshipSession.State])
@pytest.mark.parametrize("event", ACTS)
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(state: str, event: str) -> None:
    mentorship = a_mentorship()
    session = a_session(mentorship, mentorship.mentee)
    MentorshipSession.objects.filter(pk=session.pk).update(state=state, began_at=NOW, minutes=60)
    at = TEN + HOUR / 2 if event in ("hold", "miss", "cancel") else NOW
    if event in SESSIONS[state]:
        assert ACTS[event](session=session, by=mentorship.mentor, at=at).state == SESSIONS[state][event]
    else:
        with pytest.raises(Conflict) as refused:
            ACTS[event](session=session, by=mentorship.mentor, at=at)
        assert refused.value.code == "session_over"
        session.refresh_from_db()
        assert session.state == state


def test_nobody_but_the_two_does_anything_with_a_session() -> None:
    mentorship, eve = a_mentorship(), a_member("Eve", is_staff=True, is_superuser=True)
    session = a_session(mentorship, mentorship.mentee)
    for act in ACTS.values():
        with pytest.raises(NotFound):
            act(session=session, by=eve, at=NOW)
    base = f"/api/mentorships/{mentorship.pk}/"
    assert signed_in(mentorship.mentor).get(f"{base}sessions/{session.pk}/ics/").status_code == 200
    for address in ("together/", f"sessions/{session.pk}/ics/"):
        assert signed_in(eve).get(base + address).status_code == 404
    other = a_mentorship(a_guide("Linus"), eve)
    answer = signed_in(eve).post(f"/api/mentorships/{other.pk}/sessions/{session.pk}/cancel/")
    assert answer.status_code == 404


def test_a_session_is_in_the_calendar_of_each_on_their_own_clock() -> None:
    mentorship, room = a_mentorship(a_guide("Grace", timezone="Europe/Lisbon")), a_resource(name="Blue room")
    session = a_session(mentorship, mentorship.mentee, way="place", resource=room.pk)
    event = Calendar.from_ical(calendar_of_one(session, mentorship.mentor)).events[0]
    assert (str(event["summary"]), event["status"], event["sequence"]) == ("Session with Ada", "TENTATIVE", 0)
    assert (str(event.start), "Blue room" in str(event["location"])) == ("2026-11-30 10:00:00+00:00", True)
    session = sessions.agree(session=session, by=mentorship.mentor, at=NOW)
    feed = feeds.open_feed(member=mentorship.mentor, at=NOW)[0]
    shown = Calendar.from_ical(feeds.calendar_of(feed.token, at=NOW)).events
    assert [(str(one["uid"]).split("@")[0], str(one["status"]), one["sequence"]) for one in shown] == [
        (f"session-{session.pk}", "CONFIRMED", 1)
    ]
    sessions.cancel(session=session, by=mentorship.mentor, at=NOW)
    assert Calendar.from_ical(feeds.calendar_of(feed.token, at=NOW)).events == []


def test_a_paused_mentorship_calls_its_sessions_off_and_plans_no_others() -> None:
    mentorship = a_mentorship()
    before, after = a_session(mentorship, mentorship.mentee), a_session(
        mentorship, mentorship.mentee, starts_at=TEN + dt.timedelta(days=7)
    )  # fmt: skip
    relation.pause(mentorship=mentorship, by=mentorship.mentor, until=dt.date(2026, 12, 4), at=NOW)
    assert [MentorshipSession.objects.get(pk=one.pk).state for one in (before, after)] == ["cancelled", "proposed"]
    with pytest.raises(Conflict) as refused:
        a_session(mentorship, mentorship.mentee)
    assert refused.value.code == "paused"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_the_same_guide_for_the_same_time_at_once_one_is_refused() -> None:
    grace = a_guide("Grace")
    one, other = a_mentorship(grace), a_mentorship(grace, a_member("Eve"))
    outcomes = at_once(lambda: a_session(one, one.mentee), lambda: a_session(other, other.mentee))
    assert sorted(getattr(outcome, "code", "made") for outcome in outcomes) == ["made", "not_free_then"]
    assert MentorshipSession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_heard() -> None:
    mentorship = a_mentorship()
    session = a_session(mentorship, mentorship.mentee)
    outcomes = at_once(
        lambda: sessions.cancel(session=session, by=mentorship.mentee, at=NOW),
        lambda: sessions.decline(session=session, by=mentorship.mentor, at=NOW),
    )
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
    session.refresh_from_db()
    assert session.state in ("cancelled", "declined")
    assert Notice.objects.filter(kind__in=["session_cancelled", "session_declined"]).count() == 1


def test_the_page_of_both_says_what_each_may_do_with_a_session() -> None:
    mentorship = a_mentorship()
    wish = {"starts_at": soon(days=14).isoformat(), "minutes": 60, "way": "online", "anyway": True}
    base = f"/api/mentorships/{mentorship.pk}/"
    page = signed_in(mentorship.mentee).post(f"{base}sessions/", wish, format="json")
    assert page.status_code == 201, page.json()
    assert page.json()["sessions"][0]["may"] == {"agree": False, "decline": False, "cancel": True, "hold": False}
    seen = signed_in(mentorship.mentor).get(f"{base}together/").json()["sessions"][0]
    assert seen["may"] == {"agree": True, "decline": True, "cancel": True, "hold": False}
    done = signed_in(mentorship.mentor).post(f"{base}sessions/{seen['id']}/agree/").json()
    assert done["sessions"][0]["state"] == "agreed"
    link = {"link": "https://meet.example.org/1"}
    said = signed_in(mentorship.mentor).patch(f"{base}sessions/{seen['id']}/", link, format="json").json()
    assert said["sessions"][0]["link"] == "https://meet.example.org/1"
