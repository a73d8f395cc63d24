"""Reads the official ESCO download: zips or folders of CSV files, in any languages, versions 1.0 to 1.2.1.

Columns are found by their names, unknown ones are ignored and files that are missing are done without. What cannot be read is
reported by file and line, and the rest is read all the same.
"""

import csv
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

NAME = re.compile(
    r"(?:^|/)(skills|skillGroups|occupations|broaderRelationsSkillPillar|skillSkillRelations|occupationSkillRelations)"
    r"(?:_([a-z]{2})(?:-[a-z]{2})?)?\.csv$"
)
FIELD_LIMIT = 2**24
LABEL_MAX_LENGTH = 255
PROBLEMS_MAX = 1_000
Row = dict[str, str]


class Unreadable(Exception):
    """A path that holds no ESCO data at all."""


@dataclass
class Concept:
    """What ESCO says of one skill, group or occupation: labels per language, the preferred one first."""

    uri: str
    labels: dict[str, list[str]] = field(default_factory=dict)
    description: str = ""
    isco: str = ""
    nace: str = ""


@dataclass
class Esco:
    """Everything that was read. `broader` are (narrower, broader) URIs; the others (from, to, "essential" or "optional")."""

    skills: dict[str, Concept] = field(default_factory=dict)
    groups: dict[str, Concept] = field(default_factory=dict)
    occupations: dict[str, Concept] = field(default_factory=dict)
    broader: set[tuple[str, str]] = field(default_factory=set)
    related: set[tuple[str, str, str]] = field(default_factory=set)
    needs: set[tuple[str, str, str]] = field(default_factory=set)
    languages: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Which languages of `skills`, `occupations` and `skillGroups` were read: only what was read may be retired."""
    in_part: set[tuple[str, str]] = field(default_factory=set)
    """The kinds of file, with their language, of which rows could not be read: what they lack may be there all the same."""
    files: int = 0
    problems: list[str] = field(default_factory=list)
    problems_more: int = 0

    def has_all(self, kind: str, language: str | None = None) -> bool:
        """Whether every row of this kind was read, in this language or in all."""
        return not any(kind == one and language in (None, said) for one, said in self.in_part)

    def problem(self, words: str) -> None:
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(words)
        else:
            self.problems_more += 1


def read(paths: Iterable[Path]) -> Iterator[tuple[str, Esco]]:
    """Reads file after file; yields each one's name with everything so far. Raises Unreadable for a path without any."""
    csv.field_size_limit(FIELD_LIMIT)
    found = Esco()
    for path in paths:
        before = found.files
        for name, stream in _files(path):
            match = NAME.search(name)
            if match is None:
                continue
            kind, language = match[1], match[2] or "en"
            try:
                with stream:
                    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
                    if _read_file(found, kind, language, name, text):
                        found.in_part.add((kind, language))
            except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
                raise Unreadable(f"{name} in {path} is damaged: {error}") from error
            found.files += 1
            yield name, found
        if found.files == before:
            raise Unreadable(f"{path} holds no file of an ESCO download, such as skills_en.csv")


def _files(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every file below a folder or in a zip, English first: it has the descriptions."""
    if path.is_dir():
        for file in sorted(path.rglob("*.csv"), key=lambda file: ("_en" not in file.name, file.name)):
            yield f"{path.name}/{file.relative_to(path)}", file.open("rb")
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                yield name, archive.open(name)
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path} is neither a folder nor a zip that can be opened: {error}") from error


def _read_file(found: Esco, kind: str, language: str, name: str, text: IO[str]) -> int:
    """How many rows of it could not be read."""
    rows = _Rows(found, name, text)
    match kind:
        case "skills" | "skillGroups" | "occupations":
            kept = {"skills": found.skills, "skillGroups": found.groups, "occupations": found.occupations}[kind]
            found.languages[kind].add(language)
            for line, row in rows.with_all({"conceptUri", "preferredLabel"}):
                rows.lost += not _read_concept(found, kept, language, f"{name} line {line}", row)
        case "broaderRelationsSkillPillar":
            for _line, row in rows.with_all({"conceptUri", "broaderUri"}):
                found.broader.add((row["conceptUri"], row["broaderUri"]))
        case "skillSkillRelations":
            for _line, row in rows.with_all({"originalSkillUri", "relatedSkillUri", "relationType"}):
                found.related.add((row["originalSkillUri"], row["relatedSkillUri"], row["relationType"]))
        case "occupationSkillRelations":
            for _line, row in rows.with_all({"occupationUri", "skillUri", "relationType"}):
                found.needs.add((row["occupationUri"], row["skillUri"], row["relationType"]))
    return rows.lost


class _Rows:
    """The rows of one file; `lost` counts those that could not be read, and what followed them as one."""

    def __init__(self, found: Esco, name: str, text: IO[str]) -> None:
        self._found, self._name, self._text = found, name, text
        self.lost = 0

    def with_all(self, needed: set[str]) -> Iterator[tuple[int, Row]]:
        """Those that have something in every needed column, with their line."""
        reader = csv.reader(self._text)
        try:
            columns = next(reader, [])
            if lacking := sorted(needed - set(columns)):
                self._lose(f": has no column {', '.join(lacking)}")
                return
            for cells in reader:
                if len(cells) != len(columns):
                    self._lose(f" line {reader.line_num}: has {len(cells)} cells instead of {len(columns)}")
                    continue
                row = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
                if empty := sorted(column for column in needed if not row[column]):
                    self._lose(f" line {reader.line_num}: has no {', '.join(empty)}")
                else:
                    yield reader.line_num, row
        except csv.Error as error:
            self._lose(f" line {reader.line_num}: {error}; what follows was not read")

    def _lose(self, words: str) -> None:
        self.lost += 1
        self._found.problem(self._name + words)


def _read_concept(found: Esco, kept: dict[str, Concept], language: str, where: str, row: Row) -> bool:
    """Whether it could be read; what is not released is, and is left out."""
    if row.get("status", "") not in ("", "released"):
        return True
    others = row.get("altLabels", "").replace(" | ", "\n").split("\n")
    others += row.get("hiddenLabels", "").replace(" | ", "\n").split("\n")
    labels = dict.fromkeys(" ".join(text.split()) for text in [row["preferredLabel"], *others])
    labels.pop("", None)
    if "\ufffd" in "".join(labels):
        found.problem(f"{where}: is not UTF-8")
        return False
    if long := [text for text in labels if len(text) > LABEL_MAX_LENGTH]:
        found.problem(f"{where}: leaves out a label of {len(long[0])} letters")
    kept_labels = [text for text in labels if len(text) <= LABEL_MAX_LENGTH]
    if not kept_labels:
        return False
    concept = kept.setdefault(row["conceptUri"], Concept(row["conceptUri"]))
    concept.labels[language] = kept_labels
    if language == "en" or not concept.description:
        concept.description = row.get("description", "") or concept.description
    concept.isco = concept.isco or row.get("iscoGroup", "").rsplit("/", 1)[-1].lstrip("C")
    concept.nace = concept.nace or row.get("naceCode", "")
    return True
