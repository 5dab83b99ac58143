"""Another mailbox for who reads our mails: only once the owners of both said yes.

The old one is asked "is it you?", for a link may have been passed on; the new one "is it yours?",
for anybody can type anybody's address. What happens to the new one, known or not, erased or new, is
decided by a worker, so that who asks learns nothing of it.
"""

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.actions import letters, probes
from campaigns.actions.follows import ONCE_IN
from campaigns.mail import links
from campaigns.mail.links import Side
from crm.actions import addresses, consent, people
from crm.actions.errors import Refused
from crm.actions.preferences import Preferences
from crm.actions.reasons import translated
from crm.models import Address, AddressChange, Cluster, Follow, Suppression, Tracking
from crm.rules.addresses import InvalidAddress, keyed, normalise
from crm.rules.locks import FOLLOWING

KIND = "address-changes"
SOURCE = "change of address"
A_DAY = 3
"""So often in 24 hours the owner of one mailbox may ask."""
AT_ONCE = 100
# What the reader said themselves goes with them; what servers said of a mailbox does not.
OWN_WORD = (*consent.READERS_WORD, Suppression.Reason.MANUAL)


def ask(*, address: Address, email: str, language: str, network: str) -> AddressChange:
    """Write down that mails shall go to `email` instead. Whether that is known changes nothing.

    Raises Refused where it is no address or the same, where several people of one cluster read the
    mailbox, and after some tries within a day.
    """
    try:
        normal = normalise(email)
    except InvalidAddress as problem:
        raise Refused(translated(str(problem))) from problem
    hmac = keyed(normal.key, settings.ADDRESS_KEY)
    if hmac == bytes(address.hmac):
        raise Refused(_("Mails come to this address already."))
    if cluster := _shared_at(address):
        raise Refused(
            _(
                "Several people of %(cluster)s use this mailbox. Write to %(contact)s, and they "
                "change what is yours."
            )
            % {"cluster": cluster.name, "contact": cluster.data_protection_contact}
        )
    now = timezone.now()
    lately = AddressChange.objects.filter(address=address, asked_at__gt=now - ONCE_IN)
    if lately.count() >= A_DAY:
        raise Refused(_("You asked for it several times today. Look into both mailboxes."))
    return AddressChange.objects.create(
        address=address,
        email=normal.written,
        hmac=hmac,
        language=language,
        network=network,
        asked_at=now,
    )


def _shared_at(address: Address) -> Cluster | None:
    """A cluster of which several people read this mailbox."""
    people = Preferences(address).people
    often = Counter(person.cluster_id for person in people)
    return next((p.cluster for p in people if often[p.cluster_id] > 1), None)


def is_due() -> bool:
    return AddressChange.objects.filter(looked_at=None).exists()


def write_due() -> int:
    """Ask both mailboxes of each request, one process at a time. Returns how many were asked."""
    asked = 0
    with probes.alone(FOLLOWING) as free, transaction.atomic():
        waiting = AddressChange.objects.filter(looked_at=None).select_related("address")
        for change in waiting.order_by("pk")[:AT_ONCE] if free else ():
            now = timezone.now()
            may = _may_be_asked(change)
            if may:
                for side in Side:
                    _write(change, side)
                asked += 1
            AddressChange.objects.filter(pk=change.pk).update(
                looked_at=now, mailed_at=now if may else None
            )
    return asked


def _may_be_asked(change: AddressChange) -> bool:
    """Whether both can be reached, and the new one was not asked anything today."""
    since = timezone.now() - ONCE_IN
    if (
        AddressChange.objects.filter(hmac=change.hmac, mailed_at__gt=since).exists()
        or Follow.objects.filter(hmac=change.hmac, mailed_at__gt=since).exists()
    ):
        return False
    known = Address.objects.filter(hmac=change.hmac).first()
    if known and (known.erased_at or known.undeliverable_at):
        return False
    complained = Suppression.objects.standing().filter(
        address=known, reason=Suppression.Reason.COMPLAINT
    )
    return change.address.erased_at is None and not (known and complained.exists())


def _write(change: AddressChange, side: Side) -> None:
    old = Preferences(change.address)
    cluster = old.clusters[0] if old.clusters else None
    with translation.override(change.language):
        if side == Side.OLD:
            to, subject = change.address.email, _("Is it you who wants another address?")
            what = _(
                "Somebody, probably you, asked that what comes to this address goes to %(new)s "
                "from now on."
            ) % {"new": change.email}
        else:
            to, subject = change.email, _("Is this address yours?")
            what = _(
                "Somebody who gets our mails at %(old)s, probably you, asked that they come to "
                "this address from now on."
            ) % {"old": old.hint}
        letters.tell(
            to=to or "",
            subject=subject,
            paragraphs=[
                what,
                _(
                    "Both addresses get such a mail, and nothing changes until both say yes. "
                    "The link opens a page with a button."
                ),
                _("If it was not you, press No there, or do nothing: after a week it is deleted."),
            ],
            link=(_("Yes or no"), answering(change, side)),
            sender="\n".join([cluster.name, *cluster.postal_lines]) if cluster else "",
            kind=KIND,
            language=change.language,
        )


def answering(change: AddressChange, side: Side) -> str:
    """The address of the page on which one of both owners says yes or no."""
    token = links.moving_token(links.Moving(change.pk, side))
    return links.absolute(reverse("campaigns:address-changes-answer", args=[token]))


def named_by(moving: links.Moving) -> AddressChange | None:
    """The request of a link, answered or not, while it is kept."""
    kept = AddressChange.objects.kept().select_related("address")
    return kept.filter(pk=moving.change_id).first()


def answer(*, change: AddressChange, side: Side, yes: bool) -> AddressChange:
    """One of both owners says yes or no; the second yes changes the address. Repeatable.

    Raises Refused where the new mailbox was erased meanwhile.
    """
    with transaction.atomic():
        consent.hold_withdrawals()
        # Two answers at once are one after the other.
        row = AddressChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if not row.is_open:
            return row
        now = timezone.now()
        if not yes:
            row.refused_at = now
        elif side == Side.OLD:
            row.old_agreed_at = row.old_agreed_at or now
        else:
            row.new_agreed_at = row.new_agreed_at or now
        if yes and row.old_agreed_at and row.new_agreed_at:
            _move(row)
            row.done_at = now
        row.save()
    return row


def _move(change: AddressChange) -> None:
    """All of the owner's, in every cluster's list: what they are, wish and left goes with them.

    The old mailbox stays with each person, so that what was sent to it stays true.
    """
    new = addresses.find_or_create(change.email)
    for person in Preferences(change.address).people:
        if person.primary and person.primary.address_id == change.address_id:
            people.change_address(person=person, email=change.email, by=None, allow_shared=True)
    for left in Suppression.objects.standing().filter(address=change.address, reason__in=OWN_WORD):
        consent.withdraw(
            address=new,
            scope=left.scope,
            topic=left.topic,
            cluster=left.cluster,
            alliance=left.alliance,
            reason=left.reason,
            source=SOURCE,
            delivery=left.delivery,
        )
    if not Tracking.objects.filter(address=new).exists():
        Tracking.objects.filter(address=change.address).update(address=new)


def forget() -> int:
    """Requests that are over go, and with them the new address."""
    kept = AddressChange.objects.kept()
    gone, _each = AddressChange.objects.exclude(pk__in=kept).delete()
    return gone
