"""Cells that a spreadsheet would take for a formula, and the mark that makes them text.

A list is full of what other people wrote. Opened in a spreadsheet, a cell that begins with one of
these signs is computed (OWASP, "CSV Injection"), so an apostrophe is put before it. Reading takes
it away again: what is exported and imported is the same as before, "+34 931 23 45 67" too.
"""

SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
MARK = "'"


def escaped(text: str) -> str:
    """The text as a cell that no spreadsheet computes."""
    return MARK + text if _computes(text) else text


def marked(text: str) -> str:
    """The text as a cell whose type says that it is text: only what reads as marked is marked."""
    return MARK + text if text[:1] == MARK and _computes(text) else text


def unescaped(text: str) -> str:
    """What `escaped` made the cell of; any other text is returned as it is."""
    return text[1:] if text[:1] == MARK and _computes(text) else text


def _computes(text: str) -> bool:
    """Also of a text that is marked already: each mark must be found again."""
    return text.lstrip(MARK)[:1] in SIGNS if text else False
