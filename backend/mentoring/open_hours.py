"""Open hours: a guide keeps times free, and whoever sees them takes one. Nobody is matched, nobody is asked first."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from backend.errors import Conflict, Invalid, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.mentoring.lifecycle import OPEN_HOURS, after
from backend.mentoring.models import OpenHour
from backend.mentoring.telling import hold, named
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently

MINUTES = (15, 180)
WEEKS_MAX = 12
OFFERED_MAX, TAKEN_MAX = 60, 3
AHEAD = dt.timedelta(days=366)

Status = OpenHour.Status


@patiently
def offer(
    *,
    guide: Member,
    starts_at: list[dt.datetime],
    minutes: int,
    at: dt.datetime,
    link: str = "",
    place: str = "",
    about: str = "",
) -> list[OpenHour]:
    """Keep these times free for whoever comes first, each `minutes` long, online behind a link or at a place.

    All of them or none: `in_the_past`, `too_far_ahead`, `slot_overlap` with another open hour of theirs, `too_many_open_hours`.
    """
    hold(guide.pk)
    if not link and not place:
        raise field_error("link", "link_or_place", _("Say where: a link, or a place."))
    mine = OpenHour.objects.filter(guide=guide, ends_at__gt=at).exclude(status=Status.CANCELLED)
    if mine.count() + len(starts_at) > OFFERED_MAX:
        raise Conflict("too_many_open_hours", _("You keep many hours open already. Cancel some first."))
    taken = list(mine.values_list("starts_at", "ends_at"))
    made = []
    for start in sorted(starts_at):
        end = start + dt.timedelta(minutes=minutes)
        if start <= at:
            raise field_error("starts_at", "in_the_past", _("Choose a time that is still to come."))
        if start > at + AHEAD:
            raise field_error("starts_at", "too_far_ahead", _("Choose a day within a year."))
        if any(begun < end and start < over for begun, over in taken):
            raise field_error("starts_at", "slot_overlap", _("You keep an hour open at that time already."))
        taken.append((start, end))
        made.append(
            OpenHour(
                guide=guide, starts_at=start, ends_at=end, link=link, place=place, about=about, created_at=at,
                changed_at=at,
            )
        )  # fmt: skip
    return OpenHour.objects.bulk_create(made)


@patiently
def take(*, hour: OpenHour, member: Member, question: str = "", at: dt.datetime) -> OpenHour:
    """Come to an open hour: of two who take it in the same instant one gets it.

    Refused: `slot_gone`, `slot_over`, `slot_overlap` with another one of theirs, `too_many_taken` beyond TAKEN_MAX to come.
    """
    hold(member.pk)
    hour = _held(hour)
    if hour.guide_id == member.pk:
        raise NotAllowed("oneself", _("This is your own open hour."))
    if not Member.objects.visible_to(member).filter(pk=hour.guide_id).exists():
        raise NotFound
    if hour.starts_at <= at:
        raise Conflict("slot_over", _("This hour has begun already."))
    hour.status = after(
        OPEN_HOURS, hour.status, "take", Conflict("slot_gone", _("Someone was quicker. Take another one."))
    )
    mine = OpenHour.objects.filter(taken_by=member, status=Status.TAKEN, ends_at__gt=at)
    if mine.filter(starts_at__lt=hour.ends_at, ends_at__gt=hour.starts_at).exists():
        raise Conflict("slot_overlap", _("You have taken another hour at that time."))
    if mine.count() >= TAKEN_MAX:
        raise Conflict("too_many_taken", _("You have taken three hours already. Go to one first, or give one back."))
    hour.taken_by, hour.question = member, question
    _store(hour, at)
    tell(member=hour.guide, kind=Notice.Kind.OPEN_HOUR_TAKEN, data=_facts(hour, member), at=at)
    return hour


@patiently
def cancel(*, hour: OpenHour, by: Member, at: dt.datetime) -> OpenHour:
    """The guide calls it off; who took it gives it back, and it is open again. The other one is told."""
    hour = _held(hour)
    if by.pk not in (hour.guide_id, hour.taken_by_id):
        raise NotFound
    if hour.ends_at <= at:
        raise Conflict("slot_over", _("This hour is over."))
    gone = Conflict("slot_gone", _("This open hour was cancelled already."))
    guest = hour.taken_by
    if by.pk == hour.guide_id:
        hour.status = after(OPEN_HOURS, hour.status, "cancel", gone)
        told = guest
    else:
        hour.status = after(OPEN_HOURS, hour.status, "give_back", gone)
        hour.taken_by, hour.question, told = None, "", hour.guide
    _store(hour, at)
    if told is not None:
        tell(member=told, kind=Notice.Kind.OPEN_HOUR_CANCELLED, data=_facts(hour, by), at=at)
    return hour


def as_calendar(hour: OpenHour, viewer: Member) -> bytes:
    """One open hour for a calendar (RFC 5545), for one of the two; times in UTC, the version counts changes."""
    other = hour.taken_by if viewer.pk == hour.guide_id else hour.guide
    event = Event()
    event.add("uid", f"open-hour-{hour.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("summary", _("Open hour with %(name)s") % {"name": other.name} if other else _("Open hour"))
    event.add("dtstamp", hour.changed_at)
    event.add("last-modified", hour.changed_at)
    event.add("sequence", hour.version)
    event.start, event.end = hour.starts_at.astimezone(dt.UTC), hour.ends_at.astimezone(dt.UTC)
    event.add("location", hour.place or hour.link)
    if hour.link:
        event.add("url", hour.link)
    if words := "\n".join(filter(None, [hour.about, hour.question])):
        event.add("description", words)
    event.add("status", "CANCELLED" if hour.status == Status.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Compagnon//Guidance//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def weekly(start: dt.datetime, weeks: int, zone: dt.tzinfo) -> list[dt.datetime]:
    """The same time on the wall in this zone, `weeks` weeks in a row, whatever the clocks do in between."""
    if not 1 <= weeks <= WEEKS_MAX:
        raise Invalid("too_many_weeks", _("Repeat it for twelve weeks at most."))
    wall = start.astimezone(zone).replace(tzinfo=None)
    return [(wall + dt.timedelta(weeks=week)).replace(tzinfo=zone).astimezone(dt.UTC) for week in range(weeks)]


def _held(hour: OpenHour) -> OpenHour:
    return OpenHour.objects.select_for_update(of=("self",)).select_related("guide", "taken_by").get(pk=hour.pk)


def _store(hour: OpenHour, at: dt.datetime) -> None:
    hour.version += 1
    hour.changed_at = at
    hour.save(update_fields=["status", "taken_by", "question", "version", "changed_at"])


def _facts(hour: OpenHour, person: Member) -> dict[str, object]:
    return {
        "person": named(person),
        "open_hour": hour.pk,
        "starts_at": hour.starts_at.astimezone(dt.UTC).isoformat(),
        "ends_at": hour.ends_at.astimezone(dt.UTC).isoformat(),
    }
