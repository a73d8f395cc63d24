"""What a collective agrees on: written once by a steward, then decided; accepted on joining, and again when it changes."""

import pytest

from backend.collectives import actions, agreements
from backend.collectives.models import Agreement, CollectiveMembership
from backend.errors import Refusal
from backend.notices.models import Notice
from tests.cast import a_member, signed_in, utc
from tests.collectives.test_collectives import a_collective, with_member

pytestmark = pytest.mark.django_db
NOW = utc(2030, 5, 6, 9)


def test_who_joins_accepts_the_agreement_that_is_in_force() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    agreements.write_first(collective=collective, by=ada, text="We share costs.", at=NOW)
    actions.invite(collective=collective, by=ada, guest=ben, at=NOW)
    client = signed_in(ben)
    assert client.get(f"/api/collectives/{collective.pk}/").json()["agreement"]["text"] == "We share costs."
    for wish in ({}, {"agreement": 2}):
        refused = client.post(f"/api/collectives/{collective.pk}/accept/", wish)
        assert (refused.status_code, refused.json()["code"]) == (409, "agreement_not_accepted")
        assert refused.json()["agreement"] == 1
    assert CollectiveMembership.objects.get(member=ben).state == "invited"
    joined = client.post(f"/api/collectives/{collective.pk}/accept/", {"agreement": 1}).json()
    assert (joined["my_state"], joined["may"]["agree"]) == ("member", False)


def test_a_new_version_is_told_to_everyone_and_accepted_anew() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    agreements.write_first(collective=collective, by=ada, text="We share costs.", at=NOW)
    client = signed_in(ben)
    assert client.post(f"/api/collectives/{collective.pk}/agree/", {"agreement": 1}).json()["may"]["agree"] is False
    agreements.set_decided(collective=collective, by=ada, text="We share costs and gains.", decision=7, at=NOW)
    assert Notice.objects.filter(member=ben, kind="agreement_changed").count() == 2
    now = client.get(f"/api/collectives/{collective.pk}/").json()
    assert (now["agreement"]["number"], now["agreement"]["decision"], now["may"]["agree"]) == (2, 7, True)
    stale = client.post(f"/api/collectives/{collective.pk}/agree/", {"agreement": 3})
    assert (stale.status_code, stale.json()["code"]) == (409, "agreement_not_accepted")
    assert client.post(f"/api/collectives/{collective.pk}/agree/", {"agreement": 2}).json()["may"]["agree"] is False
    texts = client.get(f"/api/collectives/{collective.pk}/agreements/").json()
    assert [(one["number"], one["text"]) for one in texts] == [
        (2, "We share costs and gains."),
        (1, "We share costs."),
    ]


def test_only_a_steward_writes_the_first_one_and_nobody_a_second() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    path = f"/api/collectives/{collective.pk}/write-agreement/"
    assert signed_in(ben).post(path, {"text": "Mine."}).json()["code"] == "not_a_steward"
    ours = signed_in(ada).post(path, {"text": "## Ours\n\nWe *share*."}).json()
    assert ours["may"]["agree"] is False
    assert ours["agreement"]["html"] == '<h4 dir="auto">Ours</h4>\n<p dir="auto">We <em>share</em>.</p>\n'
    again = signed_in(ada).post(path, {"text": "Mine alone."})
    assert (again.status_code, again.json()["code"]) == (409, "agreement_is_decided")
    assert [one.text for one in Agreement.objects.all()] == ["## Ours\n\nWe *share*."]


@pytest.mark.parametrize("text", [" ", "x" * 20_001, None])
def test_no_text_or_too_much_of_it_is_refused(text: object) -> None:
    ada = a_member("Ada")
    collective = a_collective(ada)
    with pytest.raises(Refusal):
        agreements.set_decided(collective=collective, by=ada, text=text, decision=1, at=NOW)  # type: ignore[arg-type]
    assert not Agreement.objects.exists()


def test_the_agreement_is_read_by_nobody_outside() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    agreements.write_first(collective=collective, by=ada, text="We share costs.", at=NOW)
    assert "We share costs." in str(signed_in(ada).get(f"/api/collectives/{collective.pk}/").json())
    outside = signed_in(ben)
    assert "We share costs." not in str(outside.get(f"/api/collectives/{collective.pk}/").json())
    assert outside.get(f"/api/collectives/{collective.pk}/agreements/").status_code == 404
    assert outside.post(f"/api/collectives/{collective.pk}/agree/", {"agreement": 1}).status_code == 409
