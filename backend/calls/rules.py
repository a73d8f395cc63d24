"""What can happen to a call and to an answer, and who may do it."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from backend.calls.models import Call, CallAnswer
from backend.collectives import rules as collectives
from backend.errors import Conflict, NotAllowed
from backend.members.models import Member

State = Call.State
Said = CallAnswer.State

CALLS: Mapping[str, Mapping[str, str]] = {
    State.OPEN: {"fill": State.FILLED, "close": State.CLOSED, "expire": State.EXPIRED},
    # Somebody who was taken in gives their seat back.
    State.FILLED: {"reopen": State.OPEN, "close": State.CLOSED, "expire": State.EXPIRED},
    State.CLOSED: {},
    State.EXPIRED: {"fill": State.FILLED, "close": State.CLOSED},
}
ANSWERS: Mapping[str, Mapping[str, str]] = {
    Said.SENT: {
        "accept": Said.ACCEPTED,
        "decline": Said.DECLINED,
        "withdraw": Said.WITHDRAWN,
        "lapse": Said.LAPSED,
    },
    Said.ACCEPTED: {"withdraw": Said.WITHDRAWN},
    Said.DECLINED: {},
    Said.WITHDRAWN: {"send": Said.SENT},
    Said.LAPSED: {"send": Said.SENT},
}
DECIDED_IN = (State.OPEN, State.EXPIRED)
"""What came in time is decided afterwards, too."""
LONGEST = dt.timedelta(days=180)
OPEN_MAX = 10
SKILLS_MAX, LANGUAGES_MAX, COUNTRIES_MAX = 8, 6, 12


def after(call: Call, event: str) -> str:
    """The state that follows, or the refusal `call_ended`."""
    following = CALLS[call.state].get(event)
    if following is None:
        raise Conflict("call_ended", _("This call is over."), state=call.state)
    return following


def answered(answer: CallAnswer, event: str) -> str:
    """The state of the answer that follows, or the refusal `answer_settled`."""
    following = ANSWERS[answer.state].get(event)
    if following is None:
        raise Conflict("answer_settled", _("This answer is settled already."), state=answer.state)
    return following


def may_lead(member: Member, call: Call) -> bool:
    """Change and close it, and decide about answers: its author; of a collective's call also its stewards, and only members with a vote."""
    if call.collective is None:
        return call.author_id == member.pk
    if not collectives.has_vote(member, call.collective):
        return False
    return call.author_id == member.pk or collectives.is_steward(member, call.collective)


def refuse_unless_leading(member: Member, call: Call) -> None:
    if not may_lead(member, call):
        raise NotAllowed("not_your_call", _("Only who called, or a steward of the collective, may do this."))


def is_ours(member: Member, call: Call) -> bool:
    """Whether this member is on the side of those who call."""
    inside = call.collective is not None and collectives.belongs(member, call.collective)
    return inside or call.author_id == member.pk


def is_answerable(call: Call, at: dt.datetime) -> bool:
    return call.state == State.OPEN and at < call.closes_at


def may_answer(member: Member, call: Call, at: dt.datetime) -> bool:
    """Once, except who took their answer back or had none."""
    mine = answer_of(member, call)
    return is_answerable(call, at) and not is_ours(member, call) and (mine is None or "send" in ANSWERS[mine.state])


def answer_of(member: Member, call: Call) -> CallAnswer | None:
    return next((one for one in call.answers.all() if one.member_id == member.pk), None)


def taken(call: Call) -> Counter[int]:
    """How many people were taken in for each skill."""
    return Counter(one.skill_id for one in call.answers.all() if one.state == Said.ACCEPTED)


def is_full(call: Call) -> bool:
    """Whether everyone who is looked for has been found."""
    found = taken(call)
    return all(found[wanted.skill_id] >= wanted.people for wanted in call.skills.all())
