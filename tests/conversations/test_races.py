"""Two at the same instant: threads with their own connections, as web processes would have."""

import uuid
from functools import partial
from typing import Any

import pytest

from backend.conversations import actions
from backend.conversations.models import Event, Room
from tests.cast import a_member
from tests.conversations.cast import NOW, a_room, said, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_numbers_have_no_gaps_when_two_write_at_once() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)

    def ten(author: object) -> None:
        for number in range(10):
            said(room, author, f"message {number}")  # type: ignore[arg-type]

    assert together(lambda: ten(ada), lambda: ten(grace)) == [None, None]
    assert list(Event.objects.filter(room=room).values_list("seq", flat=True)) == list(range(1, 21))
    fresh = Room.objects.get(pk=room.pk)
    assert (fresh.last_seq, fresh.message_count) == (20, 20)


def test_one_send_that_comes_in_twice_at_once_is_stored_once_without_a_gap() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    for _ in range(5):
        client_id = uuid.uuid4()
        one, other = together(*[lambda: said(room, ada, "Hello", client_id=client_id)] * 2)  # noqa: B023
        assert one.pk == other.pk
    assert list(Event.objects.filter(room=room).values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_leaving_while_writing_ends_in_one_order_or_the_other() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    for _ in range(5):
        room = a_room(ada, grace)
        together(
            lambda: said(room, grace),  # noqa: B023
            lambda: actions.leave_room(room=room, member=grace, at=NOW),  # noqa: B023
        )
        kinds = list(Event.objects.filter(room=room).values_list("kind", flat=True))
        assert kinds in (["message", "member_left"], ["member_left"])


def test_two_first_words_at_once_end_up_in_one_direct_room() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    one, other = together(
        lambda: actions.direct_room(member=ada, partners=[grace], at=NOW).pk,
        lambda: actions.direct_room(member=grace, partners=[ada], at=NOW).pk,
    )
    assert one == other


# -- what stewards do in the same instant ------------------------------------------------------------------------------
def kinds(room: Room) -> list[str]:
    """The log, which has no gaps."""
    log = list(Event.objects.filter(room=room).order_by("seq"))
    assert [event.seq for event in log] == list(range(1, len(log) + 1))
    return [event.kind for event in log]


def test_two_pins_two_covers_and_two_notes_at_once_are_one_each() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada, grace])
    said(room, ada, "Hello", important=True)
    at: Any = {"room": room, "seq": 1, "at": NOW}
    together(*[partial(actions.pin, by=by, is_on=True, **at) for by in (ada, grace)])
    together(*[partial(actions.acknowledge, by=ada, **at)] * 2)
    together(*[partial(actions.react, by=ada, emoji="🎉", is_on=True, **at)] * 2)
    answers = together(*[partial(actions.hide, by=by, rule="respect", **at) for by in (ada, grace)])
    assert [getattr(answer, "code", "") for answer in answers if isinstance(answer, Exception)] == ["already_hidden"]
    assert kinds(room) == ["message", "message_pinned", "message_acknowledged", "reaction_added", "message_hidden"]


def test_two_stewards_who_give_up_at_once_leave_one_behind() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    for work in (
        lambda room, by: actions.go_out(room=room, member=by, at=NOW),
        lambda room, by: actions.name_steward(room=room, by=by, member=by, is_steward=False, at=NOW),
    ):
        room = a_room(ada, grace, joan, stewards=[ada, grace])
        answers = together(partial(work, room, ada), partial(work, room, grace))
        assert sorted(getattr(answer, "code", "") for answer in answers) == ["", "last_steward"]
        assert room.memberships.filter(role="steward").count() == 1
        assert len(kinds(room)) == 1


def test_a_report_that_two_stewards_decide_at_once_is_decided_once() -> None:
    ada, grace, joan, mary = (a_member(name) for name in ("Ada", "Grace", "Joan", "Mary"))
    room = a_room(ada, grace, joan, mary, stewards=[ada, grace])
    said(room, joan, "nasty")
    report = actions.report_message(room=room, seq=1, by=mary, rule="respect", words="", at=NOW)
    answers = together(
        *[
            partial(actions.decide_report, room=room, report=report.pk, by=by, uphold=True, at=NOW)
            for by in (ada, grace)
        ]
    )
    assert sorted(getattr(answer, "code", "") for answer in answers) == ["", "already_decided"]
    assert kinds(room) == ["message", "message_hidden"]


def test_two_who_come_in_by_two_doors_at_once_are_in_once_and_a_room_opens_once_for_its_subject() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada)
    together(
        lambda: actions.come_in(room=room, member=grace, at=NOW),
        lambda: actions.bring_in(room=room, by=ada, guest=grace, at=NOW),
    )
    assert kinds(room) == ["member_joined"]
    about: Any = {
        "kind": "trade",
        "title": "Tailors",
        "access": "open",
        "about_kind": "sector",
        "about_id": 7,
        "at": NOW,
    }
    answers = together(*[partial(actions.create_room, by=by, **about) for by in (ada, grace)])
    assert sorted(getattr(answer, "code", "") for answer in answers) == ["", "room_exists"]


def test_removing_someone_while_they_are_made_a_steward_ends_in_one_order_or_the_other() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    for _ in range(3):
        room = a_room(ada, grace, joan, stewards=[ada, grace])
        together(
            partial(actions.remove_member, room=room, by=ada, member=joan, rule="respect", at=NOW),
            partial(actions.name_steward, room=room, by=grace, member=joan, is_steward=True, at=NOW),
        )
        is_in = room.memberships.filter(member=joan).exists()
        assert kinds(room) == (["steward_named"] if is_in else ["member_removed"])
