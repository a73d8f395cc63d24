"""A list of members as a CSV file, as `docs/import.md` describes it: read, understood row by row, never written here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify
from rest_framework.exceptions import ValidationError as WishError

from backend.errors import answer
from backend.members import cells
from backend.members.models import Member, Organisation
from backend.members.wishes import ProfileWishSerializer
from backend.skills.folding import fold

EMAIL_MAX_LENGTH, ORGANISATION_MAX_LENGTH = 254, 120
# What the file calls it, and what the wish calls it.
COLUMNS = {
    "email": "",
    "name": "name",
    "organisation": "organisation",
    "country": "country",
    "city": "city",
    "timezone": "timezone",
    "language": "language",
    "about": "about",
    "profession": "profession",
    "sectors": "sectors",
    "languages": "languages",
    "offers": "offers",
    "wants": "wants",
    "availability": "free_hours",
    "works_in": "works_in",
    "seen_by": "seen_by",
    "seen_abroad": "seen_abroad",
    "wishes_abroad": "wishes_abroad",
    "meets_online": "meets_online",
    "meets_in_person": "meets_in_person",
    "guide_capacity": "guide_capacity",
    "guide_tracks": "guide_tracks",
    "guide_paused": "guide_paused",
}
Cells = dict[str, str]


class Unreadable(Exception):
    """The file as a whole cannot be read; says why and what to do."""


@dataclass(frozen=True)
class Bad:
    """A row that cannot be used, by its line in the file."""

    line: int
    reason: str


@dataclass(frozen=True)
class Row:
    """A row that was understood. `new_organisation` names one that is not there yet."""

    line: int
    email: str
    changes: dict[str, Any] = field(default_factory=dict)
    new_organisation: str = ""


def table(path: Path) -> list[tuple[int, list[str]]]:
    """The header and the rows with the line on which each begins; blank rows are left out."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{path} cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8. Save it again as “CSV UTF-8”.") from error
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"Line {line}: this is not CSV ({error}). Is a quotation mark left open?") from error
    if not rows:
        raise Unreadable(f"{path} is empty.")
    return rows


def header(row: list[str]) -> list[str]:
    """The names of the columns, checked."""
    names = [cell.strip().lower().replace("-", "").replace(" ", "_") for cell in row]
    unknown = [cell.strip() for cell, name in zip(row, names, strict=True) if name not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1})
    if unknown:
        known = ", ".join(COLUMNS)
        raise Unreadable(f"Columns that we do not know: {', '.join(map(repr, unknown))}. We know: {known}.")
    if twice:
        raise Unreadable(f"Columns that are there twice: {', '.join(twice)}.")
    if "email" not in names:
        raise Unreadable("There is no column “email”; members are recognised by it.")
    return names


class Reading:
    """Understands the rows of one file, one after the other."""

    def __init__(self, path: Path, *, adding_organisations: bool = False) -> None:
        (_line, first), *self.rows = table(path)
        self.names = header(first)
        self.adding = adding_organisations
        self.known = cells.Known()
        self.organisations: dict[str, int] = {}
        for pk, slug, name in Organisation.objects.values_list("pk", "slug", "name"):
            self.organisations |= {slug: pk, fold(name): pk}
        self.seen: dict[str, int] = {}

    def __iter__(self) -> Iterator[Row | Bad]:
        for line, row in self.rows:
            try:
                yield self._row(line, row)
            except cells.Odd as odd:
                yield Bad(line, str(odd))

    def _row(self, line: int, row: list[str]) -> Row:
        if len(row) > len(self.names) and any(cell.strip() for cell in row[len(self.names) :]):
            raise cells.Odd(f"has {len(row)} cells, but there are {len(self.names)} columns.")
        said: Cells = {name: cell.strip() for name, cell in zip(self.names, row, strict=False) if cell.strip()}
        email = self._email(line, said.pop("email", ""))
        fresh = self._new_organisation(said)
        wish = self._wish(said)
        member = Member.objects.filter(email=email).first()
        checked = ProfileWishSerializer(data=wish, context={"member": member})
        try:
            checked.is_valid(raise_exception=True)
        except WishError as refused:
            raise cells.Odd(_reasons(refused, said)) from refused
        return Row(line, email, checked.validated_data, fresh)

    def _email(self, line: int, said: str) -> str:
        email = said.lower()
        try:
            validate_email(email)
        except ValidationError:
            raise cells.Odd(f"email: “{said}” is not an e-mail address.") from None
        if len(email) > EMAIL_MAX_LENGTH:
            raise cells.Odd("email: this address is too long.")
        if email in self.seen:
            raise cells.Odd(f"email: {email} is on line {self.seen[email]} already.")
        self.seen[email] = line
        return email

    def _new_organisation(self, said: Cells) -> str:
        """Takes an organisation that is not there yet out of the cells, where such may be added."""
        name = said.get("organisation", "")
        if not name or self._organisation(name):
            return ""
        if not self.adding:
            known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise cells.Odd(f"organisation: “{name}” is not there. We know: {known}. Or add it: --add-organisations.")
        if len(name) > ORGANISATION_MAX_LENGTH:
            raise cells.Odd(f"organisation: a name may have {ORGANISATION_MAX_LENGTH} characters at most.")
        if "country" not in said or not slugify(name):
            raise cells.Odd(f"organisation: “{name}” is new and needs a country in the same row.")
        return said.pop("organisation")

    def _organisation(self, name: str) -> int | None:
        written = (name.lower(), fold(name), slugify(name)[:60])
        return next((self.organisations[key] for key in written if key in self.organisations), None)

    def _wish(self, said: Cells) -> dict[str, Any]:
        """What the cells wish for, in the words of the API; every cell that is odd is named."""
        wish: dict[str, Any] = {}
        odd = []
        for column, text in said.items():
            try:
                if column == "organisation":
                    wish["organisation"] = self._organisation(text)
                else:
                    wish[COLUMNS[column]] = cells.understood(column, text, self.known)
            except cells.Odd as reason:
                odd.append(f"{column}: {reason}")
        if odd:
            raise cells.Odd(" ".join(odd))
        return wish


def _reasons(refused: WishError, said: Cells) -> str:
    """Why the wish was refused, in the words of the file: the column, the part of the cell, the reason."""
    columns = {wish: column for column, wish in COLUMNS.items()}
    answered = answer(refused, {})
    assert answered is not None
    reasons = []
    for path, errors in answered.data["fields"].items():
        name, _dot, rest = path.partition(".")
        column = columns.get(name, name)
        number = rest.partition(".")[0]
        parts = cells.parts(said.get(column, ""))
        part = f" “{parts[int(number)]}”" if number.isdigit() and int(number) < len(parts) else ""
        reasons.append(f"{column}{part}: {' '.join(error['detail'] for error in errors)}")
    return " ".join(reasons)
