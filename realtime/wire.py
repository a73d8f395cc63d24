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


def whole_texts(data: bytes) -> tuple[list[str], bytes]:
    """The texts of a browser's frames at the front of these bytes that are whole and have nothing special about them; and what follows them."""
    texts: list[str] = []
    at, end = 0, len(data)
    while end - at >= 6 and data[at] == 0x81 and data[at + 1] & 0x80:
        length, start = data[at + 1] & 0x7F, at + 2
        if length == LONG:
            break
        if length == SHORT:
            length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            if length < SHORT:
                break  # Longer than it need be.
        begin = start + 4
        if begin + length > end:
            break
        text = _unmasked(data[start:begin], data[begin : begin + length])
        if text is None:
            break
        texts.append(text)
        at = begin + length
    return texts, data[at:]


def _unmasked(mask: bytes, payload: bytes) -> str | None:
    if mask != b"\0\0\0\0":
        length = len(payload)
        whole = (mask * (length // 4 + 1))[:length]
        payload = (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(length, "big")
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None
