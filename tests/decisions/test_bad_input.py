"""What makes no sense is refused with a code, in the reader's language, and nothing of it is done."""

import ast
import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from backend.collectives import actions as collectives
from backend.collectives import belonging
from backend.collectives.models import CollectiveMembership
from backend.consultations import actions as consulting
from backend.decisions import actions, closing
from backend.decisions.models import Ballot, Change, Proposal, Voter
from backend.members.models import Block, Member
from tests.bookings.cast import a_resource
from tests.cast import a_member, signed_in
from tests.consultations import COLLECTED, a_coordinator, discussed, put_to_vote
from tests.decisions import END, NOW, a_proposal, says, stored, three, voted_on
from tests.decisions.test_effects import length_of
from tests.decisions.test_voting import OPTIONS, refused

pytestmark = pytest.mark.django_db
REFUSING = ("Conflict", "Invalid", "NotAllowed", "NotFound", "field_error")
SENTENCES = settings.BASE_DIR / "frontend/src/lib/i18n/errors/en.json"


def in_four_languages(ask: Callable[..., Any]) -> tuple[int, str]:
    """The status and the code of what is refused to each, in sentences that differ."""
    before, said = stored(), {}
    for language, _name in settings.LANGUAGES:
        answer = ask(headers={"Accept-Language": language})
        body = answer.json()
        errors = [one for found in body.get("fields", {}).values() for one in found] or [body]
        said[errors[0]["detail"]] = (answer.status_code, errors[0]["code"])
    assert len(said) == 4, said
    assert stored() == before
    return next(iter(said.values()))


def refusals(room: str) -> Iterator[tuple[str, bool]]:
    """Each code with which something is refused there, and whether the server's sentence is a translated one."""
    for path in sorted((settings.BASE_DIR / "backend" / room).glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in REFUSING):
                continue
            words = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if words:
                is_told = any(isinstance(one, ast.Call) and getattr(one.func, "id", "") == "_" for one in call.args)
                yield words[call.func.id == "field_error"], is_told


def posting(member: Member, path: str, wish: Any) -> Callable[..., Any]:
    return partial(signed_in(member).post, path, wish, format="json")


def test_each_wish_that_cannot_be_is_refused_to_members_of_a_collective_in_their_language() -> None:
    collective, ada, ben, cleo = three()
    theirs = a_resource(name="Somebody's")
    talked = actions.discuss(proposal=a_proposal(collective, ada, "ranked", options=OPTIONS), by=ada, at=NOW)
    running = voted_on(collective, ada, "ranked", options=OPTIONS, title="Running")
    consent = voted_on(collective, ada, "consent", title="Consent")
    over = voted_on(collective, ada, title="Over")
    closing_day = timezone.now() - dt.timedelta(days=1)
    Proposal.objects.filter(pk=over.pk).update(closes_at=closing_day)
    closing.close_due(at=timezone.now())
    actions.delegate(proposal=running, by=ada, to=ben.pk, at=NOW)
    first, second, _third = running.options.values_list("pk", flat=True)
    other = talked.options.values_list("pk", flat=True)[0]
    at = f"/api/decisions/{running.pk}"
    for wish, answer in [
        (posting(ben, f"/api/decisions/{over.pk}/vote/", {"ballot": {"choice": "yes"}}), (409, "vote_is_over")),
        (posting(ben, f"{at}/vote/", {"ballot": {"abstain": True}, "voter": cleo.pk}), (403, "not_your_vote")),
        (posting(a_member("Dora"), f"{at}/vote/", {"ballot": {"abstain": True}}), (404, "not_found")),
        (posting(ada, f"/api/decisions/{talked.pk}/open/", {"closes_at": closing_day}), (400, "ends_too_soon")),
        (posting(ben, f"{at}/vote/", {"ballot": {"ranking": [first, None, second]}}), (400, "ballot_not_understood")),
        (posting(ben, f"{at}/vote/", {"ballot": {"ranking": [first, first]}}), (400, "option_repeated")),
        (posting(ben, f"{at}/vote/", {"ballot": {"ranking": [first, other]}}), (400, "unknown_option")),
        (posting(ben, f"{at}/delegate/", {"member": ada.pk}), (400, "delegation_circle")),
        (posting(ben, f"/api/decisions/{consent.pk}/vote/", {"ballot": {"stance": "objection", "reason": "\u200b "}}), (400, "objection_without_reason")),
        (posting(ada, "/api/decisions/", {"collective": collective.pk, "title": "Theirs", "method": "consent", "effects": length_of(theirs)}), (400, "not_ours")),
        (posting(ada, "/api/decisions/", {"collective": collective.pk, "title": "\u200b\u2060\u200b", "method": "consent"}), (400, "required")),
    ]:  # fmt: skip
        assert in_four_languages(wish) == answer
    assert not Ballot.objects.exists()
    talked.refresh_from_db()
    assert (talked.state, talked.closes_at) == ("discussion", None)


def test_each_wish_that_cannot_be_is_refused_where_everyone_is_asked_too() -> None:
    coor, ada, ben = a_coordinator(), a_member("Ada"), a_member("Ben")
    hidden = a_member("Hidden", seen_by="nobody")
    past = (timezone.now() - dt.timedelta(days=1)).isoformat()
    vote = put_to_vote(discussed(coor, "Vans", "Rooms"), coor, "ranked")
    talked = discussed(coor, "Tools", "Courses")
    draft = actions.propose(member=coor, consultation=talked, title="What next", method="dots", at=COLLECTED)
    actions.discuss(proposal=draft, by=coor, at=COLLECTED)
    actions.delegate(proposal=vote, by=ada, to=ben.pk, at=COLLECTED)
    first = vote.options.values_list("pk", flat=True)[0]
    other = draft.options.values_list("pk", flat=True)[0]
    Block.objects.create(by=ben, whom=coor, created_at=timezone.now())
    effect = [{"kind": "steward", "member": ada.pk}]
    for wish, answer in [
        (posting(coor, "/api/consultations/", {"title": "What next", "collects_until": past}), (400, "ends_too_soon")),
        (posting(coor, f"/api/decisions/{draft.pk}/open/", {"closes_at": past}), (400, "ends_too_soon")),
        (posting(ada, f"/api/decisions/{vote.pk}/vote/", {"ballot": {"abstain": True}, "voter": ben.pk}), (403, "not_your_vote")),
        (posting(ada, f"/api/decisions/{vote.pk}/vote/", {"ballot": {"ranking": [other]}}), (400, "unknown_option")),
        (posting(ada, f"/api/decisions/{vote.pk}/vote/", {"ballot": {"ranking": [first, first]}}), (400, "option_repeated")),
        (posting(ben, f"/api/decisions/{vote.pk}/delegate/", {"member": ada.pk}), (400, "delegation_circle")),
    ]:  # fmt: skip
        assert in_four_languages(wish) == answer
    # Whom I do not see I can neither name nor lend my vote to: the answer is that for a number nobody has.
    nobody = signed_in(coor).post(f"/api/decisions/{vote.pk}/delegate/", {"member": 2**60}).json()
    for person in (hidden, ben):
        assert Voter.objects.filter(proposal=vote, member=person).exists()
        lent = signed_in(coor).post(f"/api/decisions/{vote.pk}/delegate/", {"member": person.pk}).json()
        assert (lent, lent["fields"]["member"][0]["code"]) == (nobody, "not_found")
        name: dict[str, Any] = {"consultation": talked, "by": coor, "member": person, "at": COLLECTED}
        assert refused(consulting.name_facilitator, **name) == "not_found"
    assert refused(actions.edit, proposal=draft, by=coor, at=COLLECTED, method="majority", effects=effect) == (
        "effects_need_a_collective"
    )
    closing.close_due(at=END + dt.timedelta(days=30))
    late: dict[str, Any] = {"proposal": vote, "by": ada, "ballot": {"abstain": True}, "at": COLLECTED}
    assert refused(actions.vote, **late) == "vote_is_over"
    assert not Ballot.objects.exists()


def test_where_nobody_has_a_vote_none_begins_and_where_nobody_votes_nothing_is_decided() -> None:
    collective, ada, ben, _cleo = three()
    van = a_resource(name="Van", owner_collective=collective)
    silent = voted_on(collective, ada, title="Silent", quorum=0, effects=length_of(van))
    equal = voted_on(collective, ada, title="Equal", quorum=0, effects=length_of(van))
    says(equal, ada, choice="yes")
    says(equal, ben, choice="no")
    closing.close_due(at=END)
    ended = Proposal.objects.filter(pk__in=[silent.pk, equal.pk]).order_by("pk")
    assert list(ended.values_list("verdict", flat=True)) == ["no_quorum", "rejected"]
    assert set(Change.objects.values_list("state", flat=True)) == {"waiting"}
    talked = actions.discuss(proposal=a_proposal(collective, ada), by=ada, at=NOW)
    collective.memberships.exclude(member=ada).update(state="left")
    collective.memberships.filter(member=ada).update(state="on_leave")
    assert refused(actions.open_vote, proposal=talked, by=ada, closes_at=END, at=NOW) == "no_voters"
    talked.refresh_from_db()
    assert (talked.state, talked.closes_at, talked.voters.count()) == ("discussion", None, 0)


def test_nobody_proposes_to_ask_in_whom_they_do_not_see() -> None:
    collective, ada, ben, _cleo = three()
    strong: dict[str, Any] = {"quorum": 50, "threshold": 67}
    hidden, blocking, seen = a_member("Hidden", seen_by="nobody"), a_member("Blocking"), a_member("Seen")
    Block.objects.create(by=blocking, whom=ada, created_at=timezone.now())
    for person in (hidden, blocking):
        effects = [{"kind": "admission", "member": person.pk}]
        assert refused(a_proposal, collective, ada, effects=effects, **strong) == "not_found"
    assert not Proposal.objects.exists()
    # Who blocks them only afterwards is not asked either, and the proposal says why.
    proposal = voted_on(collective, ada, effects=[{"kind": "admission", "member": seen.pk}], **strong)
    for voter in (ada, ben):
        says(proposal, voter, choice="yes")
    Block.objects.create(by=seen, whom=ada, created_at=timezone.now())
    closing.close_due(at=END)
    assert (proposal.changes.get().state, proposal.changes.get().code) == ("failed", "not_found")
    assert not CollectiveMembership.objects.filter(member=seen).exists()
    # Who asked to join need not show themselves.
    belonging.apply(collective=collective, member=hidden, words="", at=NOW)
    assert a_proposal(collective, ada, effects=[{"kind": "admission", "member": hidden.pk}], **strong).pk


def test_nobody_is_a_steward_for_longer_than_can_be_counted() -> None:
    collective, ada, ben, _cleo = three()
    end = dt.date(9999, 12, 31)
    name: dict[str, Any] = {"collective": collective, "by": ada, "member": ben, "is_steward": True, "at": NOW}
    assert refused(collectives.name_steward, until=end, **name) == "too_late"
    proposal = voted_on(collective, ada, effects=[{"kind": "steward", "member": ben.pk, "until": end}])
    for voter in (ada, ben):
        says(proposal, voter, choice="yes")
    assert closing.close_due(at=END) == 1
    assert (proposal.changes.get().state, proposal.changes.get().code) == ("failed", "too_late")
    assert collective.memberships.get(member=ben).role == "member"


@pytest.mark.parametrize("room", ["collectives", "consultations", "decisions"])
def test_every_refusal_has_words_in_the_language_of_whoever_reads_it(room: str) -> None:
    """In the catalogue of the web app, which has each sentence four times, or in those of the server, which has too."""
    known = json.loads(SENTENCES.read_text())
    found = list(refusals(room))
    assert len(found) > 15
    assert [code for code, is_told in found if not is_told and code not in known] == []
