"""How allauth makes and greets accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext_lazy as _

from backend.members.models import Member


class Identity(DefaultAccountAdapter):  # type: ignore[misc]
    def clean_email(self, email: str) -> str:
        """Refuses what the database has no room for: the form field lets more through."""
        longest = Member._meta.get_field("email").max_length
        if longest is not None and len(email) > longest:
            raise ValidationError(_("This e-mail address is too long."), code="max_length")
        return str(super().clean_email(email))

    def save_user(self, request: HttpRequest, user: Member, form: Any, commit: bool = True) -> Member:
        """A new account keeps the language in which it was opened."""
        user.language = get_language_from_request(request)
        saved: Member = super().save_user(request, user, form, commit)
        return saved
