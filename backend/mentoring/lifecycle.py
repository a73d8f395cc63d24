"""What can happen to each noun of guidance, and in which state: one table a noun. Anything else is refused."""

from collections.abc import Mapping

from backend.errors import Conflict
from backend.mentoring.models import (
    CircleSeat,
    GuideWait,
    HelpCall,
    Mentorship,
    MentorshipRequest,
    MentorshipSession,
    OpenHour,
    Programme,
    TalkRound,
)

Transitions = Mapping[str, Mapping[str, str]]

_request, _wait, _hour = MentorshipRequest.Status, GuideWait.Status, OpenHour.Status
_mentorship, _session = Mentorship.Status, MentorshipSession.State

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
    _wait.OFFERED: {"ask": _wait.ASKED, "leave": _wait.LEFT, "lapse": _wait.OVER, "take_back": _wait.WAITING},
    _wait.ASKED: {},
    _wait.LEFT: {},
    _wait.OVER: {},
}
OPEN_HOURS: Transitions = {
    _hour.OPEN: {"take": _hour.TAKEN, "cancel": _hour.CANCELLED},
    _hour.TAKEN: {"give_back": _hour.OPEN, "cancel": _hour.CANCELLED},
    _hour.CANCELLED: {},
}
_call, _seat = HelpCall.State, CircleSeat.State
CALLS: Transitions = {
    _call.OPEN: {"take": _call.TAKEN, "withdraw": _call.WITHDRAWN},
    _call.TAKEN: {"settle": _call.SETTLED, "withdraw": _call.WITHDRAWN},
    _call.SETTLED: {},
    _call.WITHDRAWN: {},
}
SEATS: Transitions = {
    _seat.WAITING: {"seat": _seat.SEATED, "leave": _seat.LEFT, "remove": _seat.REMOVED},
    _seat.SEATED: {"leave": _seat.LEFT, "remove": _seat.REMOVED},
    _seat.LEFT: {"ask": _seat.WAITING},
    _seat.REMOVED: {},
}
MENTORSHIPS: Transitions = {
    _mentorship.ACTIVE: {"pause": _mentorship.PAUSED, "close": _mentorship.CLOSED},
    _mentorship.PAUSED: {"resume": _mentorship.ACTIVE, "close": _mentorship.CLOSED},
    _mentorship.CLOSED: {},
}
SESSIONS: Transitions = {
    _session.PROPOSED: {
        "agree": _session.AGREED,
        "decline": _session.DECLINED,
        "cancel": _session.CANCELLED,
        "hold": _session.HELD,
        "miss": _session.MISSED,
    },
    _session.AGREED: {"cancel": _session.CANCELLED, "hold": _session.HELD, "miss": _session.MISSED},
    _session.DECLINED: {},
    _session.CANCELLED: {},
    _session.HELD: {},
    _session.MISSED: {},
}


_programme = Programme.State
PROGRAMMES: Transitions = {
    _programme.DRAFT: {"open": _programme.OPEN, "close": _programme.CLOSED},
    _programme.OPEN: {"run": _programme.RUNNING, "close": _programme.CLOSED},
    _programme.RUNNING: {"open": _programme.OPEN, "close": _programme.CLOSED},
    _programme.CLOSED: {},
}


_round = TalkRound.State
TALK_ROUNDS: Transitions = {
    _round.ARRANGING: {"begin": _round.TALKING, "end": _round.OVER},
    _round.TALKING: {"end": _round.OVER},
    _round.OVER: {},
}


def can(table: Transitions, state: str, event: str) -> bool:
    return event in table[state]


def after(table: Transitions, state: str, event: str, refusal: Conflict) -> str:
    """The state to which this event leads; the refusal is raised where the event cannot happen."""
    try:
        return table[state][event]
    except KeyError:
        raise refusal from None
