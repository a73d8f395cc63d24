"""Deciding, answering, ending and suggesting in the same instant; two workers with the same task."""

from functools import partial

import pytest

from backend.calls import actions, answering, fitting
from backend.calls.models import Call, CallAnswer
from backend.collectives import actions as collectives
from backend.collectives.models import Collective, CollectiveMembership
from backend.errors import Refusal
from backend.mentoring.people import PEOPLE
from backend.notices.models import Notice
from tests.bookings.cast import at_once
from tests.calls import MESSAGE, a_call, a_collective, able, now, says_yes
from tests.cast import a_member, a_skill

pytestmark = pytest.mark.django_db(transaction=True)


def codes(said: list[object]) -> list[str]:
    return sorted(one.code for one in said if isinstance(one, Refusal))


def test_of_two_who_give_the_last_seat_in_the_same_instant_one_finds_it_taken() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    collective = a_collective(ada, ben)
    collectives.name_steward(collective=collective, by=ada, member=ben, is_steward=True, at=now())
    for turn in range(3):
        call = a_call(ada, rigging, collective=collective, title=f"Turn {turn}")
        answers = [says_yes(call, a_member(name), rigging) for name in ("Cleo", "Dan")]
        said = at_once(
            partial(answering.accept, call=call, by=ada, answer=answers[0].pk, at=now()),
            partial(answering.accept, call=call, by=ben, answer=answers[1].pk, at=now()),
        )
        assert codes(said) in (["call_ended"], ["seats_taken"]), said
        assert sorted(call.answers.values_list("state", flat=True)) == ["accepted", "lapsed"]
        call.refresh_from_db()
        assert call.state == "filled"


def test_who_answers_while_it_is_closed_is_told_or_refused() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    answered, closed = at_once(
        lambda: answering.answer(call=call, member=ben, skill=rigging, message=MESSAGE, at=now()),
        lambda: actions.close(call=call, by=ada, at=now()),
    )
    assert isinstance(closed, Call), closed
    was_in_time = isinstance(answered, CallAnswer)
    assert was_in_time or answered.code == "call_ended"
    assert Notice.objects.filter(member=ben, kind="call_over").count() == was_in_time
    assert not call.answers.filter(state="sent").exists()


def test_who_answers_twice_at_once_has_answered_once() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    said = at_once(
        *[lambda: answering.answer(call=call, member=ben, skill=rigging, message=MESSAGE, at=now())] * 3,
    )
    assert codes(said) == ["already_answered"] * 2, said
    assert Notice.objects.filter(member=ada, kind="call_answered").count() == 1


def test_two_who_come_together_at_once_found_one_collective() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    answering.accept(call=call, by=ada, answer=says_yes(call, ben, rigging).pk, at=now())
    said = at_once(
        *[lambda: answering.gather(call=call, by=ada, founding={"name": "The tour"}, at=now())] * 2,
    )
    assert codes(said) == ["already_formed"], said
    assert Collective.objects.count() == 1
    assert CollectiveMembership.objects.filter(member=ben, state="invited").count() == 1


def test_two_workers_end_a_call_once_and_suggest_it_once() -> None:
    PEOPLE.forget()
    rigging = a_skill("rigging")
    ada, _ben = a_member("Ada"), able("Ben", rigging)
    call = a_call(ada, rigging)
    assert sorted(at_once(*[lambda: fitting.suggest_due(at=now())] * 2)) == [0, 1]
    assert Notice.objects.filter(kind="call_fits").count() == 1
    assert sorted(at_once(*[lambda: actions.expire_due(at=call.closes_at)] * 2)) == [0, 1]
    assert Notice.objects.filter(kind="call_expired").count() == 1
    PEOPLE.forget()
