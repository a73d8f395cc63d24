"""Photos of a place or a thing, each with words for those who do not see it, in the order that its hosts choose."""

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from backend.bookings.hosting import refuse_unless_hosted, refuse_unless_place_hosted
from backend.bookings.models import Photo, Place, Resource
from backend.bookings.showing import show_changed, show_place_changed
from backend.errors import Conflict, field_error
from backend.members.models import Member
from backend.patience import patiently

MOST_PHOTOS = 12
Shown = Place | Resource


@patiently
def set_main_photo(*, member: Member, of: Shown, photo: ContentFile[bytes] | None) -> None:
    """The photo that stands for it in lists; none: its tile does. The photo is clean already (`media.clean_photo`)."""
    _refuse_unless_theirs(member, of)
    if photo is None:
        of.photo = ""
    else:
        of.photo.save(str(photo.name), photo, save=False)
    of.save(update_fields=["photo"])
    _show(of)


@patiently
def add_photo(*, member: Member, of: Shown, photo: ContentFile[bytes], words: str = "") -> Photo:
    """A further photo, after the others; at most twelve. The photo is clean already."""
    _refuse_unless_theirs(member, of)
    type(of)._default_manager.select_for_update(no_key=True).get(pk=of.pk)
    count = of.photos.count()
    if count >= MOST_PHOTOS:
        raise Conflict("too_many_photos", _("Twelve photos at most. Remove one first."))
    place, resource = (of, None) if isinstance(of, Place) else (None, of)
    made = Photo.objects.create(place=place, resource=resource, image=photo, words=words.strip(), position=count)
    _show(of)
    return made


@patiently
def arrange_photos(*, member: Member, of: Shown, photos: Sequence[tuple[int, str]]) -> list[Photo]:
    """These photos (number, words) in this order; what is not named is gone."""
    _refuse_unless_theirs(member, of)
    known = {photo.pk: photo for photo in of.photos.select_for_update(no_key=True)}
    numbers = [number for number, _words in photos]
    if len(set(numbers)) < len(numbers) or not set(numbers) <= set(known):
        raise field_error("photos", "not_found", _("One of these photos does not exist any more."))
    for position, (number, words) in enumerate(photos):
        known[number].position, known[number].words = position, words.strip()
    Photo.objects.bulk_update([known[number] for number in numbers], ["position", "words"])
    of.photos.exclude(pk__in=numbers).delete()
    _show(of)
    return [known[number] for number in numbers]


def _refuse_unless_theirs(member: Member, of: Shown) -> None:
    if isinstance(of, Place):
        refuse_unless_place_hosted(member, of.pk)
    else:
        refuse_unless_hosted(member, of.pk)


def _show(of: Shown) -> None:
    if isinstance(of, Place):
        show_place_changed(of.pk)
    else:
        show_changed([of.pk])
