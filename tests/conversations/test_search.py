"""Finding words: the same answers on both engines, and only of rooms that I am in now."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said

pytestmark = pytest.mark.django_db


def found(member: Any, query: str) -> list[str]:
    answer = signed_in(member).get("/api/messages/", dict(part.split("=") for part in query.split("&")))
    return [row["event"]["body"] for row in answer.json()["results"]]


def test_all_words_count_whatever_their_accents_and_the_last_one_may_be_begun() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    for body in ("Les répétitions à l’Œuvre", "répéter encore", "C++ and Node.js", "Straße"):
        said(room, ada, body)
    assert found(ada, "q=repetitions oeuv") == ["Les répétitions à l’Œuvre"]
    assert found(ada, "q=rep") == ["répéter encore", "Les répétitions à l’Œuvre"]
    assert found(ada, "q=node.js") == ["C++ and Node.js"]
    assert found(ada, "q=STRASSE") == ["Straße"]
    assert found(ada, "q=oeuvre encore") == []


@pytest.mark.parametrize("query", ['"', "'", "* OR 1", "NEAR(", "words:x", "') --", "& | !", "\\", "a" * 500])
def test_signs_in_a_search_are_words_or_nothing(query: str) -> None:
    ada = a_member("Ada")
    said(a_room(ada), ada, "hello")
    answer = signed_in(ada).get("/api/messages/", {"q": query})
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_an_edit_is_found_by_its_new_words_and_a_deletion_by_none() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    said(room, ada, "Monday")
    actions.edit_message(room=room, seq=1, by=ada, body="Tuesday", at=NOW)
    assert (found(ada, "q=monday"), found(ada, "q=tuesday")) == ([], ["Tuesday"])
    actions.delete_message(room=room, seq=1, by=ada, at=NOW)
    assert found(ada, "q=tuesday") == []


def test_only_my_rooms_are_searched_also_right_after_i_was_put_out() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    ours, hers = a_room(ada, grace), a_room(grace)
    said(ours, grace, "apples")
    said(hers, grace, "apples")
    assert found(ada, "q=apples") == ["apples"]
    assert found(ada, f"q=apples&room={hers.pk}") == []
    actions.leave_room(room=ours, member=ada, at=NOW)
    assert found(ada, "q=apples") == []
    assert len(found(grace, "q=apples")) == 2


def test_room_author_day_and_language_narrow_it_down() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room, other = a_room(ada, grace), a_room(ada, grace)
    said(room, ada, "apples one", language="en")
    said(room, grace, "apples two", language="nl", at=NOW + timedelta(days=1))
    said(other, grace, "apples three", at=NOW + timedelta(days=2))
    assert found(ada, f"q=apples&room={other.pk}") == ["apples three"]
    assert found(ada, f"q=apples&author={ada.pk}") == ["apples one"]
    assert found(ada, "q=apples&language=nl") == ["apples two"]
    assert found(ada, "q=apples&since=2026-11-24&until=2026-11-24") == ["apples two"]
    assert found(ada, f"author={grace.pk}") == ["apples three", "apples two"]
    client = signed_in(ada)
    assert refused(client.get("/api/messages/?since=yesterday")) == "invalid"
    assert refused(client.get("/api/messages/?since=2026-11-24&zone=Nowhere")) == "invalid"
    assert refused(client.get("/api/messages/?room=x")) == "invalid"


def test_results_come_in_pages_and_cost_the_same_for_one_and_for_three() -> None:
    ada, counts = a_member("Ada"), []
    room, client = a_room(ada), signed_in(ada)
    for number in (1, 2, 3):
        said(room, ada, f"apples {number}")
        with CaptureQueriesContext(connection) as queries:
            rows = client.get("/api/messages/?q=apples").json()["results"]
        counts.append(len(queries))
        assert (len(rows), rows[0]["room_title"]) == (number, "Carpenters")
    assert counts[0] == counts[2]
    page = client.get("/api/messages/?q=apples&page_size=2").json()
    rest = client.get(page["next"]).json()
    assert [row["event"]["seq"] for row in page["results"] + rest["results"]] == [3, 2, 1]
