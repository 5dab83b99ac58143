"""Stated numbers with their sources."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from crm.actions import audit
from crm.actions.checks import check
from crm.models import Alliance, Cluster, Event, Figure, Mission, Organisation, Source, User


def state(
    *,
    by: User | None,
    metric: str,
    value: Decimal | int,
    source: str,
    as_of: dt.date,
    precision: str = "day",
    qualifier: str = "exact",
    unit: str = "",
    url: str = "",
    published_on: dt.date | None = None,
    alliance: Alliance | None = None,
    cluster: Cluster | None = None,
    organisation: Organisation | None = None,
    mission: Mission | None = None,
    event: Event | None = None,
) -> Figure:
    """Write a number down as a source stated it; the same statement twice is one row.

    A number that contradicts another stands beside it.
    """
    about = {
        "alliance": alliance,
        "cluster": cluster,
        "organisation": organisation,
        "mission": mission,
        "event": event,
    }
    if sum(subject is not None for subject in about.values()) != 1:
        raise TypeError("a figure is about one thing")
    with transaction.atomic():
        origin, _created = Source.objects.get_or_create(
            title=source, defaults={"url": url, "published_on": published_on}
        )
        figure = Figure(
            metric=metric,
            value=Decimal(value),
            qualifier=qualifier,
            unit=unit,
            as_of=as_of,
            as_of_precision=precision,
            source=origin,
            **about,
        )
        check(figure)
        same = Figure.objects.filter(
            metric=metric,
            value=figure.value,
            qualifier=qualifier,
            as_of=as_of,
            source=origin,
            **about,
        ).first()
        if same:
            return same
        figure.save()
        audit.record(by=by, verb="state", row=figure, cluster=cluster)
    return figure
