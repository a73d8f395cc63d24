"""Ending guidance, and whom one does not want suggested; asking for it and answering are in `asking`."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict, NotFound, field_error
from backend.members.models import Member
from backend.mentoring import rules, waiting
from backend.mentoring.asking import accept, ask, decline, withdraw
from backend.mentoring.models import Dismissal, Mentorship
from backend.mentoring.telling import hold, named, touch
from backend.notices.actions import tell
from backend.notices.models import Notice

__all__ = ["accept", "ask", "close", "decline", "dismiss", "suggest_again", "withdraw"]


@transaction.atomic
def close(*, mentorship: Mentorship, by: Member, closing_words: str = "", at: dt.datetime) -> Mentorship:
    """End a mentorship. Its place is free again; its room stays open to both, so that nothing said is lost."""
    hold(mentorship.mentor_id)
    mentorship = (
        Mentorship.objects.select_for_update(of=("self",)).select_related("mentor", "mentee").get(pk=mentorship.pk)
    )
    if by.pk not in (mentorship.mentor_id, mentorship.mentee_id):
        raise NotFound
    if not rules.may_close(by, mentorship):
        raise Conflict("already_closed", _("This mentorship has ended already."))
    mentorship.status, mentorship.closed_at, mentorship.closing_words = Mentorship.Status.CLOSED, at, closing_words
    mentorship.save(update_fields=["status", "closed_at", "closing_words"])
    touch([mentorship.mentor_id], at)
    waiting.move_up([mentorship.mentor_id], at=at)
    other = mentorship.mentee if by.pk == mentorship.mentor_id else mentorship.mentor
    data = {"mentorship": mentorship.pk, "room": mentorship.room_id, "person": named(by)}
    tell(member=other, kind=Notice.Kind.MENTORSHIP_CLOSED, data=data, at=at)
    return mentorship


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
