"""Meetings of circles in calendars of other programs: one as a file, and all that are ahead in a member's own feed."""

import datetime as dt
from collections.abc import Iterator

from icalendar import Event

from backend.bookings import times
from backend.bookings.feeds import stamp, uid_of, written
from backend.members.models import Member
from backend.mentoring import booked_rooms
from backend.mentoring.models import CircleMeeting, CircleSeat


def calendar_of_one(meeting: CircleMeeting, reader: Member) -> bytes:
    """One meeting, on the clock of who reads it."""
    return written("Compagnon", [_event(meeting, reader)])


def events_of(member: Member, start: dt.datetime, end: dt.datetime) -> Iterator[Event]:
    """For the feed of a member: the meetings of circles in which they have a seat, without those that were called off."""
    seats = CircleSeat.objects.filter(member=member, state=CircleSeat.State.SEATED)
    near = CircleMeeting.objects.filter(circle__in=seats.values("circle"), starts_at__lt=end, ends_at__gt=start)
    rows = near.filter(cancelled_at=None).select_related("circle")
    for meeting in rows.prefetch_related("booking__items__resource__place").order_by("starts_at", "pk"):
        yield _event(meeting, member)


def _event(meeting: CircleMeeting, reader: Member) -> Event:
    """Who sits in the circle is not in it: a calendar is shown to more people than the circle is."""
    zone = times.zone(reader.timezone)
    event = Event()
    event.add("uid", uid_of("circle-meeting", meeting.pk))
    event.add("summary", meeting.circle.title)
    stamp(event, meeting.cancelled_at or meeting.planned_at, 1 if meeting.cancelled_at else 0)
    event.start, event.end = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    if where := ", ".join(filter(None, [booked_rooms.where(meeting.booking), meeting.place, meeting.link])):
        event.add("location", where)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event
