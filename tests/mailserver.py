"""The test kit's mail server, where most tests look for it."""

from tests.kit.mailserver import MailServer

__all__ = ["MailServer"]
