"""What can happen to each noun of guidance, and in which state: one table a noun. Anything else is refused."""

from collections.abc import Mapping

from backend.errors import Conflict
from backend.mentoring.models import GuideWait, MentorshipRequest, OpenHour

Transitions = Mapping[str, Mapping[str, str]]

_request, _wait, _hour = MentorshipRequest.Status, GuideWait.Status, OpenHour.Status

REQUESTS: Transitions = {
    _request.PENDING: {
        "accept": _request.ACCEPTED,
        "decline": _request.DECLINED,
        "withdraw": _request.WITHDRAWN,
        "settle": _request.WITHDRAWN,
        "expire": _request.EXPIRED,
    },
    _request.ACCEPTED: {},
    _request.DECLINED: {},
    _request.WITHDRAWN: {},
    _request.EXPIRED: {},
}
WAITS: Transitions = {
    _wait.WAITING: {"offer": _wait.OFFERED, "ask": _wait.ASKED, "leave": _wait.LEFT},
    _wait.OFFERED: {"ask": _wait.ASKED, "leave": _wait.LEFT, "lapse": _wait.OVER},
    _wait.ASKED: {},
    _wait.LEFT: {},
    _wait.OVER: {},
}
OPEN_HOURS: Transitions = {
    _hour.OPEN: {"take": _hour.TAKEN, "cancel": _hour.CANCELLED},
    _hour.TAKEN: {"give_back": _hour.OPEN, "cancel": _hour.CANCELLED},
    _hour.CANCELLED: {},
}


def can(table: Transitions, state: str, event: str) -> bool:
    return event in table[state]


def after(table: Transitions, state: str, event: str, refusal: Conflict) -> str:
    """The state to which this event leads; the refusal is raised where the event cannot happen."""
    try:
        return table[state][event]
    except KeyError:
        raise refusal from None
