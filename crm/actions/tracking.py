"""Whether it may be kept which links of our mails a reader follows: only after their own yes."""

from django.db import transaction
from django.utils import timezone

from crm.actions.consent import Word, kept
from crm.actions.preferences import Preferences
from crm.models import Address, Basis, ConsentRecord, Tracking
from crm.models.consent import TRACKING


def agrees(address: Address) -> bool:
    return Tracking.objects.filter(address=address).exists()


def agree(*, address: Address, word: Word) -> None:
    """The mailbox's owner says yes; the proof stands with each cluster. Twice is once."""
    with transaction.atomic():
        Address.objects.select_for_update(no_key=True).get(pk=address.pk)
        if not agrees(address) and (records := _said(address, word, ConsentRecord.Act.CONFIRMED)):
            Tracking.objects.create(address=address, since=records[0].at, record=records[0])


def withdraw(*, address: Address, word: Word) -> bool:
    """They say no, or take the yes back. Returns whether there was a yes. Twice is once."""
    with transaction.atomic():
        Address.objects.select_for_update(no_key=True).get(pk=address.pk)
        gone, _each = Tracking.objects.filter(address=address).delete()
        if gone or not _said_no(address):
            _said(address, word, ConsentRecord.Act.WITHDRAWN)
    return bool(gone)


def take_along(*, old: Address, new: Address, word: Word) -> None:
    """Whoever moves from one mailbox to the other takes their yes along, unless either has a no."""
    with transaction.atomic():
        mailboxes = (old, new)
        list(
            Address.objects.filter(pk__in=[each.pk for each in mailboxes])
            .select_for_update(no_key=True)
            .order_by("pk")
        )
        if any(_said_no(each) for each in mailboxes):
            for each in mailboxes:
                withdraw(address=each, word=word)
        elif agrees(new):
            Tracking.objects.filter(address=old).delete()
        else:
            Tracking.objects.filter(address=old).update(address=new)


def _said_no(address: Address) -> bool:
    said = ConsentRecord.objects.filter(address=address, purpose=TRACKING)
    last = said.exclude(act=ConsentRecord.Act.MOVED).order_by("at", "pk").last()
    return last is not None and last.act == ConsentRecord.Act.WITHDRAWN


def _said(address: Address, word: Word, act: str) -> list[ConsentRecord]:
    now, wording = timezone.now(), kept(word)
    return [
        ConsentRecord.objects.create(
            person=person,
            address=address,
            cluster_id=person.cluster_id,
            purpose=TRACKING,
            act=act,
            basis=Basis.CONSENT if act == ConsentRecord.Act.CONFIRMED else "",
            wording=wording,
            source=word.source,
            language=word.language,
            network=word.network,
            at=now,
        )
        for person in Preferences(address).people
    ]
