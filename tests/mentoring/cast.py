"""Two people on the road together, as the stories about guidance need them."""

import datetime as dt
from typing import Any

from backend.conversations import actions as conversations
from backend.members.models import Member
from backend.mentoring.models import Mentorship, MentorshipRequest, MentorshipSession
from tests.cast import a_guide, a_member, utc

NOW = utc(2027, 3, 1, 12)


def a_mentorship(mentor: Member | None = None, mentee: Member | None = None, **fields: Any) -> Mentorship:
    """Grace guides Ada since `started_at`; as accepted, without the notices."""
    mentor, mentee = mentor or a_guide("Grace"), mentee or a_member("Ada")
    at: dt.datetime = fields.pop("started_at", NOW)
    track: str = fields.pop("track", "economic")
    request = MentorshipRequest.objects.create(
        mentee=mentee, mentor=mentor, track=track, message="Can you help me?", status="accepted", created_at=at,
        answered_at=at,
    )  # fmt: skip
    room = conversations.open_room(kind="mentorship", title="", purpose="", members=[mentor, mentee], at=at)
    return Mentorship.objects.create(
        mentor=mentor, mentee=mentee, request=request, track=track, room=room, started_at=at, **fields
    )


def a_session_held(mentorship: Mentorship, *, at: dt.datetime, minutes: int = 60) -> MentorshipSession:
    return MentorshipSession.objects.create(
        mentorship=mentorship, state="held", way="online", starts_at=at, ends_at=at + dt.timedelta(minutes=minutes),
        proposed_by=mentorship.mentor, created_at=at, changed_at=at, began_at=at, minutes=minutes,
    )  # fmt: skip
