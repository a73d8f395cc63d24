"""The server's sentences: collects them from the code, merges them into backend/locale, compiles and checks them.

python .ci/words.py          collect, merge and compile
python .ci/words.py --check  change nothing; fail when a sentence is missing, untranslated or not compiled
"""

import datetime as dt
import io
import re
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "backend" / "locale"
LANGUAGES = ("fr", "nl", "de")
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2), "_lazy": None}


def collected() -> Catalog:
    """Every sentence of the backend and of realtime, with where it stands."""
    catalog = Catalog(project="Compagnon", charset="utf-8")
    for folder in ("backend", "realtime"):
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS)
        for name, _line, message, comments, context in found:
            if "/migrations/" not in name:
                catalog.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def merged(language: str, template: Catalog) -> Catalog:
    """The translations that exist, for exactly the sentences that the code has now."""
    path = po_path(language)
    catalog = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.locale = language
    return catalog


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def as_po(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=120, sort_output=True, omit_header=True, no_location=True)
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: {catalog.locale}\\n"\n'
    plural = f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    return (header + plural).encode() + out.getvalue().lstrip(b"\n")


def as_mo(catalog: Catalog) -> bytes:
    # A fixed date in the header: the same sentences give the same bytes at any time.
    catalog.creation_date = catalog.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    if str(catalog.locale) == "fr":
        for message in catalog:
            message.string = typeset(message.string) if message.id else message.string
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def typeset(text: Any) -> Any:
    """French sets a space before high punctuation and inside its quotation marks; no line may break there."""
    if not isinstance(text, str):
        return [typeset(form) for form in text]
    return re.sub(r" (?=[:»])|(?<=«) ", "\u00a0", re.sub(r" (?=[;!?])", "\u202f", text))


def untranslated(catalog: Catalog) -> list[str]:
    """Sentences without a translation, or whose placeholders differ from the English ones."""
    missing = []
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not all(texts) or list(message.check(catalog)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main(check: bool) -> int:
    problems = 0
    for language in LANGUAGES:
        # Collected anew for each: a catalogue keeps the very messages that it is given.
        catalog = merged(language, collected())
        po = po_path(language)
        mo = po.with_suffix(".mo")
        if check:
            if (
                not po.exists()
                or po.read_bytes() != as_po(catalog)
                or not mo.exists()
                or mo.read_bytes() != as_mo(read(po))
            ):
                print(f"{po.relative_to(ROOT)} is not what the code says. Run: python .ci/words.py")
                problems += 1
        else:
            po.parent.mkdir(parents=True, exist_ok=True)
            po.write_bytes(as_po(catalog))
            mo.write_bytes(as_mo(read(po)))
        for sentence in untranslated(catalog):
            print(f"{language}: not translated: {sentence}")
            problems += 1
    return 1 if problems else 0


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
