"""How much waits for a user on the first page: pairs, requests of clusters and people, lists."""

from collections import Counter
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils import timezone

from crm.models import Duplicate, Import, Join, RightsRequest, User


def waiting(user: User) -> dict[str, int]:
    """How many pairs of each noun wait for the word of somebody who keeps the records, how many
    requests of other clusters, of people about their data, and lists, in one question. What has
    none is left out.

    Pairs are counted up to `crm.models.duplicates.COUNTED`.
    """
    pairs = Duplicate.objects.editable_by(user).open()
    waits: dict[str, QuerySet[Any]] = {
        "joins": Join.objects.asked_of(user).waiting(),
        "rights": RightsRequest.objects.editable_by(user).pressing(timezone.localdate()),
        "imports": Import.objects.editable_by(user).to_finish(),
    }
    parts = [
        rows.order_by().values_list(Value(name, CharField()), flat=True)
        for name, rows in waits.items()
    ]
    return Counter(pairs.nouns().union(*parts, all=True))
