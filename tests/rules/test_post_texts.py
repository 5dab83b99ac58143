"""Pictures in the text of a post: lines of their own, everything else is light markup."""

from campaigns.rules import post_texts
from campaigns.rules.post_texts import Picture

NAME = f"{'a' * 64}.png"


def page(text: str) -> str:
    return post_texts.page(text, lambda name: f"/i/{name[:2]}")


def test_a_picture_stands_between_paragraphs() -> None:
    shown = page(f"One.\n\n![A “hall” & <people>]({NAME})\n\nTwo.")
    assert shown == (
        '<p>One.</p><p><img src="/i/aa" alt="A “hall” &amp; &lt;people&gt;" loading="lazy"></p>'
        "<p>Two.</p>"
    )


def test_its_size_is_said_where_it_is_known() -> None:
    text = f"![A hall]({NAME})"
    shown = post_texts.page(text, str, {NAME: (640, 320)})
    assert 'width="640" height="320"' in shown


def test_within_a_line_or_from_elsewhere_it_is_words() -> None:
    for text in (f"See ![A hall]({NAME}) here.", "![A hall](https://elsewhere.example/a.png)"):
        assert "<img" not in page(text)
        assert not post_texts.pictures(text)


def test_words_are_what_is_left_without_pictures() -> None:
    text = f"One.\n\n![A hall]({NAME})\n\nTwo."
    assert post_texts.words(text) == "One.\n\nTwo."
    assert post_texts.pictures(text) == [Picture(NAME, "A hall")]
    assert post_texts.with_picture("One.\n", Picture(NAME, "A")) == f"One.\n\n![A]({NAME})"
    assert post_texts.with_picture("", Picture(NAME, "A")) == f"![A]({NAME})"


def test_what_a_picture_shows_may_be_said_with_brackets() -> None:
    text = post_texts.with_picture("One.", Picture(NAME, "Map [left],\n[right]"))
    assert post_texts.pictures(text) == [Picture(NAME, "Map (left), (right)")]
    assert "![" not in page(text)
