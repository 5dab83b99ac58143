"""Mailboxes: found or written down, one row in the world for each."""

from django.conf import settings
from django.utils.translation import gettext as _

from crm.actions.errors import Refused
from crm.actions.reasons import translated
from crm.models import Address
from crm.rules.addresses import InvalidAddress, keyed, normalise


def find_or_create(text: str) -> Address:
    """The mailbox written in `text`. An erased one is never filled again."""
    try:
        normal = normalise(text)
    except InvalidAddress as error:
        raise Refused(translated(str(error))) from error
    address, _created = Address.objects.get_or_create(
        hmac=keyed(normal.key, settings.ADDRESS_KEY),
        defaults={"email": normal.written, "key": normal.key, "domain": normal.domain},
    )
    if address.erased_at:
        raise Refused(_("The owner of this address had it erased. It cannot be entered again."))
    return address
