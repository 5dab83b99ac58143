"""Refusals of the domain: every message is a sentence fit for the user."""


class Refused(Exception):
    """An act that cannot be done; the message says why and what to do instead."""


class Stale(Refused):
    """Somebody else changed the row since it was opened."""


class IllegalTransition(Refused):
    """The row is not in a state from which this step is possible."""
