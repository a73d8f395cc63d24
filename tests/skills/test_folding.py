"""One searchable form, whatever the keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.skills.folding import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Éclairage SCÉNIQUE", "eclairage scenique"),
        ("l’œuvre d'art", "l oeuvre d art"),
        ("Straße", "strasse"),
        ("Bühnenbeleuchtung", "buhnenbeleuchtung"),
        ("Ærø smørrebrød", "aero smorrebrod"),
        ("btw-aangifte / TVA", "btw aangifte tva"),
        ("C#, C++ & .NET", "c# c++ & .net"),
        ("Node.js.", "node.js"),
        ("  two \t  words\n", "two words"),
        ("ﬁlm", "film"),
        ("Łódź Þór đak", "lodz thor dak"),
        ("Ｆｕｌｌ", "full"),
        ("—…!?", ""),
        ("", ""),
    ],
)
def test_what_people_type_has_one_searchable_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
