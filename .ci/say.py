"""How the house speaks on the terminal: plain lines, and one clear sentence when it cannot go on."""

import os
import sys
from typing import NoReturn

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def line(words: str) -> None:
    print(words, flush=True)


def step(words: str) -> None:
    """What is being done now."""
    line(f"{_paint('→', '36')} {words}")


def good(words: str) -> None:
    line(f"{_paint('✓', '32')} {words}")


def bad(words: str) -> None:
    line(f"{_paint('✗', '31')} {words}")


def stop(words: str) -> NoReturn:
    """The one sentence that says why it cannot go on and what to do."""
    print(f"{_paint('✗', '31')} {words}", file=sys.stderr, flush=True)
    sys.exit(1)


def _paint(words: str, colour: str) -> str:
    return f"\x1b[{colour}m{words}\x1b[0m" if COLOUR else words
