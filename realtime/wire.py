"""Frames as bytes (RFC 6455, section 5.2): those that nearly all are, without what the protocol's general machinery costs."""

SHORT, LONG = 126, 127


def text_frame(text: str) -> bytes:
    """An unmasked, unfragmented text frame (RFC 6455, section 5.2)."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


def whole_text(data: bytes) -> str | None:
    """The text of a browser's frame where these bytes are exactly one, whole and with nothing special about it; None for all else."""
    if len(data) < 6 or data[0] != 0x81 or data[1] < 0x80:
        return None
    length, start = data[1] & 0x7F, 2
    if length == LONG:
        return None
    if length == SHORT:
        length, start = int.from_bytes(data[2:4], "big"), 4
        if length < SHORT:
            return None  # Longer than it need be.
    if len(data) != start + 4 + length:
        return None
    mask, payload = data[start : start + 4], data[start + 4 :]
    if mask != b"\0\0\0\0":
        whole = (mask * (length // 4 + 1))[:length]
        payload = (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(length, "big")
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None
