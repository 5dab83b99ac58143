"""What an alliance signed with partners abroad: entering, correcting, removing."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check, check_version
from crm.actions.errors import Refused
from crm.models import Agreement, Alliance, Cluster, User

FACTS = (
    "kind", "partners", "market", "scope", "signed_on", "precision", "occasion", "ends_on",
    "document", "public",
)  # fmt: skip


def enter(
    *, alliance: Alliance, by: User | None, clusters: Iterable[Cluster] = (), **facts: Any
) -> Agreement:
    """Write an agreement down; `facts` are named in FACTS, `clusters` are who signed."""
    agreement = Agreement(alliance=alliance)
    with transaction.atomic():
        _fill(agreement, facts, [*clusters])
        audit.record(by=by, verb="create", row=agreement)
    return agreement


def edit(
    *,
    agreement: Agreement,
    by: User | None,
    version: int,
    clusters: Iterable[Cluster],
    **facts: Any,
) -> Agreement:
    """Correct what stands about an agreement. Raises Stale if somebody else did meanwhile."""
    with transaction.atomic():
        row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        check_version(row, version)
        row.version = version + 1
        _fill(row, facts, [*clusters])
        audit.record(by=by, verb="edit", row=row)
    return row


def remove(*, agreement: Agreement, by: User | None) -> None:
    """Take back what was entered by mistake; its history stays."""
    with transaction.atomic():
        audit.record(by=by, verb="remove", row=agreement)
        agreement.delete()


def _fill(row: Agreement, facts: dict[str, Any], clusters: list[Cluster]) -> None:
    unknown = facts.keys() - set(FACTS)
    if unknown:
        raise TypeError(f"not facts of an agreement: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(row, name, value)
    _check_days(row)
    check(row)
    row.save()
    row.clusters.set(clusters)


def _check_days(row: Agreement) -> None:
    if not row.partners:
        raise Refused(_("Name at least one partner."))
    if row.signed_on and row.signed_on > timezone.localdate():
        raise Refused(_("The day of signing lies ahead. Enter the agreement when it is signed."))
    if row.signed_on and row.ends_on and row.ends_on < row.signed_on:
        raise Refused(_("The last day lies before the day of signing."))
