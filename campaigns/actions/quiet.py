"""Lanes that sleep: in the quiet hours of its region nothing of a lane leaves.

The scheduler puts a lane to sleep and wakes it; nothing of a sleeping lane is leased or put on the
line. Its time stands still meanwhile: what is spread over hours moves on, and nothing expires.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from campaigns.models import Batch, Campaign, Delivery, Release
from campaigns.models.releases import ReleaseQuerySet
from campaigns.rules.quiet import Quiet
from crm.models import Cluster, Participation


def clock() -> dt.datetime:
    """The database's time, as everything that decides whether mail leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    moment: dt.datetime = now
    return moment


def of(cluster: Cluster) -> Quiet:
    """What a cluster keeps quiet."""
    return Quiet(
        cluster.timezone,
        cluster.quiet_from,
        cluster.quiet_until,
        frozenset(cluster.quiet_days),
    )


def said(until: dt.datetime, zone: str) -> str:
    """When it ends, on the clocks of the place; the day is named where it is not the next one."""
    at = timezone.localtime(until, ZoneInfo(zone))
    hour = date_format(at, "TIME_FORMAT")
    if at.date() - timezone.localdate(timezone=ZoneInfo(zone)) <= dt.timedelta(days=1):
        return hour
    return f"{date_format(at, 'DATE_FORMAT')}, {hour}"


def tend(lanes: ReleaseQuerySet | None = None) -> int:
    """Put lanes to sleep and wake them: those being sent, or these. Returns how many."""
    if lanes is None:
        lanes = Release.objects.filter(
            status=Release.Status.SENDING, campaign__status=Campaign.Status.SENDING
        )
    changed = 0
    now: dt.datetime | None = None
    for lane in lanes.select_related("cluster", "campaign").order_by("pk"):
        kept = _kept_by(lane)
        if kept is None and lane.sleeps_until is None:
            continue
        now = now or clock()
        until = kept.ends_at(now) if kept and kept.is_at(now) else None
        if until != lane.sleeps_until:
            changed += _set(lane, until, now)
    return changed


def _kept_by(lane: Release) -> Quiet | None:
    """The quiet hours that a lane heeds; the alliance's own lane: the coordinating cluster's."""
    if not lane.campaign.heeds_quiet:
        return None
    cluster = lane.cluster
    if cluster is None:
        coordinating = Participation.objects.valid_on(timezone.localdate()).filter(
            alliance=lane.campaign.alliance_id, role=Participation.Role.COORDINATOR
        )
        first = coordinating.select_related("cluster").first()
        cluster = first.cluster if first else None
    return of(cluster) if cluster and cluster.keeps_quiet else None


def _set(lane: Release, until: dt.datetime | None, now: dt.datetime) -> int:
    """Let a lane sleep until then, or wake it. 0: somebody else was first."""
    longer = (until or now) - max(lane.sleeps_until or now, now)
    with transaction.atomic():
        rows = Release.objects.filter(pk=lane.pk, sleeps_until=lane.sleeps_until)
        if not rows.update(sleeps_until=until):
            return 0
        if longer:
            stand_still(lane, longer, since=now)
            Delivery.objects.filter(
                campaign=lane.campaign_id,
                release=lane.pk,
                state=Delivery.State.PENDING,
                first_tried_at__isnull=False,
            ).update(first_tried_at=F("first_tried_at") + longer)
    return 1


def stand_still(lane: Release, by: dt.timedelta, *, since: dt.datetime) -> None:
    """Move on what nobody worked on yet and was not due by then: mails spread over hours."""
    Batch.objects.filter(
        release=lane.pk, done_at=None, ids=None, generation=0, not_before__gt=since
    ).update(not_before=F("not_before") + by)


def stood_still(campaign: Campaign, since: dt.datetime) -> None:
    """The same for a campaign that was paused since then; a night in it counts only once."""
    now = clock()
    for lane in campaign.releases.filter(status=Release.Status.SENDING):
        paused = now - max(since, lane.sleeps_until or since)
        if paused > dt.timedelta():
            stand_still(lane, paused, since=since)
