"""Opening rooms and changing what they are."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.conversations import rules, text
from backend.conversations.actions.log import Kind, append, held
from backend.conversations.limits import DIRECT_MEMBERS_MAX, SLOW_SECONDS_MAX
from backend.conversations.models import Membership, Room
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.events import announce
from backend.members.models import Member

# What members may open by themselves; the others come with a collective, a mentorship or a first word.
FREE_KINDS = (
    Room.Kind.CIRCLE,
    Room.Kind.TRADE,
    Room.Kind.PLACE,
    Room.Kind.QUESTION,
    Room.Kind.TOPIC,
    Room.Kind.OPEN,
)


@transaction.atomic
def open_room(
    *,
    kind: str,
    title: str,
    purpose: str,
    members: Iterable[Member],
    at: dt.datetime,
    access: str | None = None,
    stewards: Iterable[Member] = (),
    **more: Any,
) -> Room:
    """A new room with these people in it, some of them its stewards. `more`: `about_kind`, `about_id`, `created_by`."""
    usual = {Room.Kind.OPEN: Room.Access.OPEN, Room.Kind.DIRECT: Room.Access.PRIVATE}
    access = access or usual.get(Room.Kind(kind), Room.Access.MEMBERSHIP)
    room = Room.objects.create(kind=kind, title=title, purpose=purpose, access=access, created_at=at, **more)
    steering = {member.pk for member in stewards}
    people = list(members)
    Membership.objects.bulk_create(
        Membership(room=room, member=member, joined_at=at, role=_role(member.pk in steering)) for member in people
    )
    for member in people:
        announce(("member", member.pk), {"type": "room.joined", "room": room.pk})
    return room


@transaction.atomic
def create_room(
    *,
    by: Member,
    kind: str,
    title: str,
    at: dt.datetime,
    purpose: str = "",
    access: str = Room.Access.OPEN,
    about_kind: str = "",
    about_id: int | None = None,
    members: Iterable[Member] = (),
) -> Room:
    """A room that a member opens about something; they are its steward. What has such a room already keeps that one (`room_exists`)."""
    if kind not in FREE_KINDS:
        raise field_error("kind", "invalid_choice", _("Members cannot open a room of this kind."))
    title = _titled(title)
    if (about_id is None) != (about_kind == ""):
        raise field_error("about_id", "required", _("Say what the room is about, with its number."))
    people = list({member.pk: member for member in [by, *members]}.values())
    try:
        with transaction.atomic():
            return open_room(
                kind=kind,
                title=title,
                purpose=text.clean_line(purpose)[:240],
                access=access,
                members=people,
                stewards=[by],
                created_by=by,
                about_kind=about_kind,
                about_id=about_id,
                at=at,
            )
    except IntegrityError:
        known = Room.objects.filter(kind=kind, about_kind=about_kind, about_id=about_id).first()
        if known is None or about_id is None:
            raise
        shown = {"room": known.pk} if known.access != Room.Access.PRIVATE else {}
        raise Conflict("room_exists", _("There is a room about this already."), **shown) from None


@transaction.atomic
def direct_room(*, member: Member, partners: Iterable[Member], at: dt.datetime) -> Room:
    """The room of exactly these people and me, opened if there is none yet: two to eight of us."""
    others = {partner.pk: partner for partner in partners}
    if not others or member.pk in others:
        raise field_error("member", "oneself", _("Choose someone else to write to."))
    if len(others) + 1 > DIRECT_MEMBERS_MAX:
        raise field_error("members", "too_many_members", _("Write to seven people at most, or open a room."))
    people = [member, *others.values()]
    # All rows are held in a fixed order, so that two first words at once end up in one room.
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=[p.pk for p in people]).order_by("pk"))
    known = Room.objects.filter(kind=Room.Kind.DIRECT, direct_of=_set_of(people)).first()
    return known or open_room(
        kind=Room.Kind.DIRECT, title="", purpose="", members=people, direct_of=_set_of(people), at=at
    )


@transaction.atomic
def change_room(
    *,
    room: Room,
    by: Member,
    at: dt.datetime,
    title: str | None = None,
    purpose: str | None = None,
    access: str | None = None,
    slow_seconds: int | None = None,
    paused: bool | None = None,
) -> Room:
    """What stewards decide about their room: its name and purpose, who may come in, slow mode, a pause."""
    room = held(room)
    if not rules.may_read(by, room):
        raise NotFound
    if not rules.may_moderate(by, room):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    changes: dict[str, Any] = {}
    if title is not None and (title := _titled(title)) != room.title:
        changes["title"] = title
    if purpose is not None and (purpose := text.clean_line(purpose)[:240]) != room.purpose:
        changes["purpose"] = purpose
    if access is not None and access != room.access:
        changes["access"] = access
    if slow_seconds is not None and slow_seconds != room.slow_seconds:
        changes["slow_seconds"] = min(slow_seconds, SLOW_SECONDS_MAX)
    if {"title", "purpose", "access"} & changes.keys() and rules.is_bound(room):
        raise Conflict("bound_room", _("This is changed where the room belongs to."))
    if changes:
        Room.objects.filter(pk=room.pk).update(**changes)
        append(room, kind=Kind.ROOM_CHANGED, author=by, at=at, data=changes)
    if paused is not None and paused != (room.paused_at is not None):
        Room.objects.filter(pk=room.pk).update(paused_at=at if paused else None)
        append(room, kind=Kind.ROOM_PAUSED if paused else Kind.ROOM_RESUMED, author=by, at=at)
    return Room.objects.get(pk=room.pk)


@transaction.atomic
def carry_name(*, room: Room, by: Member, title: str, purpose: str, at: dt.datetime) -> None:
    """Let a room be called as what it belongs to is called now. Open windows are told; the same name again is no change."""
    room = held(room)
    wanted = {"title": title, "purpose": purpose[:240]}
    changes = {field: value for field, value in wanted.items() if getattr(room, field) != value}
    if changes:
        Room.objects.filter(pk=room.pk).update(**changes)
        append(room, kind=Kind.ROOM_CHANGED, author=by, at=at, data=changes)


def _titled(title: str) -> str:
    title = text.clean_line(title)[:120]
    if text.is_blank(title):
        raise field_error("title", "required", _("Give the room a name."))
    return title


def _role(is_steward: bool) -> str:
    return Membership.Role.STEWARD if is_steward else Membership.Role.MEMBER


def _set_of(people: Iterable[Member]) -> str:
    """The members of a direct room as one value: their ids in order."""
    return ",".join(str(pk) for pk in sorted(person.pk for person in people))
