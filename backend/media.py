"""Photos: cleaned on the way in, served harmlessly on the way out."""

from __future__ import annotations

import io
import mimetypes
import secrets
import warnings
from collections.abc import Sequence
from typing import IO, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps, UnidentifiedImageError

from backend.errors import field_error

SQUARE = 512
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class Picture(NamedTuple):
    """An encoded picture and its size in pixels."""

    data: bytes
    width: int
    height: int


def clean_photo(
    upload: IO[bytes], *, size: int, side: int = SQUARE, height: int | None = None, whole: bool = False
) -> ContentFile[bytes]:
    """A WebP picture, `side` pixels square or `side` wide and `height` high, decoded and encoded anew, without metadata.

    What does not fit is cut off; with `whole` nothing is, and the picture is as large as fits in there.
    Refuses, as errors of the field `photo`: more than PHOTO_MAX_BYTES (`photo_too_large`), what is not one of FORMATS
    or cannot be decoded (`not_a_photo`), and pictures of more than PHOTO_MAX_PIXELS (`photo_too_many_pixels`).
    """
    if size > settings.PHOTO_MAX_BYTES:
        raise field_error("photo", "photo_too_large", _("A photo may have 8 MB at most."))
    within = (side, height or side)
    upright = _upright(upload, side, field="photo")
    clean = ImageOps.contain(upright, within) if whole else ImageOps.fit(upright, within)
    return ContentFile(_encoded(clean).data, name=f"{secrets.token_urlsafe(12)}.webp")


def clean_pictures(upload: IO[bytes], *, sides: Sequence[int], field: str) -> list[Picture]:
    """The whole picture as WebP, once for each of these longest sides (pixels) and never enlarged, without metadata.

    Refuses what `clean_photo` refuses, as errors of this field, except for its bytes.
    """
    upright = _upright(upload, max(sides), field=field)
    found = []
    for side in sides:
        small = upright.copy()
        small.thumbnail((side, side))
        found.append(_encoded(small))
    return found


def _upright(upload: IO[bytes], side: int, *, field: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > settings.PHOTO_MAX_PIXELS:
                raise field_error(field, "photo_too_many_pixels", _("This picture is too large. Make it smaller."))
            picture.draft("RGB", (side * 2, side * 2))
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise field_error(field, "photo_too_many_pixels", _("This picture is too large. Make it smaller.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise field_error(field, "not_a_photo", _("This file is not a photo that we can read.")) from error


def _encoded(picture: Image.Image) -> Picture:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=4)
    return Picture(out.getvalue(), picture.width, picture.height)


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored picture; the random name is the permission, so it may be cached for good."""
    kind = mimetypes.guess_type(name)[0]
    if kind != "image/webp":
        raise Http404
    try:
        response = FileResponse(default_storage.open(name), content_type=kind)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
