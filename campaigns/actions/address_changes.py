"""Another mailbox for who reads our mails: only once the owners of both said yes.

The old one is asked "is it you?", for a link may have been passed on; the new one "is it yours?",
for anybody can type anybody's address. What happens to the new one, known or not, erased or new, is
decided by a worker, so that who asks learns nothing of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.actions import clicks, letters, probes
from campaigns.actions.follows import ONCE_IN
from campaigns.mail import links
from campaigns.mail.links import Side
from campaigns.models import Delivery
from crm.actions import consent, moving, wordings
from crm.actions.consent import Word
from crm.actions.errors import Refused
from crm.actions.preferences import Preferences
from crm.actions.reasons import translated
from crm.models import Address, AddressChange, Cluster, Follow, Suppression
from crm.rules.addresses import InvalidAddress, keyed, normalise
from crm.rules.locks import FOLLOWING

KIND = "address-changes"
SOURCE = "change of address, confirmed from both mailboxes"
A_DAY = 3
"""So often in 24 hours the owner of one mailbox may ask."""
AT_ONCE = 100


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
    """Ask both mailboxes of each request, one process at a time. Returns how many new ones were.

    The old one is asked whatever is known of the new one, which who asks would else learn.
    """
    asked = 0
    with probes.alone(FOLLOWING) as free, transaction.atomic():
        waiting = AddressChange.objects.filter(looked_at=None).select_related("address")
        for change in waiting.order_by("pk")[:AT_ONCE] if free else ():
            now = timezone.now()
            sides = [*_sides(change)]
            for side in sides:
                _write(change, side)
            asked += Side.NEW in sides
            AddressChange.objects.filter(pk=change.pk).update(
                looked_at=now, mailed_at=now if Side.NEW in sides else None
            )
    return asked


def _sides(change: AddressChange) -> Iterator[Side]:
    """Who is asked: of the same wish once more within a day, neither."""
    since = timezone.now() - ONCE_IN
    before = AddressChange.objects.filter(address=change.address_id, hmac=change.hmac)
    if (
        not change.is_open
        or change.address.erased_at
        or before.filter(looked_at__gt=since).exists()
    ):
        return
    yield Side.OLD
    if _may_be_asked(change, since):
        yield Side.NEW


def _may_be_asked(change: AddressChange, since: dt.datetime) -> bool:
    """Whether the new one can be reached, and was not asked anything today."""
    if (
        AddressChange.objects.filter(hmac=change.hmac, mailed_at__gt=since).exists()
        or Follow.objects.filter(hmac=change.hmac, mailed_at__gt=since).exists()
    ):
        return False
    known = Address.objects.filter(hmac=change.hmac).first()
    if known is None:
        return True
    complained = Suppression.objects.standing().filter(
        address=known, reason=Suppression.Reason.COMPLAINT
    )
    return not (known.erased_at or known.undeliverable_at or complained.exists())


def _write(change: AddressChange, side: Side) -> None:
    old = Preferences(change.address)
    cluster = old.clusters[0] if old.clusters else None
    with translation.override(change.language):
        to = change.address.email if side == Side.OLD else change.email
        subject, *paragraphs = _words(side, old=old.hint, new=change.email)
        letters.tell(
            to=to or "",
            subject=subject,
            paragraphs=paragraphs,
            link=(_("Yes or no"), answering(change, side)),
            sender="\n".join([cluster.name, *cluster.postal_lines]) if cluster else "",
            kind=KIND,
            language=change.language,
        )


def _words(side: Side, *, old: str, new: str) -> list[str]:
    """What one of both is asked, in the present language: the subject, then the paragraphs."""
    if side == Side.OLD:
        subject = _("Is it you who wants another address?")
        what = _(
            "Somebody, probably you, asked that what comes to this address goes to %(new)s "
            "from now on."
        ) % {"new": new}
    else:
        subject = _("Is this address yours?")
        what = _(
            "Somebody who gets our mails at %(old)s, probably you, asked that they come to "
            "this address from now on."
        ) % {"old": old}
    return [
        subject,
        what,
        _(
            "Both addresses get such a mail, and nothing changes until both say yes. "
            "The link opens a page with a button."
        ),
        _("If it was not you, press No there, or do nothing: after a week it is deleted."),
    ]


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

    Where the new mailbox was erased meanwhile, or its mails go elsewhere by another wish already,
    it ends like one that somebody said no to: whoever asks learns nothing.
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
            if _move(row):
                row.done_at = now
            else:
                row.refused_at = now
        row.save()
    return row


def _move(change: AddressChange) -> bool:
    """Whether it was done: all of the owner's goes along, in every cluster's list."""
    if not Preferences(change.address).people:
        return False
    try:
        new = moving.move(old=change.address, email=change.email, word=_word(change))
    except Refused:
        return False
    if not clicks.agrees(new):
        clicks.forget_reader(new)
    return True


def _word(change: AddressChange) -> Word:
    """By what it is proved that the owner of both wants it: the mail that asked the new one."""
    with translation.override(change.language):
        words = [*_words(Side.NEW, old="…", new="…"), _("Yes or no")]
    asked = Delivery.objects.filter(campaign__ref=KIND, address__hmac=change.hmac).order_by("pk")
    mail = asked.last()
    return Word(
        wording="",
        language=change.language,
        source=SOURCE,
        network=change.network,
        message=links.message_name(mail.pk) if mail else "",
        asked_with=wordings.keep(
            slug="address-change-mail", language=change.language, text="\n\n".join(words)
        ),
    )


def forget() -> int:
    """Requests that are over go, and with them the new address."""
    kept = AddressChange.objects.kept()
    gone, _each = AddressChange.objects.exclude(pk__in=kept).delete()
    return gone
