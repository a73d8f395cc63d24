"""What is coming in a collective, in its calendar for other programs: beside its bookings, which stand there already."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Event

from backend.bookings import times
from backend.bookings.feeds import stamp, uid_of
from backend.collectives.models import Collective
from backend.decisions.coming import Coming, dated
from backend.members.models import Member

MOST_OF_EACH = 300


def events_of(collective: Collective, member: Member, start: dt.datetime, end: dt.datetime) -> Iterator[Event]:
    """On the clock of who reads it. Nobody is busy because something ends: such an event takes no time."""
    if collective.closed_at is not None:
        return
    for one in dated(collective, viewer=member, at=start, most=MOST_OF_EACH):
        if one.starts_at < end:
            yield _event(one, member)


def _event(one: Coming, reader: Member) -> Event:
    zone = times.zone(reader.timezone)
    event = Event()
    event.add("uid", uid_of(f"collective-{one.kind}", one.row))
    event.add("summary", _words(one))
    stamp(event, one.changed or one.starts_at, one.version)
    if one.kind == "review":
        event.start = one.starts_at.date()
    else:
        event.start = one.starts_at.astimezone(zone)
    if one.ends_at is None:
        event.add("transp", "TRANSPARENT")
    else:
        event.end = one.ends_at.astimezone(zone)
    if path := _page(one):
        event.add("url", f"{settings.PUBLIC_URL}{path}")
    return event


def _words(one: Coming) -> str:
    match one.kind:
        case "session":
            return _("Guidance session")
        case "vote":
            return _("Vote ends: %(title)s") % {"title": one.title}
        case "review":
            return _("Look at it again: %(title)s") % {"title": one.title}
        case "call":
            return _("Call ends: %(title)s") % {"title": one.title}
    return one.title


def _page(one: Coming) -> str:
    """Of a session none: its page is for the two who meet."""
    match one.kind:
        case "session":
            return ""
        case "call":
            return f"/members/wanted/call?id={one.about}"
    return f"/members/decision?id={one.about}"
