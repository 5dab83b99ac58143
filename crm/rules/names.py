"""Folding of names, so that accents, case and punctuation don't hide anybody."""

import re
import unicodedata

# Letters that carry no combining mark to strip, spelt as people without that key spell them.
_SPELLINGS = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "·": "", "’": "'"}
)


_NO_WORD = re.compile(r"[\W_]+")


class _Folded(dict[int, str]):
    """What each letter becomes, found out when it first comes."""

    def __missing__(self, code: int) -> str:
        # Compatibility letters decompose into capitals ("™" is "TM"): lower case comes after them.
        decomposed = unicodedata.normalize("NFKD", chr(code)).casefold()
        decomposed = unicodedata.normalize("NFKD", decomposed)
        bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
        self[code] = bare.translate(_SPELLINGS)
        return self[code]


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces: "Müller-Örtz" → "muller ortz"."""
    return _NO_WORD.sub(" ", text.translate(_FOLDED)).strip()
