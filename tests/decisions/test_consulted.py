"""The vote of a whole organisation or of the federation: the same as in a collective, for everyone in it, with results by country."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, strategies

from backend.consultations.models import Consultation
from backend.decisions import actions, by_country, closing, opening, tallies
from backend.decisions.by_country import Part, told_together
from backend.decisions.models import Ballot, Proposal, Voter
from backend.decisions.rules import TOLD_FROM
from backend.members.models import Member
from backend.notices import circulars
from backend.notices.models import Circular, Notice
from tests.bookings.cast import at_once
from tests.cast import a_member, signed_in
from tests.consultations import COLLECTED, END, a_coordinator, collecting, discussed, put_to_vote, two_houses
from tests.decisions import says, three, voted_on
from tests.decisions.test_voting import refused

pytestmark = pytest.mark.django_db
THEMES = ("Vans", "Rooms", "Courses")


def says_now(proposal: Proposal, member: Member, **ballot: Any) -> None:
    actions.vote(proposal=proposal, by=member, ballot=ballot, at=COLLECTED)


def test_the_themes_are_the_options_and_everyone_of_the_organisation_may_vote() -> None:
    belgian, french = two_houses()
    coor, ada = a_coordinator(organisation=belgian), a_member("Ada", organisation=belgian)
    fleur = a_member("Fleur", organisation=french)
    a_member("Gone", organisation=belgian, is_active=False)
    a_member("At the door", organisation=belgian, onboarded_at=None)
    made = discussed(coor, *THEMES)
    vote = put_to_vote(made, coor)
    assert [one.title for one in vote.options.all()] == list(THEMES)
    assert set(Voter.objects.values_list("member", "country")) == {(coor.pk, "BE"), (ada.pk, "BE")}
    says_now(vote, ada, dots={str(vote.options.all()[0].pk): 8})
    seen = signed_in(ada).get(f"/api/decisions/{vote.pk}/").json()
    assert (seen["collective"], seen["consultation"]["id"], seen["result"], seen["voters"]) == (None, made.pk, None, [])
    stranger = signed_in(fleur)
    missing = stranger.get("/api/decisions/999999999/").json()
    assert stranger.get(f"/api/decisions/{vote.pk}/").json() == missing
    assert stranger.get("/api/decisions/").json()["results"] == []
    narrowed = [stranger.get(f"/api/decisions/?consultation={one}") for one in (made.pk, 999999999)]
    assert narrowed[0].json() == narrowed[1].json()
    assert signed_in(ada).get(f"/api/decisions/?consultation={made.pk}").json()["results"][0]["id"] == vote.pk
    assert refused(says_now, vote, fleur, abstain=True) == "not_found"
    assert Notice.objects.filter(kind="vote_opened", member=fleur).count() == 0
    made.refresh_from_db()
    assert made.state == "voting"
    assert closing.close_due(at=END) == 1
    made.refresh_from_db()
    assert made.state == "closed"
    told = signed_in(ada).get(f"/api/decisions/{vote.pk}/").json()["result"]
    assert (told["winners"], told["voted"], told["electorate"]) == ([vote.options.all()[0].pk], 1, 2)
    assert [(one["country"], one["electorate"], one["voted"]) for one in told["countries"]] == [("BE", 2, 1)]
    closing.conclude(proposal=vote, by=coor, text="Vans first.", review_on=None, at=END)
    made.refresh_from_db()
    assert made.state == "concluded"


def test_only_who_looks_after_it_prepares_its_one_vote_when_it_is_time() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    early = collecting(coor)
    wish: dict[str, Any] = {"title": "What comes first", "method": "dots", "at": COLLECTED}
    assert refused(actions.propose, member=coor, consultation=early, **wish) == "consultation_not_now"
    made = discussed(coor, *THEMES)
    assert refused(actions.propose, member=ada, consultation=made, **wish) == "not_a_facilitator"
    draft = actions.propose(member=coor, consultation=made, **wish)
    assert refused(actions.propose, member=coor, consultation=made, **wish) == "vote_is_prepared"
    assert signed_in(ada).get(f"/api/decisions/{draft.pk}/").status_code == 404
    ben = a_member("Ben")
    made.facilitators.add(ben)
    assert signed_in(ben).get(f"/api/decisions/{draft.pk}/").json()["may"]["edit"] is True
    effects = [{"kind": "steward", "member": ada.pk}]
    assert refused(actions.edit, proposal=draft, by=ben, at=COLLECTED, method="majority", effects=effects) == (
        "effects_need_a_collective"
    )
    assert actions.withdraw(proposal=draft, by=ben, at=COLLECTED).state == "withdrawn"
    assert actions.propose(member=coor, consultation=made, **wish).state == "draft"


def test_a_proposal_is_either_of_a_collective_or_of_a_consultation() -> None:
    collective, ada, _ben, _cleo = three()
    client, wish = signed_in(ada), {"title": "What comes first", "method": "majority"}
    for whose in ({}, {"collective": collective.pk, "consultation": 1}):
        answer = client.post("/api/decisions/", wish | whose, format="json").json()
        assert answer["fields"]["collective"][0]["code"] == "required"
    answer = client.post("/api/decisions/", wish | {"consultation": 1}, format="json").json()
    assert answer["fields"]["consultation"][0]["code"] == "not_found"


def test_the_federation_votes_without_collecting_and_each_country_is_told() -> None:
    belgian, french = two_houses()
    keys = a_member("Keys", organisation=belgian, is_superuser=True)
    fleur = a_member("Fleur", organisation=french, country="FR")
    homeless = a_member("Homeless", organisation=french, country="")
    made = collecting(keys, everywhere=True, collects_until=None, title="One statute for all")
    assert made.state == "discussion"
    vote = put_to_vote(made, keys, "majority")
    says_now(vote, fleur, choice="yes")
    says_now(vote, homeless, choice="no")
    closing.close_due(at=END)
    vote.refresh_from_db()
    assert vote.result is not None
    assert [(one["country"], one["electorate"], one["voted"], one["figures"]["yes"]) for one in vote.result["countries"]] == [
        ("FR", 2, 2, 1),
        ("BE", 1, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["consent", "majority", "score", "ranked", "dots"])
def test_results_by_country_are_those_of_each_country_counted_by_hand(method: str) -> None:
    luck = random.Random(method)
    belgian, _french = two_houses()
    keys = a_member("Keys", organisation=belgian, is_superuser=True, country="BE")
    people = [
        keys,
        *(a_member(f"Member {n}", organisation=belgian, country=luck.choice(["BE", "FR", "DE"])) for n in range(24)),
    ]
    made = collecting(keys, everywhere=True, collects_until=None)
    options = [{"title": title} for title in THEMES] if method in ("score", "ranked", "dots") else []
    vote = put_to_vote(made, keys, method, options=options)
    ids = [one.pk for one in vote.options.all()]
    own: dict[int, dict[str, Any]] = {}
    for person in people[:14]:
        own[person.pk] = _ballot(method, ids, luck)
        says_now(vote, person, **own[person.pk])
    lent = {person.pk: luck.choice(people) for person in people[14:20]}
    for person in people[14:20]:
        if lent[person.pk].pk != person.pk and lent.get(lent[person.pk].pk) != person:
            actions.delegate(proposal=vote, by=person, to=lent[person.pk].pk, at=COLLECTED)
    closing.close_due(at=END)
    vote.refresh_from_db()
    assert vote.result is not None
    chosen = dict(Voter.objects.filter(proposal=vote).values_list("member", "delegate__member"))
    for row in vote.result["countries"]:
        inside = [one.pk for one in people if one.country == row["country"]]
        said = [own.get(pk) or own.get(chosen[pk] or 0) for pk in inside]
        real = [one for one in said if one is not None]
        count = getattr(tallies, method)
        assert row["figures"] == (count(real, ids) if ids else count(real)).figures
        assert (row["electorate"], row["voted"]) == (len(inside), len(real))
    voted = sum(row["voted"] for row in vote.result["countries"])
    assert voted == vote.result["voted"]
    assert {row["country"] for row in vote.result["countries"]} == {one.country for one in people}


def _ballot(method: str, ids: list[int], luck: random.Random) -> dict[str, Any]:
    ballots: dict[str, dict[str, Any]] = {
        "consent": {"stance": luck.choice(["consent", "aside"])},
        "majority": {"choice": luck.choice(["yes", "no"])},
        "score": {"scores": {str(one): luck.randint(0, 5) for one in ids}},
        "ranked": {"ranking": luck.sample(ids, 2) if ids else []},
        "dots": {"dots": {str(luck.choice(ids)): 3} if ids else {}},
    }
    return ballots[method]


def _part(*ballots: int) -> Part:
    return Part(len(ballots), [{"choice": "yes"} for _one in ballots], set(ballots))


def test_in_a_secret_vote_few_ballots_of_a_country_are_told_with_those_of_others() -> None:
    many, four, one = _part(*range(9)), _part(*range(20, 24)), _part(30)
    assert set(told_together({"BE": many, "FR": _part(*range(40, 46))})) == {"BE", "FR"}
    told = told_together({"BE": many, "FR": four, "DE": one})
    assert {country: len(part.ballots) for country, part in told.items()} == {"BE": 9, "": 5}
    # Alone among the others, their ballots would be told by what is missing: the next larger country joins them.
    other = {"BE": _part(*range(9)), "FR": _part(*range(40, 46)), "DE": _part(30)}
    assert {country: len(part.ballots) for country, part in told_together(other).items()} == {"BE": 9, "": 7}
    assert told_together({"BE": _part(*range(9)), "DE": _part(30)}) == {}
    # One who votes for five others is one ballot.
    assert told_together({"BE": _part(1, 1, 1, 1, 1), "FR": _part(2)}) == {}
    assert set(told_together({"BE": _part(*range(5)), "NL": _part()})) == {"BE", "NL"}


@given(
    strategies.dictionaries(
        strategies.sampled_from("ABCDEFGH"), strategies.lists(strategies.integers(1, 30), max_size=9)
    )
)
def test_whatever_is_left_when_some_countries_are_taken_from_the_whole_is_many_ballots_too(
    said: dict[str, list[int]],
) -> None:
    parts = {country: _part(*ballots) for country, ballots in said.items()}
    told = told_together({country: _part(*ballots) for country, ballots in said.items()})
    rows = [part for part in told.values() if part.ballots]
    if rows:
        # All are told somewhere, once, so that nothing else than these rows can be found by subtraction.
        assert sum(len(part.said) for part in rows) == sum(len(part.said) for part in parts.values())
        assert sum(part.electorate for part in told.values()) == sum(part.electorate for part in parts.values())
    for some in range(1, 1 << len(rows)):
        left = set[int]().union(*(part.ballots for place, part in enumerate(rows) if some >> place & 1))
        assert len(left) >= TOLD_FROM


def test_a_secret_vote_of_a_consultation_keeps_no_voter_and_uncovers_nobody_by_country() -> None:
    belgian, _french = two_houses()
    coor = a_coordinator(organisation=belgian)
    people = [a_member(f"Member {n}", organisation=belgian, country="BE") for n in range(5)]
    lone = a_member("Lone", organisation=belgian, country="LU")
    vote = put_to_vote(discussed(coor, *THEMES), coor, "majority", is_secret=True, options=[])
    for person in [*people, lone]:
        says_now(vote, person, choice="yes" if person != lone else "no")
    closing.close_due(at=END)
    vote.refresh_from_db()
    assert vote.result is not None
    assert (vote.result["figures"]["no"], vote.result["countries"]) == (1, [])
    assert not Ballot.objects.filter(proposal=vote, voter__isnull=False).exists()
    assert Counter(one.content["choice"] for one in Ballot.objects.all()) == {"yes": 5, "no": 1}


def test_very_many_are_written_down_a_few_at_a_time_and_told_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "AT_ONCE", 2)
    monkeypatch.setattr(circulars, "AT_ONCE", 2)
    coor = a_coordinator()
    people = [coor, *(a_member(f"Member {n}") for n in range(6))]
    made = discussed(coor, *THEMES)
    vote = put_to_vote(made, coor)
    assert (vote.state, vote.voters.count(), vote.opened_at) == ("opening", 0, None)
    assert refused(says_now, vote, coor, abstain=True) == "not_now"
    # It was cut short after a few, and one of them has gone since.
    gone = a_member("Gone")
    opening._enrol(vote, [(gone.pk, "BE"), (coor.pk, "BE")])
    Member.objects.filter(pk=gone.pk).update(is_active=False)
    later = COLLECTED + dt.timedelta(minutes=5)
    assert [opening.open_due(at=later) for _twice in range(2)] == [1, 0]
    vote.refresh_from_db()
    assert (vote.state, vote.opened_at) == ("voting", later)
    assert sorted(vote.voters.values_list("member", flat=True)) == sorted(one.pk for one in people)
    assert Consultation.objects.get(pk=made.pk).state == "voting"
    assert Circular.objects.filter(kind="vote_opened").count() == 1
    circulars.send_all()
    told = Notice.objects.filter(kind="vote_opened").values_list("member", flat=True)
    assert sorted(told) == sorted(one.pk for one in people)
    assert not Circular.objects.exists()


def test_counting_that_was_cut_short_is_taken_up_and_says_the_same() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    vote = put_to_vote(discussed(coor, *THEMES), coor, "majority", is_secret=True, options=[])
    says_now(vote, ada, choice="yes")
    assert closing._stop(proposal=vote, at=END) is True
    assert refused(says_now, vote, ada, choice="no") == "vote_is_over"
    fresh = Proposal.objects.get(pk=vote.pk)
    assert signed_in(ada).get(f"/api/decisions/{vote.pk}/").json()["state"] == "counting"
    closing._write_down(proposal=fresh, result=closing._counted(fresh))
    closing._forget_who(fresh)
    assert signed_in(ada).get(f"/api/decisions/{vote.pk}/").json()["result"] is None
    assert [closing.close_due(at=END) for _twice in range(2)] == [1, 0]
    vote.refresh_from_db()
    assert vote.result is not None
    assert (vote.verdict, vote.result["figures"]["yes"], vote.result["voted"]) == ("decided", 1, 1)


def test_the_results_by_country_of_a_collective_are_not_told() -> None:
    collective, ada, _ben, _cleo = three()
    vote = voted_on(collective, ada)
    says(vote, ada, choice="yes")
    closing.close_due(at=END)
    vote.refresh_from_db()
    assert vote.result is not None
    assert "countries" not in vote.result
    assert by_country.results(vote, lambda said: tallies.majority(said))[0]["voted"] == 1


@pytest.mark.django_db(transaction=True)
def test_everyone_who_votes_or_lends_their_vote_while_it_closes_is_counted_or_refused() -> None:
    coor, lender = a_coordinator(), a_member("Lender")
    people = [coor, *(a_member(f"Member {n}") for n in range(3))]
    vote = put_to_vote(discussed(coor, *THEMES), coor, "majority", is_secret=True, options=[])
    acts = [lambda member=member: says_now(vote, member, choice="yes") for member in people]
    lend = lambda: actions.delegate(proposal=vote, by=lender, to=coor.pk, at=COLLECTED)  # noqa: E731
    said = at_once(*acts, lend, *[lambda: closing.close_due(at=END)] * 2)
    kept = sum(one is None for one in said[:-3])
    lent = isinstance(said[-3], Voter) and said[0] is None
    assert sorted(said[-2:]) == [0, 1]
    vote.refresh_from_db()
    assert vote.result is not None
    assert (vote.result["voted"], vote.result["lent"], vote.result["figures"]["yes"]) == (
        kept + lent,
        lent,
        kept + lent,
    )
    assert Ballot.objects.filter(proposal=vote, voter=None).count() == kept == Ballot.objects.count()
