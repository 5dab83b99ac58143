"""Dated gatherings to which readers are invited."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import (
    check,
    check_alliances,
    check_any_text,
    check_slug_free,
    check_timezone,
    check_version,
)
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, Event, User

EDITABLE = (
    "lead_cluster", "names", "leads", "mode", "answer_mode", "starts_at", "ends_at", "timezone",
    "place", "city", "join_url", "capacity", "previous_edition", "languages", "status", "public",
)  # fmt: skip

Texts = dict[str, str]


def create(
    *,
    by: User | None,
    slug: str,
    alliances: Iterable[Alliance],
    lead_cluster: Cluster,
    names: Texts,
    leads: Texts,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    timezone: str = "Europe/Paris",
    mode: str = "on_site",
    answer_mode: str = "open",
    place: str = "",
    city: str = "",
    join_url: str = "",
    capacity: int | None = None,
    previous_edition: Event | None = None,
    languages: Iterable[str] = (),
    status: str = "draft",
    public: bool = True,
    at: dt.datetime | None = None,
) -> Event:
    """A new event; a used slug is refused."""
    event = Event(
        slug=slug,
        lead_cluster=lead_cluster,
        names=names,
        leads=leads,
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=timezone,
        mode=mode,
        answer_mode=answer_mode,
        place=place,
        city=city,
        join_url=join_url,
        capacity=capacity,
        previous_edition=previous_edition,
        languages=list(languages),
        status=status,
        public=public,
        calendar_uid=uuid.uuid4(),
    )
    together = list(alliances)
    _check(event)
    check_alliances(together)
    with transaction.atomic():
        check_slug_free(Event, slug)
        event.save()
        event.alliances.set(together)
        audit.record(
            by=by,
            verb="create",
            row=event,
            cluster=lead_cluster,
            detail={"dated": at.isoformat()} if at else None,
        )
    return event


def edit(*, event: Event, by: User | None, version: int, **fields: Any) -> Event:
    """Change an event: calendars that hold it take the change over."""
    unknown = fields.keys() - set(EDITABLE) - {"alliances"}
    if unknown:
        raise TypeError(f"not editable fields of an event: {sorted(unknown)}")
    alliances = list(fields.pop("alliances")) if "alliances" in fields else None
    if alliances is not None:
        check_alliances(alliances)
    with transaction.atomic():
        row = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
        check_version(row, version)
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        moved = alliances is not None and {*alliances} != {*row.alliances.all()}
        if not changed and not moved:
            return row
        for name in changed:
            setattr(row, name, fields[name])
        if changed:
            _check(row)
            row.sequence += 1
        row.version = version + 1
        row.save()
        if alliances is not None:
            row.alliances.set(alliances)
        audit.record(
            by=by,
            verb="edit",
            row=row,
            cluster=row.lead_cluster,
            detail={"fields": sorted(changed)},
        )
    return row


def archive(*, event: Event, by: User | None) -> None:
    """Take an event out of lists and from its public page; twice is as once."""
    _set_archived(event, by, "archive", clock.now())


def restore(*, event: Event, by: User | None) -> None:
    """Bring an archived event back; twice is as once."""
    _set_archived(event, by, "restore", None)


def _set_archived(event: Event, by: User | None, verb: str, at: dt.datetime | None) -> None:
    with transaction.atomic():
        changed = Event.objects.filter(pk=event.pk, archived_at__isnull=at is not None).update(
            archived_at=at, version=F("version") + 1
        )
        if changed:
            audit.record(by=by, verb=verb, row=event, cluster=event.lead_cluster)
    event.refresh_from_db()


def _check(event: Event) -> None:
    check_timezone(event.timezone)
    check_any_text(event.names, _("Give the event a name in at least one language."))
    check(event)
    if event.starts_at >= event.ends_at:
        raise Refused(_("An event must end after it starts."))
