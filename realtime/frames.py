"""The frames of the socket: read, written, and in the API's schema."""

from typing import Any

import orjson
from drf_spectacular.utils import OpenApiWebhook, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers

from backend.errors import Invalid
from realtime.limits import NUMBER_MAX
from realtime.plain import PLAIN, UUID_LENGTH, plain_post
from realtime.shapes import FROM_BROWSER, REF_MAX_LENGTH, TO_BROWSER


def _union(name: str, kinds: dict[str, type[serializers.Serializer[Any]]]) -> PolymorphicProxySerializer:
    return PolymorphicProxySerializer(component_name=name, serializers=dict(kinds), resource_type_field_name="type")


from_browser = OpenApiWebhook(
    name="frameFromBrowser",
    decorator=extend_schema(
        summary="A text frame that the browser sends on /ws/",
        request=_union("FrameFromBrowser", FROM_BROWSER),
        responses={200: None},
    ),
)
to_browser = OpenApiWebhook(
    name="frameToBrowser",
    decorator=extend_schema(
        summary="A text frame that the browser receives on /ws/",
        request=_union("FrameToBrowser", TO_BROWSER),
        responses={200: None},
    ),
)


# Made once: a serializer copies all its fields whenever one is made, and remembers nothing of what it only validates.
_shapes = {kind: shape() for kind, shape in FROM_BROWSER.items()}


def read(text: str) -> tuple[str, dict[str, Any]]:
    """A browser's frame as its type and its checked content; refuses with `not_json`, `unknown_type` or `invalid_frame`."""
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Invalid("not_json", "This is not JSON.") from None
    kind = frame.get("type") if isinstance(frame, dict) else None
    shape = _shapes.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Invalid("unknown_type", "There is no such frame.")
    content = PLAIN[kind](frame) if kind in PLAIN else None
    if content is None:
        try:
            content = dict(shape.run_validation(frame))
        except serializers.ValidationError as error:
            checked = ", ".join(map(str, error.detail))
            raise Invalid("invalid_frame", f"Check: {checked}.", about=_named(frame)) from None
    return content.pop("type"), content


def _named(frame: dict[str, Any]) -> dict[str, Any]:
    """By what the sender of a frame that makes no sense can tell it from others, as far as that makes sense."""
    room, client_id, ref = (frame.get(name) for name in ("room", "client_id", "ref"))
    return {
        **({"room": room} if type(room) is int and 0 < room <= NUMBER_MAX else {}),
        **({"client_id": client_id} if isinstance(client_id, str) and len(client_id) == UUID_LENGTH else {}),
        **({"ref": ref} if isinstance(ref, str) and len(ref) <= REF_MAX_LENGTH else {}),
    }


def plain(text: str) -> dict[str, Any] | None:
    """The content of a frame that posts a message as nearly all are; None for any other."""
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    content = plain_post(frame) if isinstance(frame, dict) and frame.get("type") == "message.post" else None
    if content is not None:
        del content["type"]
    return content


def written(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()
