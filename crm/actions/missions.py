"""Delegations abroad, with everything their call and public page are written from."""

import datetime as dt
import uuid
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone as clock
from django.utils.text import get_valid_filename
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
from crm.models import (
    Alliance,
    Cluster,
    Deadline,
    Document,
    Event,
    ExternalRoute,
    Market,
    Mission,
    ProgrammeItem,
    ProgrammeVersion,
    Region,
    User,
)

EDITABLE = (
    "lead_cluster", "market", "names", "leads", "terms", "during", "precision", "status",
    "eligible_categories", "public",
)  # fmt: skip
MANY = ("alliances", "eligible_regions")
LARGEST_DOCUMENT = 10 * 1024 * 1024

Texts = dict[str, str]


def create(
    *,
    by: User | None,
    slug: str,
    alliances: Iterable[Alliance],
    lead_cluster: Cluster,
    market: Market,
    names: Texts,
    leads: Texts,
    terms: Texts,
    during: tuple[dt.date, dt.date],
    precision: str = "day",
    status: str = "draft",
    eligible_regions: Iterable[Region] = (),
    eligible_categories: Iterable[str] = (),
    public: bool = True,
    at: dt.datetime | None = None,
) -> Mission:
    """A new mission; `during` ends the day after its last day. A used slug is refused."""
    mission = Mission(
        slug=slug,
        lead_cluster=lead_cluster,
        market=market,
        names=names,
        leads=leads,
        terms=terms,
        during=during,
        precision=precision,
        status=status,
        eligible_categories=list(eligible_categories),
        public=public,
    )
    together = list(alliances)
    _check_mission(mission)
    check_alliances(together)
    with transaction.atomic():
        check_slug_free(Mission, slug)
        mission.save()
        mission.alliances.set(together)
        mission.eligible_regions.set(eligible_regions)
        audit.record(
            by=by,
            verb="create",
            row=mission,
            cluster=lead_cluster,
            detail={"dated": at.isoformat()} if at else None,
        )
    return mission


def edit(*, mission: Mission, by: User | None, version: int, **fields: Any) -> Mission:
    """Change a mission's own facts; programme, deadlines and documents have their own verbs."""
    unknown = fields.keys() - set(EDITABLE) - set(MANY)
    if unknown:
        raise TypeError(f"not editable fields of a mission: {sorted(unknown)}")
    fields |= {name: list(fields[name]) for name in MANY if name in fields}
    if "alliances" in fields:
        check_alliances(fields["alliances"])
    with transaction.atomic():
        row = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
        check_version(row, version)
        if not any(_differs(row, name, value) for name, value in fields.items()):
            return row
        for name in fields.keys() - set(MANY):
            setattr(row, name, fields[name])
        _check_mission(row)
        row.version = version + 1
        row.save()
        for name in fields.keys() & set(MANY):
            getattr(row, name).set(fields[name])
        audit.record(
            by=by, verb="edit", row=row, cluster=row.lead_cluster, detail={"fields": sorted(fields)}
        )
    return row


def _differs(row: Mission, name: str, value: Any) -> bool:
    if name in MANY:
        return {each.pk for each in value} != {each.pk for each in getattr(row, name).all()}
    if name == "during":
        return (row.during.lower, row.during.upper) != tuple(value)
    return bool(getattr(row, name) != value)


def archive(*, mission: Mission, by: User | None) -> None:
    """Take a mission out of lists and from its public page; twice is as once."""
    _set_archived(mission, by, "archive", clock.now())


def restore(*, mission: Mission, by: User | None) -> None:
    """Bring an archived mission back; twice is as once."""
    _set_archived(mission, by, "restore", None)


def publish_programme(
    *,
    mission: Mission | None = None,
    event: Event | None = None,
    items: list[dict[str, Any]],
    label: str,
    by: User | None,
    at: dt.datetime | None = None,
) -> ProgrammeVersion:
    """Publish the next version of a programme; every call makes one.

    An item that is given the `uid` it had before stays the same entry, so that versions can be
    compared. Other keys are the fields of ProgrammeItem.
    """
    subject = _subject(mission, event)
    if not items:
        raise Refused(_("A programme needs at least one entry."))
    with transaction.atomic():
        type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        earlier = ProgrammeVersion.objects.filter(mission=mission, event=event)
        last = earlier.aggregate(last=models.Max("n"))["last"] or 0
        version = ProgrammeVersion(
            mission=mission, event=event, n=last + 1, label=label, published_at=at or clock.now()
        )
        check(version)
        version.save()
        rows = [_item(version, sequence, values) for sequence, values in enumerate(items, 1)]
        if len({row.item_uid for row in rows}) < len(rows):
            raise Refused(_("The same programme entry stands there twice. Remove one of them."))
        ProgrammeItem.objects.bulk_create(rows)
        audit.record(
            by=by,
            verb="publish_programme",
            row=subject,
            cluster=subject.lead_cluster,
            count=len(rows),
            detail={"n": version.n, "label": label},
        )
    return version


def set_deadline(
    *,
    mission: Mission,
    by: User | None,
    deadline: Deadline | None = None,
    things: Texts,
    at: dt.datetime,
    timezone: str,
    audience: str = "members",
    soft: bool = False,
) -> Deadline:
    """Add a deadline, or change one: calendars that hold it then take the change over."""
    check_timezone(timezone)
    values = {
        "things": things, "at": at, "timezone": timezone, "audience": audience, "soft": soft,
    }  # fmt: skip
    with transaction.atomic():
        if deadline:
            row = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline.pk)
            if all(getattr(row, name) == value for name, value in values.items()):
                return row
            row.sequence += 1
        else:
            row = Deadline(mission=mission, calendar_uid=uuid.uuid4())
        for name, value in values.items():
            setattr(row, name, value)
        check_any_text(things, _("Say what is due, in at least one language."))
        check(row)
        row.save()
        audit.record(by=by, verb="set_deadline", row=mission, cluster=mission.lead_cluster)
    return row


def remove_deadline(*, deadline: Deadline, by: User | None) -> None:
    """Take a deadline off its mission."""
    mission = deadline.mission
    with transaction.atomic():
        deadline.delete()
        audit.record(by=by, verb="remove_deadline", row=mission, cluster=mission.lead_cluster)


def set_external_route(
    *,
    mission: Mission,
    by: User | None,
    organiser: str,
    texts: Texts,
    url: str,
    at: dt.datetime,
    timezone: str,
) -> ExternalRoute:
    """Say where an organisation from outside the eligible regions applies, and until when."""
    check_timezone(timezone)
    with transaction.atomic():
        Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
        route = ExternalRoute.objects.filter(mission=mission).first()
        route = route or ExternalRoute(mission=mission)
        route.organiser, route.texts, route.url = organiser, texts, url
        route.at, route.timezone = at, timezone
        check(route)
        route.save()
        audit.record(by=by, verb="set_external_route", row=mission, cluster=mission.lead_cluster)
    return route


def attach_document(
    *,
    mission: Mission | None = None,
    event: Event | None = None,
    by: User | None,
    titles: Texts,
    language: str,
    file: tuple[str, bytes],
    version: str = "",
) -> Document:
    """Keep a PDF with a mission or an event; `file` is its name and its bytes."""
    subject = _subject(mission, event)
    name, content = file
    if not content.startswith(b"%PDF-"):
        raise Refused(_("“%(name)s” is not a PDF. Save it as PDF first.") % {"name": name})
    if len(content) > LARGEST_DOCUMENT:
        raise Refused(_("“%(name)s” is larger than 10 MB. Make it smaller.") % {"name": name})
    document = Document(
        mission=mission, event=event, titles=titles, language=language, version=version
    )
    with transaction.atomic():
        document.file.save(
            get_valid_filename(PurePath(name).name), ContentFile(content), save=False
        )
        check(document)
        document.save()
        audit.record(by=by, verb="attach_document", row=subject, cluster=subject.lead_cluster)
    return document


def _set_archived(mission: Mission, by: User | None, verb: str, at: dt.datetime | None) -> None:
    with transaction.atomic():
        changed = Mission.objects.filter(pk=mission.pk, archived_at__isnull=at is not None).update(
            archived_at=at, version=F("version") + 1
        )
        if changed:
            audit.record(by=by, verb=verb, row=mission, cluster=mission.lead_cluster)
    mission.refresh_from_db()


def _subject(mission: Mission | None, event: Event | None) -> Mission | Event:
    if mission and not event:
        return mission
    if event and not mission:
        return event
    raise TypeError("give a mission or an event")


def _item(version: ProgrammeVersion, sequence: int, values: dict[str, Any]) -> ProgrammeItem:
    values = dict(values)
    uid = values.pop("uid", None) or uuid.uuid4()
    item = ProgrammeItem(version=version, sequence=sequence, item_uid=uuid.UUID(str(uid)), **values)
    check_any_text(item.titles, _("Each programme entry needs a title in some language."))
    if item.part == ProgrammeItem.Part.HOURS and not item.starts:
        raise Refused(_("A programme entry with hours needs the hour at which it starts."))
    check(item)
    return item


def _check_mission(mission: Mission) -> None:
    check_any_text(mission.names, _("Give the mission a name in at least one language."))
    check(mission)
    first, end = mission.during.lower, mission.during.upper
    if not first or not end or first >= end:
        raise Refused(_("A mission must end on its first day or later."))
