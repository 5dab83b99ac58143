"""Numbers that somebody wrote: Python refuses to read one of more than 4,300 digits."""

LONGEST = 18  # digits, of which a bigint holds each


def written_number(text: str) -> int | None:
    """A number without a sign; None: it is none, or too long to be one of ours."""
    digits = text.strip()
    if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST:
        return int(digits)
    return None
