"""Bodies that nobody means: each is answered with a code, keeps nothing, and leaves every page as it was."""

from contextlib import suppress
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given, strategies
from rest_framework.test import APIClient

from backend.collectives import notes
from backend.consultations import actions as consulting
from backend.consultations import grouping
from backend.decisions import actions, ballots, tallies
from backend.decisions.models import Ballot, Proposal
from backend.errors import Refusal
from tests.cast import signed_in
from tests.consultations import COLLECTED, NOW, a_coordinator, collecting, recommends
from tests.decisions import END, a_proposal, says, stored, three, voted_on
from tests.decisions.test_voting import OPTIONS

# Values that JSON can hold and that no field here is meant for.
ODD = [
    "null", "true", "1" + "0" * 40, '"\\u0000"', '{"\\u0000": [[null]]}', '"9999-12-31"', '"0001-01-01T00:00:00+14:00"',
    "[" * 30 + "]" * 30,
]  # fmt: skip
# What is no JSON, none of ours, or has a key twice.
BODIES = [
    b"", b"null", b"[]", b"3", b'"x"', b"{", b"NaN", b'{"title": NaN, "ballot": Infinity}', b"\xff\xfe{}", b"[" * 100_000,
    b'{"ballot":' * 40 + b"1" + b"}" * 40, b'{"title": "\\ud83d", "text": "\\ud83d"}', b'{"ballot": {"reason": "\\udc00"}}',
    b'{"effects": [{"kind": "hours", "message": {"\\ud800": 1}}]}', b'{"title": "One", "title": [2]}',
]  # fmt: skip
PROPOSAL = "collective consultation title text method threshold quorum dots is_secret hides_results options effects"
WISHES = {
    "/api/decisions/": PROPOSAL,
    "/api/decisions/{draft}/": PROPOSAL,
    "/api/decisions/{talked}/open/": "closes_at",
    "/api/decisions/{running}/vote/": "ballot voter",
    "/api/decisions/{running}/delegate/": "member",
    "/api/decisions/{closed}/conclude/": "text review_on",
    "/api/delegations/": "where collective member",
    "/api/consultations/": "title text everywhere collects_until",
    "/api/consultations/{asked}/": "title text collects_until",
    "/api/consultations/{asked}/recommendations/": "text language collective",
    "/api/consultations/{asked}/recommendations/{said}/support/": "want",
    "/api/consultations/{grouped}/recommendations/{placed}/place/": "theme merged_into left_out_because",
    "/api/consultations/{grouped}/themes/": "title summary",
    "/api/consultations/{grouped}/themes/{theme}/": "title summary",
    "/api/consultations/{grouped}/themes/{theme}/drop/": "into",
    "/api/consultations/{asked}/name/": "member",
    "/api/consultations/{asked}/let-go/": "member",
    "/api/collectives/": "name purpose country city is_listed",
    "/api/collectives/{collective}/": "name purpose country city is_listed",
    "/api/collectives/{collective}/invite/": "member is_guest",
    "/api/collectives/{collective}/agree/": "agreement",
    "/api/collectives/{collective}/write-agreement/": "text",
    "/api/collectives/{collective}/steward/": "member is_steward until",
    "/api/collectives/{collective}/give-vote/": "member",
    "/api/notes/": "collective title text",
    "/api/notes/{note}/": "version title text",
}
ANY_BODY = ("/api/decisions/", "/api/decisions/{running}/vote/")
WHOLE = ("/api/notes/{note}/",)
PARTS = (
    "/api/decisions/{draft}/",
    "/api/consultations/{asked}/",
    "/api/consultations/{grouped}/themes/{theme}/",
    "/api/collectives/{collective}/",
)


def a_world() -> tuple[APIClient, dict[str, int]]:
    """Somebody who may do everything, and the numbers of what there is to do it with."""
    collective, ada, ben, _cleo = three()
    type(ada).objects.filter(pk=ada.pk).update(is_staff=True)
    ada.refresh_from_db()
    draft, talked = (a_proposal(collective, ada, title=title) for title in ("Draft", "Talked about"))
    actions.discuss(proposal=talked, by=ada, at=NOW)
    closed = voted_on(collective, ada, title="Closed")
    Proposal.objects.filter(pk=closed.pk).update(state="closed", result={}, closed_at=NOW, verdict="rejected")
    asked, grouped = collecting(ada), collecting(ada, title="Grouped")
    said, placed = recommends(asked, ben), recommends(grouped, ben)
    type(grouped).objects.filter(pk=grouped.pk).update(state="grouping")
    grouped.refresh_from_db()
    theme = grouping.add_theme(consultation=grouped, by=ada, title="Vans", at=COLLECTED)
    note = notes.begin_note(collective=collective, by=ada, title="Keys", text="", at=NOW)
    numbers = {
        "collective": collective.pk, "draft": draft.pk, "talked": talked.pk, "closed": closed.pk, "asked": asked.pk,
        "running": voted_on(collective, ada, "dots", options=OPTIONS).pk, "grouped": grouped.pk, "said": said.pk,
        "placed": placed.pk, "theme": theme.pk, "note": note.pk,
    }  # fmt: skip
    return signed_in(ada), numbers


@pytest.mark.django_db
def test_whatever_is_sent_is_answered_with_a_code_and_breaks_nothing() -> None:
    client, numbers = a_world()
    for door, fields in WISHES.items():
        cache.clear()  # Nobody is held up for having asked often.
        path, before, accepted = door.format(**numbers), stored(), 0
        method = "PUT" if door in WHOLE else "PATCH" if door in PARTS else "POST"
        odd = ["{" + ", ".join(f'"{name}": {value}' for name in fields.split()) + "}" for value in ODD]
        for body in [*map(str.encode, odd), *(BODIES if door in ANY_BODY else ())]:
            answer = client.generic(method, path, body, "application/json")
            assert answer.status_code in (200, 201, 400, 403, 409), (path, body[:80])
            accepted += answer.status_code < 400
            assert answer.status_code < 400 or answer.json()["code"], (path, body[:80])
        assert accepted or stored() == before, path
    for page, number in (("decisions", "running"), ("consultations", "asked"), ("collectives", "collective")):
        assert client.get(f"/api/{page}/{numbers[number]}/").status_code == 200


@pytest.mark.django_db
def test_words_as_long_as_a_book_are_refused_and_more_than_that_is_not_even_read() -> None:
    collective, ada, _ben, _cleo = three()
    proposal, client = voted_on(collective, ada, "consent"), signed_in(ada)
    book = "x" * 1_000_000
    ballot = {"ballot": {"stance": "aside", "reason": book}}
    said = client.post(f"/api/decisions/{proposal.pk}/vote/", ballot, format="json").json()
    assert said["fields"]["ballot"][0]["code"] == "ballot_not_understood"
    wish = {"collective": collective.pk, "title": book, "text": book, "method": "consent"}
    refused = client.post("/api/decisions/", wish, format="json")
    assert {name: errors[0]["code"] for name, errors in refused.json()["fields"].items()} == {
        "title": "max_length",
        "text": "max_length",
    }
    beyond = client.post("/api/decisions/", wish | {"text": book * 2}, format="json")
    assert (beyond.status_code, beyond.json()["code"]) == (400, "body_too_large")
    assert not Ballot.objects.exists()
    assert Proposal.objects.count() == 1


@pytest.mark.django_db
def test_a_number_beyond_all_measure_is_refused_with_a_key_as_without() -> None:
    coor = a_coordinator()
    asked = consulting.begin(by=coor, title="Now", collects_until=timezone.now() + (END - NOW), at=timezone.now())
    path, key = f"/api/consultations/{asked.pk}/recommendations/", "5f0c9a3e-3c9f-4b57-9d0c-0d8a9b1f2c3d"
    wish = {"text": "A van", "language": "en", "collective": 10**40}
    for headers in ({}, {"Idempotency-Key": key}):
        answer = signed_in(coor).post(path, wish, format="json", headers=headers)
        assert answer.json()["fields"]["collective"][0]["code"] == "max_value"
    assert not asked.recommendations.exists()


@pytest.mark.django_db
def test_what_a_reason_hides_is_not_kept() -> None:
    collective, ada, _ben, _cleo = three()
    proposal = voted_on(collective, ada)
    says(proposal, ada, choice="yes", reason="Be\x00cause\u202e of it ")
    assert Ballot.objects.get().content == {"choice": "yes", "reason": "Because of it"}
    says(proposal, ada, choice="yes", reason="\u200b\u2060")
    assert Ballot.objects.get().content == {"choice": "yes"}


SCALARS = strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text()
ANYTHING = strategies.recursive(
    SCALARS | strategies.sampled_from([0, 1, 2, "yes", "consent", "if_needed"]),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.sampled_from(["0", "1", "2", "7", ""]), inner, max_size=4)
    ),
    max_leaves=6,
)
NAMES = strategies.sampled_from(
    ["stance", "choice", "scores", "ranking", "dots", "dates", "reason", "abstain", "other"]
)


@given(
    ballot=ANYTHING | strategies.dictionaries(NAMES, ANYTHING, max_size=3),
    method=strategies.sampled_from(Proposal.Method),
)
def test_any_ballot_is_kept_as_it_is_counted_or_refused(ballot: Any, method: Proposal.Method) -> None:
    proposal = Proposal(method=method, dots=8)
    options = [0, 1, 2] if method not in ("consent", "majority") else []
    kept = None
    with suppress(Refusal):
        kept = ballots.read(ballot, proposal=proposal, options=options)
    if kept is None:
        return
    tally = {
        "consent": lambda: tallies.consent([kept]), "majority": lambda: tallies.majority([kept]),
        "score": lambda: tallies.score([kept], options), "ranked": lambda: tallies.ranked([kept], options),
        "dots": lambda: tallies.dots([kept], options), "dates": lambda: tallies.dates([kept], options),
    }[method]()  # fmt: skip
    assert tally.figures["abstain"] == bool(kept.get("abstain"))
