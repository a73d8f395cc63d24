"""When a circle meets: planned by its facilitator, and told to everyone who has a seat."""

import datetime as dt

from django.utils.translation import gettext as _

from backend.bookings import actions as bookings
from backend.bookings.times import iso
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.mentoring import booked_rooms
from backend.mentoring.circles import facts
from backend.mentoring.models import Circle, CircleMeeting, CircleSeat
from backend.notices.actions import tell_all
from backend.notices.models import Notice
from backend.patience import patiently

MINUTES = (15, 480)
FURTHEST = dt.timedelta(days=366)
AHEAD_MOST = 24


@patiently
def plan(
    *,
    circle: Circle,
    by: Member,
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
    link: str = "",
    resource: int | None = None,
    at: dt.datetime,
) -> CircleMeeting:
    """A meeting within the next year, of a quarter of an hour to eight hours. Those who have a seat are told.

    With `resource` the room is booked under the name of the circle in the same transaction: either both are made or neither. What keeps it
    from being booked is told as bookings tell it.
    """
    circle = _led(circle, by)
    if not at < starts_at <= at + FURTHEST:
        raise field_error("starts_at", "out_of_range", _("Choose a time within the next year."))
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        raise field_error("minutes", "out_of_range", _("A meeting takes a quarter of an hour to eight hours."))
    if circle.meetings.filter(starts_at__gt=at, cancelled_at__isnull=True).count() >= AHEAD_MOST:
        raise Conflict("too_many_meetings", _("Many meetings are planned already. Hold some of them first."))
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    booking = None
    if resource is not None:
        booking = bookings.book(
            member=by, resources=[resource], starts_at=starts_at, ends_at=ends_at, title=circle.title, at=at
        )
    meeting = CircleMeeting.objects.create(
        circle=circle, starts_at=starts_at, ends_at=ends_at, place=place, link=link, booking=booking, planned_by=by,
        planned_at=at,
    )  # fmt: skip
    _tell(meeting, Notice.Kind.CIRCLE_MEETING, by, at)
    return meeting


@patiently
def cancel(*, meeting: CircleMeeting, by: Member, at: dt.datetime) -> CircleMeeting:
    """Call a meeting off before it begins, and give its room back; said twice, it is told once."""
    _led(meeting.circle, by)
    rows = CircleMeeting.objects.select_for_update(of=("self",)).select_related("booking__member")
    meeting = rows.get(pk=meeting.pk)
    if meeting.starts_at <= at:
        raise Conflict("meeting_over", _("This meeting has begun already."))
    if meeting.cancelled_at is None:
        meeting.cancelled_at = at
        meeting.save(update_fields=["cancelled_at"])
        booked_rooms.give_back(meeting.booking, at)
        _tell(meeting, Notice.Kind.CIRCLE_MEETING_CANCELLED, by, at)
    return meeting


def _led(circle: Circle, by: Member) -> Circle:
    circle = Circle.objects.select_for_update().get(pk=circle.pk)
    if not circle.places.filter(member=by, state=CircleSeat.State.SEATED).exists():
        raise NotFound
    if circle.facilitator_id != by.pk:
        raise NotAllowed("not_the_facilitator", _("Only who facilitates this circle may do this."))
    if circle.state == Circle.State.CLOSED:
        raise Conflict("circle_closed", _("This circle has ended."))
    return circle


def _tell(meeting: CircleMeeting, kind: Notice.Kind, by: Member, at: dt.datetime) -> None:
    """Each reads the time on their own clock."""
    seated = meeting.circle.places.filter(state=CircleSeat.State.SEATED).exclude(member=by)
    data = facts(meeting.circle, by) | {"starts_at": iso(meeting.starts_at), "ends_at": iso(meeting.ends_at)}
    tell_all(members=sorted(seated.values_list("member", flat=True)), kind=kind, data=data, at=at)
