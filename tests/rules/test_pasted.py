"""What is copied elsewhere becomes a text in our markup, quickly, whatever it is."""

import contextlib
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules import markup
from campaigns.rules.blocks import LARGEST_BLOCK, check
from campaigns.rules.pasted import TooLong, as_markup
from tests.kit.stopwatch import cpu_seconds

GOOGLE = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-1"><p dir="ltr">
<span style="font-size:11pt;font-weight:400">Dear all, </span><span style="font-weight:700">come
</span><span style="font-style:italic">now</span><span>!</span></p><ul><li dir="ltr"><p><span>one
</span></p></li><li><p>two <a href="https://x.example/a?b=1&amp;c=2"><span>the [site]</span></a></p>
</li></ul></b>"""
WORD = """<html xmlns:o="urn:schemas"><head><style>p{color:red}</style></head><body>
<!--StartFragment--><h1>Title</h1><p class=MsoNormal><b>Hello</b> w<b>or</b>ld&nbsp;<o:p></o:p></p>
<p class=MsoList>·<span style='font:7.0pt'>&nbsp;&nbsp; </span>First</p><p>·&nbsp;Second</p>
<ol><li>a<li>b</ol><table><tr><td>x</td><td>y</td></tr></table><script>alert(1)</script></body>"""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            GOOGLE,
            "Dear all, *come* _now_!\n\n- one\n- two [the (site)](https://x.example/a?b=1&c=2)",
        ),
        (WORD, "*Title*\n\n*Hello* world\n\n- First\n- Second\n\n1. a\n2. b\n\nx · y"),
        ("a<br>b<p>c</p>d", "a b\n\nc\n\nd"),
        ("<a href='http://a.example'>here</a>", "here (http://a.example)"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='https://a.example/'>https://a.example</a>", "https://a.example"),
        ("<a href='https://a.example'><b>b</b> c</a>", "[*b* c](https://a.example)"),
        ("<b>bold </b>then<i> slanted</i>", "*bold* then _slanted_"),
        ("<b><i>both</i></b>", "*_both_*"),
        ("<b>half</b>word", "halfword"),
        ("<b>a*b</b>", "a*b"),
        ("&lt;b&gt; 1 < 2 &amp; 3", "<b> 1 < 2 & 3"),
        ("just words", "just words"),
        ("", ""),
        ("<!-- never ended", ""),
        ("<script>never ended", ""),
        ("<img src=x onerror=alert(1)>words", "words"),
    ],
)
def test_what_is_kept(html: str, text: str) -> None:
    assert as_markup(html) == text


tags = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<ol>", "</ol>", "<br>",
     "<a href='https://a.example/x'>", "</a>", "<h2>", "</h2>", "<td>", "<script>", "</script>",
     "<!--", "-->", "<", ">", "&lt;", "*", "_", "[", "](https://b.example)", " ", "word", "- "]
)  # fmt: skip


@given(st.lists(tags | st.text(max_size=4), max_size=40).map("".join))
def test_whatever_is_pasted_is_a_text_that_can_be_saved(html: str) -> None:
    text = as_markup(html)

    assert not [word for word in ("<script", "<b>", "<a ") if word in text] or "&lt;" in html
    if text and not markup.targets(text):
        check([{"kind": "text", "text": text.replace("{", "(")}])


@pytest.mark.parametrize(
    "unit",
    ["<div>", "<b>x</i>", "<b><p>x", "<a", "<a href='", "<!--", "<", "<!", "<script>", "word ",
     "<ul><li><b>x</b> ", "<b>x</b>y ", "<a href=https://x.example>x</a>", "&amp", "<b>*</b>"],
)  # fmt: skip
def test_a_long_paste_is_cleaned_or_refused_within_two_seconds(unit: str) -> None:
    def paste(html: str) -> None:
        with contextlib.suppress(TooLong):
            assert len(as_markup(html).encode()) <= LARGEST_BLOCK

    for size in (1024 * 1024, 10 * 1024 * 1024):
        html = unit * (size // len(unit))
        assert cpu_seconds(partial(paste, html)) < 2
