"""What may be sent as a file: looked at by its content, never by what it claims to be."""

import io
import re
import zipfile
from typing import IO, NamedTuple

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from backend.conversations import text
from backend.conversations.limits import FILE_MAX_BYTES
from backend.errors import Refusal, field_error
from backend.media import FORMATS

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
ZIPPED = {
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": f"{OPEN}text",
    "ods": f"{OPEN}spreadsheet",
    "odp": f"{OPEN}presentation",
    "zip": "application/zip",
}
PLAIN = {"txt": "text/plain", "md": "text/markdown", "csv": "text/csv"}
UNPACKED_MAX_BYTES = 500 * 1024 * 1024
UNPACKED_MAX_FILES = 10_000
HEAD = 64 * 1024
_MARKUP = re.compile(rb"^\s*<(?:\?xml|!doctype|svg|html|script)", re.IGNORECASE)


class Sniffed(NamedTuple):
    content_type: str
    is_image: bool


def sniffed(upload: IO[bytes], *, name: str, size: int) -> Sniffed:
    """What a file is. Refuses more than FILE_MAX_BYTES or a bomb (`file_too_large`), and all that is not on the list (`file_type_refused`)."""
    if size > FILE_MAX_BYTES:
        raise field_error("file", "file_too_large", _("A file may have 20 MB at most."))
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    if _is_image(head):
        return Sniffed("image/webp", True)
    if ending == "pdf" and head.startswith(b"%PDF-"):
        return Sniffed("application/pdf", False)
    if ending in ZIPPED and head.startswith(b"PK"):
        _unpacked(upload)
        upload.seek(0)
        return Sniffed(ZIPPED[ending], False)
    if ending in PLAIN and _is_text(head):
        return Sniffed(PLAIN[ending], False)
    raise _refused()


def checked_name(name: str) -> str:
    """The last part of a file's name, on one line and without what turns text around; its ending stays when it is cut."""
    name = text.clean_line(name.replace("\\", "/").rsplit("/", 1)[-1]) or "file"
    if len(name) <= 120:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 119 - len(ending)]}{dot}{ending}" if dot and len(ending) < 10 else name[:120]


def _is_image(head: bytes) -> bool:
    """Whether it begins as a picture that we decode; what follows is decoded, or refused, later."""
    try:
        Image.open(io.BytesIO(head), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or head[8:12] == b"WEBP"
    return True


def _is_text(head: bytes) -> bool:
    if b"\x00" in head or _MARKUP.match(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == HEAD  # A letter that was cut in two.
    return True


def _unpacked(upload: IO[bytes]) -> None:
    """Look at what a zip file says about itself; nothing is unpacked here or ever."""
    try:
        with zipfile.ZipFile(upload) as packed:
            inside = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _refused() from error
    if len(inside) > UNPACKED_MAX_FILES or sum(item.file_size for item in inside) > UNPACKED_MAX_BYTES:
        raise field_error("file", "file_too_large", _("This file unpacks to too much."))


def _refused() -> Refusal:
    return field_error("file", "file_type_refused", _("Send pictures, text, PDF, office documents or zip files."))
