"""Very many at once, and questions that are planned once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.bookings.models import Resource
from backend.many import numbers_of
from backend.plans import answers
from tests.bookings.cast import a_resource

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_the_keys_of_all_rows_are_read_in_one_question(count: int) -> None:
    things = {a_resource(name=f"Desk {number}").pk for number in range(count)}
    a_resource(name="Van")
    with CaptureQueriesContext(connection) as asked:
        assert set(numbers_of(Resource.objects.filter(name__startswith="Desk").order_by("name"))) == things
    assert len(asked) == 1


def test_of_no_rows_there_are_no_keys() -> None:
    a_resource()
    assert numbers_of(Resource.objects.filter(name="Moon")) == []
    assert numbers_of(Resource.objects.filter(pk__in=[])) == []


@pytest.mark.postgresql
def test_a_question_that_is_asked_often_is_planned_once() -> None:
    studio = a_resource()
    for _ in range(7):
        assert answers("SELECT name FROM bookings_resource WHERE id = %s", [studio.pk]) == [(studio.name,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT name FROM bookings_resource%'"
        )
        assert cursor.fetchone() == (1,)
