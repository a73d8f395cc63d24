"""Who a socket belongs to, and whether they still may: `session.ended` is also announced for a closed account."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.signals import post_save
from django.http import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from backend.events import announce
from backend.members.models import Member


def session_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The session key in the cookies; empty when there is none."""
    cookies: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            cookies |= parse_cookie(value.decode("latin1"))
    return cookies.get(settings.SESSION_COOKIE_NAME, "")


def hashed(session_key: str) -> str:
    """What a session is called where the key itself has no business."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def members_of(session_keys: Iterable[str]) -> dict[str, int]:
    """The members who are signed in with these sessions, as Django's own middleware would find them: in two queries for all."""
    found = _contents(session_keys)
    ids = {key: int(content[SESSION_KEY]) for key, content in found.items() if content.get(SESSION_KEY, "").isdecimal()}
    members = _active(set(ids.values()))
    return {key: pk for key, pk in ids.items() if _fits(found[key], members.get(pk))}


def still_signed_in(sockets: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of these pairs of session key and member that would still be let in: in two queries for all."""
    keys, ids = {key for key, _member in sockets}, {member for _key, member in sockets}
    content = _contents(keys)
    members = _active(ids)
    return {pair for pair in sockets if _fits(content.get(pair[0], {}), members.get(pair[1]))}


def _active(ids: set[int]) -> dict[int, Member]:
    """Those of these members whose accounts are open, with nothing but what a session is compared with."""
    return Member.objects.filter(is_active=True).only("password").in_bulk(ids)


def _contents(session_keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = Session.objects.filter(session_key__in=list(session_keys), expire_date__gt=timezone.now())
    return {row.session_key: row.get_decoded() for row in rows}


def _fits(session: dict[str, Any], member: Member | None) -> bool:
    if member is None or session.get(SESSION_KEY) != str(member.pk):
        return False
    known = session.get(HASH_SESSION_KEY, "")
    hashes = [member.get_session_auth_hash(), *member.get_session_auth_fallback_hash()]
    return any(constant_time_compare(known, valid) for valid in hashes)


def _changed(sender: Any, instance: Member, created: bool, **rest: Any) -> None:
    # `_password` is set from `set_password` until the end of `save`, whoever changes it: the admin, a command.
    if not created and (instance._password is not None or not instance.is_active):  # type: ignore[attr-defined]
        announce(("member", instance.pk), {"type": "session.ended"})


def listen() -> None:
    post_save.connect(_changed, sender=Member, dispatch_uid="realtime.changed")
