"""Mailboxes: found or written down, one row in the world for each."""

from django.conf import settings
from django.utils.translation import gettext as _

from crm.actions.errors import Refused
from crm.actions.reasons import translated
from crm.models import Address, PersonAddress, Suppression, Tracking
from crm.rules.addresses import InvalidAddress, keyed, normalise

KEPT_OUT = """(a.erased_at IS NOT NULL OR EXISTS (
        SELECT FROM crm_suppression x WHERE x.address_id = a.id AND x.lifted_at IS NULL
          AND x.reason = 'erased'
          AND (x.scope = 'all' OR x.scope = 'cluster' AND x.cluster_id = %(cluster)s)))"""
"""Whether the owner of mailbox `a` was erased, here or everywhere; what `find_or_enter` refuses."""


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


def find_or_enter(text: str, cluster_id: int) -> Address:
    """The mailbox, for a cluster that enters it: not one whose owner was erased from its list."""
    address = find_or_create(text)
    if Suppression.objects.erased_for(cluster_id).filter(address=address).exists():
        raise Refused(_("The owner of this address had it erased. It cannot be entered again."))
    return address


def is_nobodys(address: Address) -> bool:
    """Whether nobody's mails come to it today."""
    first = PersonAddress.objects.filter(address=address, is_primary=True)
    return not first.filter(person__merged_into=None, person__erased_at=None).exists()


def end_yes(address: Address) -> None:
    """A yes to clicks ends where nobody's mails come: who gets the mailbox later said none."""
    if is_nobodys(address):
        Tracking.objects.filter(address=address).delete()


def moved_to(address: Address) -> list[Address]:
    """Where those read their mails now who had this mailbox; none while it is somebody's first."""
    uses = PersonAddress.objects.filter(
        address=address, person__merged_into=None, person__erased_at=None
    )
    if not is_nobodys(address):
        return []
    now = PersonAddress.objects.filter(person__in=uses.values("person"), is_primary=True)
    return list(Address.objects.filter(pk__in=now.values("address")).order_by("pk"))
