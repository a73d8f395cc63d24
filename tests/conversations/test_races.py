"""Two at the same instant: threads with their own connections, as web processes would have."""

import uuid

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
