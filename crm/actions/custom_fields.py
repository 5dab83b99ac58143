"""Custom fields: what a cluster asks of its people and organisations, and the answers."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.models import Cluster, CustomField, Membership, Person, User
from crm.rules.answers import LONGEST, BadAnswer, normal
from crm.rules.names import fold

Kind = CustomField.Kind
MOST = 50  # fields of a cluster for people, and as many for organisations


def create(
    *,
    cluster: Cluster,
    noun: str,
    name: str,
    kind: str,
    choices: Iterable[str] = (),
    by: User | None,
) -> CustomField:
    """A new question, asked last; a name that another one of the cluster has is refused."""
    field = CustomField(cluster=cluster, noun=noun, kind=kind, choices=_tidy(choices))
    with transaction.atomic():
        Cluster.objects.select_for_update(of=("self",), no_key=True).get(pk=cluster.pk)
        others = CustomField.objects.filter(cluster=cluster, noun=noun)
        if others.count() >= MOST:
            raise Refused(_("%(most)s custom fields are enough. Rename one.") % {"most": MOST})
        field.place = (others.aggregate(last=Max("place"))["last"] or 0) + 1
        _name(field, name)
        _check_choices(field)
        field.save()
        audit.record(by=by, verb="create", row=field, cluster=cluster)
    return field


def edit(
    *,
    field: CustomField,
    name: str,
    place: int | None = None,
    choices: Iterable[str] = (),
    by: User | None,
) -> CustomField:
    """Rename a field, move it, change its choices; one that somebody chose is not taken away."""
    with transaction.atomic():
        row = CustomField.objects.select_for_update(of=("self",)).get(pk=field.pk)
        former = row.choices
        _name(row, name)
        row.choices = _tidy(choices) if row.kind == Kind.CHOICE else []
        _check_choices(row)
        for choice in former:
            if choice not in row.choices and answering(row, choice).exists():
                raise Refused(
                    _("“%(choice)s” is somebody's answer, so it stays a choice.")
                    % {"choice": choice}
                )
        if place is not None:
            _move(row, place)
        row.save()
        audit.record(by=by, verb="edit", row=row, cluster=row.cluster)
    return row


def archive(*, field: CustomField, by: User | None) -> None:
    """Ask it no more; what was answered is kept, and twice is as once."""
    _set_archived(field, by, "archive", timezone.now())


def restore(*, field: CustomField, by: User | None) -> None:
    """Ask it again, with the answers there were; twice is as once."""
    _set_archived(field, by, "restore", None)


def answered(
    *, cluster_id: int, noun: str, present: Mapping[str, Any], given: Mapping[CustomField, object]
) -> dict[str, Any]:
    """The present answers with the given ones in their place; an empty one takes it away.

    A field of another cluster or noun is refused, and so is an answer that is not of its kind.
    """
    answers = dict(present)
    for field, said in given.items():
        if field.cluster_id != cluster_id or field.noun != noun:
            raise Refused(_("A custom field is not one of your cluster's. Open the page again."))
        try:
            answer = normal(field.kind, said, field.choices)
        except BadAnswer as error:
            raise Refused(mistake(field)) from error
        if answer is None:
            answers.pop(field.key, None)
        else:
            answers[field.key] = answer
    return answers


def answering(
    field: CustomField, answer: object = None
) -> "QuerySet[Person] | QuerySet[Membership]":
    """The rows of the field's cluster that answer it, or that give this answer."""
    of = Person if field.noun == CustomField.Noun.PERSON else Membership
    rows: Any = of._default_manager.filter(cluster=field.cluster_id)
    if answer is None:
        return rows.filter(custom__has_key=field.key)  # type: ignore[no-any-return]
    return rows.filter(custom__contains={field.key: answer})  # type: ignore[no-any-return]


def mistake(field: CustomField) -> str:
    """What an answer to this field should be like."""
    sentence = {
        Kind.TEXT: _("“%(field)s” is too long: %(most)s letters are the most."),
        Kind.NUMBER: _("“%(field)s” is a number, like 12 or 3.5."),
        Kind.DATE: _("“%(field)s” is a date, like 2027-05-31."),
        Kind.YES_NO: _("“%(field)s” is answered by yes or no."),
        Kind.CHOICE: _("“%(field)s” has other choices. Choose one of them."),
    }[Kind(field.kind)]
    return sentence % {"field": field, "most": LONGEST}


def _name(field: CustomField, name: str) -> None:
    field.name = " ".join(name.split())
    field.folded = fold(field.name)
    if not field.folded:
        raise Refused(_("Give the field a name with at least one letter or digit."))
    check(field)
    twins = CustomField.objects.filter(
        cluster=field.cluster_id, noun=field.noun, folded=field.folded
    )
    twin = twins.exclude(pk=field.pk).first()
    if twin and twin.archived_at:
        raise Refused(
            _("“%(name)s” is archived. Restore it: its answers are kept.") % {"name": twin}
        )
    if twin:
        raise Refused(_("There is a field “%(name)s” already.") % {"name": twin})


def _check_choices(field: CustomField) -> None:
    if field.kind != Kind.CHOICE:
        field.choices = []
    elif len(field.choices) < 2:
        raise Refused(_("Write at least two choices, each on a line of its own."))
    elif len(field.choices) > 100:
        raise Refused(_("A hundred choices are the most. Use a text instead."))
    check(field)


def _tidy(choices: Iterable[str]) -> list[str]:
    tidy = (" ".join(choice.split()) for choice in choices)
    return list(dict.fromkeys(choice for choice in tidy if choice))


def _move(field: CustomField, place: int) -> None:
    others = list(
        CustomField.objects.filter(cluster=field.cluster_id, noun=field.noun)
        .exclude(pk=field.pk)
        .order_by("place", "pk")
    )
    others.insert(max(0, min(place - 1, len(others))), field)
    for number, other in enumerate(others, 1):
        if other.place != number:
            other.place = number
            if other is not field:
                other.save(update_fields=["place"])


def _set_archived(field: CustomField, by: User | None, verb: str, at: dt.datetime | None) -> None:
    with transaction.atomic():
        rows = CustomField.objects.filter(pk=field.pk, archived_at__isnull=at is not None)
        if rows.update(archived_at=at):
            audit.record(by=by, verb=verb, row=field, cluster=field.cluster)
    field.refresh_from_db()
