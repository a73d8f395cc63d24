"""What members do with their own profile. The only writers of these tables."""

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any, Literal

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict, Invalid, NotAllowed, field_error
from backend.events import announce
from backend.media import clean_photo
from backend.members import leaving, reach
from backend.members.models import (
    Away,
    Block,
    FreeHours,
    Member,
    Offer,
    Organisation,
    SpokenLanguage,
    Want,
    WorkCountry,
)
from backend.patience import patiently

LISTS: dict[str, Any] = {
    "languages": SpokenLanguage, "works_in": WorkCountry, "offers": Offer, "wants": Want, "free_hours": FreeHours,
}  # fmt: skip
ROWS = {
    "languages": ("code", "level"),
    "works_in": ("code",),
    "offers": ("skill", "level"),
    "wants": ("skill", "level_now", "priority"),
    "free_hours": ("weekday", "from_minute", "until_minute"),
}
TRACKS = ("social", "economic", "cooperative")
AWAY_MOST = 20


@transaction.atomic
def edit_profile(*, member: Member, at: dt.datetime, **changes: Any) -> Member:
    """Write what a member says about themselves, as `wishes.ProfileWishSerializer` hands it over; lists replace lists."""
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    for name, model in LISTS.items():
        if name in changes:
            model.objects.filter(member=member).delete()
            model.objects.bulk_create(model(member=member, **row) for row in changes.pop(name))
    if "sectors" in changes:
        member.sectors.set(changes.pop("sectors"))
    if "guide_tracks" in changes:
        chosen = changes.pop("guide_tracks")
        changes |= {f"guides_{track}": track in chosen for track in TRACKS}
    former, was_there = member.organisation_id, (member.name, member.shows_presence)
    for name, value in changes.items():
        setattr(member, name, value)
    member.changed_at = at
    member.save(update_fields=[*changes, "folded", "x", "y", "z", "tile", "region", "changed_at"])
    if former is not None and former != member.organisation_id:
        leaving.move_all(member=member, at=at)
    if was_there != (member.name, member.shows_presence):
        _look_again(member.pk)
    return member


@patiently
def block(*, by: Member, whom: Member, at: dt.datetime) -> Block:
    """From now on neither exists for the other; said twice, it is the same.

    What only the two have going with each other ends (see `leaving`); where they are with others, both stay.
    """
    if by.pk == whom.pk:
        raise field_error("member", "oneself", _("Choose someone else."))
    leaving.hold_all(by, whom)
    made, is_new = Block.objects.get_or_create(by=by, whom=whom, defaults={"created_at": at})
    if is_new:
        leaving.part_all(by=by, whom=whom, at=at)
    _look_again(by.pk, whom.pk)
    return made


@transaction.atomic
def unblock(*, by: Member, whom: int) -> None:
    """Take it back; nothing where there was none."""
    gone, _rows = Block.objects.filter(by=by, whom=whom).delete()
    if gone:
        _look_again(by.pk, whom)


@transaction.atomic
def go_away(*, member: Member, first_day: dt.date, last_day: dt.date) -> Away:
    """On these days, the last one included, nobody is to propose a time to this member."""
    if last_day < first_day:
        raise field_error("last_day", "ends_before_start", _("The end must come after the start."))
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if member.away.count() >= AWAY_MOST:
        raise Conflict("too_many_kept", _("Finish or remove something first."), maximum=AWAY_MOST)
    return Away.objects.create(member=member, first_day=first_day, last_day=last_day)


def come_back(*, member: Member, away: int) -> None:
    """Be there after all; nothing where there was nothing."""
    Away.objects.filter(member=member, pk=away).delete()


def _look_again(*members: int) -> None:
    """What these members hear of others in rooms, or show of themselves, has changed."""
    for pk in members:
        announce(("member", pk), {"type": "rooms.recheck"})


@transaction.atomic
def introduce(*, member: Member, at: dt.datetime) -> Member:
    """Come in: from now on others can meet this member. Needs a name, an organisation, a country and a language."""
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    if missing := _still_missing(member):
        empty = {"code": "required", "detail": str(_("This is still missing."))}
        raise Invalid(fields={name: [empty] for name in missing})
    if not member.is_onboarded:
        member.onboarded_at = member.changed_at = at
        member.save(update_fields=["onboarded_at", "changed_at"])
    return member


def _still_missing(member: Member) -> list[str]:
    missing = [name for name in ("name", "organisation", "country") if not getattr(member, name)]
    return missing if member.languages.exists() else [*missing, "languages"]


@transaction.atomic
def enrol(*, email: str, at: dt.datetime, **changes: Any) -> Literal["new", "changed", "same"]:
    """Bring in the member with this address, or bring them up to date: as from a list that the office keeps.

    `changes` as for `edit_profile`; what is not named stays. Whoever has said enough comes in at once, so that others can
    meet them; they sign in with a code sent to their address.
    """
    member = Member.objects.filter(email=email).first()
    if member is not None and member.is_onboarded and _says(member, changes):
        return "same"
    is_new = member is None
    if member is None:
        member = Member.objects.create_user(email=email, joined_at=at)
        if "timezone" not in changes and (organisation := changes.get("organisation")):
            changes["timezone"] = organisation.timezone
        EmailAddress.objects.get_or_create(user=member, email=email, defaults={"primary": True, "verified": False})
    is_same = not is_new and _says(member, changes)
    if not is_same:
        member = edit_profile(member=member, at=at, **changes)
    if not member.is_onboarded and not _still_missing(member):
        introduce(member=member, at=at)
        is_same = False
    return "new" if is_new else "same" if is_same else "changed"


def _says(member: Member, changes: dict[str, Any]) -> bool:
    """Whether the member's profile says all this already."""
    said: Any
    wished: Any
    for name, value in changes.items():
        if name in ROWS:
            said = {tuple(getattr(row, part) for part in ROWS[name]) for row in getattr(member, name).all()}
            wished = {tuple(row[part] for part in ROWS[name]) for row in value}
        elif name == "sectors":
            said, wished = set(member.sectors.all()), set(value)
        elif name == "guide_tracks":
            said, wished = set(member.guide_tracks), set(value)
        else:
            said, wished = getattr(member, name), value
        if said != wished:
            return False
    return True


@patiently
def close_account(*, member: Member, at: dt.datetime) -> Member:
    """Nobody can sign in with it or meet this member any more; what they wrote stays readable, how to reach them does not. Ends their open sockets.

    What they have going with others ends too, and those are told: see `leaving`.
    """
    leaving.hold_all(member)
    member = _set_active(member, False, at)
    reach.forget(member=member)
    leaving.end_all(member=member, at=at)
    return member


@transaction.atomic
def reopen_account(*, member: Member, at: dt.datetime) -> Member:
    """The member can sign in and be met again."""
    return _set_active(member, True, at)


def _set_active(member: Member, is_active: bool, at: dt.datetime) -> Member:
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    if member.is_active != is_active:
        member.is_active, member.changed_at = is_active, at
        member.save(update_fields=["is_active", "changed_at"])
        if not is_active:
            announce(("member", member.pk), {"type": "session.ended"})
    return member


@transaction.atomic
def entrust(*, member: Member, by: Member, is_staff: bool, is_superuser: bool, groups: Iterable[Group] = ()) -> Member:
    """Give or take the keys of the admin; only someone who has them all may, and not their own."""
    if not by.is_superuser:
        raise NotAllowed()
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    if member.pk == by.pk:
        raise NotAllowed("own_keys", _("Nobody gives or takes their own keys."))
    member.is_staff, member.is_superuser = is_staff or is_superuser, is_superuser
    member.save(update_fields=["is_staff", "is_superuser"])
    member.groups.set(groups)
    return member


@transaction.atomic
def found_organisation(*, name: str, country: str, timezone: str | None = None) -> Organisation:
    """The organisation of this name, open to members; made when it is not there yet."""
    values = {"name": name, "country": country} | ({"timezone": timezone} if timezone else {})
    return Organisation.objects.get_or_create(slug=slugify(name)[:60], defaults=values)[0]


@transaction.atomic
def keep_organisation(*, organisation: Organisation | None, **values: Any) -> Organisation:
    """Make an organisation, or change this one: its name, slug, country, timezone and whether it is open to newcomers."""
    if organisation is None:
        return Organisation.objects.create(**values)
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=[*values])
    return organisation


def set_photo(*, member: Member, upload: IO[bytes], size: int) -> Member:
    """Show this photo, cleaned and square; the one before is deleted."""
    photo = clean_photo(upload, size=size)
    return _replace_photo(member, photo)


def remove_photo(*, member: Member) -> Member:
    """Show the patchwork tile again."""
    return _replace_photo(member, None)


@transaction.atomic
def _replace_photo(member: Member, photo: Any) -> Member:
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    before = member.photo.name
    if photo is None:
        member.photo = ""
    else:
        member.photo.save(photo.name, photo, save=False)
    member.save(update_fields=["photo"])
    if before:
        transaction.on_commit(lambda: default_storage.delete(before))
    return member
