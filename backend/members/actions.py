"""What members do with their own profile. The only writers of these tables."""

import datetime as dt
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid
from backend.media import clean_photo
from backend.members.models import FreeHours, Member, Offer, SpokenLanguage, Want

LISTS: dict[str, Any] = {"languages": SpokenLanguage, "offers": Offer, "wants": Want, "free_hours": FreeHours}
TRACKS = ("social", "economic", "cooperative")


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
    for name, value in changes.items():
        setattr(member, name, value)
    member.changed_at = at
    member.save(update_fields=[*changes, "folded", "changed_at"])
    return member


@transaction.atomic
def introduce(*, member: Member, at: dt.datetime) -> Member:
    """Come in: from now on others can meet this member. Needs a name, an organisation, a country and a language."""
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    missing = [name for name in ("name", "organisation", "country") if not getattr(member, name)]
    if not member.languages.exists():
        missing.append("languages")
    if missing:
        empty = {"code": "required", "detail": str(_("This is still missing."))}
        raise Invalid(fields={name: [empty] for name in missing})
    if not member.is_onboarded:
        member.onboarded_at = member.changed_at = at
        member.save(update_fields=["onboarded_at", "changed_at"])
    return member


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
