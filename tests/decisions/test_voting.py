"""From a draft to a counted vote: who may, until when, and what nobody is told."""

import datetime as dt
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from backend import events
from backend.collectives import actions as collectives
from backend.conversations.models import Topic
from backend.decisions import actions, closing, telling
from backend.decisions.models import Ballot, Proposal, Voter
from backend.errors import Refusal
from backend.notices.models import Notice
from tests.cast import a_member, signed_in
from tests.decisions import END, NOW, a_collective, a_proposal, says, three, voted_on

pytestmark = pytest.mark.django_db
OPTIONS = [{"title": "Van"}, {"title": "Trailer"}, {"title": "Nothing"}]


def refused(act: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(*args, **named)
    fields = caught.value.extra.get("fields", {})
    return str(next((problems[0]["code"] for problems in fields.values()), caught.value.code))


def test_a_draft_is_seen_by_its_author_and_talked_about_by_all_once_it_is_shown() -> None:
    collective, ada, ben, _cleo = three()
    proposal = a_proposal(collective, ada)
    assert signed_in(ben).get(f"/api/decisions/{proposal.pk}/").status_code == 404
    assert signed_in(ben).get("/api/decisions/").json()["results"] == []
    shown = signed_in(ada).post(f"/api/decisions/{proposal.pk}/discuss/").json()
    assert (shown["state"], shown["room"]) == ("discussion", collective.room_id)
    assert Topic.objects.get(pk=shown["topic"]).title == proposal.title
    assert signed_in(ben).get(f"/api/decisions/{proposal.pk}/").json()["may"]["edit"] is False
    assert Notice.objects.filter(kind="proposal_made").count() == 2


def test_strangers_see_nothing_at_all_though_there_is_something_to_see() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada)
    inside, stranger = signed_in(ben), signed_in(a_member("Stranger"))
    assert inside.get(f"/api/decisions/{proposal.pk}/").status_code == 200
    assert [row["id"] for row in inside.get("/api/decisions/").json()["results"]] == [proposal.pk]
    assert proposal.title in inside.get("/api/decisions/register/").content.decode()
    missing = stranger.get("/api/decisions/999999999/").json()
    assert stranger.get(f"/api/decisions/{proposal.pk}/").json() == missing
    assert stranger.get("/api/decisions/").json()["results"] == []
    assert stranger.get(f"/api/decisions/?collective={collective.pk}").json()["results"] == []
    assert proposal.title not in stranger.get("/api/decisions/register/").content.decode()
    for act, wish in [("vote", {"ballot": {"choice": "yes"}}), ("delegate", {"member": ben.pk}), ("withdraw", {})]:
        assert stranger.post(f"/api/decisions/{proposal.pk}/{act}/", wish, format="json").json() == missing


def test_who_leaves_sees_it_no_more_and_what_they_voted_counts() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada)
    says(proposal, ben, choice="yes")
    collectives.leave(collective=collective, member=ben, at=NOW)
    assert signed_in(ben).get(f"/api/decisions/{proposal.pk}/").status_code == 404
    assert refused(says, proposal, ben, choice="no") == "not_found"
    says(proposal, ada, choice="yes")
    closing.close_due(at=END)
    proposal.refresh_from_db()
    assert proposal.result is not None
    assert (proposal.verdict, proposal.result["figures"]["yes"], proposal.result["electorate"]) == ("decided", 2, 3)


def test_who_joins_later_has_no_vote() -> None:
    collective, ada, _ben, _cleo = three()
    proposal = voted_on(collective, ada)
    dora = a_member("Dora")
    collectives.invite(collective=collective, by=ada, guest=dora, at=NOW)
    collectives.accept_invitation(collective=collective, member=dora, at=NOW)
    assert refused(says, proposal, dora, choice="yes") == "not_a_voter"
    assert signed_in(dora).get(f"/api/decisions/{proposal.pk}/").json()["mine"]["may"] is False


def test_the_last_ballot_counts_and_silence_is_no_yes() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada)
    says(proposal, ada, choice="yes")
    says(proposal, ada, choice="no")
    says(proposal, ben, abstain=True)
    assert closing.close_due(at=END - dt.timedelta(seconds=1)) == 0
    assert closing.close_due(at=END) == 1
    proposal.refresh_from_db()
    assert proposal.verdict == "rejected"
    assert proposal.result == {
        "figures": {"yes": 0, "no": 1, "abstain": 1}, "winners": [], "voted": 2, "lent": 0, "electorate": 3,
    }  # fmt: skip
    assert closing.close_due(at=END) == 0
    assert Notice.objects.filter(kind="vote_closed").count() == 3


def test_the_worker_comes_at_the_end_and_once_more_for_what_was_cut_short(
    django_capture_on_commit_callbacks: Any,
) -> None:
    collective, ada, _ben, _cleo = three()
    with django_capture_on_commit_callbacks(execute=True):
        voted_on(collective, ada)
    closing_tasks = DBTaskResult.objects.filter(task_path__endswith="close_votes").order_by("run_after")
    assert list(closing_tasks.values_list("run_after", flat=True)) == [END, END + dt.timedelta(minutes=15)]


def test_a_vote_ends_at_its_moment_even_before_anybody_counted() -> None:
    collective, ada, _ben, _cleo = three()
    proposal = voted_on(collective, ada)
    late = {"proposal": proposal, "by": ada, "ballot": {"choice": "yes"}}
    assert refused(actions.vote, **late, at=END) == "vote_is_over"
    closing.close_due(at=END)
    assert refused(actions.vote, **late, at=END) == "vote_is_over"
    assert not Ballot.objects.exists()


def test_too_few_is_no_quorum_and_abstaining_counts_for_it() -> None:
    collective, ada, ben, _cleo = three()
    few, enough = voted_on(collective, ada, title="Few"), voted_on(collective, ada, title="Enough")
    for proposal in (few, enough):
        says(proposal, ada, choice="yes")
    says(enough, ben, abstain=True)
    closing.close_due(at=END)
    assert [Proposal.objects.get(pk=one.pk).verdict for one in (few, enough)] == ["no_quorum", "decided"]


def test_equal_options_are_a_tie() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada, "dots", options=OPTIONS)
    van, trailer, _nothing = proposal.options.all()
    says(proposal, ada, dots={str(van.pk): 8})
    says(proposal, ben, dots={str(trailer.pk): 8})
    closing.close_due(at=END)
    proposal.refresh_from_db()
    assert proposal.result is not None
    assert (proposal.verdict, proposal.result["winners"]) == ("tie", [van.pk, trailer.pk])


def test_a_vote_is_lent_one_step_and_ones_own_goes_before_it() -> None:
    collective, ada, ben, cleo = three()
    proposal = voted_on(collective, ada)
    actions.delegate(proposal=proposal, by=ada, to=ben.pk, at=NOW)
    actions.delegate(proposal=proposal, by=ben, to=cleo.pk, at=NOW)
    says(proposal, cleo, choice="yes")
    _counted, taking_part = closing.count(proposal)
    assert taking_part == {"voted": 2, "lent": 1, "electorate": 3}
    says(proposal, ben, choice="no")
    counted, taking_part = closing.count(proposal)
    assert (counted.figures["yes"], counted.figures["no"], taking_part["lent"]) == (1, 2, 1)
    says(proposal, ada, choice="yes")
    assert closing.count(proposal)[0].figures["yes"] == 2
    actions.delegate(proposal=proposal, by=ada, to=None, at=NOW)
    assert Voter.objects.get(proposal=proposal, member=ada).delegate is None


def test_a_vote_is_not_lent_to_oneself_in_a_circle_or_outside() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada)
    lend: dict[str, Any] = {"proposal": proposal, "at": NOW}
    assert refused(actions.delegate, by=ada, to=ada.pk, **lend) == "oneself"
    assert refused(actions.delegate, by=ada, to=a_member("Dora").pk, **lend) == "not_a_voter"
    actions.delegate(by=ada, to=ben.pk, **lend)
    assert refused(actions.delegate, by=ben, to=ada.pk, **lend) == "delegation_circle"


def test_a_secret_vote_tells_who_voted_and_never_what_and_forgets_it_at_the_end() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada, is_secret=True)
    says(proposal, ada, choice="yes")
    says(proposal, ben, choice="yes")
    running = signed_in(ben).get(f"/api/decisions/{proposal.pk}/").json()
    assert (running["result"], {row["ballot"] is None for row in running["voters"]}) == (None, {True})
    assert running["mine"]["ballot"] == {"choice": "yes"}
    closing.close_due(at=END)
    closed = signed_in(ben).get(f"/api/decisions/{proposal.pk}/").json()
    assert (closed["result"]["figures"]["yes"], closed["mine"]["ballot"]) == (2, None)
    assert [row["has_voted"] for row in closed["voters"]] == [True, True, False]
    assert {row["ballot"] is None for row in closed["voters"]} == {True}
    assert set(Ballot.objects.values_list("voter", flat=True)) == {None}


def test_secrecy_that_was_announced_cannot_be_taken_back() -> None:
    collective, ada, _ben, _cleo = three()
    proposal = actions.discuss(proposal=a_proposal(collective, ada, is_secret=True), by=ada, at=NOW)
    assert refused(actions.edit, proposal=proposal, by=ada, is_secret=False, at=NOW) == "stays_secret"


def test_results_that_are_hidden_are_told_at_the_end_and_then_who_voted_what() -> None:
    collective, ada, ben, _cleo = three()
    hidden, told = (
        voted_on(collective, ada, hides_results=True, title="Hidden"),
        voted_on(collective, ada, title="Told"),
    )
    for proposal in (hidden, told):
        says(proposal, ada, choice="yes")
    client = signed_in(ben)
    assert client.get(f"/api/decisions/{hidden.pk}/").json()["result"] is None
    assert client.get(f"/api/decisions/{told.pk}/").json()["result"]["figures"]["yes"] == 1
    closing.close_due(at=END)
    closed = client.get(f"/api/decisions/{hidden.pk}/").json()
    assert closed["voters"][0]["ballot"] == {"choice": "yes"}


def test_those_who_have_not_said_anything_are_reminded_once() -> None:
    collective, ada, ben, cleo = three()
    proposal = voted_on(collective, ada)
    says(proposal, ada, choice="yes")
    actions.delegate(proposal=proposal, by=ben, to=ada.pk, at=NOW)
    assert closing.remind_due(at=NOW) == 0
    assert closing.remind_due(at=END - dt.timedelta(hours=24)) == 1
    assert closing.remind_due(at=END - dt.timedelta(hours=23)) == 0
    told = Notice.objects.get(kind="vote_ends")
    # As a moment: whoever reads it has a clock of their own.
    assert (told.member_id, told.data["closes_at"]) == (cleo.pk, END.isoformat())


def test_what_came_of_it_is_written_kept_and_brought_back() -> None:
    collective, ada, ben, _cleo = three()
    proposal = voted_on(collective, ada)
    wish = {"text": "We buy it in June.", "review_on": "2030-11-01"}
    early = signed_in(ada).post(f"/api/decisions/{proposal.pk}/conclude/", wish)
    assert (early.status_code, early.json()["code"]) == (409, "not_now")
    closing.close_due(at=END)
    write: dict[str, Any] = {"proposal": proposal, "text": "We buy it in June.", "at": END}
    assert refused(closing.conclude, by=ben, review_on=None, **write) == "not_the_author"
    assert refused(closing.conclude, by=ada, review_on=END.date(), **write) == "in_the_past"
    closing.conclude(by=ada, review_on=dt.date(2030, 11, 1), **write)
    closing.conclude(by=ada, review_on=dt.date(2030, 12, 1), **write | {"text": "In July."})
    assert closing.review_due(at=NOW.replace(month=11, day=2)) == 0
    assert closing.review_due(at=NOW.replace(month=12, day=1)) == 1
    assert closing.review_due(at=NOW.replace(month=12, day=2)) == 0
    assert Notice.objects.filter(kind="review_due").count() == 3
    told = signed_in(ben).get(f"/api/decisions/{proposal.pk}/").json()["outcomes"]
    assert [one["text"] for one in told] == ["In July.", "We buy it in June."]


@pytest.mark.parametrize(
    ("method", "ballot", "code"),
    [
        ("consent", {"stance": "objection"}, "objection_without_reason"),
        ("consent", {"stance": "maybe"}, "ballot_not_understood"),
        ("majority", {"choice": "abstain"}, "ballot_not_understood"),
        ("majority", {"choice": "yes", "reason": "x" * 1001}, "ballot_not_understood"),
        ("score", {"scores": {"0": 5}}, "option_missing"),
        ("score", {"scores": {"0": 6, "1": 0, "2": 0}}, "ballot_not_understood"),
        ("score", {"scores": {"0": True, "1": 0, "2": 0}}, "ballot_not_understood"),
        ("ranked", {"ranking": []}, "ballot_not_understood"),
        ("ranked", {"ranking": [0, 0]}, "option_repeated"),
        ("ranked", {"ranking": [10**30]}, "unknown_option"),
        ("dots", {"dots": {"0": 9}}, "too_many_dots"),
        ("dots", {"dots": {"0": -1}}, "ballot_not_understood"),
        ("dots", {"dots": {"x": 1}}, "unknown_option"),
        ("dates", {"dates": {"0": "gladly"}}, "ballot_not_understood"),
        ("dates", {}, "ballot_not_understood"),
    ],
)
def test_a_ballot_that_says_nothing_here_is_refused(method: str, ballot: dict[str, Any], code: str) -> None:
    ada = a_member("Ada")
    times = [
        {"starts_at": NOW + dt.timedelta(days=n), "ends_at": NOW + dt.timedelta(days=n, hours=1)} for n in (5, 6, 7)
    ]
    options = {"consent": (), "majority": (), "dates": times}.get(method, OPTIONS)
    proposal = voted_on(a_collective(ada), ada, method, options=options)
    ids = [option.pk for option in proposal.options.all()]

    def real(value: Any) -> Any:
        """Options are called 0, 1 and 2 above."""
        if isinstance(value, dict):
            return {str(ids[int(key)]) if key in "012" else key: said for key, said in value.items()}
        return [ids[one] if one < 3 else one for one in value] if isinstance(value, list) else value

    assert refused(says, proposal, ada, **{key: real(value) for key, value in ballot.items()}) == code
    assert not Ballot.objects.exists()


def test_what_cannot_be_voted_on_is_refused_and_nothing_has_begun() -> None:
    collective, ada, ben, _cleo = three()
    open_vote: Any = actions.open_vote
    draft = a_proposal(collective, ada)
    assert refused(open_vote, proposal=draft, by=ada, closes_at=END, at=NOW) == "not_now"
    talked = actions.discuss(proposal=draft, by=ada, at=NOW)
    assert refused(open_vote, proposal=talked, by=ben, closes_at=END, at=NOW) == "not_the_author"
    assert refused(open_vote, proposal=talked, by=ada, closes_at=NOW - dt.timedelta(days=1), at=NOW) == "ends_too_soon"
    assert refused(open_vote, proposal=talked, by=ada, closes_at=NOW + dt.timedelta(days=91), at=NOW) == "too_late"
    few = actions.discuss(proposal=a_proposal(collective, ada, "ranked", options=OPTIONS[:1]), by=ada, at=NOW)
    assert refused(open_vote, proposal=few, by=ada, closes_at=END, at=NOW) == "too_few_options"
    unnamed = actions.discuss(proposal=a_proposal(collective, ada, "dates", options=OPTIONS), by=ada, at=NOW)
    assert refused(open_vote, proposal=unnamed, by=ada, closes_at=END, at=NOW) == "times_missing"
    assert not Voter.objects.exists()


def test_while_it_is_voted_on_nothing_of_it_changes() -> None:
    collective, ada, _ben, _cleo = three()
    proposal = voted_on(collective, ada, "dots", options=OPTIONS)
    assert refused(actions.edit, proposal=proposal, by=ada, options=OPTIONS[:2], at=NOW) == "not_now"
    assert refused(actions.withdraw, proposal=proposal, by=ada, at=NOW) == "not_now"
    assert proposal.options.count() == 3


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"title": ""}, "title", "blank"),
        ({"method": "lottery"}, "method", "invalid_choice"),
        ({"quorum": 101}, "quorum", "max_value"),
        ({"threshold": 49}, "threshold", "min_value"),
        ({"text": "x" * 10_001}, "text", "max_length"),
        ({"options": [{"title": "x"}] * 21}, "options", "too_many_options"),
        (
            {"options": [{"starts_at": "2030-05-06T10:00Z", "ends_at": "2030-05-06T10:00Z"}]},
            "options.0.ends_at",
            "end_before_start",
        ),
        ({"collective": 2**62}, "collective", "not_found"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused_field_by_field(wish: Any, field: str, code: str) -> None:
    collective, ada, _ben, _cleo = three()
    sound = {"collective": collective.pk, "title": "Buy a van", "method": "dots"}
    answer = signed_in(ada).post("/api/decisions/", sound | wish, format="json")
    assert answer.status_code == 400
    assert answer.json()["fields"][field][0]["code"] == code
    assert not Proposal.objects.exists()


def test_the_list_costs_the_same_with_one_row_and_with_three(django_assert_num_queries: Any) -> None:
    collective, ada, _ben, _cleo = three()
    client = signed_in(ada)
    voted_on(collective, ada, title="One")
    client.get("/api/decisions/")
    with django_assert_num_queries(3):
        assert client.get("/api/decisions/").json()["results"][0]["my_vote_is_open"] is True
    for title in ("Two", "Three"):
        voted_on(collective, ada, title=title)
    with django_assert_num_queries(3):
        assert len(client.get("/api/decisions/").json()["results"]) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("most", "screens"), [(3, 3), (2, 0), (1, 0)])
def test_a_ballot_shows_on_the_screens_of_all_but_not_where_they_are_very_many(
    monkeypatch: pytest.MonkeyPatch, most: int, screens: int
) -> None:
    collective, ada, ben, _cleo = three()
    collective.memberships.filter(member=ben).update(role="guest")
    proposal = voted_on(collective, ada)
    heard: list[events.Topic] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        heard.append(topic)

    monkeypatch.setattr(telling, "LIVE_UP_TO", most)
    telling._is_large.cache_clear()
    events.listen(listener)
    try:
        says(proposal, ada, choice="yes")
        says(proposal, ada, choice="no")
    finally:
        events.forget(listener)
        telling._is_large.cache_clear()
    assert len(heard) == 2 * screens
