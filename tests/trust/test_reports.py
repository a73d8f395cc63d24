"""A report is one while it is open, and decided once."""

import pytest

from backend.errors import Conflict
from backend.trust import actions
from backend.trust.models import Report
from tests.cast import a_member, utc

pytestmark = pytest.mark.django_db
NOW = utc(2026, 11, 23, 9)


def a_report(words: str = "") -> Report:
    by, about = a_member("Joan"), a_member("Grace")
    ref = {"room": 1, "seq": 2}
    return actions.report(by=by, about=about, kind="message", ref=ref, rule="respect", words=words, at=NOW)[0]


def test_the_same_person_about_the_same_thing_is_one_report_while_it_is_open() -> None:
    first = a_report("  look  ")
    assert first.by is not None
    wish = {"by": first.by, "about": None, "kind": "message", "ref": first.ref, "rule": "other", "words": "", "at": NOW}
    assert actions.report(**wish) == (first, False)
    actions.decide(report=first, by=a_member("Ada"), uphold=False, at=NOW)
    again, is_new = actions.report(**wish)
    assert (first.words, is_new, again.pk == first.pk) == ("look", True, False)


def test_a_report_is_decided_once() -> None:
    report, ada = a_report(), a_member("Ada")
    decided = actions.decide(report=report, by=ada, uphold=True, at=NOW)
    assert (decided.state, decided.decided_by, decided.decided_at) == ("upheld", ada, NOW)
    with pytest.raises(Conflict) as refusal:
        actions.decide(report=report, by=ada, uphold=False, at=NOW)
    assert refusal.value.code == "already_decided"
