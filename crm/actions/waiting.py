"""How much waits for a user on the first page: pairs, other clusters' requests, lists."""

from typing import Any

from django.db.models import CharField, Count, QuerySet, Value

from crm.models import Duplicate, Import, Join, User


def waiting(user: User) -> dict[str, int]:
    """How many pairs of each noun wait for the word of somebody who keeps the records, how many
    requests of other clusters and how many lists, in one question. What has none is left out.
    """
    pairs = Duplicate.objects.editable_by(user).open()
    counted: dict[str, QuerySet[Any]] = {
        "joins": Join.objects.asked_of(user).waiting(),
        "imports": Import.objects.editable_by(user).to_finish(),
    }
    parts = [
        rows.order_by()
        .annotate(what=Value(name, CharField()))
        .values_list("what")
        .annotate(n=Count("pk"))
        for name, rows in counted.items()
    ]
    return dict(pairs.by_noun().union(*parts, all=True))
