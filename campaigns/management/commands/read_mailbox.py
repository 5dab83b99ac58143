"""Read the mailbox of bounces, unsubscribe mails and calendar answers now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.actions import fetching
from campaigns.mail.imap import MailboxTrouble


class Command(BaseCommand):
    help = (
        "Stores what came to the mailbox of MAILBOX_URL and files it away, as the scheduler does "
        "every minute. What is for people is flagged and stays unread."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MAILBOX_URL:
            raise CommandError(
                "There is no mailbox: set MAILBOX_URL to imaps://user:password@host/INBOX."
            )
        try:
            post = fetching.fetch()
        except MailboxTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"stored={post.stored} for_people={post.for_people}")
