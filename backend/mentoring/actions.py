"""The door to guidance: asking and answering are in `asking`, ending in `relation`; and whom one does not want suggested."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backend.errors import field_error
from backend.members.models import Member
from backend.mentoring.asking import accept, ask, decline, withdraw
from backend.mentoring.models import Dismissal
from backend.mentoring.relation import close

__all__ = ["accept", "ask", "close", "decline", "dismiss", "suggest_again", "withdraw"]


def dismiss(*, member: Member, person: Member, reason: str, at: dt.datetime) -> Dismissal:
    """Suggest this person to this member no more; said again, the last reason counts."""
    if member.pk == person.pk:
        raise field_error("member", "oneself", _("Choose someone else."))
    made, _is_new = Dismissal.objects.update_or_create(
        member=member, person=person, defaults={"reason": reason}, create_defaults={"reason": reason, "created_at": at}
    )
    return made


def suggest_again(*, member: Member, person: int) -> None:
    """Take a dismissal back; nothing where there was none."""
    Dismissal.objects.filter(member=member, person=person).delete()
