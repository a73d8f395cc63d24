"""Becoming a guide: what one offers, the pause, the steps, habits of answering; and a collective as guide or guided."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.collectives import actions as collectives
from backend.collectives.models import Collective
from backend.conversations.models import Membership
from backend.errors import Refusal
from backend.members.models import Member, Offer, Want
from backend.mentoring import actions, collective_guiding, guiding, habits
from backend.mentoring.asking import Further
from backend.mentoring.models import Guiding, Mentorship, MentorshipRequest, TrainingStep
from backend.mentoring.people import PEOPLE
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, a_skill, signed_in, utc

pytestmark = pytest.mark.django_db

AT = utc(2026, 3, 2, 9)
DAY = dt.timedelta(days=1)


def a_collective(steward: Member, *members: Member) -> Collective:
    collective = collectives.found(member=steward, name="Studio", at=AT)
    for member in members:
        collectives.invite(collective=collective, by=steward, guest=member, at=AT)
        collectives.accept_invitation(collective=collective, member=member, at=AT)
    return collective


def test_what_a_guide_offers_is_said_once_and_seen_by_others() -> None:
    grace, ada = a_member("Grace"), a_member("Ada")
    wish = {
        "places": 2, "tracks": ["economic"], "talks_a_month": 4, "circle_seats": 6, "can_help": "Prices and contracts.",
        "cannot_help": "Tax law.",
    }  # fmt: skip
    answer = signed_in(grace).patch("/api/me/guiding/", wish)
    assert answer.status_code == 200, answer.json()
    assert {name: answer.json()[name] for name in wish} == wish
    seen = signed_in(ada).get(f"/api/members/{grace.pk}/guiding/").json()
    assert (seen["can_help"], seen["cannot_help"], seen["places_open"], seen["talks_left"]) == (
        "Prices and contracts.", "Tax law.", 2, 4,
    )  # fmt: skip
    assert seen["may"]["ask"] == ["sponsorship", "advice", "taster", "peer"]
    grace.refresh_from_db()
    assert (grace.guide_capacity, grace.guide_tracks) == (2, ["economic"])


def test_a_guide_for_a_collective_is_found_by_what_its_members_lack_and_not_by_what_the_steward_wants() -> None:
    PEOPLE.forget()
    vat, sewing, print_ = (a_skill(name) for name in ("VAT return", "sewing", "printing"))
    ada, ben, zoe = a_member("Ada"), a_guide("Ben"), a_member("Zoe")
    studio = a_collective(ada, ben)
    for member, wanted in ((ada, [vat, print_]), (ben, [vat, sewing])):
        Want.objects.bulk_create(Want(member=member, skill=skill) for skill in wanted)
    for member, skill in (
        (ben, print_),
        (a_guide("Taxes"), vat),
        (a_guide("Prints"), print_),
        (a_guide("Sews"), sewing),
    ):
        Offer.objects.create(member=member, skill=skill, level=4)
    Want.objects.create(member=Member.objects.get(name="Sews"), skill=print_)
    found = signed_in(ada).get(f"/api/suggestions/?collective={studio.pk}").json()["results"]
    with_points = {one["member"]["name"]: one["total"] for one in found if one["total"]}
    # Ben prints for all of them. Two look for Taxes and one for Sews, whom the studio could help in return; its own are not asked.
    assert {"Taxes", "Sews"} <= set(with_points)
    assert "Ben" not in str(found)
    wishes = [one for one in found if any(row["part"] == "wishes" and row["points"] for row in one["rows"])]
    assert sorted(one["member"]["name"] for one in wishes) == ["Sews", "Taxes"]
    for stranger in (zoe, ben):
        refused = signed_in(stranger).get(f"/api/suggestions/?collective={studio.pk}")
        assert (refused.status_code, refused.json()["fields"]["collective"][0]["code"]) == (400, "not_a_steward")


def test_a_guide_who_pauses_is_asked_for_nothing_not_even_a_talk() -> None:
    grace, ada = a_guide("Grace"), a_member("Ada")
    guiding.set_guiding(member=grace, wish={"is_paused": True}, at=AT)
    for kind in ("sponsorship", "advice", "taster"):
        wish = {"mentor": grace.pk, "track": "economic", "kind": kind, "message": "My first VAT return."}
        answer = signed_in(ada).post("/api/mentorship-requests/", wish)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_a_guide")


def test_a_pause_ends_by_itself_on_the_morning_of_its_day() -> None:
    grace, ada = a_guide("Grace", timezone="Europe/Brussels"), a_member("Ada")
    day = dt.date(2026, 4, 6)
    guiding.set_guiding(member=grace, wish={"is_paused": True, "back_on": day}, at=AT)
    assert signed_in(ada).get(f"/api/members/{grace.pk}/guiding/").json()["back_on"] == "2026-04-06"
    morning = utc(2026, 4, 5, 22)
    assert guiding.resume_all(at=morning - dt.timedelta(seconds=1)) == 0
    assert guiding.resume_all(at=morning) == 1
    assert guiding.resume_all(at=morning) == 0
    grace.refresh_from_db()
    assert (grace.guide_paused, Notice.objects.get(member=grace).kind) == (False, "guiding_resumed")


def test_who_is_back_before_the_day_is_told_nothing_on_it() -> None:
    grace = a_guide("Grace")
    guiding.set_guiding(member=grace, wish={"is_paused": True, "back_on": dt.date(2026, 4, 6)}, at=AT)
    guiding.set_guiding(member=grace, wish={"is_paused": False}, at=AT + DAY)
    assert guiding.resume_all(at=utc(2026, 5, 1)) == 0
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"places": 21}, "places", "max_value"),
        ({"talks_a_month": 21}, "talks_a_month", "max_value"),
        ({"circle_seats": 41}, "circle_seats", "max_value"),
        ({"tracks": ["spiritual"]}, "tracks", "invalid_choice"),
        ({"is_paused": True, "back_on": "2020-01-01"}, "back_on", "in_the_past"),
        ({"is_paused": True, "back_on": "2999-01-01"}, "back_on", "too_far_ahead"),
        ({"can_help": "x" * 601}, "can_help", "max_length"),
    ],
)
def test_what_makes_no_sense_is_refused_field_by_field(wish: Any, field: str, code: str) -> None:
    answer = signed_in(a_guide("Grace")).patch("/api/me/guiding/", wish)
    assert answer.status_code == 400
    found = [errors[0]["code"] for name, errors in answer.json()["fields"].items() if name.split(".")[0] == field]
    assert found == [code]


def test_a_guide_gets_ready_step_by_step_in_their_own_language() -> None:
    grace, ada = a_guide("Grace"), a_member("Ada")
    TrainingStep.objects.all().delete()
    TrainingStep.objects.create(key="listen", titles={"en": "Listen", "de": "Zuhören"})
    client = signed_in(grace)
    steps = client.get("/api/me/guiding/", headers={"Accept-Language": "de"}).json()["training"]
    assert steps == [{"key": "listen", "title": "Zuhören", "text": "", "is_done": False}]
    path = f"/api/members/{grace.pk}/guiding/"
    assert signed_in(ada).get(path).json()["is_trained"] is False
    for _twice in range(2):
        done = client.post("/api/me/guiding/training/listen/", {"is_done": True}).json()["training"]
    assert [step["is_done"] for step in done] == [True]
    assert signed_in(ada).get(path).json()["is_trained"] is True
    assert client.post("/api/me/guiding/training/nothing/", {"is_done": True}).status_code == 404


def test_there_are_steps_from_the_beginning_in_four_languages() -> None:
    steps = list(TrainingStep.objects.all())
    assert len(steps) == 5
    assert all(set(step.titles) == set(step.texts) == {"en", "fr", "nl", "de"} for step in steps)


def answered(mentor: Member, *hours: float, status: str = "declined") -> None:
    for number, hour in enumerate(hours):
        MentorshipRequest.objects.create(
            mentee=a_member(f"Asker {number}"), mentor=mentor, track="economic", message="…", status=status,
            created_at=AT, answered_at=AT + dt.timedelta(hours=hour),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "silences", "days"),
    [
        ([2, 3], 0, None),
        ([2, 3, 20], 0, 1),
        ([2, 40, 100], 0, 2),
        ([2, 40, 100], 2, 7),
        ([2, 3, 4], 4, None),
    ],
)
def test_habits_are_told_in_whole_days_from_three_answers_on(hours: Any, silences: int, days: int | None) -> None:
    grace = a_guide("Grace")
    answered(grace, *hours)
    answered(grace, *[168] * silences, status="expired")
    assert habits.usually_answer_within([grace.pk], at=AT + 30 * DAY) == {grace.pk: days}
    assert habits.usually_answer_within([grace.pk], at=AT + 400 * DAY) == {grace.pk: None}


def test_a_collective_is_guided_as_a_whole_when_its_steward_asks() -> None:
    ada, ben, grace = a_member("Ada"), a_member("Ben"), a_guide("Grace")
    studio = a_collective(ada, ben)
    wish = {"mentor": grace.pk, "track": "economic", "message": "We begin to work together.", "collective": studio.pk}
    refused = signed_in(ben).post("/api/mentorship-requests/", wish)
    assert (refused.status_code, refused.json()["fields"]["collective"][0]["code"]) == (400, "not_a_steward")
    made = signed_in(ada).post("/api/mentorship-requests/", wish).json()
    assert made["collective"] == {"id": studio.pk, "name": "Studio"}
    room = signed_in(grace).post(f"/api/mentorship-requests/{made['id']}/accept/").json()["room"]
    inside = Membership.objects.filter(room=room).values_list("member", flat=True)
    assert set(inside) == {ada.pk, ben.pk, grace.pk}


def test_a_collective_guides_and_any_of_its_stewards_answers() -> None:
    ada, grace, hedy = a_member("Ada"), a_member("Grace"), a_member("Hedy")
    studio = a_collective(grace, hedy)
    collectives.name_steward(collective=studio, by=grace, member=hedy, is_steward=True, at=AT)
    path = f"/api/collectives/{studio.pk}/guiding/"
    assert signed_in(ada).patch(path, {"places": 1}).status_code == 403
    offered = signed_in(grace).patch(path, {"places": 1, "tracks": ["economic"], "can_help": "Fairs."}).json()
    assert (offered["places_open"], offered["tracks"]) == (1, ["economic"])
    seen = signed_in(ada).get(path).json()
    assert (seen["asked"]["name"], seen["may"]) == ("Grace", {"edit": False, "ask": True, "ask_for": False})
    wish = {
        "mentor": grace.pk, "track": "economic", "message": "May I learn from you?", "by_collective": studio.pk,
    }  # fmt: skip
    made = signed_in(ada).post("/api/mentorship-requests/", wish)
    assert made.status_code == 201, made.json()
    box = signed_in(hedy).get("/api/mentorship-requests/?box=received").json()["results"]
    assert [one["may"]["accept"] for one in box] == [True]
    accepted = signed_in(hedy).post(f"/api/mentorship-requests/{made.json()['id']}/accept/")
    assert accepted.status_code == 200, accepted.json()
    mentorship = Mentorship.objects.get()
    assert (mentorship.mentor, mentorship.by_collective) == (hedy, studio)
    assert Membership.objects.filter(room=mentorship.room).count() == 3
    assert signed_in(ada).get(path).json()["places_open"] == 0
    with pytest.raises(Refusal) as full:
        actions.ask(
            mentee=a_member("Ben"), mentor=grace, track="economic", wishes=[], message="Me too, please.",
            at=timezone.now(), further=Further(by_collective=studio),
        )  # fmt: skip
    assert full.value.code == "no_open_place"


def test_skills_of_a_collective_are_counted_from_its_members() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    studio = a_collective(ada, ben)
    light, sound, tax = a_skill("light"), a_skill("sound"), a_skill("tax")
    for member, skill in ((ada, light), (ben, light), (ben, sound)):
        Offer.objects.create(member=member, skill=skill)
    for member, skill in ((ada, sound), (ada, tax), (ben, tax)):
        Want.objects.create(member=member, skill=skill)
    found = collective_guiding.skills_of(studio)
    assert (found.offers, found.wants) == ([(light, 2), (sound, 1)], [(tax, 2)])


def test_only_the_office_says_who_is_an_adviser() -> None:
    grace = a_guide("Grace")
    signed_in(grace).patch("/api/me/guiding/", {"role": "adviser", "talks_a_month": 3})
    assert Guiding.objects.get(member=grace).role == "member"
