"""What two people share: their agreement, what they write, pausing and ending; and that nobody else reads any of it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.members.models import Member
from backend.mentoring import agreements, relation, waiting, working
from backend.mentoring.lifecycle import MENTORSHIPS
from backend.mentoring.models import (
    AgendaItem,
    Agreement,
    Goal,
    GoalStep,
    GuideWait,
    Mentorship,
    MentorshipSession,
    MentorshipTask,
    Note,
    Programme,
)
from backend.notices.models import Notice
from tests.bookings.cast import at_once
from tests.cast import a_guide, a_member, signed_in, utc
from tests.mentoring.pair_cast import NOW, a_mentorship, a_session

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def an_agreement(mentorship: Mentorship, by: Member, **changes: Any) -> Agreement:
    content: dict[str, Any] = {
        "months": 6,
        "rhythm": "fortnightly",
        "minutes": 60,
        "goals": "A first invoice",
    } | changes
    return agreements.propose(mentorship=mentorship, by=by, at=content.pop("at", NOW), **content)


def kinds(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


# -- agreeing --------------------------------------------------------------------------------------------------------
def test_an_agreement_holds_once_both_have_accepted_it_and_its_months_count_from_then() -> None:
    mentorship = a_mentorship()
    first = an_agreement(mentorship, mentorship.mentee)
    assert first.holds_since is None
    first = agreements.accept(mentorship=mentorship, number=1, by=mentorship.mentor, at=NOW + DAY)
    assert first.holds_since == NOW + DAY
    mentorship.refresh_from_db()
    assert mentorship.ends_on == dt.date(2027, 5, 24)
    assert (kinds(mentorship.mentor), kinds(mentorship.mentee)) == (["agreement_proposed"], ["agreement_accepted"])


def test_a_new_version_asks_both_again_while_the_old_one_holds() -> None:
    mentorship = a_mentorship()
    an_agreement(mentorship, mentorship.mentee)
    agreements.accept(mentorship=mentorship, number=1, by=mentorship.mentor, at=NOW)
    second = an_agreement(mentorship, mentorship.mentor, rhythm="monthly")
    assert (second.mentor_accepted_at, second.mentee_accepted_at) == (NOW, None)
    page = signed_in(mentorship.mentee).get(f"/api/mentorships/{mentorship.pk}/together/").json()
    assert (page["agreement"]["rhythm"], page["proposal"]["rhythm"]) == ("fortnightly", "monthly")
    assert (page["agreement"]["may_accept"], page["proposal"]["may_accept"]) == (False, True)
    with pytest.raises(Conflict) as refused:
        agreements.accept(mentorship=mentorship, number=1, by=mentorship.mentee, at=NOW)
    assert refused.value.code == "agreement_changed"
    agreements.accept(mentorship=mentorship, number=2, by=mentorship.mentee, at=NOW)
    with pytest.raises(Conflict) as refused:
        agreements.accept(mentorship=mentorship, number=2, by=mentorship.mentee, at=NOW)
    assert refused.value.code == "already_accepted"


def test_renewing_proposes_the_same_for_some_more_months() -> None:
    mentorship = a_mentorship()
    with pytest.raises(Conflict) as refused:
        agreements.renew(mentorship=mentorship, by=mentorship.mentee, months=3, at=NOW)
    assert refused.value.code == "nothing_agreed"
    an_agreement(mentorship, mentorship.mentee, goals="A first client")
    agreements.accept(mentorship=mentorship, number=1, by=mentorship.mentor, at=NOW)
    later = utc(2027, 5, 1)
    renewed = agreements.renew(mentorship=mentorship, by=mentorship.mentee, months=3, at=later)
    assert (renewed.number, renewed.months, renewed.goals) == (2, 3, "A first client")
    agreements.accept(mentorship=mentorship, number=2, by=mentorship.mentor, at=later)
    mentorship.refresh_from_db()
    assert mentorship.ends_on == dt.date(2027, 8, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_an_agreement_at_once_have_two_versions_and_the_later_one_is_asked_about() -> None:
    mentorship = a_mentorship()
    outcomes = at_once(
        lambda: an_agreement(mentorship, mentorship.mentor), lambda: an_agreement(mentorship, mentorship.mentee)
    )
    assert sorted(outcome.number for outcome in outcomes) == [1, 2]


# -- pausing and ending ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [state.value for state in Mentorship.Status])
@pytest.mark.parametrize("event", ["pause", "resume", "close"])
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(state: str, event: str) -> None:
    mentorship = a_mentorship(status=state, closed_at=NOW if state == "closed" else None)
    act: Any = {"pause": relation.pause, "resume": relation.resume, "close": relation.close}[event]
    if event in MENTORSHIPS[state]:
        assert act(mentorship=mentorship, by=mentorship.mentee, at=NOW).status == MENTORSHIPS[state][event]
        return
    with pytest.raises(Conflict) as refused:
        act(mentorship=mentorship, by=mentorship.mentee, at=NOW)
    assert refused.value.code in ("already_closed", "already_paused", "not_paused")
    mentorship.refresh_from_db()
    assert (mentorship.status, kinds(mentorship.mentor)) == (state, [])


def test_a_pause_is_over_in_the_morning_of_its_day_however_often_and_late_it_is_looked_at() -> None:
    mentorship = a_mentorship(a_guide("Grace", timezone="Europe/Lisbon"))
    relation.pause(mentorship=mentorship, by=mentorship.mentor, until=dt.date(2026, 12, 1), at=NOW)
    # In Brussels it is the first of December already, in Lisbon, where the pause was made, not yet.
    assert relation.resume_all(at=utc(2026, 11, 30, 23, 30)) == 0
    assert [relation.resume_all(at=utc(2026, 12, 1)) for _turn in range(2)] == [1, 0]
    mentorship.refresh_from_db()
    assert (mentorship.status, mentorship.paused_until) == ("active", None)
    assert kinds(mentorship.mentor) == ["mentorship_resumed"]
    assert kinds(mentorship.mentee) == ["mentorship_paused", "mentorship_resumed"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_end_a_pause_once() -> None:
    mentorship = a_mentorship()
    relation.pause(mentorship=mentorship, by=mentorship.mentor, until=dt.date(2026, 12, 1), at=NOW)
    outcomes = at_once(*[lambda: relation.resume_all(at=utc(2026, 12, 2))] * 2)
    assert sum(outcomes) == 1
    assert kinds(mentorship.mentee) == ["mentorship_paused", "mentorship_resumed"]


def test_a_pause_without_an_end_waits_for_one_of_the_two() -> None:
    mentorship = a_mentorship()
    relation.pause(mentorship=mentorship, by=mentorship.mentee, at=NOW)
    assert relation.resume_all(at=NOW + 300 * DAY) == 0
    assert relation.resume(mentorship=mentorship, by=mentorship.mentor, at=NOW + DAY).status == "active"


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_pause_ends_on_a_day_of_the_next_year(days: int) -> None:
    mentorship = a_mentorship()
    with pytest.raises(Invalid):
        relation.pause(mentorship=mentorship, by=mentorship.mentee, until=NOW.date() + days * DAY, at=NOW)


def test_ending_has_a_reason_and_thanks_and_calls_off_what_was_planned() -> None:
    mentorship = a_mentorship()
    session = a_session(mentorship, mentorship.mentee)
    answer = signed_in(mentorship.mentee).post(
        f"/api/mentorships/{mentorship.pk}/close/", {"reason": "goals_reached", "closing_words": "Thank you!"}
    )
    assert (answer.status_code, answer.json()["closing_words"]) == (200, "Thank you!")
    mentorship.refresh_from_db()
    assert (mentorship.close_reason, mentorship.closed_by) == ("goals_reached", mentorship.mentee)
    assert MentorshipSession.objects.get(pk=session.pk).state == "cancelled"
    assert "mentorship_closed" in kinds(mentorship.mentor)
    refused = signed_in(mentorship.mentee).post(f"/api/mentorships/{mentorship.pk}/close/", {"reason": "dormant"})
    assert refused.status_code == 400  # Nobody gives a reason that only comes of itself.


def test_who_asks_for_another_guide_comes_first_and_coordinators_hear_that_but_not_why() -> None:
    mentorship, carla = a_mentorship(), a_member("Carla")
    home = mentorship.mentee.organisation
    assert home is not None
    for track in ("economic", "social"):
        programme = Programme.objects.create(organisation=home, name=track, track=track)
        programme.coordinators.add(carla)
    with pytest.raises(Invalid):
        relation.close(mentorship=mentorship, by=mentorship.mentor, new_guide=True, at=NOW)
    relation.close(
        mentorship=mentorship,
        by=mentorship.mentee,
        reason="does_not_fit",
        closing_words="Thanks",
        new_guide=True,
        at=NOW,
    )
    mentorship.refresh_from_db()
    assert mentorship.new_guide_wanted_at == NOW
    wait = GuideWait.objects.get()
    assert (wait.member, wait.mentor, wait.track, wait.left_out, wait.status) == (
        mentorship.mentee, None, "economic", 1, "waiting",
    )  # fmt: skip
    # The guide whom they have left has a place again, and is not the one that is kept for them.
    waiting.move_all_up(at=NOW + DAY)
    wait.refresh_from_db()
    assert wait.status == "waiting"
    a_guide("Linus")
    waiting.move_all_up(at=NOW + DAY)
    wait.refresh_from_db()
    assert wait.status == "offered"
    told = Notice.objects.get(member=carla)
    assert (told.kind, told.data) == (
        "new_guide_wanted",
        {"track": "economic", "person": {"id": mentorship.mentee.pk, "name": "Ada"}},
    )


# -- writing ---------------------------------------------------------------------------------------------------------
def test_goals_steps_agenda_and_tasks_are_written_changed_and_dropped_by_either() -> None:
    mentorship = a_mentorship()
    ada, grace = signed_in(mentorship.mentee), signed_in(mentorship.mentor)
    base = f"/api/mentorships/{mentorship.pk}/"
    page = ada.post(f"{base}goals/", {"title": "A first client", "sign": "An order"}).json()
    goal = page["goals"][0]["id"]
    step = grace.post(f"{base}goals/{goal}/steps/", {"text": "Write an offer"}).json()["goals"][0]["steps"][0]["id"]
    page = ada.patch(f"{base}steps/{step}/", {"done": True}).json()
    assert page["goals"][0]["steps"][0]["done_at"] is not None
    page = grace.patch(f"{base}goals/{goal}/", {"reached": True, "title": "Two clients"}).json()
    assert (page["goals"][0]["title"], page["goals"][0]["reached_at"] is None) == ("Two clients", False)
    item = ada.post(f"{base}agenda/", {"text": "My prices"}).json()["agenda"][0]["id"]
    session = a_session(mentorship, mentorship.mentee)
    page = grace.patch(f"{base}agenda/{item}/", {"session": session.pk}, format="json").json()
    assert page["agenda"][0]["session"] == session.pk
    page = grace.patch(f"{base}agenda/{item}/", {"session": None}, format="json").json()
    assert page["agenda"][0]["session"] is None
    task = grace.post(f"{base}tasks/", {"member": mentorship.mentee.pk, "text": "Call the office"}).json()["tasks"][0]
    assert kinds(mentorship.mentee) == ["task_given"]
    page = ada.patch(f"{base}tasks/{task['id']}/", {"done": True}).json()
    assert page["tasks"][0]["done_at"] is not None
    for address in (f"steps/{step}", f"goals/{goal}", f"agenda/{item}", f"tasks/{task['id']}"):
        assert ada.delete(f"{base}{address}/").status_code == 200
    page = ada.get(f"{base}together/").json()
    assert (page["goals"], page["agenda"], page["tasks"]) == ([], [], [])


def test_a_task_is_for_one_of_the_two_and_a_session_one_of_theirs_that_is_ahead() -> None:
    mentorship, other = a_mentorship(), a_mentorship(a_guide("Linus"), a_member("Eve"))
    with pytest.raises(Invalid):
        working.give_task(mentorship=mentorship, by=mentorship.mentee, member=other.mentee.pk, text="x", at=NOW)
    session = a_session(other, other.mentee)
    with pytest.raises(Invalid):
        working.put_on_agenda(mentorship=mentorship, by=mentorship.mentee, text="x", session=session.pk, at=NOW)
    goal = working.set_goal(mentorship=other, by=other.mentee, title="Theirs", at=NOW)
    with pytest.raises(NotFound):
        working.change_goal(mentorship=mentorship, goal=goal.pk, by=mentorship.mentee, reached=True, at=NOW)


def test_after_the_end_nothing_shared_is_written_but_each_keeps_notes_for_themselves() -> None:
    mentorship = a_mentorship(status="closed", closed_at=NOW)
    writing: dict[str, Any] = {"mentorship": mentorship, "by": mentorship.mentee, "at": NOW}
    for refuse in (
        lambda: working.set_goal(title="x", **writing),
        lambda: working.write_note(text="x", is_private=False, **writing),
        lambda: working.put_on_agenda(text="x", **writing),
        lambda: an_agreement(mentorship, mentorship.mentee),
    ):
        with pytest.raises(Conflict) as refused:
            refuse()
        assert refused.value.code == "already_closed"
    working.write_note(text="What I learnt", is_private=True, **writing)


def test_a_private_note_is_read_by_its_author_alone_whoever_asks() -> None:
    mentorship = a_mentorship(mentor=a_guide("Grace", is_staff=True, is_superuser=True))
    eve = a_member("Eve", is_staff=True, is_superuser=True)
    programme = Programme.objects.create(organisation=eve.organisation, name="P", track="economic")  # type: ignore[misc]
    programme.coordinators.add(eve, mentorship.mentor)
    shared = working.write_note(mentorship=mentorship, by=mentorship.mentee, text="Both", is_private=False, at=NOW)
    private = working.write_note(mentorship=mentorship, by=mentorship.mentee, text="Mine", is_private=True, at=NOW)
    base = f"/api/mentorships/{mentorship.pk}/"
    read = {
        member.name: [note["text"] for note in signed_in(member).get(f"{base}together/").json().get("notes", [])]
        for member in (mentorship.mentee, mentorship.mentor, eve)
    }
    assert read == {"Ada": ["Mine", "Both"], "Grace": ["Both"], "Eve": []}
    grace, strange = signed_in(mentorship.mentor), signed_in(eve)
    for client in (grace, strange):
        assert client.patch(f"{base}notes/{private.pk}/", {"text": "x"}).status_code == 404
        assert client.delete(f"{base}notes/{private.pk}/").status_code == 404
    refused = grace.patch(f"{base}notes/{shared.pk}/", {"text": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_author")
    private.refresh_from_db()
    assert private.text == "Mine"


def test_the_admin_has_no_door_to_what_two_people_write() -> None:
    closed = (Note, MentorshipTask, Goal, GoalStep, Agreement, AgendaItem, MentorshipSession)
    assert [model for model in closed if admin.site.is_registered(model)] == []
    assert not {"closing_words", "close_reason", "notes"} & set(admin.site.get_model_admin(Mentorship).fields or ())


def test_only_its_author_changes_a_shared_note() -> None:
    mentorship = a_mentorship()
    note = working.write_note(mentorship=mentorship, by=mentorship.mentee, text="Both", is_private=False, at=NOW)
    changed = working.change_note(mentorship=mentorship, note=note.pk, by=mentorship.mentee, text="All", at=NOW + DAY)
    assert (changed.text, changed.changed_at) == ("All", NOW + DAY)
    with pytest.raises(NotAllowed):
        working.drop_note(mentorship=mentorship, note=note.pk, by=mentorship.mentor)
    working.drop_note(mentorship=mentorship, note=note.pk, by=mentorship.mentee)
    assert not Note.objects.exists()


def test_the_page_is_read_with_the_same_number_of_queries_however_much_is_on_it() -> None:
    mentorship = a_mentorship()
    client = signed_in(mentorship.mentee)
    counts = []
    for number in (1, 2, 3):
        writing: dict[str, Any] = {"mentorship": mentorship, "by": mentorship.mentee, "at": NOW}
        goal = working.set_goal(title=f"Goal {number}", **writing)
        working.add_step(mentorship=mentorship, goal=goal.pk, by=mentorship.mentee, text="Step")
        working.put_on_agenda(text="Talk", **writing)
        working.give_task(member=mentorship.mentee.pk, text="Do", **writing)
        working.write_note(text="Note", is_private=True, **writing)
        an_agreement(mentorship, mentorship.mentee)
        a_session(mentorship, mentorship.mentee, starts_at=utc(2026, 11, 30, 7 + 2 * number), anyway=True)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/api/mentorships/{mentorship.pk}/together/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_days_away_are_each_ones_own() -> None:
    ada, eve = a_member("Ada"), a_member("Eve")
    made = signed_in(ada).post("/api/me/away/", {"first_day": "2027-01-04", "last_day": "2027-01-08"})
    assert made.status_code == 201
    assert signed_in(eve).get("/api/me/away/").json() == []
    assert signed_in(eve).delete(f"/api/me/away/{made.json()['id']}/").status_code == 204
    assert len(signed_in(ada).get("/api/me/away/").json()) == 1
    backwards = signed_in(ada).post("/api/me/away/", {"first_day": "2027-01-04", "last_day": "2027-01-03"})
    assert backwards.json()["fields"]["last_day"][0]["code"] == "ends_before_start"
    assert signed_in(ada).delete(f"/api/me/away/{made.json()['id']}/").status_code == 204
    assert signed_in(ada).get("/api/me/away/").json() == []
