"""Minutes of a day as people write them."""

import re

MINUTES_A_DAY = 24 * 60
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


def as_clock(minutes: int) -> str:
    """570 → `09:30`; 1440 → `24:00`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def as_minutes(clock: str) -> int:
    """`09:30` → 570; `24:00` is the end of the day. Raises ValueError for what is not a time of day."""
    found = _CLOCK.fullmatch(clock.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minutes <= MINUTES_A_DAY:
        raise ValueError(f"{clock!r} is not a time of day.")
    return minutes
