"""Frames that are heard without the protocol's machinery: exactly those that are whole and have nothing special about them."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.wire import whole_texts

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
@given(texts=st.lists(TEXTS, min_size=1, max_size=3), mask=MASKS, cut=st.integers(1, 400))
def test_whole_texts_are_heard_whatever_their_mask_and_what_is_begun_is_left(
    texts: list[str], mask: bytes, cut: int
) -> None:
    frames = [a_frame(TEXT, text.encode(), mask) for text in texts]
    stream = b"".join(frames)
    assert whole_texts(stream) == (texts, b"")
    left = stream[:-cut]
    heard, rest = whole_texts(left)
    assert heard == texts[: len(heard)]
    assert b"".join(frames[: len(heard)]) + rest == left
    assert len(heard) == len(texts) or len(rest) < len(frames[len(heard)])


def test_everything_else_is_left_to_the_protocol_from_where_it_begins() -> None:
    mask, payload = b"abcd", "Grüße".encode()
    plain = a_frame(TEXT, payload, mask)
    long = "é" * 30_000
    assert whole_texts(a_frame(TEXT, long.encode(), mask)) == ([long], b"")
    others = [
        *(a_frame(first, payload, mask) for first in (BINARY, PING, 0x01, 0x80, TEXT | 0x40)),
        a_frame(TEXT, payload, mask, is_masked=False),
        a_frame(TEXT, b"\xff\xfe", mask),
        b"\x81\xfe\x00\x07" + plain[2:],
        b"\x81\xff" + struct.pack(">Q", len(payload)) + plain[2:],
    ]
    assert [whole_texts(plain + other + plain) for other in others] == [(["Grüße"], other + plain) for other in others]
    assert whole_texts(plain + b"\x81") == (["Grüße"], b"\x81")
    assert whole_texts(b"") == ([], b"")
