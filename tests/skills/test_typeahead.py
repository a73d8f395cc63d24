"""Type-ahead: the own language first, then words inside, other languages, mended letters."""

import pytest
from django.db import connection

from backend.skills import lookup, typeahead
from backend.skills.actions import changed, propose_skill
from backend.skills.models import Label, Profession, Sector, Skill, Source
from backend.skills.typeahead import Found, Kind

pytestmark = pytest.mark.django_db
ALL: frozenset[Kind] = frozenset({"skill", "profession", "sector"})
MODELS = {"skill": Skill, "profession": Profession, "sector": Sector}
Said = tuple[int, str, str, bool, str, Source]


def an_entry(
    number: int,
    text: str,
    language: str = "en",
    preferred: bool = True,
    kind: Kind = "skill",
    said_by: Source = Source.CORE,
) -> Said:
    return number, text, language, preferred, kind, said_by


def texts(found: list[Found]) -> list[str]:
    return [hit.text for hit in found]


def search(entries: list[Said], query: str, language: str = "en", kinds: frozenset[Kind] = ALL) -> list[Found]:
    Label.objects.all().delete()
    for number, text, spoken, preferred, kind, said_by in entries:
        concept, _is_new = MODELS[kind].objects.get_or_create(key=f"{kind}-{number}")  # type: ignore[attr-defined]
        label = {"language": spoken, "is_preferred": preferred, "said_by": said_by, kind: concept}
        Label.saying(text, **label).save()
    changed()
    return typeahead.search(query, language=language, kinds=kinds)


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
    assert texts(search(entries, "podcast")) == ["podcast"]
    assert texts(typeahead.search("podcast p", language="en", kinds=ALL)) == ["podcast production"]


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
    assert [(hit.text, hit.is_mended) for hit in found] == [("photography", True)]


def test_short_words_and_distant_words_are_not_mended() -> None:
    assert search([an_entry(1, "ink"), an_entry(2, "gardening")], "ing") == []
    assert search([an_entry(1, "gardening", kind="sector")], "gbrdxning")[0].is_mended
    assert search([], "gbrdxninq") == []


def test_a_proposed_skill_comes_after_one_that_is_settled() -> None:
    entries = [an_entry(1, "weaving", said_by=Source.MEMBER), an_entry(2, "weaving by hand")]
    assert texts(search(entries, "weav")) == ["weaving by hand", "weaving"]


def test_only_the_kinds_that_were_asked_for() -> None:
    entries = [an_entry(1, "photography"), an_entry(1, "photographer", kind="profession")]
    assert texts(search(entries, "photo", kinds=frozenset[Kind]({"profession"}))) == ["photographer"]


def test_ours_come_before_imported_ones_and_those_before_proposals() -> None:
    said = [("weaving by hand on a loom", Source.CORE), ("weaving", Source.MEMBER), ("weaving mats", Source.ESCO)]
    entries = [an_entry(number, text, said_by=by) for number, (text, by) in enumerate(said)]
    assert texts(search(entries, "weav")) == ["weaving by hand on a loom", "weaving mats", "weaving"]


def test_professions_come_last_and_are_never_crowded_out() -> None:
    skills = [an_entry(number, f"photo technique {number}") for number in range(20)]
    professions = [an_entry(number, f"photographer {number}", kind="profession") for number in range(5)]
    found = search([*skills, *professions], "photo")
    assert [hit.kind for hit in found] == ["skill"] * 9 + ["profession"] * 3


def test_a_known_word_is_mended_too_when_nothing_else_helps() -> None:
    """`form` is a word, and yet farm accounting was meant."""
    assert texts(search([an_entry(1, "farm accounting"), an_entry(2, "web form")], "form accounting")) == [
        "farm accounting"
    ]


def test_a_short_word_that_nobody_knows_is_left_out() -> None:
    assert texts(search([an_entry(1, "use CAD software")], "ues CAD software")) == ["use CAD software"]


def test_what_is_retired_is_not_found() -> None:
    search([an_entry(1, "lighting"), an_entry(2, "lighting desks")], "light")
    Skill.objects.filter(key="skill-1").update(status="retired")
    assert texts(typeahead.search("light", language="en", kinds=ALL)) == ["lighting desks"]


def test_a_label_that_was_changed_or_deleted_is_found_no_more() -> None:
    search([an_entry(1, "old stage lighting"), an_entry(2, "new stage lighting")], "stage")
    Label.objects.filter(text="old stage lighting").update(folded="weaving")
    Label.objects.filter(text="new stage lighting").delete()
    assert texts(typeahead.search("lighting", language="en", kinds=ALL)) == []
    assert texts(typeahead.search("weaving", language="en", kinds=ALL)) == ["old stage lighting"]


def test_the_words_are_indexed_again_where_the_index_is_gone() -> None:
    search([an_entry(1, "stage lighting")], "stage")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE skills_label_words" if connection.vendor == "sqlite" else "DROP INDEX skills_label_words"
        )
    lookup.make_indexes(connection.alias)
    assert texts(typeahead.search("lighting", language="en", kinds=ALL)) == ["stage lighting"]


def test_at_most_twelve() -> None:
    assert len(search([an_entry(number, f"sewing {number}") for number in range(40)], "sew")) == 12


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "\x00", "%", "🎻" * 50, "a " * 500, "x" * 5000])
def test_nonsense_finds_nothing_and_breaks_nothing(typed: str) -> None:
    assert search([an_entry(1, "lighting")], typed) == []


def test_of_a_proposal_only_its_own_words_are_read_and_of_anything_else_all(monkeypatch: pytest.MonkeyPatch) -> None:
    search([an_entry(1, "stage lighting"), an_entry(2, "weaving")], "lihgting")
    before = Label.objects.order_by("pk").last()
    assert before is not None
    read: list[int] = []
    said = lookup.said

    def noted(*, since: int = 0) -> lookup.Said:
        read.append(since)
        return said(since=since)

    monkeypatch.setattr(lookup, "said", noted)
    propose_skill(name="Harpsichord making", language="en")
    assert texts(typeahead.search("harpsicord", language="en", kinds=ALL)) == ["Harpsichord making"]
    assert texts(typeahead.search("lihgting", language="en", kinds=ALL)) == ["stage lighting"]
    assert read == [before.pk]
    changed()
    assert texts(typeahead.search("lihgting", language="en", kinds=ALL)) == ["stage lighting"]
    assert read == [before.pk, 0]


def test_all_words_are_read_again_where_the_last_label_is_another_one() -> None:
    """As where the database was brought back from a copy, and others were proposed since."""
    search([an_entry(1, "stage lighting"), an_entry(2, "weaving")], "lihgting")
    Label.objects.filter(text="stage lighting").update(folded="harpsichord making")
    Label.objects.filter(text="weaving").update(folded="sewing")
    changed(labels=False)
    assert texts(typeahead.search("harpsicord", language="en", kinds=ALL)) == ["stage lighting"]
