"""What ends when somebody leaves, moves, or blocks another: the rooms below say it here, for this one knows nothing of them."""

import datetime as dt
from typing import Protocol

from django.db import transaction

from backend.members.models import Member


class Ending(Protocol):
    """Ends what somebody has going with others and tells those, in the transaction in which the account is closed."""

    def __call__(self, *, member: Member, at: dt.datetime) -> None: ...


class Concerned(Protocol):
    """Everyone whom an ending will hold beside the member, by number, as of now."""

    def __call__(self, *, member: Member) -> set[int]: ...


class Moving(Protocol):
    """Ends what somebody has in an organisation, in the transaction in which they go to another one."""

    def __call__(self, *, member: Member, at: dt.datetime) -> None: ...


class Parting(Protocol):
    """Ends what two members have going with each other, in the transaction in which one of them blocks the other."""

    def __call__(self, *, by: Member, whom: Member, at: dt.datetime) -> None: ...


_endings: list[Ending] = []
_movings: list[Moving] = []
_partings: list[Parting] = []
_concerned: list[Concerned] = []


def when_leaving(ending: Ending, concerned: Concerned | None = None) -> None:
    """Do this, too, when an account is closed; said twice, it is done once."""
    if ending not in _endings:
        _endings.append(ending)
    if concerned is not None and concerned not in _concerned:
        _concerned.append(concerned)


def hold_all(*members: Member) -> None:
    """Nobody else acts for these members or for anyone concerned until the transaction ends.

    All of them in the order of their numbers, as every act does: so two acts wait for each other instead of blocking each other. Who
    comes to be concerned while this waits is held too, after everyone has been let go.
    """
    known = {member.pk for member in members}

    def concerned() -> set[int]:
        return {pk for say in _concerned for member in members for pk in say(member=member)}

    while True:
        known |= concerned()
        with transaction.atomic():
            rows = Member.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=known).order_by("pk")
            list(rows.values_list("pk"))
            if concerned() <= known:
                return
            transaction.set_rollback(True)


def end_all(*, member: Member, at: dt.datetime) -> None:
    """Everything that was said to end, the last that was said first: what stands on something else lets go of it before that ends."""
    for ending in reversed(_endings):
        ending(member=member, at=at)


def when_moving(moving: Moving) -> None:
    """Do this, too, when a member goes to another organisation; said twice, it is done once."""
    if moving not in _movings:
        _movings.append(moving)


def move_all(*, member: Member, at: dt.datetime) -> None:
    """Everything that was said to end there, in the order in which it was said."""
    for moving in _movings:
        moving(member=member, at=at)


def when_blocking(parting: Parting) -> None:
    """Do this, too, when a member blocks another one; said twice, it is done once."""
    if parting not in _partings:
        _partings.append(parting)


def part_all(*, by: Member, whom: Member, at: dt.datetime) -> None:
    """Everything between the two that was said to end, in the order in which it was said."""
    for parting in _partings:
        parting(by=by, whom=whom, at=at)
