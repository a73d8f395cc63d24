"""Somebody else is at work: tried again a few times, then told so; the same for whatever writes."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from backend.bookings.models import Resource
from backend.errors import Busy, answer
from backend.patience import ATTEMPTS, patiently
from tests.bookings.cast import a_resource
from tests.bookings.test_races import Deadlock
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def failing(times: int, cause: Exception, words: str = "") -> tuple[Any, list[int]]:
    """An act that writes, and fails after it so many times before it succeeds; and how often it was tried."""
    tried = [0]

    @patiently
    def act(name: str) -> int:
        tried[0] += 1
        a_resource(name=name)
        if tried[0] <= times:
            raise OperationalError(words) from cause
        return tried[0]

    return act, tried


def test_what_passes_is_tried_again_and_leaves_nothing_of_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    a_member()
    act, _ = failing(ATTEMPTS - 1, Deadlock())
    assert act("Studio") == ATTEMPTS
    act, tried = failing(99, Deadlock())
    with pytest.raises(Busy):
        act("Van")
    act, locked = failing(99, Exception(), "database is locked")
    with pytest.raises(Busy):
        act("Van")
    assert (tried, locked) == ([ATTEMPTS], [1])
    act, tried = failing(99, Exception(), "disk I/O error")
    with pytest.raises(OperationalError):
        act("Van")
    assert tried == [1]
    assert [resource.name for resource in Resource.objects.all()] == ["Studio"]


def test_whatever_the_door_a_lock_that_was_not_given_answers_503(monkeypatch: pytest.MonkeyPatch) -> None:
    host = a_member()
    studio = a_resource()
    studio.place.hosts.add(host)
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def deadlock(*_: Any, **__: Any) -> None:
        raise OperationalError from Deadlock()

    monkeypatch.setattr("backend.bookings.upkeep._locked_under", deadlock)
    asked = {"what": "notice", "terms": {"cancel_notice_minutes": 60}, "resource": studio.pk}
    told = signed_in(host).post("/api/rules/", asked)
    assert (told.status_code, told.json()["code"], told["Retry-After"]) == (503, "try_again", "1")
    other = OperationalError()
    other.__cause__ = Deadlock()
    response = answer(other, {})
    assert response is not None
    assert response.status_code == 503
    assert answer(OperationalError("disk I/O error"), {}) is None


@pytest.mark.postgresql
def test_no_lock_is_waited_for_without_end() -> None:
    @patiently
    def waits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return str(cursor.fetchone()[0])

    assert waits() == "3s"
