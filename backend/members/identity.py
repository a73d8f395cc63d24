"""How allauth makes and greets accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from backend.members import letters
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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Our own letters, in the language of the account, else in that of whoever asks; of other kinds allauth's."""
        language = Member.objects.filter(email=email).values_list("language", flat=True).first()
        with override(language or get_language()):
            letter = _letter(template_prefix, email, context)
            if letter is None:
                super().send_mail(template_prefix, email, context)
                return
            subject = self.format_email_subject(letter.subject)
            EmailMessage(subject, letter.body, self.get_from_email(), [email]).send()


def _letter(kind: str, email: str, context: dict[str, Any]) -> letters.Letter | None:
    match kind:
        case "account/email/account_already_exists":
            return letters.already_member(email, context["password_reset_url"])
        case "account/email/unknown_account":
            return letters.unknown_address(email, context["signup_url"])
        case _ if kind in letters.CODES and "code" in context:
            return letters.with_code(kind, context["code"])
        case _:
            return None
