"""Fetches what came to the mailbox: kept raw here, filed away there, understood later.

A mail is stored before it is filed away, and its own bytes are its key: whatever breaks in
between, the mail is read again and has no second effect. What is for people stays where it is.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from campaigns.actions import hooks, mailbox
from campaigns.mail import imap, reports
from crm.rules.locks import FETCHING

FILED = "Processed"
AT_MOST = 500  # mails of one look


@dataclass(frozen=True)
class Post:
    """What one look into the mailbox found."""

    stored: int = 0
    for_people: int = 0


def fetch() -> Post:
    """Store what came, and file it away; flag what is for people. Nothing without MAILBOX_URL.

    Raises MailboxTrouble with a sentence for an administrator.
    """
    if not settings.MAILBOX_URL:
        return Post()
    with _alone() as free:
        if not free:
            return Post()
        return _fetch()


def _fetch() -> Post:
    stored = for_people = 0
    with imap.opened(
        settings.MAILBOX_URL, patience=settings.MAILBOX_TIMEOUT, longest=settings.MAILBOX_RUN
    ) as box:
        for uid in box.waiting()[:AT_MOST]:
            raw = box.read(uid, reports.LARGEST)
            if raw is None:
                continue
            if isinstance(mailbox.meaning(raw), reports.ForPeople):
                box.flag(uid)
                for_people += 1
                continue
            hooks.receive(
                provider=mailbox.PROVIDER,
                key=hashlib.sha256(raw).hexdigest(),
                payload={"raw": base64.b64encode(raw).decode()},
            )
            box.file_away(uid, FILED)
            stored += 1
    return Post(stored, for_people)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process reads. A lock of the session, so a killed one leaves it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [FETCHING])
        free = cursor.fetchone() == (True,)
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [FETCHING])
