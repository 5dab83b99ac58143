"""A mail's HTML as programs show it whose reader likes the dark, or has pictures off."""

import re

_SCHEME = re.compile(r"@media \(prefers-color-scheme: dark\)")
_SCHEMES = re.compile(r'(<meta name="(?:supported-)?color-schemes?" content=)"light dark"')
_SOURCE = re.compile(r'(<img\b[^>]*?) src="[^"]*"')


def seen(html: str, *, dark: bool = False, pictures: bool = True) -> str:
    """The mail in the light or in the dark, whatever the program that shows it is set to."""
    html = _SCHEME.sub("@media all" if dark else "@media not all", html)
    html = _SCHEMES.sub(r'\1"dark"' if dark else r'\1"light"', html)
    return html if pictures else _SOURCE.sub(r"\1", html)
