"""Invented members who are signed in, and rooms that they are in; quick to make, however many."""

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from backend.conversations.models import Membership, Room
from backend.members.models import Member, Organisation


def some_members(count: int) -> list[Member]:
    organisation = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    more = {"organisation": organisation, "onboarded_at": timezone.now(), "password": make_password(None)}
    people = [Member(email=f"{number}@example.org", name=f"Member {number}", **more) for number in range(count)]
    return Member.objects.bulk_create(people)


def cookies_of(people: list[Member]) -> list[str]:
    """A Cookie header for each, of a session as signing in leaves it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    until = timezone.now() + dt.timedelta(days=1)
    rows = []
    for member in people:
        content = {
            SESSION_KEY: str(member.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: member.get_session_auth_hash(),
        }
        rows.append(
            Session(session_key=get_random_string(32).lower(), session_data=store.encode(content), expire_date=until)
        )
    Session.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]


def some_rooms(people: list[Member], size: int) -> list[Room]:
    """Rooms of so many each, until all people are in one."""
    now = timezone.now()
    rooms = Room.objects.bulk_create(
        Room(kind=Room.Kind.OPEN, access=Room.Access.OPEN, title="Bench", created_at=now)
        for _start in range(0, len(people), size)
    )
    Membership.objects.bulk_create(
        Membership(room=rooms[number // size], member=member, joined_at=now) for number, member in enumerate(people)
    )
    return rooms
