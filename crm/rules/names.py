"""Folding of names, so that accents, case and punctuation don't hide anybody."""

import re
import unicodedata

# Letters that carry no combining mark to strip, spelt as people without that key spell them.
_SPELLINGS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "·": "", "’": "'"}
)


def fold(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces: "Müller-Örtz" → "muller ortz"."""
    lowered = text.casefold().translate(_SPELLINGS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return re.sub(r"[\W_]+", " ", bare).strip()
