"""Why a row of a list is not taken, or not wholly, in the reader's language.

`crm.rules` and SQL write the reason in English, for they know no languages, and a row keeps it for
whoever opens the import next. It is told apart by the sentences that it can be made of.
"""

import re

from django.utils.translation import get_language, gettext, gettext_noop

from crm.models import Membership
from crm.models.organisations import CODE_NAMES
from crm.rules.headers import HEADERS
from crm.rules.texts import pick

SENTENCES = (
    gettext_noop("It holds a NUL character. Write the text anew."),
    gettext_noop("It is not in the file's encoding. Choose another one, or write it anew."),
    gettext_noop("“%(text)s” is not an e-mail address."),
    gettext_noop("An email address must have an @-sign."),
    gettext_noop("There must be something before the @-sign."),
    gettext_noop("There must be something after the @-sign."),
    gettext_noop("The part after the @-sign is not valid. It should have a period."),
    gettext_noop("The part after the @-sign contains invalid characters: %(signs)s."),
    gettext_noop("The email address contains invalid characters before the @-sign: %(signs)s."),
    gettext_noop("An email address cannot start with a period."),
    gettext_noop("An email address cannot end with a period."),
    gettext_noop("An email address cannot have two periods in a row."),
    gettext_noop("An email address cannot have a period immediately before the @-sign."),
    gettext_noop("An email address cannot have a period immediately after the @-sign."),
    gettext_noop("An email address cannot have a hyphen immediately after the @-sign."),
    gettext_noop("An email address cannot have a period and a hyphen next to each other."),
    gettext_noop(
        "A display name and angle brackets around the email address are not permitted here."
    ),
    gettext_noop("Quoting the part before the @-sign is not allowed here."),
    gettext_noop("A bracketed IP address after the @-sign is not allowed here."),
    gettext_noop(
        "The part after the @-sign is a special-use or reserved name"
        " that cannot be used with email."
    ),
    gettext_noop(
        "The part after the @-sign is not valid. It is not within a valid top-level domain."
    ),
    gettext_noop("“%(text)s” is not a phone number. Write it with +, like +33 4 …"),
    gettext_noop("“%(text)s” is not a language we know. Write its code, like fr."),
    gettext_noop("“%(text)s” is not a country we know. Write its code, like FR."),
    gettext_noop("“%(text)s” is not a web address, like https://www.company.example."),
    gettext_noop("“%(text)s” is not a number of people. Write it in digits."),
    gettext_noop("“%(text)s” is no %(name)s we know. Write one of: %(codes)s."),
    gettext_noop("“%(text)s” is none of the %(name)s we know: %(codes)s."),
    gettext_noop("“%(text)s…” is longer than %(n)s characters. Shorten it."),
    gettext_noop("Neither a person nor an organisation is named. Add a name or an address."),
    gettext_noop("This row holds a sum. If somebody is called so, add an address or a city."),
    gettext_noop("No person is named, so job and phone were left out."),
    gettext_noop("No organisation is named, so the job was left out."),
    gettext_noop("The owner of this address had it erased. It stays out."),
    gettext_noop("The same as row %(n)s."),
    gettext_noop("Your contact %(who)s uses this address under another name."),
    gettext_noop("Your contact %(who)s has the same name and another address."),
    gettext_noop("Several of your organisations are called “%(name)s”."),
    gettext_noop(
        "Nothing in this row could be read into the columns that you chose. Write it anew."
    ),
    gettext_noop("The same as row %(n)s of “%(sheet)s”."),
    gettext_noop("No single organisation has the number “%(text)s”, so it was left out."),
    gettext_noop("No person is named, so its tags were left out."),
    gettext_noop("No organisation is named, so its tags were left out."),
    gettext_noop("No person is named, so “%(name)s” was left out."),
    gettext_noop("No organisation is named, so “%(name)s” was left out."),
    gettext_noop("“%(name)s” is no tag of yours yet, so it was left out."),
    gettext_noop("“%(text)s” is no tag: it has no letter and no digit."),
    gettext_noop("“%(text)s…” is too long for a tag: %(n)s letters at most."),
    gettext_noop("These are more than %(n)s tags, so the last ones were left out."),
    gettext_noop("“%(text)s” does not answer “%(name)s”."),
    gettext_noop("A text has at most %(n)s characters."),
    gettext_noop("Write a number, like 1234 or 3.5."),
    gettext_noop("Write a day, like 2027-05-31."),
    gettext_noop("Write yes or no."),
    gettext_noop("Write one of: %(choices)s."),
)
_PLACE = re.compile(r"%\\\((\w+)\\\)s|%\((\w+)\)s")
_OTHER = re.compile(r".+?[.!?](?:\s+|$)|.+", re.DOTALL)


def _pattern(sentence: str, letter: str) -> re.Pattern[str]:
    """What finds the sentence with its words in it, up to the next one."""
    escaped = re.escape(sentence)
    held = _PLACE.sub(
        lambda found: (
            f"(?P<{found[1] or found[2]}>{letter if escaped[found.start() - 1] == '“' else '.'}+?)"
        ),
        escaped,
    )
    return re.compile(rf"{held}(?:\s+|$)", re.DOTALL)


# Long ones first: a short one may be the beginning of another. What stands in quotation marks has
# hardly ever one itself, and may not reach into the next sentence.
_PATTERNS = [
    (_pattern(each, letter), each)
    for letter in ("[^”]", ".")
    for each in sorted(SENTENCES, key=len, reverse=True)
]


def _named(words: dict[str, str]) -> dict[str, str]:
    """The names of a column and of the codes that it may hold, as the reader knows them."""
    if "codes" not in words:
        return words
    names = {**CODE_NAMES, **dict((*Membership.Standing.choices, *Membership.Category.choices))}
    language = (get_language() or "en")[:2]
    column = HEADERS.get(words["name"]) if language != "en" else None
    codes = [str(names.get(code, code)) for code in words["codes"].split(", ")]
    return words | {
        "name": pick(column, [language])[1] if column else words["name"],
        "codes": ", ".join(codes),
    }


def translated(reason: str) -> str:
    """The sentences of a reason in the language of the page; what is none of them stays."""
    said = []
    while reason:
        for pattern, sentence in _PATTERNS:
            if found := pattern.match(reason):
                words = _named(found.groupdict())
                said.append(gettext(sentence) % words if words else gettext(sentence))
                break
        else:
            found = _OTHER.match(reason)
            assert found, "whatever is not empty has a first part"
            said.append(found[0].strip())
        reason = reason[found.end() :]
    return " ".join(part for part in said if part)
