"""Handing in twice, supporting twice, and handing in while collecting ends, in the same instant."""

import pytest

from backend.consultations import actions, grouping
from backend.consultations.models import Recommendation, Support
from backend.decisions import actions as decisions
from backend.decisions.models import Proposal
from backend.errors import Refusal
from backend.notices.models import Notice
from tests.bookings.cast import at_once
from tests.cast import a_member
from tests.consultations import COLLECTED, NOW, a_coordinator, collecting, discussed, recommends

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_at_once_are_one_recommendation() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    made = collecting(coor)
    said = at_once(*[lambda: recommends(made, ada)] * 3)
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "Conflict", "Recommendation"]
    assert Recommendation.objects.count() == 1


def test_who_supports_twice_at_once_supports_once() -> None:
    coor, ada, ben = a_coordinator(), a_member("Ada"), a_member("Ben")
    made = collecting(coor)
    row = recommends(made, ada)
    said = at_once(*[lambda: actions.support(consultation=made, by=ben, recommendation=row.pk, want=True, at=NOW)] * 3)
    assert said == [None] * 3
    assert Support.objects.count() == 1


def test_collecting_ends_once_for_two_workers_and_who_is_late_is_refused() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    made = collecting(coor)
    said = at_once(lambda: recommends(made, ada), *[lambda: grouping.group_due(at=COLLECTED)] * 2)
    assert sorted(said[1:]) == [0, 1]
    kept = not isinstance(said[0], Refusal)
    assert Recommendation.objects.count() == kept
    assert Notice.objects.filter(kind="consultation_collected").count() == 1


def test_two_who_prepare_the_vote_at_once_prepare_one() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    made = discussed(coor, "Vans", "Rooms")
    actions.name_facilitator(consultation=made, by=coor, member=ada, at=COLLECTED)
    said = at_once(
        *(
            lambda by=by: decisions.propose(
                member=by, consultation=made, title="What first", method="dots", at=COLLECTED
            )
            for by in (coor, ada)
        )
    )
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "Proposal"]
    assert Proposal.objects.get().options.count() == 2
