"""Light markup as a page shows it."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from campaigns.mail import links
from campaigns.rules import markup, post_texts

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """A text with light markup as HTML: its words are escaped, nothing else is in it."""
    return mark_safe(markup.page(text))  # noqa: S308 (of words only escaped ones)


@register.filter
def posted(text: str, sizes: dict[str, tuple[int, int]] | None = None) -> SafeString:
    """The text of a post as HTML, with its pictures; `sizes` by their names, where known."""
    return mark_safe(post_texts.page(text, links.image_path, sizes or {}))  # noqa: S308 (as above)
