"""The letters that carry a code or answer somebody who stands before the wrong door, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter is called, and its paragraphs."""

    subject: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """Plain text: greeting, paragraphs, signature."""
        return "\n\n".join([_("Hello,"), *self.paragraphs, "Compagnon"]) + "\n"


CODES = {
    "account/email/login_code": (gettext_lazy("Your code to sign in"), gettext_lazy("With this code you sign in:")),
    "account/email/email_confirmation": (
        gettext_lazy("Your code to confirm your address"),
        gettext_lazy("With this code you confirm that this address is yours:"),
    ),
    "account/email/email_confirmation_signup": (
        gettext_lazy("Welcome! Your code to join"),
        gettext_lazy("How good that you are joining us. With this code you confirm that this address is yours:"),
    ),
    "account/email/password_reset_code": (
        gettext_lazy("Your code for a new password"),
        gettext_lazy("With this code you choose a new password:"),
    ),
}


def with_code(kind: str, code: str) -> Letter:
    """A letter of one of the kinds in `CODES`. The code stands alone on its line, so that it is easily read and copied."""
    subject, lead = CODES[kind]
    return Letter(
        str(subject),
        (
            f"{lead}\n\n{code}",
            _("Type it in the window in which you asked for it. It works for a few minutes only."),
            _("You did not ask for this? Then you need not do anything, and keep the code to yourself."),
        ),
    )


def already_member(address: str, forgot_url: str) -> Letter:
    """To somebody who signs up with an address that has an account."""
    return Letter(
        _("You have an account already"),
        (
            _("Somebody, probably you, wanted to join with %(address)s. This address has an account already.")
            % {"address": address},
            _("You can simply sign in. If you no longer know your password, choose a new one here:")
            + f"\n{forgot_url}",
            _("It was not you? Then you need not do anything."),
        ),
    )


def unknown_address(address: str, join_url: str) -> Letter:
    """To somebody who wants to sign in with an address that has no account."""
    return Letter(
        _("No account with this address"),
        (
            _("Somebody, probably you, wanted to sign in with %(address)s. We know no account with this address.")
            % {"address": address},
            _("Perhaps you joined with another address. If you are new, you can join here:") + f"\n{join_url}",
            _("It was not you? Then you need not do anything."),
        ),
    )
