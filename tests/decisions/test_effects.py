"""What is decided takes effect, once, or the proposal says why it could not."""

import datetime as dt
from typing import Any

import pytest

from backend.bookings import sharing, upkeep
from backend.bookings.actions import book
from backend.bookings.models import Rule
from backend.collectives import actions as collectives
from backend.collectives import agreements
from backend.collectives.models import Collective, CollectiveMembership
from backend.decisions import actions, closing
from backend.decisions.models import Change, Proposal
from backend.errors import Refusal
from backend.members.models import Member
from tests.bookings.cast import a_resource
from tests.cast import a_member, signed_in
from tests.decisions import END, NOW, a_proposal, says, three, voted_on
from tests.decisions.test_voting import refused

pytestmark = pytest.mark.django_db
SHORT = {"min_minutes": 30, "max_minutes": 60, "step_minutes": 30}
STRONG: dict[str, Any] = {"quorum": 50, "threshold": 67}


def decided(collective: Collective, *voters: Member, **fields: Any) -> Proposal:
    """Everyone who is named says yes, and the vote ends."""
    proposal = voted_on(collective, voters[0], **fields)
    for voter in voters:
        says(proposal, voter, choice="yes")
    closing.close_due(at=END)
    proposal.refresh_from_db()
    return proposal


def length_of(resource: Any, **terms: Any) -> list[dict[str, Any]]:
    return [{"kind": "booking_rule", "resource": resource.pk, "what": "length", "terms": SHORT | terms}]


def test_a_decided_rule_acts_on_the_next_booking_and_says_where_it_was_decided() -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    start = END + dt.timedelta(days=2)
    book(member=ben, resources=[van.pk], starts_at=start, ends_at=start + dt.timedelta(hours=2), at=NOW)
    proposal = decided(collective, ada, ben, effects=length_of(van))
    assert (proposal.verdict, proposal.changes.get().state) == ("decided", "applied")
    later = start + dt.timedelta(days=1)
    with pytest.raises(Refusal) as caught:
        book(member=ben, resources=[van.pk], starts_at=later, ends_at=later + dt.timedelta(hours=2), at=END)
    assert "too_long" in str(caught.value.as_dict())
    shown = signed_in(ben).get(f"/api/rules/?resource={van.pk}").json()
    told = {"id": proposal.pk, "collective": "Loge", "on": "2030-05-09T09:00:00Z"}
    assert [(rule["what"], rule["decision"]) for rule in shown] == [("length", told)]


def test_decided_hours_act_on_the_next_booking_and_its_page_says_where_they_were_decided() -> None:
    collective, ada, ben, _cleo = three()
    van, theirs = a_resource(name="Van", owner_collective=collective), a_resource(name="Theirs")
    hours: dict[str, Any] = {"kind": "hours", "resource": van.pk, "opens_minute": 10 * 60, "closes_minute": 16 * 60}
    assert refused(a_proposal, collective, ada, effects=[hours | {"resource": theirs.pk}]) == "not_ours"
    assert refused(a_proposal, collective, ada, effects=[hours | {"closes_minute": 9 * 60}]) == "closes_before_it_opens"
    proposal = decided(collective, ada, ben, effects=[hours])
    assert proposal.changes.get().state == "applied"
    early = (END + dt.timedelta(days=2)).replace(hour=5)
    with pytest.raises(Refusal) as caught:
        book(member=ben, resources=[van.pk], starts_at=early, ends_at=early + dt.timedelta(hours=1), at=END)
    assert "closed" in str(caught.value.as_dict())
    told = {"id": proposal.pk, "collective": "Loge", "on": "2030-05-09T09:00:00Z"}
    seen = signed_in(ben).get(f"/api/resources/{van.pk}/").json()
    assert (seen["rules"]["opens"], seen["rules"]["closes"], seen["hours_decision"]) == ("10:00", "16:00", told)
    outside = signed_in(a_member("Dora"))
    assert outside.get(f"/api/resources/{van.pk}/").json()["hours_decision"] == told | {"id": None}
    collectives.edit(collective=collective, by=ada, at=NOW, is_listed=False)
    hidden = {"id": None, "collective": None, "on": told["on"]}
    assert outside.get(f"/api/resources/{van.pk}/").json()["hours_decision"] == hidden
    van.refresh_from_db()
    sharing.change_resource(member=ada, resource=van, description="Blue", opens_minute=10 * 60)
    assert signed_in(ben).get(f"/api/resources/{van.pk}/").json()["hours_decision"] == told
    sharing.change_resource(member=ada, resource=van, opens_minute=8 * 60)
    assert signed_in(ben).get(f"/api/resources/{van.pk}/").json()["hours_decision"] is None


def test_who_is_outside_reads_that_a_rule_was_decided_but_not_by_which_hidden_collective() -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    decided(collective, ada, ben, effects=length_of(van))
    outside = signed_in(a_member("Dora"))
    told = {"id": None, "collective": "Loge", "on": "2030-05-09T09:00:00Z"}
    assert outside.get(f"/api/rules/?resource={van.pk}").json()[0]["decision"] == told
    collectives.edit(collective=collective, by=ada, at=NOW, is_listed=False)
    assert outside.get(f"/api/rules/?resource={van.pk}").json()[0]["decision"] == told | {"collective": None}


def test_a_rule_that_a_host_changes_is_no_longer_the_decided_one() -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    decided(collective, ada, ben, effects=length_of(van))
    rule = Rule.objects.get(resource=van, is_active=True)
    changed = upkeep.change_rule(member=ada, rule=rule, message={"en": "It is old."})
    assert changed.decided_by == collective
    changed = upkeep.change_rule(member=ada, rule=rule, terms_given=SHORT | {"max_minutes": 120})
    assert (changed.decision, changed.decided_by, changed.decided_at) == (None, None, None)


def test_it_takes_effect_once_however_often_the_task_runs() -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    decided(collective, ada, ben, effects=length_of(van))
    closing.close_due(at=END)
    assert Rule.objects.filter(resource=van, what="length").count() == 1


def test_what_a_crash_cut_short_is_taken_up_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    with monkeypatch.context() as broken:
        broken.setattr(closing, "_settle", lambda **_named: None)
        proposal = decided(collective, ada, ben, effects=length_of(van))
    assert (proposal.state, proposal.changes.get().state) == ("closed", "waiting")
    closing.close_due(at=END + dt.timedelta(minutes=5))
    assert proposal.changes.get().state == "applied"


def test_what_is_rejected_changes_nothing() -> None:
    collective, ada, ben, cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    proposal = voted_on(collective, ada, effects=length_of(van))
    for voter, choice in ((ada, "yes"), (ben, "no"), (cleo, "no")):
        says(proposal, voter, choice=choice)
    closing.close_due(at=END)
    assert proposal.changes.get().state == "waiting"
    assert not Rule.objects.filter(resource=van).exists()


def test_a_thing_that_was_sold_meanwhile_keeps_its_rules_and_the_proposal_says_why() -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    proposal = voted_on(collective, ada, effects=length_of(van))
    for voter in (ada, ben):
        says(proposal, voter, choice="yes")
    type(van).objects.filter(pk=van.pk).update(owner_collective=None)
    closing.close_due(at=END)
    change = proposal.changes.get()
    assert (change.state, change.code, change.settled_at) == ("failed", "not_ours", END)
    assert not Rule.objects.filter(resource=van).exists()


def test_a_steward_is_elected_and_relieved() -> None:
    collective, ada, ben, cleo = three()
    decided(collective, ada, ben, title="Ben", effects=[{"kind": "steward", "member": ben.pk}])
    assert CollectiveMembership.objects.get(collective=collective, member=ben).role == "steward"
    relieve = [{"kind": "steward", "member": ada.pk, "is_steward": False}]
    decided(collective, ben, cleo, title="Not Ada", effects=relieve)
    assert CollectiveMembership.objects.get(collective=collective, member=ada).role == "member"
    last = [{"kind": "steward", "member": ben.pk, "is_steward": False}]
    assert decided(collective, ben, cleo, title="Nobody", effects=last).changes.get().code == "last_steward"


def test_a_steward_is_elected_until_a_day() -> None:
    collective, ada, ben, _cleo = three()
    effects = [{"kind": "steward", "member": ben.pk, "until": dt.date(2031, 5, 5)}]
    decided(collective, ada, ben, effects=effects)
    assert CollectiveMembership.objects.get(collective=collective, member=ben).steward_until == dt.date(2031, 5, 5)


def test_a_new_agreement_is_decided_and_takes_effect_once() -> None:
    collective, ada, ben, _cleo = three()
    agreements.write_first(collective=collective, by=ada, text="We share costs.", at=NOW)
    text = "We share costs and gains."
    proposal = decided(collective, ada, ben, effects=[{"kind": "agreement", "text": text}])
    closing.close_due(at=END)
    assert [(one.number, one.text, one.decision) for one in collective.agreements.all()] == [
        (2, text, proposal.pk),
        (1, "We share costs.", None),
    ]
    assert refused(a_proposal, collective, ada, effects=[{"kind": "agreement", "text": " "}]) == "required"


def test_the_collective_asks_in_and_excludes() -> None:
    collective, ada, ben, cleo = three()
    dora = a_member("Dora")
    decided(collective, ada, ben, title="Dora", effects=[{"kind": "admission", "member": dora.pk}], **STRONG)
    assert CollectiveMembership.objects.get(collective=collective, member=dora).state == "invited"
    decided(collective, ada, ben, title="Cleo", effects=[{"kind": "exclusion", "member": cleo.pk}], **STRONG)
    assert CollectiveMembership.objects.get(collective=collective, member=cleo).state == "left"
    assert signed_in(cleo).get("/api/decisions/").json()["results"] == []


def test_who_left_before_they_were_excluded_is_no_error_of_anybody() -> None:
    collective, ada, ben, cleo = three()
    proposal = voted_on(collective, ada, effects=[{"kind": "exclusion", "member": cleo.pk}], **STRONG)
    for voter in (ada, ben):
        says(proposal, voter, choice="yes")
    collectives.leave(collective=collective, member=cleo, at=NOW)
    closing.close_due(at=END)
    assert (proposal.changes.get().state, proposal.changes.get().code) == ("failed", "not_found")


def test_who_belongs_is_decided_by_many() -> None:
    collective, ada, _ben, cleo = three()
    exclude = [{"kind": "exclusion", "member": cleo.pk}]
    weak: dict[str, Any]
    for weak in ({"quorum": 49, "threshold": 67}, {"quorum": 50, "threshold": 66}):
        assert refused(a_proposal, collective, ada, effects=exclude, **weak) == "stronger_quorum_needed"
    sound = a_proposal(collective, ada, effects=exclude, **STRONG)
    assert refused(actions.edit, proposal=sound, by=ada, at=NOW, quorum=10) == "stronger_quorum_needed"
    assert Proposal.objects.get().quorum == 50


def test_a_change_that_could_not_be_is_refused_with_the_draft() -> None:
    collective, ada, _ben, _cleo = three()
    theirs = a_resource(name="Somebody's")
    ours = a_resource(name="Ours", owner_collective=collective)
    assert refused(a_proposal, collective, ada, effects=length_of(theirs)) == "not_ours"
    assert refused(a_proposal, collective, ada, effects=length_of(ours, min_minutes=-1)) == "invalid"
    assert refused(a_proposal, collective, ada, "dots", effects=length_of(ours)) == "changes_need_yes_or_no"
    stranger = [{"kind": "steward", "member": a_member("Dora").pk}]
    assert refused(a_proposal, collective, ada, effects=stranger) == "not_in_collective"
    assert not Proposal.objects.exists()
    assert not Change.objects.exists()
