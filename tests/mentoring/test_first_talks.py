"""Two stages: short talks with a few people each, both say how gladly they would go on, and then the pairs are worked out."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from backend.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.members import actions as members
from backend.members.models import Block, Member
from backend.mentoring import actions, cohorts, first_talks, publishing
from backend.mentoring.lifecycle import TALK_ROUNDS
from backend.mentoring.models import Cohort, FirstTalk, Guiding, PairDemand, Programme, TalkRound
from backend.mentoring.people import PEOPLE
from backend.mentoring.why import why
from backend.notices.models import Notice
from backend.skills.models import Skill
from matching import assign, read_intake
from tests.cast import a_member, signed_in
from tests.mentoring.test_asking import at_once
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, pairs

pytestmark = pytest.mark.django_db
NOW = timezone.now()
UNTIL = NOW.date() + dt.timedelta(days=21)
RATHER_NOT, PERHAPS, GLADLY, VERY_GLADLY = FirstTalk.Word


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()
    cache.clear()


def begun(programme: Programme, by: Member) -> TalkRound:
    made = first_talks.begin(programme=programme, by=by, until=UNTIL, at=NOW)
    first_talks.arrange(made, at=NOW)
    made.refresh_from_db()
    return made


def talked(talk: FirstTalk) -> None:
    """The one asks, the other says yes."""
    asked = actions.ask(
        mentee=talk.mentee, mentor=talk.mentor, track="economic", wishes=[], message="Can we talk?", kind="taster", at=NOW
    )  # fmt: skip
    actions.accept(request=asked, by=talk.mentor, at=NOW)


def say(talk_round: TalkRound, mentee: str, mentor: str, of_mentee: int | None, of_mentor: int | None) -> None:
    talk = talk_round.talks.get(mentee__name=mentee, mentor__name=mentor)
    talked(talk)
    for by, word in ((talk.mentee, of_mentee), (talk.mentor, of_mentor)):
        if word is not None:
            first_talks.rate(talk=talk, by=by, word=word, at=NOW)


def who(talk_round: TalkRound) -> list[tuple[str, str]]:
    return sorted(talk_round.talks.values_list("mentee__name", "mentor__name"))


def ended(programme: Programme, by: Member) -> Cohort:
    cohort = first_talks.end(programme=programme, by=by, objective="total", at=NOW)
    assert cohort is not None
    return cohorts.run(cohort, clock=timezone.now)


def test_everyone_is_proposed_three_talks_and_no_guide_more_than_they_take_on(coordinator: Member, vat: Skill) -> None:
    mentees = [a_mentee(name, vat) for name in ("Ada", "Bo")]
    guides = [a_mentor(name, vat, places=1) for name in ("Vera", "Vito", "Vlad", "Vic")]
    Guiding.objects.create(member=guides[0], talks_a_month=1)
    Guiding.objects.create(member=guides[1], talks_a_month=0)
    talk_round = begun(a_programme(coordinator), coordinator)
    found = who(talk_round)
    assert len(set(found)) == len(found) == 5
    assert [sum(guide == one.name for _mentee, guide in found) for one in guides] == [1, 0, 2, 2]
    told = Notice.objects.filter(kind="first_talks")
    assert sorted(told.values_list("member__name", "data__talks")) == sorted(
        [("Ada", 3), ("Bo", 2), ("Vera", 1), ("Vlad", 2), ("Vic", 2)]
        if sum(one == "Ada" for one, _guide in found) == 3
        else [("Ada", 2), ("Bo", 3), ("Vera", 1), ("Vlad", 2), ("Vic", 2)]
    )
    assert {one.pk for one in mentees} == set(talk_round.talks.values_list("mentee", flat=True))


def test_the_same_people_and_the_same_seed_give_the_same_talks(coordinator: Member, vat: Skill) -> None:
    for name in ("Ada", "Bo", "Cy"):
        a_mentee(name, vat)
    for name in ("Vera", "Vito", "Vlad", "Vic"):
        a_mentor(name, vat, places=1)
    programme = a_programme(coordinator)
    first = begun(programme, coordinator)
    first_talks.end(programme=programme, by=coordinator, objective="total", at=NOW)
    second = first_talks.begin(programme=programme, by=coordinator, until=UNTIL, at=NOW)
    TalkRound.objects.filter(pk=second.pk).update(seed=first.seed)
    second.refresh_from_db()
    first_talks.arrange(second, at=NOW)
    assert who(first) == who(second)


def test_talks_that_are_arranged_twice_are_proposed_once(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    talk_round = begun(a_programme(coordinator), coordinator)
    first_talks.arrange(talk_round, at=NOW)
    assert who(talk_round) == [("Ada", "Vera")]
    assert Notice.objects.filter(kind="first_talks").count() == 2


def test_what_was_said_decides_who_is_paired_and_can_be_worked_out_again(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentee("Bo", vat), a_mentor("Vera", vat, places=1), a_mentor("Vito", vat, places=1)
    programme = a_programme(coordinator)
    talk_round = begun(programme, coordinator)
    say(talk_round, "Ada", "Vera", VERY_GLADLY, GLADLY)
    say(talk_round, "Ada", "Vito", PERHAPS, PERHAPS)
    say(talk_round, "Bo", "Vito", VERY_GLADLY, VERY_GLADLY)
    say(talk_round, "Bo", "Vera", PERHAPS, None)
    cohort = ended(programme, coordinator)
    assert pairs(cohort) == {("Ada", "Vera"), ("Bo", "Vito")}
    assert (cohort.talk_round, cohort.status) == (talk_round, "ready")
    assert cohort.intake is not None
    assert cohort.certificate is not None
    again = assign(read_intake(cohort.intake))
    assert again.certificate.digest == cohort.certificate["digest"]
    assert {(pair.mentee, pair.mentor) for pair in again.pairs} == set(cohort.seats.values_list("mentee", "mentor"))


def test_the_other_way_round_it_is_decided_the_other_way_round(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentee("Bo", vat), a_mentor("Vera", vat, places=1), a_mentor("Vito", vat, places=1)
    programme = a_programme(coordinator)
    talk_round = begun(programme, coordinator)
    say(talk_round, "Ada", "Vito", GLADLY, None)
    say(talk_round, "Bo", "Vera", None, GLADLY)
    assert pairs(ended(programme, coordinator)) == {("Ada", "Vito"), ("Bo", "Vera")}


def test_with_whom_one_would_rather_not_go_on_one_is_not_paired_and_nobody_can_tell_why(
    coordinator: Member, vat: Skill
) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    talk_round = begun(programme, coordinator)
    say(talk_round, "Ada", "Vera", VERY_GLADLY, RATHER_NOT)
    cohort = ended(programme, coordinator)
    assert pairs(cohort) == set()
    assert why(cohort, ada.pk, vera.pk).outcome == "impossible"
    assert cohort.intake is not None
    assert cohort.intake["excluded"] == []
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=vera, kind="kept")
    again = cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=NOW)
    assert pairs(cohorts.run(again, clock=timezone.now)) == {("Ada", "Vera")}


def test_words_count_until_pairs_are_proposed(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    talk_round = begun(programme, coordinator)
    cohort = ended(programme, coordinator)
    assert cohort.talk_round == talk_round
    publishing.publish(cohort=cohort, by=coordinator, at=timezone.now())
    later = cohorts.ask_for(programme=programme, by=coordinator, objective="total", at=timezone.now())
    assert later.talk_round is None


def test_each_of_the_two_says_their_word_once_they_have_been_granted_a_talk(coordinator: Member, vat: Skill) -> None:
    ada, vera = a_mentee("Ada", vat), a_mentor("Vera", vat)
    programme = a_programme(coordinator)
    talk_round = begun(programme, coordinator)
    talk, mine, hers = talk_round.talks.get(), signed_in(ada), signed_in(vera)
    url = f"/api/first-talks/{talk.pk}/rate/"
    seen = mine.get("/api/first-talks/").json()
    assert [(one["person"]["name"], one["role"], one["may"]) for one in seen] == [
        ("Vera", "mentee", {"ask": True, "rate": False})
    ]
    assert mine.post(url, {"word": 3}).json()["code"] == "not_talked_yet"
    talked(talk)
    assert mine.get("/api/first-talks/").json()[0]["may"] == {"ask": False, "rate": True}
    assert mine.post(url, {"word": 3}).json()["word"] == 3
    assert mine.post(url, {"word": 5}).status_code == 400
    assert hers.get("/api/first-talks/").json()[0]["word"] is None
    assert hers.post(url, {"word": 1}).json()["word"] == 1
    assert mine.get("/api/first-talks/").json()[0]["word"] == 3
    assert signed_in(a_member("Zoe")).post(url, {"word": 4}).status_code == 404
    assert signed_in(coordinator).get("/api/first-talks/").json() == []
    first_talks.end(programme=programme, by=coordinator, objective="total", at=NOW)
    assert mine.post(url, {"word": 4}).json()["code"] == "talks_over"
    assert mine.get("/api/first-talks/").json() == []
    talk.refresh_from_db()
    assert (talk.mentee_word, talk.mentor_word) == (3, 1)


def test_coordinators_read_counts_and_nobody_elses_word(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat), a_mentor("Vera", vat), a_mentor("Vito", vat)
    programme, client = a_programme(coordinator), signed_in(coordinator)
    url = f"/api/programmes/{programme.pk}/talks/"
    assert client.get(url).status_code == 204
    assert client.post(url, {"until": "2020-01-01"}).json()["fields"]["until"][0]["code"] == "out_of_range"
    made = client.post(url, {"until": UNTIL.isoformat()})
    assert (made.status_code, made.json()["state"]) == (201, "arranging")
    assert client.post(url, {"until": UNTIL.isoformat()}).json()["code"] == "talks_under_way"
    talk_round = TalkRound.objects.get()
    first_talks.arrange(talk_round, at=NOW)
    say(talk_round, "Ada", "Vera", 4, None)
    answer = client.get(url).json()
    assert answer["state"] == "talking"
    assert answer["progress"] == {
        "mentees": 1, "guides": 2, "talks": 2, "asked": 1, "granted": 1, "rated_by_one": 1, "rated_by_both": 0,
    }  # fmt: skip
    assert "Ada" not in str(answer)
    for stranger in (a_member("Zoe"), Member.objects.get(name="Ada")):
        assert signed_in(stranger).get(url).status_code == 404
        assert signed_in(stranger).post(f"{url}end/", {}).status_code == 404
        with pytest.raises(NotAllowed, match="not_a_coordinator"):
            first_talks.begin(programme=programme, by=stranger, until=UNTIL, at=NOW)
    assert client.post(f"{url}end/", {}).json()["state"] == "over"
    assert Cohort.objects.get().talk_round == talk_round
    assert client.post(f"{url}end/", {}).json()["code"] == "no_talks_under_way"


def test_a_round_goes_only_where_its_table_says(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    assert {state: set(events) for state, events in TALK_ROUNDS.items()} == {
        "arranging": {"begin", "end"}, "talking": {"end"}, "over": set(),
    }  # fmt: skip
    taken_back = first_talks.begin(programme=programme, by=coordinator, until=UNTIL, at=NOW)
    assert first_talks.end(programme=programme, by=coordinator, objective="total", at=NOW) is None
    first_talks.arrange(taken_back, at=NOW)
    taken_back.refresh_from_db()
    assert (taken_back.state, Cohort.objects.count(), Notice.objects.count()) == ("over", 0, 0)
    programme.state = Programme.State.CLOSED
    with pytest.raises(Conflict, match="programme_not_running"):
        first_talks.begin(programme=programme, by=coordinator, until=UNTIL, at=NOW)
    with pytest.raises(Invalid):
        first_talks.begin(programme=a_programme(coordinator, name="B"), by=coordinator, until=NOW.date(), at=NOW)


def test_blocks_and_leaving_take_a_talk_away(coordinator: Member, vat: Skill) -> None:
    ada, vera, vito = a_mentee("Ada", vat), a_mentor("Vera", vat), a_mentor("Vito", vat)
    talk_round = begun(a_programme(coordinator), coordinator)

    def seen() -> list[str]:
        return sorted(one["person"]["name"] for one in signed_in(ada).get("/api/first-talks/").json())

    assert seen() == ["Vera", "Vito"]
    Block.objects.create(by=vito, whom=ada, created_at=NOW)
    assert seen() == ["Vera"]
    members.close_account(member=vera, at=NOW)
    assert seen() == []
    assert who(talk_round) == [("Ada", "Vito")]
    with pytest.raises(NotFound):
        first_talks.rate(talk=talk_round.talks.get(), by=vera, word=4, at=NOW)


def test_my_talks_cost_the_same_with_one_and_with_three(
    coordinator: Member, vat: Skill, django_assert_num_queries: Any
) -> None:
    ada = a_mentee("Ada", vat)
    a_mentor("Vera", vat)
    one = a_programme(coordinator)
    begun(one, coordinator)
    client = signed_in(ada)
    client.get("/api/first-talks/")
    with django_assert_num_queries(3):
        assert len(client.get("/api/first-talks/").json()) == 1
    a_mentor("Vito", vat), a_mentor("Vlad", vat)
    PEOPLE.forget()
    begun(a_programme(coordinator, name="Again"), coordinator)
    with django_assert_num_queries(3):
        assert len(client.get("/api/first-talks/").json()) == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_begin_or_end_in_the_same_instant_one_does(coordinator: Member) -> None:
    programme, other = a_programme(coordinator), a_member("Otto")
    programme.coordinators.add(other)
    begin = [
        lambda one=one: first_talks.begin(programme=programme, by=one, until=UNTIL, at=NOW)
        for one in (coordinator, other)
    ]
    assert at_once(*begin) == ["done", "talks_under_way"]
    first_talks.arrange(TalkRound.objects.get(), at=NOW)
    end = [
        lambda one=one: first_talks.end(programme=programme, by=one, objective="total", at=NOW)
        for one in (coordinator, other)
    ]
    assert at_once(*end) == ["done", "no_talks_under_way"]
    assert Cohort.objects.count() == 1
