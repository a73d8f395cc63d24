"""The small cast that every room's tests play with: plain functions that make one person or one fact."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from backend.members.models import Member, Organisation
from backend.skills.models import Skill

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def an_organisation(**fields: Any) -> Organisation:
    number = next(_numbers)
    values = {"name": f"Cooperative {number}", "slug": f"cooperative-{number}", "country": "BE"} | fields
    return Organisation.objects.create(**values)


def a_member(name: str = "Ada", **fields: Any) -> Member:
    """Someone who has introduced themselves; give `onboarded_at=None` for a newcomer at the door."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"{name.lower().replace(' ', '.')}.{number}@example.org",
        "name": name,
        "country": "BE",
        "city": "Ghent",
        "timezone": "Europe/Brussels",
        "onboarded_at": timezone.now(),
    } | fields
    if "organisation" not in values:
        values["organisation"] = Organisation.objects.order_by("pk").first() or an_organisation()
    return Member.objects.create_user(password=None, **values)


def a_guide(name: str = "Grace", *, places: int = 2, **fields: Any) -> Member:
    tracks = {"guides_social": True, "guides_economic": True, "guides_cooperative": True}
    return a_member(name, **({"guide_capacity": places} | tracks | fields))


def a_skill(name: str = "stage lighting", **fields: Any) -> Skill:
    values = {"key": f"{name.replace(' ', '-')}-{next(_numbers)}", "names": {"en": name}} | fields
    return Skill.objects.create(**values)


def signed_in(member: Member) -> APIClient:
    """A client of the API as this member; CSRF is checked in its own tests."""
    client = APIClient()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)
