"""What a collective writes down: two who write at once lose nothing, and nobody outside reads it."""

import pytest

from backend.collectives import belonging, notes
from backend.collectives.models import Note, NoteText
from tests.cast import a_member, signed_in, utc
from tests.collectives.test_collectives import a_collective, with_member

pytestmark = pytest.mark.django_db
NOW = utc(2030, 5, 6, 9)


def test_a_note_is_begun_written_anew_and_keeps_every_version() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    wish = {"collective": collective.pk, "title": "Keys", "text": "With Ada."}
    made = signed_in(ada).post("/api/notes/", wish).json()
    assert (made["version"], made["newest"]["text"]) == (1, "With Ada.")
    assert made["newest"]["html"] == '<p dir="auto">With Ada.</p>\n'
    wish = {"version": 1, "title": "Keys of the van", "text": "With Ben."}
    now = signed_in(ben).put(f"/api/notes/{made['id']}/", wish).json()
    assert (now["version"], now["title"], now["newest"]["text"]) == (2, "Keys of the van", "With Ben.")
    told = signed_in(ada).get(f"/api/notes/{made['id']}/versions/").json()
    assert [(one["version"], one["text"], one["written_by"]["name"]) for one in told] == [
        (2, "With Ben.", "Ben"),
        (1, "With Ada.", "Ada"),
    ]


def test_who_saves_after_somebody_else_reads_what_they_wrote_and_overwrites_nothing() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    note = notes.begin_note(collective=collective, by=ada, title="Keys", text="With Ada.", at=NOW)
    path, wish = f"/api/notes/{note.pk}/", {"version": 1, "title": "Keys"}
    assert signed_in(ben).put(path, wish | {"text": "With Ben."}).status_code == 200
    refused = signed_in(ada).put(path, wish | {"text": "With Cleo."})
    assert (refused.status_code, refused.json()["code"]) == (409, "note_changed")
    meanwhile = {name: refused.json()[name] for name in ("version", "title", "text", "written_by")}
    assert meanwhile == {"version": 2, "title": "Keys", "text": "With Ben.", "written_by": "Ben"}
    assert signed_in(ada).get(path).json()["newest"]["text"] == "With Ben."
    together = signed_in(ada).put(path, wish | {"version": 2, "text": "With Ben and Cleo."})
    assert together.json()["version"] == 3


def test_a_note_of_two_megabytes_is_refused_and_nothing_is_kept() -> None:
    ada = a_member("Ada")
    collective = a_collective(ada)
    wish = {"collective": collective.pk, "title": "Keys", "text": "x" * 1_900_000}
    refused = signed_in(ada).post("/api/notes/", wish, format="json")
    assert (refused.status_code, refused.json()["fields"]["text"][0]["code"]) == (400, "max_length")
    beyond = signed_in(ada).post("/api/notes/", wish | {"text": "x" * 2_200_000}, format="json")
    assert (beyond.status_code, bool(beyond.json()["code"])) in ((400, True), (413, True))
    assert not Note.objects.exists()
    assert not NoteText.objects.exists()


def test_notes_are_read_by_nobody_outside() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    note = notes.begin_note(collective=collective, by=ada, title="Keys", text="With Ada.", at=NOW)
    wish = {"version": 1, "title": "Keys", "text": "Mine."}
    begun = {"collective": collective.pk, "title": "Mine", "text": ""}
    assert [one["title"] for one in signed_in(ben).get("/api/notes/").json()["results"]] == ["Keys"]
    outside = signed_in(cleo)
    assert outside.get(f"/api/notes/?collective={collective.pk}").json()["results"] == []
    for path in (f"/api/notes/{note.pk}/", f"/api/notes/{note.pk}/versions/"):
        assert outside.get(path).status_code == 404
    assert outside.put(f"/api/notes/{note.pk}/", wish).status_code == 404
    assert outside.post("/api/notes/", begun).json()["fields"]["collective"][0]["code"] == "not_found"
    belonging.go_on_leave(collective=collective, member=ben, at=NOW)
    assert signed_in(ben).get(f"/api/notes/{note.pk}/").status_code == 200
    away = signed_in(ben).put(f"/api/notes/{note.pk}/", wish)
    assert (away.status_code, away.json()["code"]) == (409, "not_now")
    assert NoteText.objects.count() == 1
