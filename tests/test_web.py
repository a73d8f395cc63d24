"""What every page carries, and how the app's pages are chosen."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from backend import web
from tests.cast import a_member, signed_in

LANGUAGES = ("en", "fr", "nl", "de")


@pytest.fixture
def build(tmp_path: Path, settings: Any) -> Path:
    """A build with one screen per language."""
    for language in LANGUAGES:
        folder = tmp_path / f"_{language}"
        folder.mkdir()
        (folder / "index.html").write_text(f"home {language}")
        (folder / "members.html").write_text(f"members {language}")
        (folder / "members.html.br").write_bytes(b"packed")
    (tmp_path / "secret.html").write_text("not a screen")
    settings.FRONTEND_BUILD = tmp_path
    web._shell.cache_clear()
    return tmp_path


def page(client: Client, path: str, **headers: str) -> tuple[int, str]:
    answer = client.get(path, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, body.decode()


def test_the_page_comes_in_the_language_of_the_cookie_else_of_the_browser(build: Path) -> None:
    client = Client()
    assert page(client, "/members", **{"Accept-Language": "nl-BE,fr;q=0.5"}) == (200, "members nl")
    client.cookies["lang"] = "de"
    assert page(client, "/members", **{"Accept-Language": "nl-BE"}) == (200, "members de")
    assert page(Client(), "/", **{"Accept-Language": "pt"}) == (200, "home en")


def test_a_packed_page_is_sent_where_it_is_understood(build: Path) -> None:
    answer = Client().get("/members", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert b"".join(answer.streaming_content) == b"packed"  # type: ignore[attr-defined]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("path", ["/nowhere", "/_en/members", "/secret", "/members/../secret", "/..%2fsecret"])
def test_what_is_not_a_screen_is_not_found(build: Path, path: str) -> None:
    status, body = page(Client(), path)
    assert status == 404
    assert "not a screen" not in body


def test_below_the_api_a_missing_address_answers_data() -> None:
    answer = Client().get("/api/nowhere/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/members", "/api/organisations/", "/nowhere"])
def test_every_answer_forbids_framing_and_foreign_scripts(build: Path, path: str) -> None:
    headers = Client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "script-src 'unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["../settings.py", "..%2f..%2fmanage.py", "members/nobody.webp", "page.html"])
def test_only_stored_pictures_are_served(name: str) -> None:
    assert Client().get(f"/media/{name}").status_code in (400, 404)


@pytest.mark.django_db
def test_health_names_what_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    monkeypatch.setattr("backend.health._worker", lambda at: "late")
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["status"], answer.json()["worker"]) == (503, "failing", "late")


@pytest.mark.django_db
def test_the_api_documents_itself_with_its_frames() -> None:
    answer = Client().get("/api/schema/?format=json")
    schema = answer.json()
    assert schema["openapi"].startswith("3.1")
    assert {"frameFromBrowser", "frameToBrowser"} == set(schema["webhooks"])
    assert {"FrameFromBrowser", "FrameToBrowser"} <= set(schema["components"]["schemas"])
    docs = Client().get("/api/docs/").content.decode()
    assert "/api/suggestions/" in docs
    assert "<script" not in docs


def test_production_has_no_default_secret(tmp_path: Path) -> None:
    env = {**os.environ, "COMPAGNON_ENV": "production", "COMPAGNON_VAR": str(tmp_path), "SECRET_KEY": ""}
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "SECRET_KEY must be set in production." in started.stderr
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/messages/?language", "/api/messages/?q", "/api/rooms/directory/?about_kind"])
def test_a_nul_in_an_address_is_refused_by_name(address: str) -> None:
    answer = signed_in(a_member()).get(f"{address}=a%00b")
    name = address.partition("?")[2]
    assert (answer.status_code, answer.json()["fields"][name][0]["code"]) == (400, "null_characters_not_allowed")


@pytest.mark.django_db
def test_a_certificate_that_nobody_was_given_cannot_be_taken_back() -> None:
    assert signed_in(a_member()).delete("/api/certificates/%00/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["abc", "-1", "9" * 30, "1.5"])
@pytest.mark.parametrize("address", ["/api/pulses/{}/answer/", "/api/circles/{}/join/"])
def test_what_is_no_number_is_nobodys(address: str, number: str) -> None:
    assert signed_in(a_member()).post(address.format(number), {}).status_code == 404
