"""Sessions in calendars of other programs: one as a file, and all that are ahead in a member's own feed."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from icalendar import Event

from backend.bookings import times
from backend.bookings.feeds import stamp, uid_of, written
from backend.members.models import Member
from backend.mentoring import booked_rooms
from backend.mentoring.models import MentorshipSession
from backend.mentoring.sessions import between

STATUS = {
    MentorshipSession.State.PROPOSED: "TENTATIVE",
    MentorshipSession.State.AGREED: "CONFIRMED",
    MentorshipSession.State.HELD: "CONFIRMED",
}


def calendar_of_one(session: MentorshipSession, reader: Member) -> bytes:
    """One session, on the clock of who reads it."""
    return written("Compagnon", [_event(session, reader)])


def events_of(member: Member, start: dt.datetime, end: dt.datetime) -> Iterator[Event]:
    """For the feed of a member; who has booked the room sees its booking beside it."""
    for session in between(member, start, end):
        yield _event(session, member)


def _event(session: MentorshipSession, reader: Member) -> Event:
    """What both may know: neither notes nor goals are ever in it."""
    mentorship = session.mentorship
    other = mentorship.mentee if reader.pk == mentorship.mentor_id else mentorship.mentor
    zone = times.zone(reader.timezone)
    event = Event()
    event.add("uid", uid_of("session", session.pk))
    event.add("summary", _("Session with %(name)s") % {"name": other.name})
    stamp(event, session.changed_at, session.sequence)
    event.start, event.end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    if where := booked_rooms.where(session.booking) or session.link:
        event.add("location", where)
    if agenda := "\n".join(f"• {item.text}" for item in session.agenda.all()):
        event.add("description", agenda)
    event.add("status", STATUS.get(MentorshipSession.State(session.state), "CANCELLED"))
    return event
