"""How members can be reached elsewhere, and who reads it: the one rule, asked by every door that shows it.

Somebody's contact data is read by themselves and by those with whom they have something going at this moment: the rooms below say
with whom that is, for this one knows nothing of them. A block in either direction goes before it; so does what somebody decided about
other countries. It is in no list, search, export, calendar, notice or socket frame, nor in the admin, and is gone with the account.
"""

from collections.abc import Collection
from typing import Protocol

from django.db import transaction

from backend.members.models import Block, Member, Reach


class Tie(Protocol):
    """Which of these people have something going with the viewer now, by number; in one query."""

    def __call__(self, *, viewer: Member, among: Collection[int]) -> set[int]: ...


_ties: list[Tie] = []


def is_opened_by(tie: Tie) -> None:
    """Contact data is read by those, too, whom this ties together; said twice, it is once."""
    if tie not in _ties:
        _ties.append(tie)


def readable(*, viewer: Member, among: Collection[int]) -> list[Reach]:
    """What those of these people wrote down who can be reached by this viewer, in the order of their numbers. As many queries for one as for all."""
    open_to = Member.objects.present().telling(viewer).filter(pk__in=among).exclude(pk__in=Block.between(viewer))
    written = list(Reach.objects.filter(member__in=open_to).order_by("pk"))
    asked = {row.pk for row in written}
    tied = {viewer.pk}.union(*(tie(viewer=viewer, among=asked) for tie in _ties)) if asked else set()
    return [row for row in written if row.pk in tied]


@transaction.atomic
def write_down(*, member: Member, email: str, telephone: str, link: str) -> Reach:
    """All of it anew; what is empty is not kept, and nothing at all is kept of nothing."""
    Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    said = {"email": email, "telephone": telephone, "link": link}
    if any(said.values()):
        return Reach.objects.update_or_create(member=member, defaults=said)[0]
    forget(member=member)
    return Reach(member=member)


def written_by(member: Member) -> Reach:
    """One's own; empty where nothing is written down."""
    return Reach.objects.filter(member=member).first() or Reach(member=member)


def forget(*, member: Member) -> None:
    """Nobody reads it any more, and it is not kept."""
    Reach.objects.filter(member=member).delete()
