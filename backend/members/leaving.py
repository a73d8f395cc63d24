"""What ends when somebody leaves: the rooms below say it here, for this one knows nothing of them."""

import datetime as dt
from typing import Protocol

from backend.members.models import Member


class Ending(Protocol):
    """Ends what somebody has going with others and tells those, in the transaction in which the account is closed."""

    def __call__(self, *, member: Member, at: dt.datetime) -> None: ...


_endings: list[Ending] = []


def when_leaving(ending: Ending) -> None:
    """Do this, too, when an account is closed; said twice, it is done once."""
    if ending not in _endings:
        _endings.append(ending)


def end_all(*, member: Member, at: dt.datetime) -> None:
    """Everything that was said to end, in the order in which it was said."""
    for ending in _endings:
        ending(member=member, at=at)
