"""What a member is told, and that nobody else hears it."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from backend import events
from backend.notices.actions import mark_read, tell, tell_all, unread
from backend.notices.models import Notice
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def a_notice(member: Any, kind: Notice.Kind = Notice.Kind.COLLECTIVE_INVITED) -> Notice:
    return tell(member=member, kind=kind, data={"collective": {"id": 1, "name": "Loge"}}, at=timezone.now())


def test_my_notices_come_newest_first_and_those_of_others_do_not_come() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    first, second, _ = a_notice(ada), a_notice(ada), a_notice(ben)
    answer = signed_in(ada).get("/api/notices/").json()
    assert [row["id"] for row in answer["results"]] == [second.pk, first.pk]
    assert answer["results"][0]["data"] == {"collective": {"id": 1, "name": "Loge"}}


def test_the_list_costs_the_same_with_one_row_and_with_three(django_assert_num_queries: Any) -> None:
    one, three = a_member("One"), a_member("Three")
    for member in (one, three, three, three):
        a_notice(member)
    for member in (one, three):
        client = signed_in(member)
        with django_assert_num_queries(3):
            client.get("/api/notices/")


def test_reading_up_to_an_id_leaves_the_newer_ones_unread() -> None:
    ada = a_member()
    first, second = a_notice(ada), a_notice(ada)
    client = signed_in(ada)
    assert client.get("/api/notices/unread/").json() == {"unread": 2}
    assert client.post("/api/notices/read/", {"up_to": first.pk}).json() == {"unread": 1}
    assert [row["id"] for row in client.get("/api/notices/?unread=true").json()["results"]] == [second.pk]


def test_someone_elses_notice_cannot_be_marked_as_read() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    notice = a_notice(ada)
    assert mark_read(member=ben, ids=[notice.pk], at=timezone.now()) == 0
    assert unread(member=ada) == 1


def test_naming_both_or_neither_is_refused() -> None:
    client = signed_in(a_member())
    for wish in ({}, {"up_to": 1, "ids": [1]}):
        answer = client.post("/api/notices/read/", wish)
        assert answer.status_code == 400
        assert answer.json()["fields"] == {"": [{"code": "one_of_two", "detail": "Name either up_to or ids."}]}


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_announced_after_commit_and_never_after_a_rollback() -> None:
    ada, heard = a_member(), []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        heard.append((topic, fact["type"], fact["unread"]))

    events.listen(listener)
    try:
        with transaction.atomic():
            a_notice(ada)
            assert heard == []
        with transaction.atomic():
            a_notice(ada)
            transaction.set_rollback(True)
    finally:
        events.forget(listener)
    assert heard == [(("member", ada.pk), "notice", 1)]


@pytest.mark.django_db(transaction=True)
def test_what_many_are_told_at_once_is_what_each_of_them_reads_then() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    a_notice(ben)
    heard: dict[int, events.Fact] = {}

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        heard[int(topic[1])] = fact

    events.listen(listener)
    try:
        told = [ben.pk, ada.pk]
        data = {"proposal": {"id": 3, "title": 'L\'été, "zusammen"'}}
        tell_all(members=told, kind=Notice.Kind.VOTE_OPENED, data=data, at=timezone.now())
    finally:
        events.forget(listener)
    assert list(heard) == [ben.pk, ada.pk]
    for member, waiting in ((ada, 1), (ben, 2)):
        first = signed_in(member).get("/api/notices/").json()["results"][0]
        assert heard[member.pk] == {"type": "notice", "notice": first, "unread": waiting}
    assert unread(member=cleo) == 0


def test_a_stranger_without_a_session_is_asked_to_sign_in() -> None:
    from rest_framework.test import APIClient

    answer = APIClient().get("/api/notices/")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


@pytest.mark.parametrize("wish", [{"up_to": 10**30}, {"ids": [10**30]}])
def test_numbers_that_no_database_keeps_are_refused(wish: dict[str, Any]) -> None:
    assert signed_in(a_member()).post("/api/notices/read/", wish).status_code == 400
