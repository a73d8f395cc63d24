"""How much is used: by thing, by collective, over time."""

import csv
import datetime as dt
import io
from typing import Any

import pytest

from backend.bookings import actions, figures, no_shows, upkeep
from backend.bookings.models import Booking
from backend.members.models import Member
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_pool, a_resource
from tests.cast import a_member, signed_in, utc

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 11, 30), dt.date(2026, 12, 13)


def a_house(**fields: Any) -> tuple[Any, Member]:
    place, host = a_place(timezone="UTC", **fields), a_member("Hanna")
    place.hosts.add(host)
    return place, host


def test_booked_hours_stand_against_open_hours() -> None:
    place, host = a_house()
    upkeep.set_openings(member=host, place=place, week=[(day, 8 * 60, 18 * 60) for day in range(5)])
    studio = a_resource(place=place)
    a_booking(a_member(), studio, hours=(9, 12))
    a_booking(a_member(), studio, hours=(9, 11), day=30, starts_at=utc(2026, 12, 7, 9), ends_at=utc(2026, 12, 7, 11))
    found = figures.report(host, FIRST, LAST)
    (row,) = found.resources
    assert (row.bookings, row.booked_hours, row.open_hours, row.used) == (2, 5, 100, 0.05)
    assert [(one.name, one.bookings, one.booked_hours, one.open_hours) for one in found.periods] == [
        ("2026-11-30", 1, 3, 50), ("2026-12-07", 1, 2, 50),
    ]  # fmt: skip


def test_units_of_a_pool_count_each_and_what_reaches_beyond_the_days_only_in_part() -> None:
    place, host = a_house()
    pool = a_pool(4, place=place, max_minutes=10 * 24 * 60)
    a_booking(a_member(), pool, quantity=3, starts_at=utc(2026, 12, 13, 12), ends_at=utc(2026, 12, 15, 12))
    found = figures.report(host, FIRST, LAST)
    assert (found.resources[0].booked_hours, found.resources[0].open_hours) == (36, 14 * 24 * 4)
    assert figures.report(host, FIRST, LAST - dt.timedelta(days=1)).resources[0].bookings == 0


def test_collectives_and_members_for_themselves() -> None:
    place, host = a_house()
    ada = a_member()
    studio, collective = a_resource(place=place), a_collective(ada, name="Weavers")
    a_booking(ada, studio, hours=(8, 10))
    a_booking(ada, studio, hours=(10, 14), collective=collective.pk)
    found = figures.report(host, FIRST, LAST)
    assert [(one.id, one.name, one.booked_hours) for one in found.collectives] == [
        (collective.pk, "Weavers", 4), (None, "", 2),
    ]  # fmt: skip


def test_who_did_not_come_and_who_cancelled_late_use_nothing() -> None:
    place, host = a_house()
    ada, studio = a_member(), a_resource(place=place, release_minutes=15)
    booking = a_booking(ada, studio, hours=(9, 10))
    no_shows.release_all(at=booking.starts_at + HOUR / 2)
    late, early = a_booking(ada, studio, hours=(12, 13)), a_booking(ada, studio, hours=(14, 15))
    actions.cancel(member=ada, booking=late, at=late.starts_at - HOUR)
    actions.cancel(member=ada, booking=early, at=NOW)
    (row,) = figures.report(host, FIRST, LAST).resources
    assert (row.bookings, row.booked_hours, row.nobody_came, row.cancelled_late) == (0, 0, 1, 1)
    assert Booking.objects.count() == 3


def test_by_month_the_first_may_be_short() -> None:
    place, host = a_house()
    a_resource(place=place)
    found = figures.report(host, dt.date(2026, 11, 20), dt.date(2027, 1, 2), by="month")
    assert [(one.name, one.open_hours) for one in found.periods] == [
        ("2026-11-20", 11 * 24), ("2026-12-01", 31 * 24), ("2027-01-01", 2 * 24),
    ]  # fmt: skip


def test_the_table_is_proper_and_harmless() -> None:
    place, host = a_house(name="Mill, old")
    a_resource(name='=HYPERLINK("x")', place=place)
    answer = signed_in(host).get("/api/hosting/figures.csv", {"from": str(FIRST), "until": str(LAST)})
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0][:2] == ["name", "place"]
    assert rows[1][:4] == ['\'=HYPERLINK("x")', "Mill, old", "0", "0.00"]
    assert answer["Content-Disposition"] == 'attachment; filename="resources-2026-11-30-2026-12-13.csv"'
    assert answer.content.endswith(b"\r\n")


def test_only_hosts_see_figures_and_only_of_what_they_look_after() -> None:
    place, host = a_house()
    a_resource(place=place, name="Mine"), a_resource(name="Elsewhere", place=a_place(name="Other"))
    told = signed_in(host).get("/api/hosting/figures/", {"from": str(FIRST), "until": str(LAST)}).json()
    assert [row["name"] for row in told["resources"]] == ["Mine"]
    for path in ("/api/hosting/figures/", "/api/hosting/figures.csv"):
        assert signed_in(a_member("Eve")).get(path).json()["code"] == "not_allowed"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "x"}, "from"),
        ({"until": "2026-02-30"}, "until"),
        ({"from": "2026-12-01", "until": "2026-11-30"}, "until"),
        ({"from": "2024-12-01", "until": "2026-11-30"}, "until"),
        ({"by": "year"}, "by"),
    ],
)
def test_nonsense_is_refused(query: dict[str, str], field: str) -> None:
    _place, host = a_house()
    answer = signed_in(host).get("/api/hosting/figures/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_many_things_need_no_more_questions(django_assert_max_num_queries: Any) -> None:
    place, host = a_house()
    for number in range(6):
        a_booking(a_member(f"Ada {number}"), a_resource(name=f"Room {number}", place=place))
    client = signed_in(host)
    with django_assert_max_num_queries(12):
        client.get("/api/hosting/figures/", {"from": str(FIRST), "until": str(LAST)})
