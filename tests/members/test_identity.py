"""Signing up, in and out through allauth's own API, as the browser does it."""

import hashlib
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from backend import events
from backend.members.models import Member
from tests.cast import PASSWORD, a_member

pytestmark = pytest.mark.django_db
AUTH = "/_allauth/browser/v1/auth"
EMAIL = "ada@example.org"


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{AUTH}/{path}", body, content_type="application/json")


def code() -> str:
    """The code in the latest mail."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{2,4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def with_password(email: str = EMAIL, **fields: Any) -> Member:
    member = a_member(**fields)
    member.email = email
    member.set_password(PASSWORD)
    member.save()
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    return member


def pending(answer: Any) -> list[str]:
    return [flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending")]


def is_signed_in(client: Client) -> bool:
    return client.get("/api/me/").status_code == 200


def test_signing_up_with_a_password_and_the_code_in_the_mail() -> None:
    client = Client(headers={"accept-language": "nl"})
    answer = post(client, "signup", email="Ada@Example.org", password=PASSWORD)
    assert (answer.status_code, pending(answer)) == (401, ["verify_email"])
    assert not is_signed_in(client)
    assert mail.outbox[-1].to == [EMAIL]
    assert post(client, "email/verify", key="WRONG1").status_code == 400
    assert post(client, "email/verify", key=code()).status_code == 200
    me = client.get("/api/me/").json()
    assert (me["email"], me["is_onboarded"], me["language"], me["name"]) == (EMAIL, False, "nl", "")


def test_signing_in_with_a_password_and_out_again() -> None:
    with_password()
    client = Client()
    assert post(client, "login", email=EMAIL, password="something else").status_code == 400
    assert not is_signed_in(client)
    assert post(client, "login", email=EMAIL.upper(), password=PASSWORD).status_code == 200
    assert is_signed_in(client)
    assert client.delete(f"{AUTH}/session").status_code == 401
    assert not is_signed_in(client)


def test_signing_in_with_a_code_from_a_mail() -> None:
    with_password()
    client = Client()
    answer = post(client, "code/request", email=EMAIL)
    assert (answer.status_code, pending(answer)) == (401, ["login_by_code"])
    assert post(client, "code/confirm", code="WRONG1").status_code == 400
    assert post(client, "code/confirm", code=code()).status_code == 200
    assert is_signed_in(client)


def test_a_member_whom_the_office_brought_in_signs_in_with_a_code() -> None:
    member = a_member(email=EMAIL)
    EmailAddress.objects.create(user=member, email=EMAIL, verified=False, primary=True)
    client = Client()
    post(client, "code/request", email=EMAIL)
    assert post(client, "code/confirm", code=code()).status_code == 200
    assert is_signed_in(client)


def test_three_wrong_codes_end_the_attempt() -> None:
    with_password()
    client = Client()
    post(client, "code/request", email=EMAIL)
    right = code()
    for _attempt in range(3):
        post(client, "code/confirm", code="WRONG1")
    assert post(client, "code/confirm", code=right).status_code in (400, 409)
    assert not is_signed_in(client)


def test_a_forgotten_password_is_replaced_by_code_and_old_sessions_end() -> None:
    with_password()
    elsewhere = Client()
    post(elsewhere, "login", email=EMAIL, password=PASSWORD)
    client = Client()
    assert pending(post(client, "password/request", email=EMAIL)) == ["password_reset_by_code"]
    right = code()
    assert client.get(f"{AUTH}/password/reset", headers={"x-password-reset-key": right}).status_code == 200
    assert post(client, "password/reset", key=right, password="short").status_code == 400
    assert post(client, "password/reset", key=right, password="a longer new secret").status_code in (200, 401)
    assert not is_signed_in(elsewhere)
    assert post(Client(), "login", email=EMAIL, password=PASSWORD).status_code == 400
    assert post(Client(), "login", email=EMAIL, password="a longer new secret").status_code == 200


@pytest.mark.parametrize("password", ["", "short", "password1234", "1234567890"])
def test_a_weak_password_is_refused(password: str) -> None:
    answer = post(Client(), "signup", email=EMAIL, password=password)
    assert (answer.status_code, {error["param"] for error in answer.json()["errors"]}) == (400, {"password"})
    assert not Member.objects.exists()


@pytest.mark.parametrize("email", ["", "ada", "ada@", "a" * 300 + "@example.org", "ada@example.org\x00", "<b>@x.org"])
def test_an_address_that_is_none_is_refused(email: str) -> None:
    assert post(Client(), "signup", email=email, password=PASSWORD).status_code == 400
    assert not Member.objects.exists()


def test_nobody_learns_whether_an_address_has_an_account() -> None:
    """Known and unknown addresses get the same answers; the owner of a known one is told by mail."""
    with_password()

    def answers(email: str) -> list[Any]:
        cache.clear()
        found = []
        for path, body in (
            ("signup", {"password": PASSWORD}),
            ("code/request", {}),
            ("password/request", {}),
            ("login", {"password": "something else"}),
        ):
            answer = post(Client(), path, email=email, **body)
            found.append((path, answer.status_code, answer.json().get("errors"), answer.json().get("data")))
        return found

    assert answers(EMAIL) == answers("nobody@example.org")


def test_guessing_passwords_is_slowed_down() -> None:
    with_password()
    client = Client()
    answers = [post(client, "login", email=EMAIL, password=f"guess {number}").status_code for number in range(7)]
    assert answers[:5] == [400] * 5
    assert post(client, "login", email=EMAIL, password=PASSWORD).status_code in (400, 429)
    assert not is_signed_in(client)


def test_asking_for_codes_is_slowed_down() -> None:
    with_password()
    answers = [post(Client(), "code/request", email=EMAIL) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 400, 400]
    assert answers[-1].json()["errors"][0]["code"] == "too_many_login_attempts"
    assert len(mail.outbox) == 3


def test_signing_up_is_slowed_down() -> None:
    answers = [post(Client(), "signup", email=f"a{n}@example.org", password=PASSWORD).status_code for n in range(22)]
    assert answers[-1] == 429


def test_a_closed_account_cannot_come_in() -> None:
    with_password(is_active=False)
    client = Client()
    post(client, "login", email=EMAIL, password=PASSWORD)
    assert not is_signed_in(client)
    post(client, "code/request", email=EMAIL)
    assert not is_signed_in(client)


def test_forms_from_elsewhere_are_refused() -> None:
    """CSRF: without the token neither allauth nor the API accepts a change."""
    with_password()
    client = Client(enforce_csrf_checks=True)
    assert post(client, "login", email=EMAIL, password=PASSWORD).status_code == 403
    client.get("/_allauth/browser/v1/config")
    token = client.cookies["csrftoken"].value
    body = {"email": EMAIL, "password": PASSWORD}
    answer = client.post(f"{AUTH}/login", body, content_type="application/json", headers={"x-csrftoken": token})
    assert answer.status_code == 200
    answer = client.patch("/api/me/", {"name": "Eve"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    token = client.cookies["csrftoken"].value
    answer = client.patch("/api/me/", {"name": "Eve"}, content_type="application/json", headers={"x-csrftoken": token})
    assert answer.status_code == 200


@pytest.fixture
def told() -> Any:
    facts: list[tuple[events.Topic, events.Fact]] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        facts.append((topic, fact))

    events.listen(listener)
    yield facts
    events.forget(listener)


def test_signing_out_ends_the_sockets_of_this_session_only(told: Any, django_capture_on_commit_callbacks: Any) -> None:
    member = with_password()
    client = Client()
    post(client, "login", email=EMAIL, password=PASSWORD)
    key = client.session.session_key or ""
    with django_capture_on_commit_callbacks(execute=True):
        client.delete(f"{AUTH}/session")
    assert told == [
        (("member", member.pk), {"type": "session.ended", "session": hashlib.sha256(key.encode()).hexdigest()})
    ]


def test_a_new_password_ends_the_sockets_of_all_sessions(told: Any, django_capture_on_commit_callbacks: Any) -> None:
    member = with_password()
    client = Client()
    post(client, "login", email=EMAIL, password=PASSWORD)
    body = {"current_password": PASSWORD, "new_password": "a longer new secret"}
    with django_capture_on_commit_callbacks(execute=True):
        path = "/_allauth/browser/v1/account/password/change"
        assert client.post(path, body, content_type="application/json").status_code == 200
    assert (("member", member.pk), {"type": "session.ended"}) in told
    assert is_signed_in(client)


def test_a_letter_is_in_the_language_of_whoever_asks() -> None:
    post(Client(headers={"accept-language": "fr"}), "signup", email=EMAIL, password=PASSWORD)
    assert mail.outbox[-1].subject == "Compagnon: Bienvenue\u202f! Votre code d’inscription"
    assert "Quel plaisir de vous accueillir" in str(mail.outbox[-1].body)


def test_a_letter_to_a_member_is_in_their_own_language_wherever_it_was_asked_for() -> None:
    with_password(language="de")
    browser = Client(headers={"accept-language": "nl"})
    post(browser, "code/request", email=EMAIL)
    assert mail.outbox[-1].subject == "Compagnon: Ihr Code zum Anmelden"
    post(browser, "password/request", email=EMAIL)
    assert mail.outbox[-1].subject == "Compagnon: Ihr Code für ein neues Passwort"
    post(Client(headers={"accept-language": "nl"}), "signup", email=EMAIL, password=PASSWORD)
    assert mail.outbox[-1].subject == "Compagnon: Sie haben schon ein Konto"
    assert f"{settings.PUBLIC_URL}/forgot" in str(mail.outbox[-1].body)


def test_a_letter_to_an_unknown_address_leads_to_the_door() -> None:
    post(Client(headers={"accept-language": "nl"}), "code/request", email=EMAIL)
    assert mail.outbox[-1].to == [EMAIL]
    assert mail.outbox[-1].subject == "Compagnon: Geen account met dit adres"
    assert f"{settings.PUBLIC_URL}/join" in str(mail.outbox[-1].body)
