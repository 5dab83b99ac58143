"""Light markup as a page shows it."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from campaigns.rules import markup

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """A text with light markup as HTML: its words are escaped, nothing else is in it."""
    return mark_safe(markup.page(text))  # noqa: S308 (of words only escaped ones)
