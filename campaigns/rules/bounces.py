"""What a refusal says about a mailbox: read from its codes first, from its words with care.

The words of a refusal are anybody's, so they never condemn a mailbox at once: without an enhanced
code (RFC 3463) "no such user" counts like a full mailbox, which three campaigns must confirm.
"""

import datetime as dt
import re
from collections.abc import Iterable
from enum import IntEnum

# Not a part of an IP address or a version: 5.1.10.7 is no code.
_CODE = re.compile(r"(?<![A-Za-z\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\w-])(?!\.\d)")
_SAYS_NO_MAILBOX = re.compile(
    r"(no such|unknown|invalid|nonexistent|non-existent) (user|mailbox|recipient|account|address)"
    r"|(user|mailbox|recipient|account|address) (is )?(unknown|not found|does(n.t| not) exist)"
    r"|(user|recipient|mailbox|account) unavailable|unrouteable address",
    re.IGNORECASE,
)
_SAYS_FULL = re.compile(
    r"(mailbox|inbox)( is)? full|over( the)? quota|quota exceeded", re.IGNORECASE
)
_SAYS_UNWANTED = re.compile(
    r"spam|block(ed|list)|black ?list|den(y|ied)|polic(y|ies)|reputation|dmarc|dkim|\bspf\b"
    r"|relay(ing)?\b|authenticat|not authori[sz]ed|unsolicited",
    re.IGNORECASE,
)

CAMPAIGNS_TO_CONFIRM = 3
WITHIN = dt.timedelta(days=30)


class Bounce(IntEnum):
    """The kinds of refusal, the gravest for the address first."""

    GONE = 1
    FULL = 2
    REFUSED = 3
    OTHER = 4


def judge(*, status: str = "", code: int | None = None, text: str = "") -> Bounce:
    """The kind of a final refusal: `status` is its enhanced code, `code` the server's reply code.

    What the codes say counts; where several contradict each other, the one that is our fault.
    """
    named = [kind for each in _codes(f"{status} {text}") if (kind := _by_code(*each))]
    if named:
        return Bounce.REFUSED if Bounce.REFUSED in named else named[0]
    if _SAYS_UNWANTED.search(text):
        return Bounce.REFUSED
    if _SAYS_FULL.search(text) or _SAYS_NO_MAILBOX.search(text):
        return Bounce.FULL
    return Bounce.FULL if code and 400 <= code < 500 else Bounce.OTHER


def confirmed(moments: Iterable[dt.datetime]) -> bool:
    """Whether three of these refusals, one for each campaign, lie within thirty days."""
    ordered = sorted(moments)
    return any(
        last - first <= WITHIN
        for first, last in zip(ordered, ordered[CAMPAIGNS_TO_CONFIRM - 1 :], strict=False)
    )


def _codes(text: str) -> list[tuple[int, int, int]]:
    return [(int(a), int(b), int(c)) for a, b, c in _CODE.findall(text)]


def _by_code(grade: int, subject: int, detail: int) -> Bounce | None:
    """None where the code says nothing: x.0.0 is what servers write that do not know."""
    if grade == 2 or (subject, detail) == (0, 0):
        return None
    if subject == 7:
        return Bounce.REFUSED
    if grade == 4 or (subject, detail) == (2, 2):
        return Bounce.FULL
    if subject == 1 and detail in (1, 2, 10):
        return Bounce.GONE
    return Bounce.OTHER
