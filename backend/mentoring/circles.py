"""Peer circles: opening one, taking a seat or standing in line for it, leaving, and handing it on. The only writers of their tables.

Whoever changes who sits holds the circle: of two who want the last seat in the same instant, one sits and the other is first in line.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from backend.conversations import actions as conversations
from backend.conversations.models import Room
from backend.conversations.rules import CIRCLE
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Block, Member
from backend.mentoring import booked_rooms
from backend.mentoring.lifecycle import SEATS, after, can
from backend.mentoring.models import Circle, CircleMeeting, CircleSeat, Guiding
from backend.mentoring.telling import hold
from backend.notices.actions import tell, tell_all
from backend.notices.models import Notice
from backend.patience import patiently
from backend.skills.models import Skill

State = CircleSeat.State


@transaction.atomic
def open_circle(
    *,
    member: Member,
    title: str,
    purpose: str = "",
    skill: Skill | None = None,
    language: str = "",
    city: str = "",
    seats: int,
    at: dt.datetime,
) -> Circle:
    """A new circle with its room; whoever opens it facilitates it and has the first seat.

    Anyone may lead one. Who leads more has told as a guide how many seats they lead in all (`too_many_circles`).
    """
    hold(member.pk)
    _refuse_beyond_capacity(member, seats)
    room = conversations.open_room(
        kind=Room.Kind.CIRCLE, title=title, purpose=purpose[:240], access=Room.Access.PRIVATE, members=[member],
        stewards=[member], created_by=member, at=at,
    )  # fmt: skip
    circle = Circle.objects.create(
        title=title, purpose=purpose, skill=skill, language=language, city=city, seats=seats, facilitator=member,
        room=room, opened_at=at,
    )  # fmt: skip
    Room.objects.filter(pk=room.pk).update(about_kind=CIRCLE, about_id=circle.pk)
    CircleSeat.objects.create(circle=circle, member=member, state=State.SEATED, asked_at=at, seated_at=at)
    return circle


@transaction.atomic
def change(*, circle: Circle, by: Member, at: dt.datetime, **changes: Any) -> Circle:
    """What its facilitator says about it: title, purpose, skill, language, city, seats. More seats go to who waits.

    Who leads several has as many seats in all as they have told as a guide (`too_many_circles`).
    """
    hold(by.pk)
    circle = _led(circle, by)
    if changes.get("seats", circle.seats) > circle.seats:
        _refuse_beyond_capacity(by, changes["seats"], beside=circle)
    seated = circle.places.filter(state=State.SEATED).count()
    if changes.get("seats", circle.seats) < seated:
        raise field_error("seats", "too_few_seats", _("More people than that have a seat."))
    for name, value in changes.items():
        setattr(circle, name, value)
    circle.save(update_fields=[*changes])
    if {"title", "purpose"} & changes.keys():
        Room.objects.filter(pk=circle.room_id).update(title=circle.title, purpose=circle.purpose[:240])
    _move_up(circle, at)
    return circle


@transaction.atomic
def join(*, circle: Circle, member: Member, at: dt.datetime) -> CircleSeat:
    """Take a seat, or stand in line when all are taken; twice is once. With a seat one is in the room."""
    circle = _held(circle)
    if not Circle.objects.visible_to(member).filter(pk=circle.pk).exists():
        raise NotFound
    _refuse_closed(circle)
    place = circle.places.filter(member=member).first()
    if place is not None and can(SEATS, place.state, "leave"):
        return place
    if place is None:
        place = CircleSeat(circle=circle, member=member)
    has_room = circle.places.filter(state=State.SEATED).count() < circle.seats
    # Whoever stands in line already comes first.
    is_seated = has_room and not circle.places.filter(state=State.WAITING).exists()
    place.state, place.asked_at, place.seated_at, place.left_at = State.WAITING, at, None, None
    place.save()
    if is_seated:
        _seat(place, at)
        tell(member=circle.facilitator, kind=Notice.Kind.CIRCLE_JOINED, data=facts(circle, member), at=at)
    return place


@transaction.atomic
def leave(*, circle: Circle, member: Member, at: dt.datetime) -> Circle:
    """Give the seat back, or leave the line; the seat goes to who is next. The facilitator hands the circle on first."""
    circle = _held(circle)
    place = circle.places.filter(member=member).first()
    if place is None or not can(SEATS, place.state, "leave"):
        raise Conflict("not_in_circle", _("You have no seat in this circle."))
    if circle.facilitator_id == member.pk and circle.state == Circle.State.OPEN:
        raise Conflict("facilitator_stays", _("Hand the circle on to somebody, or close it."))
    was_seated = place.state == State.SEATED
    _part(circle, place, at)
    if was_seated and circle.state == Circle.State.OPEN:
        tell(member=circle.facilitator, kind=Notice.Kind.CIRCLE_LEFT, data=facts(circle, member), at=at)
        _move_up(circle, at)
    return circle


@transaction.atomic
def remove(*, circle: Circle, by: Member, member: int, at: dt.datetime) -> Circle:
    """The facilitator ends somebody's seat, or their waiting, for good; they are told."""
    circle = _led(circle, by)
    place = circle.places.filter(member=member).select_related("member").first()
    if place is None or not can(SEATS, place.state, "leave"):
        raise NotFound
    if member == circle.facilitator_id:
        raise Conflict("facilitator_stays", _("Hand the circle on to somebody, or close it."))
    _part(circle, place, at, "remove")
    tell(member=place.member, kind=Notice.Kind.CIRCLE_REMOVED, data=facts(circle, by), at=at)
    _move_up(circle, at)
    return circle


@transaction.atomic
def hand_on(*, circle: Circle, by: Member, to: int, at: dt.datetime) -> Circle:
    """Somebody else who has a seat facilitates from now on; who leads others already needs as many seats (`too_many_circles`)."""
    hold(to)
    circle = _led(circle, by)
    place = circle.places.filter(member=to, state=State.SEATED).select_related("member").first()
    if place is None:
        raise field_error("member", "not_in_circle", _("This person has no seat in this circle."))
    if to != by.pk:
        _refuse_beyond_capacity(place.member, circle.seats)
        _hand_on(circle, place.member, at)
    return circle


@patiently
def close(*, circle: Circle, by: Member, at: dt.datetime) -> Circle:
    """End the circle: coming meetings are cancelled, their rooms are given back, everyone is told, the room stays readable to those who had a seat."""
    circle = _led(circle, by)
    _close(circle, by, at)
    return circle


@transaction.atomic
def leave_all(*, member: Member, at: dt.datetime) -> None:
    """Somebody leaves the cooperative: their seats go to who is next, what they led to who has sat there longest, or it ends."""
    mine = CircleSeat.objects.taken().filter(member=member)
    for pk in sorted(mine.values_list("circle", flat=True)):
        circle = _held(Circle(pk=pk))
        if circle.facilitator_id == member.pk and circle.state == Circle.State.OPEN:
            others = circle.places.filter(state=State.SEATED).exclude(member=member)
            heir = others.select_related("member").order_by("seated_at", "pk").first()
            if heir is None:
                _close(circle, member, at)
            else:
                _hand_on(circle, heir.member, at)
        leave(circle=circle, member=member, at=at)


@transaction.atomic
def part(*, by: Member, whom: Member, at: dt.datetime) -> None:
    """Nobody is led by whom they blocked or who blocked them: their seat, or their place in the line, is free again."""
    for leader, guest in ((by, whom), (whom, by)):
        seats = CircleSeat.objects.taken().filter(
            member=guest, circle__facilitator=leader, circle__state=Circle.State.OPEN
        )
        for pk in sorted(seats.values_list("circle", flat=True)):
            circle = Circle(pk=pk)
            if guest == by:
                leave(circle=circle, member=guest, at=at)
            else:
                remove(circle=circle, by=leader, member=guest.pk, at=at)


def facts(circle: Circle, person: Member | None = None) -> dict[str, Any]:
    """What the sentences about circles need."""
    about: dict[str, Any] = {"circle": {"id": circle.pk, "title": circle.title}}
    return about | ({"person": {"id": person.pk, "name": person.name}} if person else {})


def _held(circle: Circle) -> Circle:
    """The circle as it is now, held until the end of the transaction."""
    rows = Circle.objects.select_for_update(of=("self",)).select_related("facilitator", "room")
    return rows.get(pk=circle.pk)


def _led(circle: Circle, by: Member) -> Circle:
    """The same, for its facilitator, while it is open."""
    circle = _held(circle)
    if circle.facilitator_id != by.pk:
        raise NotAllowed("not_the_facilitator", _("Only who facilitates this circle may do this."))
    _refuse_closed(circle)
    return circle


def _refuse_closed(circle: Circle) -> None:
    if circle.state == Circle.State.CLOSED:
        raise Conflict("circle_closed", _("This circle has ended."))


def _refuse_beyond_capacity(member: Member, seats: int, *, beside: Circle | None = None) -> None:
    """To be asked while the member is held: one circle is anyone's, several have as many seats as the member has told."""
    others = Circle.objects.filter(facilitator=member, state=Circle.State.OPEN).exclude(pk=beside.pk if beside else 0)
    led = others.aggregate(all=Sum("seats"))["all"]
    may_lead = Guiding.objects.filter(member=member).values_list("circle_seats", flat=True).first() or 0
    if led is not None and led + seats > may_lead:
        raise Conflict(
            "too_many_circles",
            _("Who leads several circles says first how many seats they can lead in all."),
            maximum=may_lead,
        )


def _seat(place: CircleSeat, at: dt.datetime) -> None:
    refusal = Conflict("not_in_circle", _("You have no seat in this circle."))
    place.state, place.seated_at = after(SEATS, place.state, "seat", refusal), at
    place.save(update_fields=["state", "seated_at"])
    conversations.join_room(room=place.circle.room, member=place.member, at=at)


def _part(circle: Circle, place: CircleSeat, at: dt.datetime, event: str = "leave") -> None:
    refusal = Conflict("not_in_circle", _("You have no seat in this circle."))
    place.state, place.left_at = after(SEATS, place.state, event, refusal), at
    place.save(update_fields=["state", "left_at"])
    conversations.leave_room(room=circle.room, member=place.member, at=at)


def _move_up(circle: Circle, at: dt.datetime) -> None:
    """Free seats go to who waits, in the order in which they came. Who may not meet somebody who sits there is passed over."""
    seated = set(circle.places.filter(state=State.SEATED).values_list("member", flat=True))
    for place in circle.places.filter(state=State.WAITING).select_related("member").order_by("asked_at", "pk"):
        if len(seated) >= circle.seats:
            return
        if place.member.is_active and not Block.between(place.member) & seated:
            place.circle = circle
            _seat(place, at)
            seated.add(place.member_id)
            tell(member=place.member, kind=Notice.Kind.CIRCLE_SEATED, data=facts(circle), at=at)


def _hand_on(circle: Circle, heir: Member, at: dt.datetime) -> None:
    before, circle.facilitator = circle.facilitator, heir
    circle.save(update_fields=["facilitator"])
    for meeting in _ahead(circle, at).filter(booking__member=before).select_related("booking").order_by("pk"):
        booked_rooms.pass_on(meeting.booking, heir, at)
    conversations.let_steer(room=circle.room, by=before, member=heir, is_steward=True, at=at)
    conversations.let_steer(room=circle.room, by=before, member=before, is_steward=False, at=at)
    tell(member=heir, kind=Notice.Kind.CIRCLE_FACILITATED, data=facts(circle, before), at=at)


def _ahead(circle: Circle, at: dt.datetime) -> QuerySet[CircleMeeting]:
    return circle.meetings.filter(starts_at__gt=at, cancelled_at__isnull=True)


def _close(circle: Circle, by: Member, at: dt.datetime) -> None:
    circle.state, circle.closed_at = Circle.State.CLOSED, at
    circle.save(update_fields=["state", "closed_at"])
    ahead = _ahead(circle, at)
    for meeting in ahead.filter(booking__isnull=False).select_related("booking__member").order_by("pk"):
        booked_rooms.give_back(meeting.booking, at)
    ahead.update(cancelled_at=at)
    others = circle.places.filter(state__in=[State.SEATED, State.WAITING]).exclude(member=by)
    tell_all(
        members=sorted(others.values_list("member", flat=True)),
        kind=Notice.Kind.CIRCLE_CLOSED,
        data=facts(circle, by),
        at=at,
    )
    circle.places.filter(state=State.WAITING).update(state=State.LEFT, left_at=at)
