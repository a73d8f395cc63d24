"""Open hours: a guide keeps times free, whoever comes first takes one."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from backend.errors import NotFound, Refusal
from backend.members.actions import block
from backend.members.models import Member
from backend.mentoring import open_hours
from backend.mentoring.models import OpenHour
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, signed_in, utc
from tests.mentoring.test_asking import at_once

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def soon() -> dt.datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=2)


def an_hour(guide: Member, start: dt.datetime | None = None, **more: Any) -> OpenHour:
    fields: dict[str, Any] = {"link": "https://meet.example/grace", "minutes": 30} | more
    return open_hours.offer(guide=guide, starts_at=[start or soon()], at=timezone.now(), **fields)[0]


def test_whoever_comes_first_takes_an_hour_and_only_the_two_are_told_the_link() -> None:
    grace, ada, ben = a_guide("Grace"), a_member("Ada"), a_member("Ben")
    hour = an_hour(grace, about="Prices")
    listed = signed_in(ada).get("/api/open-hours/").json()["results"]
    assert [(one["guide"]["name"], one["link"], one["is_online"], one["may"]["take"]) for one in listed] == [
        ("Grace", "", True, True)
    ]
    taken = signed_in(ada).post(f"/api/open-hours/{hour.pk}/take/", {"question": "What is a day worth?"}).json()
    assert (taken["status"], taken["link"]) == ("taken", "https://meet.example/grace")
    assert signed_in(ben).get("/api/open-hours/").json()["results"] == []
    theirs = signed_in(ben).get(f"/api/open-hours/{hour.pk}/").json()
    assert (theirs["link"], theirs["question"], theirs["taken_by"]) == ("", "", None)
    mine = signed_in(grace).get("/api/open-hours/?mine=true").json()["results"]
    assert [(one["taken_by"]["name"], one["question"]) for one in mine] == [("Ada", "What is a day worth?")]
    assert Notice.objects.get(member=grace).kind == "open_hour_taken"
    late = signed_in(ben).post(f"/api/open-hours/{hour.pk}/take/", {})
    assert (late.status_code, late.json()["code"]) == (409, "slot_gone")


def test_giving_back_opens_the_hour_again_and_calling_off_ends_it() -> None:
    grace, ada = a_guide("Grace"), a_member("Ada")
    hour = an_hour(grace)
    open_hours.take(hour=hour, member=ada, question="Prices", at=timezone.now())
    back = signed_in(ada).post(f"/api/open-hours/{hour.pk}/cancel/").json()
    assert (back["status"], back["question"]) == ("open", "")
    assert Notice.objects.filter(member=grace).order_by("-pk")[0].kind == "open_hour_cancelled"
    open_hours.take(hour=hour, member=ada, at=timezone.now())
    assert signed_in(grace).post(f"/api/open-hours/{hour.pk}/cancel/").json()["status"] == "cancelled"
    assert Notice.objects.get(member=ada).kind == "open_hour_cancelled"
    again = signed_in(grace).post(f"/api/open-hours/{hour.pk}/cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "slot_gone")


def test_an_hour_of_someone_blocked_does_not_exist() -> None:
    grace, ada = a_guide("Grace"), a_member("Ada")
    hour = an_hour(grace)
    assert signed_in(ada).get(f"/api/open-hours/{hour.pk}/").status_code == 200
    block(by=ada, whom=grace, at=timezone.now())
    assert signed_in(ada).get("/api/open-hours/").json()["results"] == []
    assert signed_in(ada).post(f"/api/open-hours/{hour.pk}/take/", {}).status_code == 404
    # Nor for whoever had it before them a moment ago.
    with pytest.raises(NotFound):
        open_hours.take(hour=hour, member=ada, at=timezone.now())


def test_only_the_two_may_cancel_and_have_it_in_their_calendar() -> None:
    grace, ada, eve = a_guide("Grace"), a_member("Ada"), a_member("Eve")
    hour = open_hours.take(hour=an_hour(grace), member=ada, at=timezone.now())
    assert signed_in(eve).post(f"/api/open-hours/{hour.pk}/cancel/").status_code == 404
    assert signed_in(eve).get(f"/api/open-hours/{hour.pk}/ics/").status_code == 404
    answer = signed_in(ada).get(f"/api/open-hours/{hour.pk}/ics/")
    assert answer["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (event["summary"], event["location"]) == ("Open hour with Grace", "https://meet.example/grace")
    assert (event.decoded("dtstart"), event["sequence"]) == (hour.starts_at, 1)


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"link": ""}, "link", "link_or_place"),
        ({"link": "javascript:alert(1)"}, "link", "invalid"),
        ({"minutes": 5}, "minutes", "min_value"),
        ({"starts_at": "2020-01-01T10:00:00Z"}, "starts_at", "in_the_past"),
        ({"weeks": 13}, "weeks", "max_value"),
    ],
)
def test_an_hour_that_makes_no_sense_is_refused(wish: Any, field: str, code: str) -> None:
    whole = {"starts_at": soon().isoformat(), "minutes": 30, "link": "https://meet.example/a"} | wish
    answer = signed_in(a_guide("Grace")).post("/api/open-hours/", whole)
    assert (answer.status_code, answer.json()["fields"][field][0]["code"]) == (400, code)
    assert not OpenHour.objects.exists()


def test_hours_of_one_guide_do_not_overlap_and_neither_do_those_one_takes() -> None:
    grace, hedy, ada = a_guide("Grace"), a_guide("Hedy"), a_member("Ada")
    start = soon()
    hour, beside = an_hour(grace, start, minutes=60), an_hour(hedy, start + HOUR / 2)
    an_hour(grace, start + HOUR)
    with pytest.raises(Refusal):
        an_hour(grace, start + HOUR / 2)
    open_hours.take(hour=hour, member=ada, at=timezone.now())
    with pytest.raises(Refusal) as twice:
        open_hours.take(hour=beside, member=ada, at=timezone.now())
    assert twice.value.code == "slot_overlap"


def test_a_fourth_hour_and_one_that_has_begun_are_not_taken() -> None:
    ada, start = a_member("Ada"), soon()
    for number in range(3):
        open_hours.take(hour=an_hour(a_guide(f"G{number}"), start + number * HOUR), member=ada, at=timezone.now())
    fourth = an_hour(a_guide("Grace"), start + 4 * HOUR)
    with pytest.raises(Refusal) as many:
        open_hours.take(hour=fourth, member=ada, at=timezone.now())
    assert many.value.code == "too_many_taken"
    with pytest.raises(Refusal) as late:
        open_hours.take(hour=fourth, member=a_member("Ben"), at=fourth.starts_at)
    assert late.value.code == "slot_over"


def test_every_week_is_at_the_same_time_on_the_wall_when_the_clocks_change() -> None:
    starts = open_hours.weekly(utc(2026, 3, 23, 9), 2, ZoneInfo("Europe/Brussels"))
    assert starts == [utc(2026, 3, 23, 9), utc(2026, 3, 30, 8)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_an_hour_in_the_same_instant_one_gets_it() -> None:
    hour, ada, ben = an_hour(a_guide("Grace")), a_member("Ada"), a_member("Ben")
    at = timezone.now()
    outcomes = at_once(
        lambda: open_hours.take(hour=hour, member=ada, at=at), lambda: open_hours.take(hour=hour, member=ben, at=at)
    )
    assert outcomes == ["done", "slot_gone"]


def test_the_list_costs_the_same_with_one_row_and_with_three(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(a_member("Ada")), []
    for number in (1, 2):
        for one in range(number):
            an_hour(a_guide(f"Guide {number}{one}"))
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/open-hours/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
