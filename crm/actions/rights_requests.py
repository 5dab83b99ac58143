"""The requests desk: what somebody asks about their own data, answered within its month."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import addresses, audit, consent, erasing, objections
from crm.actions.checks import check
from crm.actions.errors import IllegalTransition, Refused
from crm.actions.reasons import translated
from crm.models import (
    Address,
    Answer,
    Attachment,
    Cluster,
    ImportRow,
    Note,
    Person,
    Position,
    RightsRequest,
    Suppression,
    User,
)
from crm.models.people import PersonQuerySet
from crm.rules.addresses import InvalidAddress
from crm.rules.dates import months_later
from crm.rules.names import fold

MONTH, LONGEST = 1, 3
"""Months to answer (GDPR, Art. 12(3)), and with the two that may be added for a reason."""
SOURCE = "requests desk"
SOME = 20
State, Kind = RightsRequest.State, RightsRequest.Kind


def record(
    *,
    cluster: Cluster,
    kind: str,
    received_on: dt.date,
    by: User | None,
    person: Person | None = None,
    name: str = "",
    email: str = "",
    note: str = "",
) -> RightsRequest:
    """Write down what somebody asks. Its month begins on the day on which it came.

    The person is who is given, else the only one of the cluster with this mailbox.
    """
    if received_on > timezone.localdate():
        raise Refused(_("It cannot have come after today. Choose the day on which it came."))
    if person:
        erasing.refuse_erased(person)
        name, email = name or person.full_name, email or person.email
    if not (name.strip() or email.strip()):
        raise Refused(_("Say who asks: a name or an address."))
    row = RightsRequest(
        cluster=cluster,
        kind=kind,
        name=name.strip(),
        email=email.strip(),
        received_on=received_on,
        due_on=months_later(received_on, MONTH),
        note=note.strip(),
        by=by,
    )
    check(row)
    found = [person] if person else list(_by_mailbox(row)[:2])
    row.person = found[0] if len(found) == 1 else None
    with transaction.atomic():
        row.save()
        audit.record(by=by, verb="record", row=row, cluster=cluster, detail={"kind": kind})
    return row


def candidates(request: RightsRequest) -> PersonQuerySet:
    """Whom of the cluster it may be about: by the mailbox, or by the name."""
    named = Person.objects.none()
    if fold(request.name):
        named = Person.objects.filter(name_folded=fold(request.name))
    found = (_by_mailbox(request) | named).filter(cluster=request.cluster_id, erased_at=None)
    return found.filter(merged_into=None).distinct()


def link(*, request: RightsRequest, person: Person, by: User | None) -> None:
    """It is about this person of the cluster."""
    with transaction.atomic():
        row = _open(request)
        erasing.refuse_erased(person)
        if person.cluster_id != row.cluster_id:
            raise Refused(_("People of different clusters stay apart: each cluster keeps its own."))
        row.person = person
        row.save(update_fields=["person"])
        audit.record(by=by, verb="link", row=row, cluster=row.cluster)


def extend(*, request: RightsRequest, why: str, by: User | None) -> RightsRequest:
    """Two months more, once, for a reason, while the first month lasts."""
    with transaction.atomic():
        row = _open(request)
        if row.is_extended:
            raise Refused(_("It was extended already. Once is all the law allows."))
        if row.due_on < timezone.localdate():
            raise Refused(
                _("The first month is over, and within it one would have had to be told. Answer.")
            )
        if not why.strip():
            raise Refused(_("Give the reason: whoever asks has to be told it."))
        row.extended_why, row.due_on = why.strip(), months_later(row.received_on, LONGEST)
        check(row)
        row.save(update_fields=["extended_why", "due_on"])
        audit.record(by=by, verb="extend", row=row, cluster=row.cluster)
    return row


def answer(*, request: RightsRequest, done: bool, answer: str, by: User | None) -> RightsRequest:
    """It is answered: done, or declined with the reasons that were given.

    An objection that is done as asked stops every mail of the cluster to who objects.
    """
    with transaction.atomic():
        row = _open(request)
        if not answer.strip():
            raise Refused(_("Write down what was answered: it is the proof."))
        if done and row.kind == Kind.OBJECTION:
            _stop(row, by)
        return _close(row, State.DONE if done else State.DECLINED, answer.strip(), by)


def carry_out(*, request: RightsRequest, by: User | None) -> RightsRequest:
    """Erase the person whom it is about, and with them what the request says of them."""
    with transaction.atomic():
        row = _open(request)
        if row.kind != Kind.ERASURE:
            raise Refused(_("This request asks for something else. Record one for an erasure."))
        if row.person is None:
            raise Refused(_("Say first whose record it is about."))
        person = row.person
        row = _close(row, State.DONE, "", by)
        erasing.erase_person(person=person, by=by)
        row.refresh_from_db()
    return row


@dataclass(frozen=True)
class Preview:
    """What erasing somebody takes away, and what stays of them."""

    names: list[str]
    mailboxes: list[str]
    notes: int
    attachments: int
    posts: int
    lines: int
    answers: int
    mentions: int
    """Notes of the cluster on others that hold the name: a person has to look at them."""


def preview(person: Person) -> Preview:
    """Of one cluster's record, with whatever was merged into it; no other list is looked at."""
    selves = [*person.selves]
    pks = [row.pk for row in selves]
    names = sorted({row.full_name for row in selves if row.full_name})
    mailboxes = Address.objects.filter(uses__person__in=pks, erased_at=None).distinct()
    mentions = Note.objects.none()
    if person.family:
        mentions = Note.objects.filter(cluster=person.cluster_id, text__icontains=person.family)
    kept = _counted(
        notes=Note.objects.filter(person__in=pks),
        attachments=Attachment.objects.filter(person__in=pks),
        posts=Position.objects.filter(person__in=pks),
        lines=ImportRow.objects.filter(person__in=pks),
        answers=Answer.objects.filter(person__in=pks),
        mentions=mentions.exclude(person__in=pks),
    )
    return Preview(
        names=names, mailboxes=[str(mailbox) for mailbox in mailboxes.order_by("pk")], **kept
    )


def _counted(**kept: QuerySet[Any]) -> dict[str, int]:
    """How many rows each of these is, by one question."""
    first, *others = (
        rows.order_by()
        .annotate(what=Value(name, CharField()))
        .values_list("what")
        .annotate(n=Count("pk"))
        for name, rows in kept.items()
    )
    return dict.fromkeys(kept, 0) | dict(first.union(*others, all=True))


def _stop(row: RightsRequest, by: User | None) -> None:
    """Of an objection by nobody of the list the mailbox is kept out of what comes later."""
    if row.person:
        person = row.person.merged_into or row.person
        if not person.erased_at:
            objections.record(person=person, source=SOURCE, by=by)
    elif candidates(row).exists():
        raise Refused(_("Say first whose record it is about."))
    elif row.email and not Address.objects.at(row.email).filter(key=None).exists():
        consent.withdraw(
            address=addresses.find_or_create(row.email),
            scope=Suppression.Scope.CLUSTER,
            cluster=row.cluster,
            reason=Suppression.Reason.OBJECTED,
            source=SOURCE,
            by=by,
        )


def _by_mailbox(request: RightsRequest) -> PersonQuerySet:
    if not request.email:
        return Person.objects.none()
    try:
        at = Address.objects.at(request.email)
    except InvalidAddress as problem:
        raise Refused(translated(str(problem))) from problem
    return Person.objects.filter(
        addresses__address__in=at, cluster=request.cluster_id, erased_at=None, merged_into=None
    )


def _open(request: RightsRequest) -> RightsRequest:
    rows: Any = RightsRequest.objects.select_for_update(of=("self",))
    row: RightsRequest = rows.select_related("cluster", "person").get(pk=request.pk)
    if not row.is_open:
        raise IllegalTransition(_("This request was answered already."))
    return row


def _close(row: RightsRequest, state: str, answer: str, by: User | None) -> RightsRequest:
    row.state, row.answer, row.answered_on = state, answer, timezone.localdate()
    row.save(update_fields=["state", "answer", "answered_on"])
    audit.record(by=by, verb=state, row=row, cluster=row.cluster, detail={"kind": row.kind})
    return row
