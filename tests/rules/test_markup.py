"""Light markup: what becomes bold, slanted, a link or a list, and that nothing else does."""

import re
from html import escape, unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.rules import markup
from campaigns.rules.merge import merge
from tests.kit.stopwatch import cpu_seconds

pieces = st.sampled_from(
    ["*", "_", "[", "](", ")", "https://a.example/x", "- ", "1. ", "2. ", "\n", "\n\n", "{name}",
     "{given_name|*a*}", "<b>", "&", '"', "'", "javascript:", " ", "word", "ü", "\\", "(", "}"]
)  # fmt: skip
texts = st.lists(pieces | st.text(max_size=5), max_size=25).map("".join)
TAG = re.compile(r'</?(?:strong|em)>|<a href="https://[^"<>]*">|</a>')


def html(text: str) -> str:
    return "".join(markup.html(line) for part in markup.parse(text) for line in part.lines)


def plain(text: str) -> str:
    return "\n".join(markup.plain(line) for part in markup.parse(text) for line in part.lines)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*bold* and _slanted_", "<strong>bold</strong> and <em>slanted</em>"),
        ("a *b c*, (*d*) “_e_”", "a <strong>b c</strong>, (<strong>d</strong>) “<em>e</em>”"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        (
            "[the *hotel*](https://h.example/?a=1&b=(2))",
            '<a href="https://h.example/?a=1&amp;b=(2)">the <strong>hotel</strong></a>',
        ),
        ("*{name|a * b}*", "<strong>{name|a * b}</strong>"),
    ],
)
def test_marked_words(text: str, written: str) -> None:
    assert html(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4",
        "Kolleg*innen und Forscher*innen",
        "a footnote (*) and another (*)",
        "snake_case_name and __init__",
        "*not closed",
        "* a star before a space*",
        "*over\n\nparagraphs*",
        "[words] (https://a.example)",
        "https://a.example/_x_/*y*/z",
        "{given_name|*friend*}",
        "12. Oktober",
        "1. Oktober bis 12. Oktober",
        "-5 degrees",
        "a - b",
    ],
)
def test_what_only_looks_like_markup_stays_as_it_is(text: str) -> None:
    assert markup.is_plain(text)
    assert plain(text) == text.replace("\n\n", "\n")


@pytest.mark.parametrize("target", ["javascript:alert(1)", "http://a.example", "/x", "data:,"])
def test_a_link_leads_to_the_web_and_nowhere_else(target: str) -> None:
    text = f"[words]({target})"

    assert "<a" not in html(text)
    assert markup.targets(text) == [target]


def test_lists_stand_among_paragraphs() -> None:
    text = "Bring:\n- *one*\n- two\nThen:\n1. go\n2. come\n\n1. anew\n2. again\nand rest"

    assert [part.tag for part in markup.parse(text)] == ["p", "ul", "p", "ol", "ol", "p"]
    assert markup.paragraphs(text)[1] == "- *one*\n- two"
    assert html("- *one*") == "<strong>one</strong>"


def test_a_links_address_is_numbered_in_the_plain_text() -> None:
    addresses: list[str] = []
    line = markup.inline("[a](https://a.example), [b](https://b.example), [c](https://a.example)")

    assert markup.plain(line, str, addresses) == "a [1], b [2], c [1]"
    assert addresses == ["https://a.example", "https://b.example"]


def test_an_address_is_written_in_ascii_in_both_parts() -> None:
    line = markup.inline("[words](https://bücher.example/é\\x?a=%20&b='1')")
    addresses: list[str] = []

    assert markup.plain(line, str, addresses) == "words [1]"
    assert addresses == ["https://xn--bcher-kva.example/%C3%A9%5Cx?a=%20&b='1'"]
    assert markup.html(line).startswith(f'<a href="{escape(addresses[0])}">')


@given(texts)
@example("<script>alert(1)</script>*<b>*[<i>](https://a.example/'\"onclick=)")
def test_no_sign_of_the_input_comes_out_as_html(text: str) -> None:
    without_ours = TAG.sub("", html(text))

    assert not set("<>\"'") & set(without_ours)
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", without_ours)


@given(texts)
def test_both_parts_say_the_same_words(text: str) -> None:
    assert unescape(TAG.sub("", html(text))) == plain(text).replace("\n", "")


@given(st.text(st.characters(exclude_characters="*_[]-.{}")))
def test_a_text_without_markup_is_unchanged(text: str) -> None:
    as_ever = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]

    assert markup.is_plain(text)
    assert markup.paragraphs(text) == as_ever
    assert plain(text) == "\n".join(as_ever)


@given(texts)
def test_the_pieces_of_a_text_read_as_the_text_does(text: str) -> None:
    pieces = markup.paragraphs(text)

    assert [part for piece in pieces for part in markup.parse(piece)] == markup.parse(text)


@given(texts, st.text(max_size=20))
def test_what_a_field_is_filled_with_is_never_markup(text: str, value: str) -> None:
    line = markup.inline(f"{{name}}{text}".replace("\n", " "))

    def tags(said: str) -> list[str]:
        return TAG.findall(markup.html(line, lambda one: merge(one, lambda *_: said)))

    assert tags(value) == tags("x")


@pytest.mark.parametrize(
    "unit", ["*a ", "[", "[a](https://(", "{a|*", "_a", "- a\n", "1. a\n2. b\n", "*{a|x", "[x]("]
)
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    text = unit * (65536 // len(unit))

    assert cpu_seconds(lambda: (markup.parse(text), markup.targets(text))) < 1


def test_a_text_becomes_a_page_of_paragraphs_and_lists() -> None:
    page = markup.page("A *b* <c>\n\n- [x](https://x.example/)\n- y")

    assert page == (
        "<p>A <strong>b</strong> &lt;c&gt;</p>"
        '<ul><li><a href="https://x.example/">x</a></li><li>y</li></ul>'
    )
