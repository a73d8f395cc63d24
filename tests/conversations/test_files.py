"""Pictures and files: what is taken, what is made of it, who gets it."""

import io
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from backend.conversations import actions
from backend.conversations.actions.uploading import drop_unsent_before
from backend.conversations.models import Attachment, Event
from backend.members.models import Member
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said, shown

pytestmark = pytest.mark.django_db


def a_picture(width: int = 60, height: int = 40, *, form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (width, height), "purple").save(out, form, exif=exif)
    return out.getvalue()


def a_zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def send(member: Member, room: Any, name: str, content: bytes, client_id: str | None = None) -> Any:
    wish = {"client_id": client_id or str(uuid.uuid4()), "file": SimpleUploadedFile(name, content)}
    return signed_in(member).post(f"/api/rooms/{room.pk}/attachments/", wish, format="multipart")


def write(member: Member, room: Any, *keys: str, body: str = "") -> Any:
    wish = {"client_id": str(uuid.uuid4()), "body": body, "attachments": keys}
    return signed_in(member).post(f"/api/rooms/{room.pk}/messages/", wish)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_picture_is_encoded_anew_without_metadata_and_has_a_thumbnail() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    row = send(ada, room, "me\u202egpj.jpg", a_picture(3000, 1500)).json()
    assert (row["kind"], row["width"], row["height"], row["name"]) == ("image", 2048, 1024, "megpj.jpg")
    event = write(ada, room, row["id"]).json()
    assert (event["body"], [file["id"] for file in event["attachments"]]) == ("", [row["id"]])
    assert shown(room, grace, 1)["attachments"] == event["attachments"]
    whole, thumb = signed_in(grace).get(row["url"]), signed_in(grace).get(row["thumb"])
    data = content(whole)
    assert (Image.open(io.BytesIO(data)).format, b"taken at home" in data) == ("WEBP", False)
    assert Image.open(io.BytesIO(content(thumb))).size == (480, 240)
    assert whole.headers["Content-Type"] == "image/webp"


def test_a_small_picture_is_not_blown_up() -> None:
    ada = a_member("Ada")
    row = send(ada, a_room(ada), "tiny.png", a_picture(form="PNG")).json()
    assert (row["width"], row["height"]) == (60, 40)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("notes.txt", "Grüße".encode(), "text/plain"),
        ("list.csv", b"a;b\n1;2\n", "text/csv"),
        ("plan.pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("all.zip", a_zip(a=b"x"), "application/zip"),
        ("plan.odt", a_zip(mimetype=b"x"), "application/vnd.oasis.opendocument.text"),
    ],
)
def test_other_files_are_taken_by_what_they_hold_and_served_to_be_saved(name: str, data: bytes, kind: str) -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    row = send(ada, room, name, data).json()
    assert (row["kind"], row["content_type"], row["thumb"]) == ("file", kind, None)
    write(ada, room, row["id"])
    answer = signed_in(ada).get(row["url"])
    assert content(answer) == data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_type_refused"),
        ("picture.png", b"<svg onload='alert(1)'/>", "file_type_refused"),
        ("page.txt", b"  <!DOCTYPE html><script>alert(1)</script>", "file_type_refused"),
        ("page.html", b"hello", "file_type_refused"),
        ("run.exe", b"MZ\x90\x00", "file_type_refused"),
        ("notes.txt", b"\x00\x01\x02", "file_type_refused"),
        ("plan.docx", b"PK\x03\x04 and no more", "file_type_refused"),
        ("plan.pdf", b"MZ\x90", "file_type_refused"),
        ("cut.jpg", a_picture()[:200], "not_a_photo"),
    ],
)
def test_what_is_not_on_the_list_is_refused(name: str, data: bytes, code: str) -> None:
    ada = a_member("Ada")
    assert refused(send(ada, a_room(ada), name, data)) == code
    assert not Attachment.objects.exists()


def test_a_bomb_is_not_unpacked_and_a_huge_picture_not_decoded(settings: Settings) -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    bomb = a_zip(**{f"f{number}": bytes(60 * 1024 * 1024) for number in range(9)})
    assert len(bomb) < 1024 * 1024
    assert refused(send(ada, room, "bomb.zip", bomb)) == "file_too_large"
    settings.PHOTO_MAX_PIXELS = 1000
    assert refused(send(ada, room, "wide.png", a_picture(60, 40, form="PNG"))) == "photo_too_many_pixels"
    assert refused(send(ada, room, "long.txt", b"x" * (20 * 1024 * 1024 + 1))) == "file_too_large"


def test_a_file_is_there_for_those_in_the_room_and_gone_for_who_was_put_out() -> None:
    ada, grace, stranger = a_member("Ada"), a_member("Grace"), a_member("Stranger")
    room = a_room(ada, grace)
    row = send(ada, room, "notes.txt", b"between us").json()
    assert signed_in(ada).get(row["url"]).status_code == 200
    assert signed_in(grace).get(row["url"]).status_code == 404
    write(ada, room, row["id"])
    assert signed_in(grace).get(row["url"]).status_code == 200
    assert signed_in(stranger).get(row["url"]).status_code == 404
    actions.leave_room(room=room, member=grace, at=NOW)
    assert signed_in(grace).get(row["url"]).status_code == 404
    stored = Attachment.objects.get().file.name
    assert signed_in(grace).get(f"{settings.MEDIA_URL}{stored}").status_code == 404


def test_a_file_goes_out_of_sight_with_its_hidden_message_and_for_good_with_a_deleted_one() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    row = send(grace, room, "notes.txt", b"nasty").json()
    write(grace, room, row["id"], body="look")
    actions.hide(room=room, seq=1, by=ada, rule="other", at=NOW)
    assert (shown(room, grace, 1)["attachments"], signed_in(grace).get(row["url"]).status_code) == ([], 404)
    signed_in(ada).delete(f"/api/rooms/{room.pk}/messages/1/hidden/")
    assert shown(room, grace, 3)["attachments"] == shown(room, grace, 1)["attachments"] == [row]
    signed_in(grace).delete(f"/api/rooms/{room.pk}/messages/1/")
    assert signed_in(grace).get(row["url"]).status_code == 404
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_file_itself_is_deleted_with_its_message() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    row = send(ada, room, "notes.txt", b"secret").json()
    write(ada, room, row["id"])
    stored = Attachment.objects.get().file.name
    assert default_storage.exists(str(stored))
    signed_in(ada).delete(f"/api/rooms/{room.pk}/messages/1/")
    assert not default_storage.exists(str(stored))


def test_an_upload_that_is_sent_again_is_one_file() -> None:
    ada = a_member("Ada")
    room, client_id = a_room(ada), str(uuid.uuid4())
    first, again = (send(ada, room, "notes.txt", b"x", client_id) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())


def test_a_file_is_sent_once_and_only_by_who_uploaded_it_to_that_room() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room, other = a_room(ada, grace), a_room(ada)
    key = send(ada, room, "notes.txt", b"x").json()["id"]
    assert refused(write(grace, room, key)) == "attachment_unknown"
    assert refused(write(ada, other, key)) == "attachment_unknown"
    assert write(ada, room, key).status_code == 201
    assert refused(write(ada, room, key)) == "attachment_unknown"


def test_who_may_not_speak_uploads_nothing() -> None:
    ada, grace, stranger = a_member("Ada"), a_member("Grace"), a_member("Stranger")
    room = a_room(ada, grace, stewards=[ada])
    actions.mute(room=room, by=ada, member=grace, rule="other", at=NOW)
    assert refused(send(grace, room, "notes.txt", b"x")) == "muted"
    assert send(stranger, room, "notes.txt", b"x").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_was_never_sent_is_deleted_after_a_day() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    sent, unsent = (send(ada, room, "notes.txt", b"x").json()["id"] for _ in range(2))
    said(room, ada, "", attachments=(sent,))
    row = Attachment.objects.get(key=unsent)
    assert drop_unsent_before(at=row.created_at + timedelta(hours=23)) == 0
    assert drop_unsent_before(at=row.created_at + timedelta(hours=24)) == 1
    assert [attachment.key for attachment in Attachment.objects.all()] == [sent]
    assert not default_storage.exists(str(row.file.name))
    assert Event.objects.count() == 1
