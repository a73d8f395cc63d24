"""What people type: Markdown as harmless HTML, tricks taken out, one emoji at a time."""

import pytest

from backend.conversations import text
from backend.errors import Refusal


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("**bold** and *slanted*", "<strong>bold</strong> and <em>slanted</em>"),
        ("`code` ~~gone~~", "<code>code</code> <s>gone</s>"),
        ("one\ntwo **x**", "one<br>\ntwo <strong>x</strong>"),
    ],
)
def test_markdown_becomes_a_few_harmless_tags(written: str, html: str) -> None:
    assert text.rendered(written) == f'<p dir="auto">{html}</p>\n'


@pytest.mark.parametrize(
    "written", ["Hello", "3 < 4 & 5 > 4", "# no heading", "see you at 17:00 - or later", "a_b_c", "&amp;"]
)
def test_a_text_without_markup_has_no_html_and_is_shown_as_it_is(written: str) -> None:
    assert text.rendered(written) == ""


@pytest.mark.parametrize(
    "written",
    [
        "**x** <script>alert(1)</script>",
        "**x** <img src=x onerror=alert(1)>",
        "**x** [x](javascript:alert(1))",
        "**x** [x](data:text/html;base64,PHNjcmlwdD4=)",
        "**x** ![x](https://elsewhere.example/pixel.png)",
        "**x** <a href='https://x' onclick='alert(1)'>x</a>",
    ],
)
def test_nothing_that_runs_or_fetches_gets_through(written: str) -> None:
    for html in (text.rendered(written), text.written(written)):
        assert "<strong>x</strong>" in html
        for trick in ("<script", "<img", "<a href='", 'href="javascript', 'href="data'):
            assert trick not in html


def test_a_longer_text_has_headings_below_the_title_of_its_page() -> None:
    html = text.written("# Before\n\nCables\n\n---\n\n##### Small\n")
    assert html == '<h3 dir="auto">Before</h3>\n<p dir="auto">Cables</p>\n<hr>\n<h6 dir="auto">Small</h6>\n'
    assert "<h" not in text.rendered("# Before **all**")


def test_an_address_becomes_a_link_that_tells_nobody_where_one_came_from() -> None:
    html = text.rendered("https://compagnon.example/a?b=1&c=2 and www.nowhere.example")
    assert 'href="https://compagnon.example/a?b=1&amp;c=2"' in html
    assert 'rel="noopener noreferrer nofollow ugc"' in html
    assert html.count("<a ") == 1


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("**Bring** the _saw_\n\n- and `glue`\n- & <wood>", "Bring the saw and glue & <wood>"),
        ("see [the plan](https://example.org/x)", "see the plan"),
        ("two  *\nlines", "two * lines"),
        ("3 < 4 &amp; 5", "3 < 4 &amp; 5"),
    ],
)
def test_in_one_line_the_words_are_read_without_the_signs_of_their_markup(written: str, words: str) -> None:
    assert text.plainly(written, text.rendered(written)) == words


def test_what_turns_text_around_or_hides_in_it_is_taken_out_and_joiners_stay() -> None:
    assert text.clean("invoice\u202egpj.exe\u2066\u200b\ufeff\x07 ") == "invoicegpj.exe"
    assert text.clean("می\u200cخواهم 👩\u200d🚒") == "می\u200cخواهم 👩\u200d🚒"


@pytest.mark.parametrize("body", ["\u200b\u2060", "\u200d\u200c", "\ufeff \n", "\u202e\u202c"])
def test_a_text_of_nothing_but_tricks_is_empty(body: str) -> None:
    with pytest.raises(Refusal) as refusal:
        text.checked_body(body)
    assert refusal.value.extra["fields"]["body"][0]["code"] == "empty_message"


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "👩‍🚒", "🇧🇪", "❤️", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "⭐"])
def test_an_emoji_is_what_people_see_as_one(emoji: str) -> None:
    assert text.checked_emoji(emoji) == emoji


@pytest.mark.parametrize("emoji", ["", "x", "ok", "👍👍", "<b>", "\u202e", "👍" + "\u200d👍" * 40])
def test_anything_else_is_no_emoji(emoji: str) -> None:
    with pytest.raises(Refusal) as refusal:
        text.checked_emoji(emoji)
    assert refusal.value.extra["fields"]["emoji"][0]["code"] == "bad_emoji"
