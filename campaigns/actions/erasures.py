"""A mailbox's owner wants to be erased: asked on a page, confirmed from the mailbox, then done.

Whoever has a link of a mail may have got it passed on, so a link alone erases nobody.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.actions import letters
from campaigns.mail import links
from campaigns.models import Delivery
from crm.actions import erasing
from crm.actions.preferences import Preferences
from crm.models import Address

KIND = "erasures"
ONCE_IN = dt.timedelta(hours=1)
_WAITS = (Delivery.State.PENDING, Delivery.State.ARMED)


def ask(*, address: Address, language: str) -> None:
    """Write to the mailbox with the link that confirms; within an hour only once."""
    with transaction.atomic():
        Address.objects.select_for_update(no_key=True).get(pk=address.pk)
        if _was_asked(address):
            return
        choosing = links.Choosing(address.pk, language)
        with translation.override(language):
            link = links.erasing(choosing, timezone.now().timestamp())
            letters.tell(
                to=str(address.email),
                subject=_("Please confirm: erase all that is kept about you"),
                paragraphs=[
                    _("Somebody, probably you, asked that all that is kept here about this "
                      "address and its owner is erased."),
                    _("It happens only if you confirm it within seven days. The link opens a page "
                      "with a button. Nobody can undo it."),
                    _("If it was not you, do nothing: everything stays as it is."),
                ],
                link=(_("Look at it and confirm"), link),
                sender=_sender(address),
                kind=KIND,
                language=language,
            )  # fmt: skip


def confirm(*, address: Address) -> None:
    """The owner said so from their mailbox. Twice is as once."""
    erasing.erase_mailbox(address=address)


def _was_asked(address: Address) -> bool:
    lately = Q(state__in=_WAITS) | Q(settled_at__gt=timezone.now() - ONCE_IN)
    return Delivery.objects.filter(lately, campaign__ref=KIND, address=address).exists()


def _sender(address: Address) -> str:
    clusters = Preferences(address).clusters
    return "\n\n".join("\n".join([each.name, *each.postal_lines]) for each in clusters)
