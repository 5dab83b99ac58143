"""What the public directory tells search engines."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Nothing in the facts can end the element or begin another one.
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data(facts: dict[str, Any]) -> SafeString:
    """A block of data, which no browser runs, so the content policy has nothing against it."""
    written = json.dumps(facts, ensure_ascii=False).translate(HARMLESS)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(written),  # noqa: S308 (every sign that could end it is written otherwise)
    )
