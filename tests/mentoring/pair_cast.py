"""Two people on the road, a week ahead of the fixed `NOW`: nobody has told hours, so that both are free when one works."""

import datetime as dt
from typing import Any

from backend.members.models import FreeHours, Member
from backend.mentoring import sessions
from backend.mentoring.models import Mentorship, MentorshipSession
from tests.cast import utc
from tests.mentoring import cast

NOW = utc(2026, 11, 23, 8)


def a_mentorship(mentor: Member | None = None, mentee: Member | None = None, **fields: Any) -> Mentorship:
    """Under way for a month; Grace guides Ada."""
    return cast.a_mentorship(mentor, mentee, **{"started_at": NOW - dt.timedelta(days=30)} | fields)


def free(member: Member, weekday: int, start: int, end: int) -> None:
    """Weekly hours, on the member's own clock; Monday is 0."""
    FreeHours.objects.create(member=member, weekday=weekday, from_minute=start * 60, until_minute=end * 60)


def a_session(mentorship: Mentorship, by: Member, **changes: Any) -> MentorshipSession:
    """Monday the 30th of November 2026 from 10:00 to 11:00 UTC, online, proposed at `NOW`."""
    wish: dict[str, Any] = {"starts_at": utc(2026, 11, 30, 10), "minutes": 60, "way": "online", "at": NOW} | changes
    return sessions.propose(mentorship=mentorship, by=by, **wish)
