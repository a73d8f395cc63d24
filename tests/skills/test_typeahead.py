"""Type-ahead: the own language first, then words inside, other languages, mended letters."""

import pytest

from backend.skills.folding import fold
from backend.skills.typeahead import Entry, Found, TypeAhead

ALL = frozenset({"skill", "profession", "sector"})


def an_entry(number: int, text: str, language: str = "en", preferred: bool = True, **more: object) -> Entry:
    values = {"kind": "skill", "is_proposed": False} | more
    return Entry(id=number, text=text, folded=fold(text), language=language, is_preferred=preferred, **values)  # type: ignore[arg-type]


def texts(found: list[Found]) -> list[str]:
    return [hit.label.text for hit in found]


def search(entries: list[Entry], query: str, language: str = "en", kinds: frozenset[str] = ALL) -> list[Found]:
    return TypeAhead(entries).search(query, language=language, kinds=kinds)  # type: ignore[arg-type]


def test_the_order_is_name_synonym_word_inside_other_language() -> None:
    entries = [
        an_entry(1, "Lichttechnik", "de"),
        an_entry(2, "stage light design"),
        an_entry(3, "lighting for shows", preferred=False),
        an_entry(4, "lighting"),
    ]
    assert texts(search(entries, "Light")) == ["lighting", "lighting for shows", "stage light design"]
    assert texts(search(entries, "lich")) == ["Lichttechnik"]


def test_the_readers_language_comes_first() -> None:
    entries = [an_entry(1, "animation", "en"), an_entry(2, "animatie", "nl")]
    assert texts(search(entries, "anim", "en")) == ["animation", "animatie"]
    assert texts(search(entries, "anim", "nl")) == ["animatie", "animation"]


def test_a_concept_is_answered_once_by_its_best_label() -> None:
    entries = [an_entry(1, "podcast production"), an_entry(1, "podcast", preferred=False), an_entry(1, "podcast", "fr")]
    assert texts(search(entries, "podcast")) == ["podcast production"]


@pytest.mark.parametrize("typed", ["beleuchtung", "BELEUCHTUNG", "beleuchtun"])
def test_a_word_inside_a_compound_is_found(typed: str) -> None:
    assert texts(search([an_entry(1, "Bühnenbeleuchtung", "de")], typed)) == ["Bühnenbeleuchtung"]


@pytest.mark.parametrize("typed", ["aangifte", "btw aang", "btw-aangifte", "btwaangifte", "aangifte btw"])
def test_a_hyphen_is_no_obstacle(typed: str) -> None:
    assert texts(search([an_entry(1, "btw-aangifte", "nl")], typed)) == ["btw-aangifte"]


@pytest.mark.parametrize("typed", ["declaration tva", "tva decl", "Déclaration de T"])
def test_words_may_stand_apart_or_in_another_order(typed: str) -> None:
    assert texts(search([an_entry(1, "déclaration de TVA", "fr")], typed)) == ["déclaration de TVA"]


@pytest.mark.parametrize("typed", ["photograpy", "fotography", "phtography", "photogarphy", "photorgaphyy"])
def test_a_mistyped_letter_is_mended(typed: str) -> None:
    found = search([an_entry(1, "photography"), an_entry(2, "gardening")], typed)
    assert [(hit.label.text, hit.is_mended) for hit in found] == [("photography", True)]


def test_short_words_and_distant_words_are_not_mended() -> None:
    assert search([an_entry(1, "ink"), an_entry(2, "gardening")], "ing") == []
    assert search([an_entry(1, "gardening")], "gbrdxning")[0].is_mended
    assert search([an_entry(1, "gardening")], "gbrdxninq") == []


def test_a_proposed_skill_comes_after_one_that_is_settled() -> None:
    entries = [an_entry(1, "weaving", is_proposed=True), an_entry(2, "weaving by hand")]
    assert texts(search(entries, "weav")) == ["weaving by hand", "weaving"]


def test_only_the_kinds_that_were_asked_for() -> None:
    entries = [an_entry(1, "photography"), an_entry(1, "photographer", kind="profession")]
    assert texts(search(entries, "photo", kinds=frozenset({"profession"}))) == ["photographer"]


def test_at_most_twelve() -> None:
    assert len(search([an_entry(number, f"sewing {number}") for number in range(40)], "sew")) == 12


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "\x00", "%", "🎻" * 50, "a " * 500, "x" * 5000])
def test_nonsense_finds_nothing_and_breaks_nothing(typed: str) -> None:
    assert search([an_entry(1, "lighting")], typed) == []
