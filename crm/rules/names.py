"""Folding of names, so that accents, case and punctuation don't hide anybody."""

import re
import unicodedata

# Letters that carry no combining mark to strip, spelt as people without that key spell them.
_SPELLINGS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "·": "", "’": "'"}
)


def fold(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces: "Müller-Örtz" → "muller ortz"."""
    # Compatibility letters decompose into capitals ("™" is "TM"): lower case comes after them.
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return re.sub(r"[\W_]+", " ", bare.translate(_SPELLINGS)).strip()
