"""How the headers of a mail are written."""

import re
from email.headerregistry import Address as HeaderAddress
from email.policy import SMTP as SMTP_POLICY
from email.policy import EmailPolicy

from campaigns.rules.lines import one_line
from campaigns.rules.quoting import words

_WHOLE = SMTP_POLICY.clone(max_line_length=998)  # RFC 5322, 2.1.1
_FOLDED = SMTP_POLICY.clone(max_line_length=76)  # RFC 2047, 2


class HeaderPolicy(EmailPolicy):
    """Folds what must be encoded, and leaves plain ASCII on one line.

    Folded, a long link would be split into encoded words, and providers would not find it.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if value.isascii():
            return _WHOLE.fold_binary(name, value)
        if name == "Subject":
            # Python's own folding loses or adds space between the words of a long one.
            lines = "\r\n ".join(words(value, len("Subject: ")))
            return f"Subject: {lines}\r\n".encode()
        return _FOLDED.fold_binary(name, value)


SMTP = HeaderPolicy(linesep="\r\n")


def mailbox(name: str, address: str) -> HeaderAddress | str:
    user, _at, domain = address.rpartition("@")
    if not address.isascii():
        return address
    return HeaderAddress(display_name=one_line(name), username=user, domain=domain)


# --- the same for one reader of many, quickly where nothing is special

_LONG = 900  # with a name and an address less than the 998 a line may have
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_easy_address = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9.-]+").fullmatch
_easy_name = re.compile(rf"{_ATOM}(?: {_ATOM})*").fullmatch
_quotable_name = re.compile(r"[ !#-\[\]-~]+").fullmatch


def to_header(name: str, address: str) -> bytes:
    if _easy_address(address) and len(name) + len(address) < _LONG:
        if not name:
            return b"To: %b\r\n" % address.encode()
        if _easy_name(name):
            return f"To: {name} <{address}>\r\n".encode()
        if _quotable_name(name):
            return f'To: "{name}" <{address}>\r\n'.encode()
        if not name.isascii():
            encoded = words(name, len("To: "))
            # Of several words of one name, programs disagree whether there is space between.
            if len(encoded) == 1:
                # A line with an encoded word has at most 76 signs (RFC 2047, 2).
                space = " " if len(encoded[0]) + len(address) < 68 else "\r\n "
                return f"To: {encoded[0]}{space}<{address}>\r\n".encode()
    return _parsed("To", mailbox(name, address))


def subject_header(text: str) -> bytes:
    if text.isascii() and len(text) < _LONG:
        return f"Subject: {text}\r\n".encode()
    return _parsed("Subject", text)


def _parsed(name: str, value: HeaderAddress | str) -> bytes:
    return SMTP.fold_binary(*SMTP.header_store_parse(name, value))
