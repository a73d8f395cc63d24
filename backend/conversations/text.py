"""What people type: cleaned of tricks, and its Markdown as harmless HTML."""

import html as markup
import re
from copy import deepcopy
from functools import cache

import nh3
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from backend.conversations.limits import BODY_MAX_LENGTH
from backend.errors import field_error
from backend.members.wishes import spoken

# Control characters, those that turn the direction of text around, and those that are nothing to see. The joiners
# stay (U+200C, U+200D): Persian, Hindi and many emoji need them.
_TRICKS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")
_JOINERS = "\u200c\u200d\ufe0f"
# Without one of these a text has no markup, and costs nothing to show: inside a line, and where one begins.
_SIGNS = re.compile(r"[*_`~\[\\:]")
_MARKUP = re.compile(r"[*_`~\[\\]|://|mailto:")
_BEGINNING = re.compile(r" {0,3}(?:>|[-+] |\d{1,9}[.)] )| {4}|\t")
_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
_PLAIN = re.compile(r"<(?!/?p\b|br\b)")

_BASE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_PART = f"{_BASE}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?(?:[\U000e0020-\U000e007f]+)?"
_EMOJI = re.compile(f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PART}(?:\u200d{_PART})*)")
EMOJI_MAX_LENGTH = 32


def clean(text: str) -> str:
    """The text without control characters, without those that reverse or hide it, and without blank edges."""
    return _TRICKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """A title or a purpose: one line."""
    return " ".join(clean(text).split())


def is_blank(text: str) -> bool:
    return not text.strip(_JOINERS + " \n\t\u00a0\u2003")


def checked_body(body: str, *, may_be_empty: bool = False) -> str:
    """The cleaned body of a message; refuses an empty one (`empty_message`) and one that is too long (`message_too_long`)."""
    if len(body) > BODY_MAX_LENGTH * 4:
        raise _too_long()
    body = clean(body)
    if is_blank(body):
        if may_be_empty:
            return ""
        raise field_error("body", "empty_message", _("Write something first."))
    if len(body) > BODY_MAX_LENGTH:
        raise _too_long()
    return body


def _too_long() -> Exception:
    return field_error("body", "message_too_long", _("A message may have 8,000 characters at most."))


def checked_language(code: str) -> str:
    if code and code not in spoken():
        raise field_error("language", "bad_language", _("This is not a language that we know."))
    return code


def checked_emoji(emoji: str) -> str:
    """One emoji, as people see it; refuses anything else with `bad_emoji`."""
    if len(emoji) > EMOJI_MAX_LENGTH or not _EMOJI.fullmatch(emoji):
        raise field_error("emoji", "bad_emoji", _("Choose one emoji."))
    return emoji


def rendered(body: str) -> str:
    """The body as HTML of a few harmless tags; empty where it has no markup and can be shown as it is."""
    if not _may_have_markup(body):
        return ""
    html = _markdown().render(body)
    if not _PLAIN.search(html) and "\\" not in body:
        return ""
    return _harmless(html)


def plainly(body: str, html: str | None) -> str:
    """A message in one line, as its words are read: without the signs of its markup."""
    words = markup.unescape(nh3.clean(html, tags=set())) if html else body
    return " ".join(words.split())


def _may_have_markup(body: str) -> bool:
    if _SIGNS.search(body) and _MARKUP.search(body):
        return True
    if "\n" not in body:
        return _BEGINNING.match(body) is not None
    return any(_BEGINNING.match(line) for line in body.split("\n"))


def written(text: str) -> str:
    """A longer text, such as a note, as HTML: like a message, and with headings and rules. They stand below a title of the second level."""
    return _harmless(_markdown_of_notes().render(text))


def _harmless(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS | {"h3", "h4", "h5", "h6", "hr"},
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            **{tag: {"dir": "auto"} for tag in ("p", "li", "blockquote", "pre", "h3", "h4", "h5", "h6")},
        },
    )


@cache
def _markdown() -> MarkdownIt:
    """CommonMark without raw HTML, pictures and headings; addresses become links only when they are written in full."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["linkify", "strikethrough"])
    parser.disable(["image", "heading", "lheading", "hr", "html_block", "html_inline", "entity", "reference"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return parser


@cache
def _markdown_of_notes() -> MarkdownIt:
    parser = deepcopy(_markdown())
    parser.enable(["heading", "lheading", "hr"])
    parser.core.ruler.push("below_the_title", _below_the_title)
    return parser


def _below_the_title(state: StateCore) -> None:
    """What is the first level in the text is the third of the page."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
