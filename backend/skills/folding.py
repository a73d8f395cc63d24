"""One searchable form for what people type, whatever their accents, case or keyboard."""

import re
import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ĳ": "ij"})
_BREAKS = re.compile(r"[^\w+#./&-]+")


def fold(text: str) -> str:
    """Lower case, without accents, ligatures opened, apostrophes and punctuation as spaces: `L’Œuvre` → `l oeuvre`.

    `+`, `#`, `.`, `/`, `&` and `-` stay, so that `C#`, `C++` and `.NET` can be told apart.
    """
    lowered = text.casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _BREAKS.sub(" ", plain).strip()
