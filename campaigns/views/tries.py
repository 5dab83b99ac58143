"""Saying what became of the wish to try mails again."""

from django.contrib import messages
from django.utils.translation import ngettext

from campaigns.actions.requeuing import Tries
from crm.views.requests import UserRequest


def warn_of_barred(request: UserRequest, done: Tries) -> None:
    """Say how many are not tried again, and why."""
    if done.barred:
        words = ngettext(
            "One is not sent again: its reader left or its mailbox bounces.",
            "%(n)s are not sent again: their readers left or their mailboxes bounce.",
            len(done.barred),
        )
        messages.warning(request, words % {"n": len(done.barred)})
