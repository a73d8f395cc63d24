"""Frames that are heard without the protocol's machinery: exactly those that are whole and have nothing special about them."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.wire import whole_text

TEXT, BINARY, PING = 0x81, 0x82, 0x89


def a_frame(first: int, payload: bytes, mask: bytes, *, is_masked: bool = True) -> bytes:
    length = len(payload)
    head = (
        bytes((first, (0x80 * is_masked) | length))
        if length < 126
        else bytes((first, (0x80 * is_masked) | 126)) + struct.pack(">H", length)
    )
    hidden = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return head + (mask + hidden if is_masked else payload)


MASKS = st.binary(min_size=4, max_size=4)
TEXTS = st.text(max_size=80) | st.text(min_size=120, max_size=140)


@settings(max_examples=40)
@given(text=TEXTS, mask=MASKS, cut=st.integers(1, 400))
def test_a_whole_text_is_heard_whatever_its_mask_and_half_a_one_or_more_than_one_is_not(
    text: str, mask: bytes, cut: int
) -> None:
    frame = a_frame(TEXT, text.encode(), mask)
    assert whole_text(frame) == text
    assert whole_text(frame[:-cut]) is None
    assert whole_text(frame + b"\x81") is None
    assert whole_text(frame + frame) is None


def test_everything_else_is_left_to_the_protocol() -> None:
    mask, payload = b"abcd", "Grüße".encode()
    assert whole_text(a_frame(TEXT, payload, mask)) == "Grüße"
    others = (BINARY, PING, 0x01, 0x80, TEXT | 0x40)
    assert [whole_text(a_frame(first, payload, mask)) for first in others] == [None] * len(others)
    assert whole_text(a_frame(TEXT, payload, mask, is_masked=False)) is None
    assert whole_text(a_frame(TEXT, b"\xff\xfe", mask)) is None
    assert whole_text(b"\x81\xfe\x00\x07" + a_frame(TEXT, payload, mask)[2:]) is None
    assert whole_text(b"\x81\xff" + struct.pack(">Q", len(payload)) + a_frame(TEXT, payload, mask)[2:]) is None
    assert whole_text(b"") is None
    long = "é" * 30_000
    assert whole_text(a_frame(TEXT, long.encode(), mask)) == long
