"""What PostgreSQL writes of moments is read as Django reads it."""

import datetime as dt

import pytest
from django.db import connection
from psycopg import adapters
from psycopg.pq import Format

from backend.moments import InUtc

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 28, 16, 22, 21, 500_000, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 28, 23, 59, 59, 999_999, tzinfo=dt.UTC),
        dt.datetime(9999, 12, 31, 0, 0, 0, 1, tzinfo=dt.UTC),
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    ],
)
def test_a_moment_comes_back_to_the_microsecond_and_in_utc(moment: dt.datetime) -> None:
    with connection.cursor() as cursor:
        loader = cursor.cursor.adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)
        assert loader is InUtc
        cursor.execute("SELECT %s::timestamptz, %s::timestamptz[], NULL::timestamptz", [moment, [moment]])
        assert cursor.fetchone() == (moment, [moment], None)


def test_a_moment_with_another_offset_is_told_in_utc() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT timestamptz '2026-07-01 12:00:00.5+05:30'")
        (read,) = cursor.fetchone()
    assert (read, read.tzinfo) == (dt.datetime(2026, 7, 1, 6, 30, 0, 500_000, tzinfo=dt.UTC), dt.UTC)
