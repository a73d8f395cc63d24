"""Giving and receiving: hours that were held, shown to nobody by default, and a certificate that anyone can check."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from backend.members.models import Offer
from backend.mentoring import circles
from backend.mentoring.models import Certificate, CircleMeeting, OpenHour
from tests.cast import a_guide, a_member, a_skill, signed_in
from tests.mentoring.cast import NOW, a_mentorship, a_session_held

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_hours_are_those_that_were_held_on_each_side() -> None:
    grace, ada, ben = a_guide("Grace", places=3), a_member("Ada"), a_member("Ben")
    pairs = [a_mentorship(grace, one) for one in (ada, ben)]
    for number, pair in enumerate([pairs[0], pairs[0], pairs[1]]):
        a_session_held(pair, at=NOW + number * DAY, minutes=45)
    cancelled = a_session_held(pairs[1], at=NOW + 9 * DAY, minutes=45)
    type(cancelled).objects.filter(pk=cancelled.pk).update(state="cancelled", began_at=None, minutes=None)
    past = timezone.now() - DAY
    OpenHour.objects.create(
        guide=grace, taken_by=ben, status="taken", starts_at=past, ends_at=past + dt.timedelta(minutes=30),
        created_at=past, changed_at=past,
    )  # fmt: skip
    mine = signed_in(grace).get("/api/giving/").json()
    assert mine["given"] == {"people": 2, "talks": 4, "minutes": 165}
    assert mine["received"] == {"people": 0, "talks": 0, "minutes": 0}
    assert signed_in(ben).get("/api/giving/").json()["received"] == {"people": 1, "talks": 2, "minutes": 75}


def test_meetings_of_a_circle_count_while_one_has_a_seat() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    began = timezone.now() - 10 * DAY
    circle = circles.open_circle(member=ada, title="Prices", seats=3, at=began)
    circles.join(circle=circle, member=ben, at=began + 3 * DAY)
    for day in (2, 5, 20):
        starts_at = began + day * DAY
        CircleMeeting.objects.create(
            circle=circle,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=1),
            planned_by=ada,
            planned_at=began,
        )
    counts = [signed_in(one).get("/api/giving/").json()["circles"] for one in (ada, ben)]
    assert counts == [{"people": 1, "talks": 2, "minutes": 120}, {"people": 1, "talks": 1, "minutes": 60}]


def test_what_was_learnt_from_others_and_is_offered_now_is_passed_on() -> None:
    skill, other = a_skill("pricing"), a_skill("sewing")
    pair = a_mentorship()
    pair.request.wishes.set([skill, other])
    Offer.objects.create(member=pair.mentee, skill=skill)
    assert signed_in(pair.mentee).get("/api/giving/").json()["passed_on"] == []
    a_session_held(pair, at=NOW)
    assert signed_in(pair.mentee).get("/api/giving/").json()["passed_on"] == [{"id": skill.pk, "name": "pricing"}]


def test_others_see_nothing_of_it_unless_one_shows_it() -> None:
    pair, zoe = a_mentorship(), a_member("Zoe")
    a_session_held(pair, at=NOW)
    address = f"/api/members/{pair.mentor.pk}/giving/"
    assert (signed_in(zoe).get(address).status_code, signed_in(zoe).get(address).content) == (204, b"")
    said = signed_in(pair.mentor).put("/api/giving/", {"passes_on": "Patience.", "is_shown": True}).json()
    assert (said["passes_on"], said["is_shown"]) == ("Patience.", True)
    shown = signed_in(zoe).get(address).json()
    assert (shown["given"]["minutes"], shown["passes_on"], "certificates" in shown) == (60, "Patience.", False)
    type(pair.mentor).objects.filter(pk=pair.mentor.pk).update(seen_by="nobody")
    assert signed_in(zoe).get(address).status_code == 404


def test_a_certificate_tells_what_was_given_and_anyone_can_check_its_number() -> None:
    pair = a_mentorship()
    nothing = signed_in(pair.mentor).post("/api/certificates/")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_given")
    a_session_held(pair, at=NOW, minutes=75)
    a_session_held(pair, at=NOW + 9 * DAY, minutes=50)
    made = signed_in(pair.mentor).post("/api/certificates/")
    assert made.status_code == 201
    body = made.json()
    assert {name: body[name] for name in ("name", "since", "until", "people", "talks", "minutes", "tracks")} == {
        "name": "Grace", "since": "2027-03-01", "until": "2027-03-10", "people": 1, "talks": 2, "minutes": 125,
        "tracks": ["economic"],
    }  # fmt: skip
    same = signed_in(pair.mentor).post("/api/certificates/")
    assert (same.status_code, same.json()["number"]) == (200, body["number"])
    typed = body["number"].replace("-", "").lower()
    page = Client().get(f"/certificates/{typed}/", headers={"Accept-Language": "de"}).content.decode()
    for word in ("Grace", body["number"], "2 Std. 05 Min.", "10. März 2027", "Ada"):
        assert (word in page) == (word != "Ada"), word


def test_a_certificate_is_printed_in_the_language_of_whoever_it_is_for() -> None:
    pair = a_mentorship()
    a_session_held(pair, at=NOW)
    number = signed_in(pair.mentor).post("/api/certificates/").json()["number"]
    titles = {
        "en": "Certificate of guidance given",
        "fr": "Attestation d",
        "nl": "Getuigschrift van",
        "de": "Bescheinigung über",
    }
    for language, title in titles.items():
        page = (
            Client()
            .get(f"/certificates/{number}/?language={language}", headers={"Accept-Language": "en"})
            .content.decode()
        )
        assert f'<html lang="{language}">' in page
        assert title in page
        assert "size: A4" in page
    odd = Client().get(f"/certificates/{number}/?language=xx", headers={"Accept-Language": "fr"}).content.decode()
    assert '<html lang="fr">' in odd


def test_a_certificate_that_was_withdrawn_or_never_was_tells_nothing() -> None:
    pair = a_mentorship()
    a_session_held(pair, at=NOW)
    number = signed_in(pair.mentor).post("/api/certificates/").json()["number"]
    assert Client().get(f"/certificates/{number}/").status_code == 200
    assert signed_in(a_member("Zoe")).delete(f"/api/certificates/{number}/").status_code == 404
    assert signed_in(pair.mentor).delete(f"/api/certificates/{number}/").status_code == 204
    page = Client().get(f"/certificates/{number}/")
    assert (page.status_code, "Grace" in page.content.decode()) == (404, False)
    assert Client().get("/certificates/AAAA-BBBB-CCCC/").status_code == 404
    assert signed_in(pair.mentor).get("/api/giving/").json()["certificates"] == []
    again = signed_in(pair.mentor).post("/api/certificates/")
    assert (again.status_code, Certificate.objects.count()) == (201, 2)
