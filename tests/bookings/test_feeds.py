"""Calendars for other programs, read back by one that knows nothing of us."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
import recurring_ical_events
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from backend.bookings import actions, feeds
from backend.bookings.models import Blackout, Booking, Feed, Resource
from backend.bookings.recurrence import wall_of
from backend.bookings.series import Wish, book_series
from backend.bookings.series_changes import change_series
from backend.bookings.wishes import items_of
from backend.collectives.models import CollectiveMembership
from backend.errors import NotFound
from backend.members.models import Member
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_resource, span
from tests.cast import a_member, an_organisation, signed_in, utc

pytestmark = pytest.mark.django_db


def feed_of(member: Member, **about: Any) -> Feed:
    return feeds.open_feed(member=member, at=NOW, **about)[0]


def read(feed: Feed, at: dt.datetime = NOW) -> list[tuple[dt.datetime, dt.datetime, str]]:
    """All occurrences as another program sees them, in UTC and in order."""
    calendar = Calendar.from_ical(feeds.calendar_of(feed.token, at=at))
    events = recurring_ical_events.of(calendar).between(at - dt.timedelta(days=400), at + dt.timedelta(days=800))
    told = [(event.start.astimezone(dt.UTC), event.end.astimezone(dt.UTC), str(event["summary"])) for event in events]
    return sorted(told)


def rows(bookings: Iterable[Booking]) -> list[tuple[dt.datetime, dt.datetime, str]]:
    return sorted((one.starts_at, one.ends_at, one.title) for one in bookings)


def a_series(member: Member, resource: Resource, first: str, rule: str, **more: Any) -> Booking:
    start = wall_of(first)
    wish = Wish(
        member=member, items=items_of([resource.pk]), first=start, end=start + dt.timedelta(hours=2), rule=rule, **more
    )
    return book_series(wish=wish, at=NOW, title="Choir").bookings.order_by("starts_at")[0]


@pytest.mark.parametrize(
    "zone",
    ["Europe/Paris", "Europe/Lisbon", "Europe/Athens", "Atlantic/Azores", "America/Martinique", "Indian/Reunion"],
)
@pytest.mark.parametrize(
    ("first", "rule"),
    [
        ("2026-12-01T19:00", "FREQ=WEEKLY;COUNT=60"), ("2026-12-01T19:00", "FREQ=MONTHLY;BYDAY=-1TU;COUNT=12"),
        ("2027-03-20T02:30", "FREQ=DAILY;UNTIL=20270405"), ("2027-10-25T01:30", "FREQ=DAILY;COUNT=14"),
        ("2026-12-02T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20270630"), ("2027-01-31T10:00", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=6"),
        ("2026-12-01T19:00", "FREQ=YEARLY;COUNT=2"),
    ],
)  # fmt: skip
def test_a_series_reads_back_as_our_rows(zone: str, first: str, rule: str) -> None:
    ada, studio = a_member(), a_resource(place=a_place(timezone=zone), ahead_days=731)
    a_series(ada, studio, first, rule)
    assert read(feed_of(ada)) == rows(Booking.objects.all())
    assert Booking.objects.exists()


def test_what_was_left_out_moved_renamed_or_cancelled_reads_back_too() -> None:
    ada, studio = a_member(), a_resource(ahead_days=400)
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 8, 19), ends_at=utc(2026, 12, 8, 20))
    first = a_series(ada, studio, "2026-12-01T19:00", "FREQ=WEEKLY;COUNT=20", on_conflict="shift")
    mine = Booking.objects.filter(series=first.series)
    by_day = {one.occurrence[:10]: one for one in mine}
    actions.cancel(member=ada, booking=by_day["2026-12-15"], at=NOW)
    actions.move(
        member=ada, booking=by_day["2026-12-22"], starts_at=utc(2026, 12, 23, 9), ends_at=utc(2026, 12, 23, 11), at=NOW
    )
    actions.move(member=ada, booking=by_day["2027-01-05"], title="Concert", at=NOW)
    later = by_day["2027-02-02"]
    change_series(
        member=ada,
        booking=later,
        scope="following",
        first=wall_of("2027-02-03T18:00"),
        end=wall_of("2027-02-03T21:00"),
        at=NOW,
    )
    assert read(feed_of(ada)) == rows(Booking.objects.filter(member=ada, status="confirmed"))
    written = feeds.calendar_of(feed_of(ada).token, at=NOW)
    assert written.count(b"RRULE") == 2
    assert b"BEGIN:VTIMEZONE" in written
    assert b"RECURRENCE-ID" in written


def test_a_feed_says_what_where_and_whether_it_is_certain_and_nobodys_address() -> None:
    ada, studio = a_member("Ada"), a_resource(place=a_place(address="Rue Neuve 1"))
    a_booking(ada, studio, title="Rehearsal", note="Bring water", people=[a_member("Bob").pk])
    (event,) = Calendar.from_ical(feeds.calendar_of(feed_of(ada).token, at=NOW)).walk("VEVENT")
    told = (str(event["summary"]), str(event["location"]), str(event["description"]), str(event["status"]))
    assert told == ("Rehearsal", "Studio, Workshop, Rue Neuve 1, Brussels", "Bring water", "CONFIRMED")
    assert event["dtstart"].params["TZID"] == "Europe/Brussels"
    assert b"@example.org" not in feeds.calendar_of(feed_of(ada).token, at=NOW)


def test_mine_are_those_i_made_am_invited_to_and_of_my_collectives_and_not_what_is_long_past() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    ateliers = a_collective(ada, bob)
    a_booking(ada, studio, hours=(8, 9), title="Own")
    a_booking(bob, studio, hours=(9, 10), title="Invited", people=[ada.pk])
    a_booking(bob, studio, hours=(10, 11), title="Ours", collective=ateliers.pk)
    a_booking(bob, studio, hours=(11, 12), title="Bob's")
    assert [words for _, _, words in read(feed_of(ada))] == ["Own", "Invited", "Ours"]
    assert read(feed_of(ada), at=NOW + dt.timedelta(days=120)) == []
    assert [words for _, _, words in read(feed_of(bob, collective=ateliers.pk))] == ["Ours"]


def test_a_resource_shows_titles_only_to_whom_they_concern() -> None:
    studio, ada = a_resource(), a_member("Ada")
    stranger = a_member("Eve", organisation=an_organisation())
    a_booking(ada, studio, title="Secret plan")
    start, end = span(14, 15)
    host = a_member("Hanna")
    studio.place.hosts.add(host)
    from backend.bookings.blackouts import black_out

    black_out(member=host, resource=studio.pk, starts_at=start, ends_at=end, reason=Blackout.Reason.REPAIR, at=NOW)
    assert [words for _, _, words in read(feed_of(ada, resource=studio.pk))] == ["Secret plan", "Out of use"]
    assert [words for _, _, words in read(feed_of(stranger, resource=studio.pk))] == ["Booked", "Out of use"]


def test_who_left_revoked_or_guesses_finds_nothing() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    ateliers = a_collective(ada, bob)
    own, shared = feed_of(ada), feed_of(ada, collective=ateliers.pk)
    browser = Client()
    for feed in (own, shared):
        assert browser.get(f"/calendar/{feed.token}.ics").status_code == 200
    CollectiveMembership.objects.filter(member=ada).update(state="left")
    feeds.revoke(feed=own, at=NOW)
    answers = {browser.get(f"/calendar/{token}.ics").content for token in (own.token, shared.token, "x" * 43)}
    assert len(answers) == 1
    refused = browser.get(f"/calendar/{own.token}.ics")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    fresh, is_new = feeds.open_feed(member=ada, at=NOW)
    assert is_new
    assert fresh.token != own.token
    with pytest.raises(NotFound):
        feeds.open_feed(member=ada, at=NOW, collective=ateliers.pk)
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert browser.get(f"/calendar/{fresh.token}.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again() -> None:
    ada, studio = a_member(), a_resource()
    address, browser = f"/calendar/{feed_of(ada).token}.ics", Client()
    first = browser.get(address)
    assert (first["Content-Type"], first["Cache-Control"]) == ("text/calendar; charset=utf-8", "private, no-cache")
    assert browser.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + 24 * HOUR
    a_booking(ada, studio, starts_at=start, ends_at=start + HOUR, at=timezone.now())
    assert browser.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert browser.post(address).status_code == 405


def versions(feed: Feed, at: dt.datetime = NOW) -> list[tuple[str, int, dt.datetime, dt.datetime]]:
    """Of each occurrence as another program sees it: its day, how often it has changed, and when last."""
    calendar = Calendar.from_ical(feeds.calendar_of(feed.token, at=at))
    events = recurring_ical_events.of(calendar).between(at, at + dt.timedelta(days=100))
    return [(f"{event.start:%m-%d}", *version(event)) for event in sorted(events, key=lambda event: event.start)]


def version(event: Any) -> tuple[int, dt.datetime, dt.datetime]:
    return int(event["sequence"]), event["last-modified"].dt, event["dtstamp"].dt


def test_what_has_changed_is_newer_for_other_programs() -> None:
    ada, studio, later = a_member(), a_resource(), NOW + HOUR
    host = a_member("Hanna")
    studio.place.hosts.add(host)
    own, shown = feed_of(ada), feed_of(ada, resource=studio.pk)
    booking = a_booking(ada, studio)
    assert versions(own) == versions(shown) == [("11-30", 0, NOW, NOW)]
    actions.move(member=ada, booking=booking, ends_at=booking.ends_at + HOUR, at=later)
    assert versions(own) == versions(shown) == [("11-30", 1, later, later)]
    actions.move(member=ada, booking=booking, title="Choir", at=later + HOUR)
    assert versions(own) == versions(shown) == [("11-30", 2, later + HOUR, later + HOUR)]
    one = Calendar.from_ical(feeds.calendar_of_one(Booking.objects.told().get())).walk("VEVENT")[0]
    assert version(one) == (2, later + HOUR, later + HOUR)


def test_a_series_is_newer_when_one_of_its_times_is() -> None:
    ada, studio, later = a_member(), a_resource(), NOW + HOUR
    feed = feed_of(ada)
    first = a_series(ada, studio, "2026-12-01T19:00", "FREQ=WEEKLY;COUNT=3")
    assert [row[1:3] for row in versions(feed)] == [(0, NOW)] * 3
    second = Booking.objects.get(occurrence="2026-12-08T19:00")
    actions.cancel(member=ada, booking=second, at=later)
    assert versions(feed) == [("12-01", 1, later, later), ("12-15", 1, later, later)]
    change_series(member=ada, booking=first, scope="all", title="Band", at=later + HOUR)
    assert [row[1:3] for row in versions(feed)] == [(2, later + HOUR)] * 2
    third = Booking.objects.get(occurrence="2026-12-15T19:00")
    change_series(
        member=ada, booking=third, scope="following", at=later + 2 * HOUR,
        first=wall_of("2026-12-15T20:00"), end=wall_of("2026-12-15T22:00"),
    )  # fmt: skip
    first.refresh_from_db()
    assert first.series is not None
    assert (first.series.sequence, first.series.updated_at) == (3, later + 2 * HOUR)


def test_addresses_are_made_listed_and_revoked_through_the_api() -> None:
    ada, eve, studio = signed_in(a_member("Ada")), signed_in(a_member("Eve")), a_resource()
    made = ada.post("/api/feeds/", {})
    assert (made.status_code, made.json()["address"][-4:]) == (201, ".ics")
    assert ada.post("/api/feeds/", {}).json() == made.json()
    of_studio = ada.post("/api/feeds/", {"resource": studio.pk}).json()
    assert of_studio["resource"] == {"id": studio.pk, "name": "Studio"}
    assert [row["id"] for row in ada.get("/api/feeds/").json()] == [made.json()["id"], of_studio["id"]]
    assert eve.get("/api/feeds/").json() == []
    assert eve.delete(f"/api/feeds/{of_studio['id']}/").status_code == 404
    assert ada.delete(f"/api/feeds/{of_studio['id']}/").status_code == 204
    assert len(ada.get("/api/feeds/").json()) == 1
    assert ada.post("/api/feeds/", {"resource": 999_999}).status_code == 404
    assert ada.post("/api/feeds/", {"resource": studio.pk, "collective": 1}).status_code == 400


def test_one_booking_is_a_file() -> None:
    ada, studio = a_member("Ada"), a_resource()
    booking = a_booking(ada, studio)
    answer = signed_in(ada).get(f"/api/bookings/{booking.pk}/ics/")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:booking-{booking.pk}@".encode() in answer.content
    assert signed_in(a_member("Eve")).get(f"/api/bookings/{booking.pk}/ics/").status_code == 404
