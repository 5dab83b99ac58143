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
    """They say no, or take the yes back. Returns whether there was a yes."""
    with transaction.atomic():
        Address.objects.select_for_update(no_key=True).get(pk=address.pk)
        gone, _each = Tracking.objects.filter(address=address).delete()
        if gone:
            _said(address, word, ConsentRecord.Act.WITHDRAWN)
    return bool(gone)


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
