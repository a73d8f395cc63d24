"""What the cells of a list of members mean: `fr:C2; en:4`, `Mon-Fri 09:00-12:00`, skills by key or by any name."""

import re
from collections import defaultdict
from itertools import product
from typing import Any

from backend.skills import typeahead
from backend.skills.folding import fold
from backend.skills.models import Label, Profession, Sector, Skill, Source

CEFR = {"a1": 1, "a2": 2, "b1": 3, "b2": 4, "c1": 5, "c2": 6, "native": 7}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
YES, NO = {"yes", "true", "1", "oui", "ja"}, {"no", "false", "0", "non", "nee", "nein"}
_HOURS = re.compile(r"([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})", re.IGNORECASE)
_LEVELS = re.compile(r"(.+?)((?:\s*:\s*\d+)*)")


class Odd(Exception):
    """A cell that cannot be understood; says what and why."""


def parts(text: str) -> list[str]:
    """The parts of a cell that holds several things, kept apart by `;`."""
    return [part.strip() for part in text.split(";") if part.strip()]


class Known:
    """Skills, sectors and professions by their key and by every name they have in any language."""

    def __init__(self) -> None:
        self._keys: dict[str, dict[str, int]] = {
            "skill": dict(Skill.objects.exclude(status=Skill.Status.RETIRED).values_list("key", "pk")),
            "sector": dict(Sector.objects.filter(is_retired=False).values_list("key", "pk")),
            "profession": dict(Profession.objects.filter(is_retired=False).values_list("key", "pk")),
        }
        self._names: dict[str, dict[tuple[str, bool, bool], set[int]]] = {}
        for kind, keys in self._keys.items():
            names = self._names[kind] = defaultdict(set)
            usable = set(keys.values())
            rows = Label.objects.filter(**{f"{kind}__isnull": False})
            for folded, said_by, is_preferred, pk in rows.values_list("folded", "said_by", "is_preferred", kind):
                if pk in usable:
                    names[folded, said_by != Source.ESCO, is_preferred].add(pk)

    def find(self, kind: str, text: str) -> int:
        """The id of what is called so; ours goes before what was imported, a preferred name before a synonym.

        Raises Odd for none and for several.
        """
        keys, names = self._keys[kind], self._names[kind]
        if text.lower() in keys:
            return keys[text.lower()]
        folded, either = fold(text), (True, False)
        best = (names.get((folded, is_ours, is_preferred)) for is_ours, is_preferred in product(either, either))
        found = next(filter(None, best), set())
        if len(found) > 1:
            several = ", ".join(sorted(key for key, pk in keys.items() if pk in found))
            raise Odd(f"“{text}” means several: {several}. Write the one that you mean.")
        if not found:
            near = typeahead.search(text, language="en", kinds=frozenset({kind}), limit=1)  # type: ignore[arg-type]
            hint = f" Did you mean “{near[0].text}”?" if near else ""
            raise Odd(f"“{text}” is not a {kind} that we know.{hint}")
        return next(iter(found))


def understood(column: str, text: str, known: Known) -> Any:
    """What a cell of this column wishes for, in the words of the API."""
    match column:
        case "profession":
            return known.find("profession", text)
        case "sectors":
            return [known.find("sector", part) for part in parts(text)]
        case "languages":
            return [_language(part) for part in parts(text)]
        case "offers":
            return [_skill(part, ("level",), known) for part in parts(text)]
        case "wants":
            return [_skill(part, ("level_now", "priority"), known) for part in parts(text)]
        case "availability":
            return [hours for part in parts(text) for hours in _hours(part)]
        case "works_in":
            return parts(text.replace(",", ";"))
        case "guide_tracks":
            return [part.lower() for part in parts(text.replace(",", ";"))]
        case "wishes_abroad" | "meets_online" | "meets_in_person" | "guide_paused":
            return _yes_or_no(text)
        case "seen_by" | "seen_abroad" | "language":
            return text.lower()
    return text


def _language(part: str) -> dict[str, Any]:
    code, colon, level = (piece.strip() for piece in part.partition(":"))
    if not colon or not level:
        raise Odd(f"“{part}” does not say how well. Write it like fr:B2, fr:4 or fr:native.")
    return {"code": code, "level": CEFR.get(level.lower(), level)}


def _skill(part: str, levels: tuple[str, ...], known: Known) -> dict[str, Any]:
    found = _LEVELS.fullmatch(part)
    assert found is not None  # Every part has a character.
    numbers = [number.strip() for number in found[2].split(":")[1:]]
    if len(numbers) > len(levels):
        raise Odd(f"“{part}” has more numbers than {' and '.join(levels)}.")
    return {"skill": known.find("skill", found[1].strip())} | dict(zip(levels, numbers, strict=False))


def _hours(part: str) -> list[dict[str, Any]]:
    found = _HOURS.fullmatch(part)
    if found is None:
        raise Odd(f"“{part}” is not understood. Write it like Mon 09:00-12:00 or Mon-Fri 18:00-20:00.")
    first, last = _day(found[1]), _day(found[2] or found[1])
    if first > last:
        raise Odd(f"“{part}”: the days are in the wrong order.")
    return [{"weekday": day, "from": found[3], "until": found[4]} for day in range(first, last + 1)]


def _day(word: str) -> int:
    days = [number for number, day in enumerate(DAYS) if len(word) >= 3 and day.startswith(word.lower())]
    if not days:
        raise Odd(f"“{word}” is not a day. Write Mon, Tue, Wed, Thu, Fri, Sat or Sun.")
    return days[0]


def _yes_or_no(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise Odd(f"“{text}” is neither yes nor no.")
