"""The matrix of countries and reasons as an installation begins with it; administrators change it.

It is what the statutes say of advertising by e-mail, not advice about a case. Each line: country
("" is everywhere else), reason, reader, whether it is allowed, where the law has it, what follows.
"""

from typing import NamedTuple

LAWFUL_ASK = "Ask for consent, or enter the membership or the earlier order that there is."


class Default(NamedTuple):
    country: str
    basis: str
    recipient: str
    allowed: bool
    law: str
    note: str


UWG = "§ 7 Abs. 2 Nr. 2 und Abs. 3 UWG"
LSSI = "Ley 34/2002 (LSSI), art. 21"
CPCE = "Code des postes et des communications électroniques, art. L. 34-5; CNIL"
CODICE = "D.lgs. 196/2003, art. 130; Garante, 4 luglio 2013"
DIRECTIVE = "Directive 2002/58/EC, Art. 13"

OF_MISSIONS_AND_NEWS = (
    Default("DE", "legitimate-interest", "company", False, UWG,
            f"Consent is needed between businesses, too. {LAWFUL_ASK}"),
    Default("DE", "legitimate-interest", "private", False, UWG, LAWFUL_ASK),
    Default("DE", "soft-opt-in", "company", True, UWG,
            "Of whoever took part before, about the like; the way out stands in every mail."),
    Default("ES", "legitimate-interest", "company", False, LSSI,
            f"Consent is needed between businesses, too. {LAWFUL_ASK}"),
    Default("ES", "legitimate-interest", "private", False, LSSI, LAWFUL_ASK),
    Default("ES", "soft-opt-in", "company", True, LSSI,
            "Where there is an earlier contract, about the like."),
    Default("FR", "legitimate-interest", "company", True, CPCE,
            "At work and about what their work is: they are told, and may object."),
    Default("FR", "legitimate-interest", "private", False, CPCE, LAWFUL_ASK),
    Default("IT", "legitimate-interest", "company", False, CODICE,
            f"Companies are protected like people. {LAWFUL_ASK}"),
    Default("IT", "legitimate-interest", "private", False, CODICE, LAWFUL_ASK),
    Default("IT", "soft-opt-in", "company", True, CODICE,
            "Of whoever bought or took part before, about the like."),
    Default("", "legitimate-interest", "company", True, DIRECTIVE,
            "Each country decides it for companies: look it up, and enter a rule of its own."),
    Default("", "legitimate-interest", "private", False, DIRECTIVE, LAWFUL_ASK),
    Default("", "legitimate-interest", "follower", False, DIRECTIVE,
            "Followers get what they asked for."),
)  # fmt: skip
PURPOSES = ("missions", "news")
