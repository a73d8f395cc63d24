"""How allauth makes and greets accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from backend.members.models import Member


class Identity(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(self, request: HttpRequest, user: Member, form: Any, commit: bool = True) -> Member:
        """A new account keeps the language in which it was opened."""
        user.language = get_language_from_request(request)
        saved: Member = super().save_user(request, user, form, commit)
        return saved
