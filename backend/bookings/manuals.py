"""The manual of a thing as a file: a PDF or plain text, for those who have booked it and those who look after it."""

import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils.translation import gettext as _

from backend.bookings import rules
from backend.bookings.hosting import refuse_unless_hosted
from backend.bookings.models import Booking, Resource
from backend.bookings.showing import show_changed
from backend.errors import field_error
from backend.members.models import Member
from backend.patience import patiently

MOST_BYTES = 10_000_000
KINDS = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}


def clean_manual(upload: IO[bytes], *, size: int) -> ContentFile[bytes]:
    """The file under a name that cannot be guessed, as what it is: its content decides, not the name that it came with.

    Refuses, as errors of the field `manual`: more than ten megabytes (`manual_too_large`), what is neither (`not_a_manual`).
    """
    if size > MOST_BYTES:
        raise field_error("manual", "manual_too_large", _("A manual may have 10 MB at most."))
    content = upload.read(MOST_BYTES + 1)
    kind = "pdf" if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:] else "txt"
    if kind == "txt" and not _is_text(content):
        raise field_error("manual", "not_a_manual", _("Choose a PDF, or a file of plain text."))
    return ContentFile(content, name=f"{secrets.token_urlsafe(12)}.{kind}")


@patiently
def set_manual(*, member: Member, resource: Resource, manual: ContentFile[bytes] | None) -> None:
    """This file instead of the one before, or none."""
    refuse_unless_hosted(member, resource.pk)
    if manual is None:
        resource.manual_file = ""
    else:
        resource.manual_file.save(str(manual.name), manual, save=False)
    resource.save(update_fields=["manual_file"])
    show_changed([resource.pk])


def may_read_manual(member: Member, resource: Resource) -> bool:
    """Whoever has booked it, or something that it is part of, and whoever looks after it."""
    of_it = Q(items__resource=resource) | Q(allocations__resource=resource)
    if Booking.objects.visible_to(member).filter(of_it, status__in=Booking.HOLDING).exists():
        return True
    return rules.hosts(member, resource)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and "\0" not in text and not text.lstrip().startswith(("<!", "<html", "<?xml", "<svg"))
