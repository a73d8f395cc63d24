"""What keeps a member from meeting: sessions, open hours that were taken, circles, workspaces they have booked, and days away."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from backend.bookings.free import Span, merged, overlap
from backend.bookings.models import Booking, Resource
from backend.members.models import Away, FreeHours, Member
from backend.mentoring.common_time import in_both, weekly_spans, whole_days, without
from backend.mentoring.models import CircleMeeting, CircleSeat, Mentorship, MentorshipSession, OpenHour

# Who has told no hours is taken to have those of a working week: they can always say no.
USUAL_WEEK = tuple((weekday, 8 * 60, 20 * 60) for weekday in range(5))


@dataclass(frozen=True)
class CommonTime:
    """When the two are free together; `assumed` are those of them who have told no weekly hours."""

    spans: list[Span]
    taken: dict[int, list[Span]]
    assumed: frozenset[int]

    def engaged(self, span: Span) -> list[int]:
        """Which of them has something else then."""
        return sorted(who for who, spans in self.taken.items() if any(overlap(span, other) for other in spans))

    def covers(self, span: Span) -> bool:
        return any(start <= span[0] and span[1] <= end for start, end in self.spans)


def common_time(people: Iterable[Member], within: Span) -> CommonTime:
    """The true overlap of their calendars within the window, each on their own clock; eight queries however many they are."""
    members = list(people)
    taken = engagements(members, within)
    hours: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = FreeHours.objects.filter(member__in=members)
    for member, *row in rows.values_list("member", "weekday", "from_minute", "until_minute"):
        hours[member].append((row[0], row[1], row[2]))
    spans = [within]
    for one in members:
        usual = weekly_spans(hours[one.pk] or USUAL_WEEK, one.timezone, within)
        spans = in_both(spans, without(usual, taken[one.pk]))
    return CommonTime(spans, taken, frozenset(one.pk for one in members if not hours[one.pk]))


def engagements(members: list[Member], within: Span) -> dict[int, list[Span]]:
    """By member, all that they have to do within the window, merged."""
    known = {member.pk: member for member in members}
    found: dict[int, list[Span]] = {pk: [] for pk in known}
    start, end = within

    def note(span: Span, *people: int | None) -> None:
        for person in people:
            if person in found:
                found[person].append(span)

    theirs = Mentorship.objects.filter(Q(mentor__in=known) | Q(mentee__in=known))
    sessions = MentorshipSession.objects.filter(
        mentorship__in=theirs, state__in=MentorshipSession.AHEAD, starts_at__lt=end, ends_at__gt=start
    )
    about = ("starts_at", "ends_at", "mentorship__mentor", "mentorship__mentee")
    for begins, ends, mentor, mentee in sessions.values_list(*about):
        note((begins, ends), mentor, mentee)
    hours = OpenHour.objects.filter(status=OpenHour.Status.TAKEN, starts_at__lt=end, ends_at__gt=start)
    hours = hours.filter(Q(guide__in=known) | Q(taken_by__in=known))
    for begins, ends, guide, taker in hours.values_list("starts_at", "ends_at", "guide", "taken_by"):
        note((begins, ends), guide, taker)
    meetings = CircleMeeting.objects.filter(cancelled_at=None, starts_at__lt=end, ends_at__gt=start)
    meetings = meetings.filter(circle__places__member__in=known, circle__places__state=CircleSeat.State.SEATED)
    for begins, ends, member in meetings.values_list("starts_at", "ends_at", "circle__places__member"):
        note((begins, ends), member)
    for begins, ends, member in _workspaces(list(known), start, end):
        note((begins, ends), member)
    days = (start.date() - dt.timedelta(days=1), end.date() + dt.timedelta(days=1))
    for away in Away.objects.filter(member__in=known, first_day__lte=days[1], last_day__gte=days[0]):
        note(whole_days(away.first_day, away.last_day, known[away.member_id].timezone), away.member_id)
    return {pk: merged(spans) for pk, spans in found.items()}


def _workspaces(
    members: list[int], start: dt.datetime, end: dt.datetime
) -> Iterable[tuple[dt.datetime, dt.datetime, int]]:
    """Bookings of a room or a desk, made by these members or with them; a tool that somebody has out keeps nobody away."""
    held = Booking.objects.filter(
        status__in=(Booking.Status.CONFIRMED, Booking.Status.REQUESTED), starts_at__lt=end, ends_at__gt=start,
        items__resource__kind=Resource.Kind.WORKSPACE,
    ).distinct()  # fmt: skip
    made = held.filter(member__in=members).values_list("starts_at", "ends_at", "member")
    invited = held.filter(people__in=members).values_list("starts_at", "ends_at", "people")
    return [*made, *(row for row in invited if row[2] in members)]
