"""Why a file cannot be read."""


class UnreadableFile(ValueError):
    """The file cannot be read as a table; the message is a sentence that says what to do."""
