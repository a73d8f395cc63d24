"""One searchable form for what people type, whatever their accents, case or keyboard."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ĳ": "ij"}
)
_BREAKS = re.compile(r"[^\w+#.&]+|\.(?!\w)")
# The same for plain letters, without what a regular expression costs.
_PLAIN_BREAKS = str.maketrans({chr(code): " " for code in range(128) if not re.match(r"[\w+#.&]", chr(code))})
_PLAIN_DOTS = re.compile(r"\.(?!\w)")


def fold(text: str) -> str:
    """Lower case, without accents, ligatures opened, apostrophes, hyphens and punctuation as spaces: `L’Œuvre` → `l oeuvre`.

    `+`, `#`, `&` and a dot before a letter stay, so that `C#`, `C++`, `.NET` and `Node.js` can be told apart.
    """
    lowered = text.casefold()
    if lowered.isascii():
        spaced = lowered.translate(_PLAIN_BREAKS)
        return " ".join((_PLAIN_DOTS.sub(" ", spaced) if "." in spaced else spaced).split())
    lowered = lowered.translate(_LETTERS)
    plain = lowered if lowered.isascii() else _without_accents(lowered)
    return " ".join(_BREAKS.sub(" ", plain).split())


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
