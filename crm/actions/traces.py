"""What becomes of the records' tables when somebody is erased; docs/privacy.md tells it in words.

Here alone rows are changed of which nothing else is ever changed: history, answers and proofs.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pgtrigger
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from crm.actions.erasing import Traces
from crm.models import (
    Address,
    AddressChange,
    Answer,
    Attachment,
    BulkAct,
    ConsentRecord,
    Duplicate,
    Export,
    ExportPiece,
    Follow,
    Import,
    ImportFile,
    InboxMail,
    LegalBasis,
    Merge,
    Note,
    Notice,
    OwnPageRequest,
    Person,
    PersonAddress,
    Position,
    RightsRequest,
    Subscription,
    Tracking,
)
from crm.models.history import history_of
from crm.models.merges import Noun
from crm.resources.own_rows import ERASED

STAYS = {"id", "cluster", "share_objected", "merged_into", "created_at", "version", "erased_at"}
"""Of a person: all that is left of them. A new column is emptied unless it is named here."""
TAKEN_AWAY: tuple[type[models.Model], ...] = (
    Note, Attachment, Position, PersonAddress, Subscription,
)  # fmt: skip
"""Rows of a person that go, with what they were earlier."""

LINES = """
UPDATE crm_importrow SET cells = NULL, diff = NULL, ended = NULL, conflict = NULL,
    reason = CASE WHEN verdict IN ('error', 'duplicate') THEN %(erased)s ELSE '' END
WHERE (person = ANY(%(people)s)
       OR concat(cells::text, diff::text, reason) ILIKE ANY(%(everywhere)s)
       OR concat(cells::text, diff::text, reason) ILIKE ANY(%(here)s)
          AND of_import_id IN (SELECT id FROM crm_import WHERE cluster_id = ANY(%(clusters)s)))
RETURNING of_import_id
"""
# "Your contact … uses this address under another name."
NAMED = """
UPDATE crm_importrow SET reason = replace(reason, %(name)s, '?')
WHERE reason LIKE %(like)s
  AND of_import_id IN (SELECT id FROM crm_import WHERE cluster_id = ANY(%(clusters)s))
"""


def forget(traces: Traces) -> None:
    _records(traces)
    _lists(traces)
    _acts(traces)
    with pgtrigger.ignore("crm.ConsentRecord:append_only", "crm.Answer:append_only"):
        proofs = ConsentRecord.objects.filter(
            Q(person__in=traces.people) | Q(address__in=[each.pk for each in traces.emptied])
        )
        # What somebody wrote there in their own words may name the person.
        proofs.exclude(by=None).update(source="")
        proofs.update(network="")
        Answer.objects.filter(person__in=traces.people).update(note="")


def _records(traces: Traces) -> None:
    """The people themselves, and what hangs on them."""
    people = traces.people
    for attachment in Attachment.objects.filter(person__in=people):
        delete = partial(attachment.file.storage.delete, str(attachment.file.name))
        transaction.on_commit(delete)
    for model in TAKEN_AWAY:
        model._default_manager.filter(person__in=people).delete()
        _forget_history(model, Q(person__in=people))
    gone = Q(address__in=[each.pk for each in traces.emptied])
    PersonAddress.objects.filter(gone).delete()
    Tracking.objects.filter(gone).delete()
    _forget_history(PersonAddress, gone)
    LegalBasis.objects.filter(person__in=people).delete()
    Notice.objects.filter(person__in=people).delete()
    Person.objects.filter(pk__in=people).update(
        **_empty(Person, STAYS), version=models.F("version") + 1, erased_at=timezone.now()
    )
    _forget_history(Person, Q(id__in=people))
    Address.objects.filter(pk__in=[each.pk for each in traces.emptied]).update(
        email=None, key=None, domain="", undeliverable_at=None, undeliverable_why="",
        erased_at=timezone.now(),
    )  # fmt: skip
    _requests(traces)
    mailboxes = [bytes(each.hmac) for each in traces.emptied]
    others = [bytes(each.hmac) for each in traces.left]
    Follow.objects.filter(
        Q(hmac__in=mailboxes) | Q(hmac__in=others, cluster__in=traces.clusters)
    ).delete()
    OwnPageRequest.objects.filter(hmac__in=mailboxes).delete()
    AddressChange.objects.filter(address__in=[each.pk for each in traces.emptied]).delete()
    # Somebody else's wish for it ends as if it was said no to: they learn nothing more.
    wished = AddressChange.objects.filter(hmac__in=mailboxes)
    wished.exclude(done_at=None).delete()
    wished.update(email="", network="", refused_at=timezone.now())
    InboxMail.objects.filter(rcpt_to__in=_written(traces.emptied)).delete()


def _requests(traces: Traces) -> None:
    """That there was a request, of which kind and when, stays: it has to be answered for."""
    written = Q(pk=None)
    for address in (*traces.emptied, *traces.left):
        written |= Q(email__iexact=address.email, cluster__in=traces.clusters)
    rows = RightsRequest.objects.filter(Q(person__in=traces.people) | written)
    pks = list(rows.values_list("pk", flat=True))
    rows = RightsRequest.objects.filter(pk__in=pks)
    rows.update(**RightsRequest.WORDLESS)
    _forget_history(RightsRequest, Q(id__in=pks))


def _lists(traces: Traces) -> None:
    """Lines of imported lists, and the files that lists came in and went out with."""
    values: dict[str, Any] = {
        "people": list(traces.people),
        "clusters": list(traces.clusters),
        "everywhere": [_like(text) for text in _written(traces.emptied)],
        "here": [_like(text) for text in _written(traces.left)],
        "erased": ERASED,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, values)
        imports = {pk for (pk,) in cursor.fetchall()}
        for name in traces.names:
            cursor.execute(NAMED, values | {"name": name, "like": _like(name)})
    # A list that is not written yet is compared once more before it is, and keeps them out.
    over = Import.objects.filter(pk__in=imports).exclude(pk__in=Import.objects.to_finish())
    over = over.exclude(pk__in=Import.objects.due())
    ImportFile.objects.filter(of_import__in=over).delete()
    over.update(heads=None)
    kept = [*traces.clusters]
    # Whoever makes one at this moment begins anew.
    Export.objects.filter(status=Export.Status.MAKING).update(status=Export.Status.WAITING)
    files = Export.objects.filter(Q(clusters__overlap=kept) | Q(shared_clusters__overlap=kept))
    ExportPiece.objects.filter(of_export__in=files).delete()
    files.filter(expires_at__gt=timezone.now()).update(expires_at=timezone.now())
    files.update(question="")


def _acts(traces: Traces) -> None:
    """What could be taken back, of them, no longer can."""
    people = set(traces.people)
    Duplicate.objects.filter(Q(first__in=people) | Q(second__in=people), noun=Noun.PERSON).delete()
    mine = Q(kept__in=people) | Q(dropped__in=people)
    Merge.objects.filter(mine, noun=Noun.PERSON).update(changes=[], stayed=[])
    # Where two clusters came to keep an organisation together, the merge is one of either.
    posts = Merge.objects.filter(noun=Noun.ORGANISATION, changes__contains=[{"noun": "position"}])
    for merge in posts:
        changes = [step for step in merge.changes if not _is_of(step, people)]
        if changes != merge.changes:
            Merge.objects.filter(pk=merge.pk).update(changes=changes)
    keys = {str(pk) for pk in people}
    for act in BulkAct.objects.filter(noun="people", before__has_any_keys=list(keys)):
        before = {pk: value for pk, value in act.before.items() if pk not in keys}
        BulkAct.objects.filter(pk=act.pk).update(before=before)


def _is_of(step: dict[str, Any], people: set[int]) -> bool:
    """A post of theirs; where its step does not say whose it is, the post that is gone was."""
    if step["noun"] != "position":
        return False
    said = {**step.get("before", {}), **step.get("after", {})}
    if "person_id" in said:
        return said["person_id"] in people
    return not Position.objects.filter(pk=step["pk"]).exists()


def _forget_history(model: type[models.Model], which: Q) -> None:
    history = history_of(model)
    with pgtrigger.ignore(f"{history._meta.label}:append_only"):
        history.objects.filter(which).delete()


def _empty(model: type[models.Model], stays: Iterable[str]) -> dict[str, Any]:
    fields = (field for field in model._meta.concrete_fields if field.name not in stays)
    return {field.name: field.get_default() for field in fields}


def _written(addresses: Iterable[Address]) -> list[str]:
    """A mailbox as it may stand in a text: as it was written, and as it is compared."""
    return sorted({str(text).casefold() for a in addresses for text in (a.email, a.key)})


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
