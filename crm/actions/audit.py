"""Who did what, and when it truly happened."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from crm.models import AuditEntry, Cluster, User


def record(
    *,
    by: User | None,
    verb: str,
    row: models.Model | None = None,
    noun: str | None = None,
    row_id: int | None = None,
    cluster: Cluster | None = None,
    count: int | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one act down; `row` stands for its own noun and id. No personal data in `detail`."""
    return AuditEntry.objects.create(
        user=by,
        verb=verb,
        noun=noun or (str(row._meta.model_name) if row else ""),
        row_id=row.pk if row else row_id,
        cluster=cluster,
        count=count,
        detail=detail or {},
    )


def record_each(
    *, by: User | None, verb: str, noun: str, counts: Iterable[tuple[int, int]]
) -> None:
    """Write down one act on many rows: an entry for each (row's id, count)."""
    AuditEntry.objects.bulk_create(
        AuditEntry(user=by, verb=verb, noun=noun, row_id=row_id, count=count)
        for row_id, count in counts
    )
