"""The way to one's own page: asked by anybody, answered to the mailbox alone.

A mail may have been passed on, so its link shows nothing of its reader: it offers to mail a link
that works for some hours to the mailbox itself. Who types an address gets the same answer, known or
not: one row is written, and a worker decides later whether a mail is.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions import letters, probes
from campaigns.actions.follows import HOUR, TooMany
from campaigns.mail import links
from crm.actions.errors import Refused
from crm.actions.reasons import translated
from crm.models import Address, OwnPageRequest, Suppression
from crm.models.own_pages import KEPT
from crm.rules.addresses import InvalidAddress, keyed, normalise
from crm.rules.locks import FOLLOWING

KIND = "own-pages"
DAY = dt.timedelta(hours=24)
AT_ONCE = 100
"""So many are looked at in one tick."""
S = OwnPageRequest.State


def ask(*, email: str, language: str, network: str) -> OwnPageRequest:
    """Write down that somebody wants the link of this mailbox. Raises Refused, and TooMany."""
    try:
        normal = normalise(email)
    except InvalidAddress as problem:
        raise Refused(translated(str(problem))) from problem
    return _ask(keyed(normal.key, settings.ADDRESS_KEY), language, network)


def ask_from_mail(*, own: links.OwnPage, network: str) -> OwnPageRequest | None:
    """The same by the link of a mail, which names the mailbox; None: there never was one.

    Raises TooMany.
    """
    address = Address.objects.filter(pk=own.address_id).first()
    return _ask(bytes(address.hmac), own.language, network) if address else None


def _ask(hmac: bytes, language: str, network: str) -> OwnPageRequest:
    now = timezone.now()
    lately = OwnPageRequest.objects.filter(network=network, asked_at__gt=now - HOUR)
    if network and lately[: settings.FOLLOWS_PER_NETWORK].count() >= settings.FOLLOWS_PER_NETWORK:
        raise TooMany(
            _(
                "Many requests came from your network within the hour. "
                "Please try again in an hour; what you entered is kept on this page."
            )
        )
    return OwnPageRequest.objects.create(
        hmac=hmac, language=language, network=network, asked_at=now
    )


def is_due() -> bool:
    return OwnPageRequest.objects.filter(state=S.WAITING).exists()


def write_due() -> int:
    """Mail the links that are waited for, one process at a time. Returns how many were mailed."""
    written = 0
    with probes.alone(FOLLOWING) as free, transaction.atomic():
        for request in _waiting() if free else ():
            address = _mailbox(request)
            if address:
                _write(address, request.language)
                written += 1
            OwnPageRequest.objects.filter(pk=request.pk).update(
                state=S.MAILED if address else S.SILENT,
                mailed_at=timezone.now() if address else None,
            )
    return written


def forget() -> int:
    gone, _each = OwnPageRequest.objects.filter(asked_at__lte=timezone.now() - KEPT).delete()
    return gone


def _waiting() -> QuerySet[OwnPageRequest]:
    return OwnPageRequest.objects.filter(state=S.WAITING).order_by("pk")[:AT_ONCE]


def _mailbox(request: OwnPageRequest) -> Address | None:
    """Where the link goes: nowhere if nobody's mails come to it, or it got one just now or several
    today."""
    now = timezone.now()
    sent = OwnPageRequest.objects.filter(hmac=request.hmac, mailed_at__isnull=False)
    pause = dt.timedelta(minutes=settings.OWN_PAGE_PAUSE)
    if (
        sent.filter(mailed_at__gt=now - pause).exists()
        or sent.filter(mailed_at__gt=now - DAY).count() >= settings.OWN_PAGES_A_DAY
    ):
        return None
    kept = Address.objects.filter(hmac=request.hmac, erased_at=None, undeliverable_at=None)
    complained = Suppression.objects.standing().filter(reason=Suppression.Reason.COMPLAINT)
    return (
        kept.filter(uses__is_primary=True, uses__person__merged_into=None)
        .exclude(pk__in=complained.values("address"))
        .distinct()
        .first()
    )


def _write(address: Address, language: str) -> None:
    hours = links.OWN_PAGE_LASTS // HOUR
    uses = address.uses.filter(is_primary=True, person__merged_into=None)
    use = uses.select_related("person__cluster").order_by("pk").first()
    assert use
    assert address.email
    cluster = use.person.cluster
    with translation.override(language):
        letters.tell(
            to=address.email,
            subject=_("Your link to what comes to this address"),
            paragraphs=[
                _(
                    "Somebody, probably you, asked for the link to the page on which you see "
                    "what comes to this address, and why, and change it."
                ),
                ngettext(
                    "It works for %(hours)s hour. Do not pass it on: whoever has it sees what "
                    "you see.",
                    "It works for %(hours)s hours. Do not pass it on: whoever has it sees what "
                    "you see.",
                    hours,
                )
                % {"hours": hours},
                _("If it was not you, do nothing: nobody else got this mail."),
            ],
            link=(_("What comes to me"), links.preferences(address.pk, language)),
            sender="\n".join([cluster.name, *cluster.postal_lines]),
            kind=KIND,
            language=language,
        )
