"""A campaign from its record to its schedule. The web only writes rows; the worker sends."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import (
    breaker,
    choosing,
    contents,
    overtaken,
    quiet,
    releases,
    snippets,
    transitions,
    trials,
)
from campaigns.models import (
    Audience,
    Campaign,
    Delivery,
    Installation,
    Release,
    Reminder,
    Snippet,
)
from campaigns.models.campaigns import CampaignQuerySet
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import Alliance, AuditEntry, Event, Mission, Purpose, Topic, User

S = Campaign.Status

standard_audience = choosing.standard_audience


def announce(
    *,
    mission: Mission,
    by: User | None,
    alliance: Alliance | None = None,
    audience: Audience | None = None,
    at: dt.datetime | None = None,
    template: Snippet | None = None,
) -> Campaign:
    """Draft a mission's call. While one is open or was sent, that one is returned instead.

    `template`: what it says in place of what the record alone would.
    """
    refuse_unfit(mission)
    alliance = alliance or mission.alliances.first()
    if alliance is None:
        raise Refused(_("This mission belongs to no alliance. Add one on its page."))
    return _draft(
        kind=Campaign.Kind.MISSION_CALL,
        same_as=f"mission:{mission.pk}:call",
        ref=f"{mission.slug}-call",
        mission=mission,
        alliance=alliance,
        audience=audience,
        by=by,
        at=at,
        template=template,
    )


def invite(
    *,
    event: Event,
    by: User | None,
    alliance: Alliance | None = None,
    audience: Audience | None = None,
    at: dt.datetime | None = None,
    template: Snippet | None = None,
) -> Campaign:
    """Draft an event's invitation; the same rules as for a mission call."""
    refuse_unfit(event)
    alliance = alliance or event.alliances.first()
    if alliance is None:
        raise Refused(_("This event belongs to no alliance. Add one on its page."))
    return _draft(
        kind=Campaign.Kind.EVENT_INVITATION,
        same_as=f"event:{event.pk}:invitation",
        ref=f"{event.slug}-invitation",
        event=event,
        alliance=alliance,
        audience=audience,
        by=by,
        at=at,
        template=template,
    )


def refuse_unfit(record: Mission | Event) -> None:
    """Refuse to write about a record that is not there for readers yet, or no longer."""
    if isinstance(record, Event):
        if record.archived_at:
            raise Refused(_("This event is archived. Restore it first."))
        if record.status == Event.Status.DRAFT:
            raise Refused(_("This event is still a draft. Announce it on its page first."))
        return
    if record.archived_at:
        raise Refused(_("This mission is archived. Restore it first."))
    if record.status not in (Mission.Status.OPEN, Mission.Status.DONE, Mission.Status.CLOSED):
        raise Refused(_("This mission is not open. Open it on its page, then announce it."))
    if record.programme is None:
        raise Refused(
            _("“%(mission)s” has no published programme. Publish one on its page first.")
            % {"mission": record}
        )


def write_about(
    *, record: Mission | Event, alliance: Alliance | None, by: User, asked: choosing.Asked
) -> Campaign:
    """Draft a call or an invitation for the people of a list; nothing where they are refused."""
    with transaction.atomic():
        if isinstance(record, Mission):
            campaign = announce(mission=record, alliance=alliance, by=by)
        else:
            campaign = invite(event=record, alliance=alliance, by=by)
        choosing.choose(campaign=campaign, by=by, asked=asked)
    return campaign


def _draft(
    *,
    kind: str,
    same_as: str,
    ref: str,
    alliance: Alliance,
    audience: Audience | None,
    by: User | None,
    at: dt.datetime | None,
    template: Snippet | None,
    mission: Mission | None = None,
    event: Event | None = None,
) -> Campaign:
    if template:
        snippets.refuse_foreign(template, alliance, kind)
    topic = Topic.objects.filter(alliance=alliance, purpose=Purpose.MISSIONS).first()
    with transaction.atomic():
        Alliance.objects.select_for_update().get(pk=alliance.pk)
        open_one = (
            Campaign.objects.filter(same_as=same_as, alliance=alliance)
            .exclude(status=S.CANCELLED)
            .first()
        )
        if open_one:
            return open_one
        earlier = Campaign.objects.filter(ref__startswith=ref).count()
        campaign = Campaign.objects.create(
            ref=f"{ref}-{earlier + 1}" if earlier else ref,
            kind=kind,
            same_as=same_as,
            alliance=alliance,
            topic=topic,
            mission=mission,
            event=event,
            audience=audience or choosing.standard_audience(alliance, topic),
            created_by=by,
        )
        Release.objects.create(campaign=campaign, cluster=None)
        releases.complete(campaign)
        if audience:
            choosing.check(campaign, by, audience.include, audience.exclude)
        contents.draft_from_record(campaign, by=by)
        if not campaign.texts.exists():
            raise Refused(
                _(
                    "“%(record)s” has no name and description in any language. "
                    "Write them on its page first."
                )
                % {"record": campaign}
            )
        if template:
            contents.fill_from_template(campaign, template, by=by)
        audit.record(by=by, verb="drafted", row=campaign, detail={"at": str(at or "")})
    return campaign


def schedule(
    *,
    campaign: Campaign,
    by: User | None,
    send_at: dt.datetime,
    zone: str | None = None,
    pace: int | None = None,
    spread: int = 0,
    heeds_quiet: bool = True,
) -> None:
    """Let the scheduler start the released lanes at this time. Pressing it twice starts once.

    `spread`: minutes over which each lane's mails leave evenly; 0: at once.
    """
    campaign.refresh_from_db()
    _refuse_reminder(campaign)
    overtaken.refuse_too_late(campaign, send_at, spread)
    if campaign.status in (S.DRAFT, S.SCHEDULED) and not campaign.releases.filter(
        status=Release.Status.RELEASED
    ):
        raise Refused(_("No lane is released yet. Release at least one lane, then schedule."))
    changed = Campaign.objects.filter(pk=campaign.pk, status__in=(S.DRAFT, S.SCHEDULED)).update(
        status=S.SCHEDULED,
        send_at=send_at,
        timezone=zone or campaign.timezone,
        started_by=by,
        pace=pace,
        spread_minutes=spread,
        heeds_quiet=heeds_quiet,
        reason_paused="",
    )
    campaign.refresh_from_db()
    if changed != 1:
        if campaign.status == S.CANCELLED:
            raise IllegalTransition(_("This campaign was cancelled. Make a new one."))
        raise IllegalTransition(
            _("This campaign was already started by %(who)s.")
            % {"who": campaign.started_by or _("the scheduler")}
        )
    leave_as(
        campaign, Campaign.objects.filter(reminder__call=campaign, status__in=Campaign.UNSTARTED)
    )
    audit.record(by=by, verb="scheduled", row=campaign, detail={"send_at": send_at.isoformat()})


def leave_as(call: Campaign, reminders: CampaignQuerySet) -> None:
    """Let a call's reminders leave as fast, over as many hours and as quietly as it does."""
    reminders.update(
        pace=call.pace, spread_minutes=call.spread_minutes, heeds_quiet=call.heeds_quiet
    )


def unschedule(*, campaign: Campaign, by: User | None) -> None:
    """Take a schedule back while nothing has started."""
    _refuse_reminder(campaign)
    _step(campaign, (S.SCHEDULED,), S.DRAFT, by=by, verb="unscheduled", send_at=None)


def _refuse_reminder(campaign: Campaign) -> None:
    if Reminder.objects.filter(campaign=campaign).exists():
        raise IllegalTransition(
            _("This is a reminder of another campaign. Change its day on that one's page.")
        )


def pause(*, campaign: Campaign, by: User | None, reason: str = "") -> None:
    """Nothing more is put on the line; what is on it is settled."""
    _step(
        campaign,
        (S.SENDING,),
        S.PAUSED,
        by=by,
        verb="paused",
        reason_paused=reason,
        paused_at=Now(),
    )


def resume(*, campaign: Campaign, by: User) -> None:
    """Go on; the time a campaign stood still does not count against its deliveries."""
    if Installation.objects.filter(fenced_at__isnull=False).exists():
        raise IllegalTransition(
            _("Nothing leaves before an administrator has confirmed this copy of the database.")
        )
    with transaction.atomic():
        paused_at = campaign.paused_at
        _step(
            campaign,
            (S.PAUSED,),
            S.SENDING,
            by=by,
            verb="resumed",
            reason_paused="",
            paused_at=None,
            fence_epoch=Installation.objects.get().epoch,
            forgiven=breaker.counts(campaign) | overtaken.forgiven(campaign),
        )
        if paused_at:
            Delivery.objects.filter(
                campaign=campaign, state=Delivery.State.PENDING, first_tried_at__isnull=False
            ).update(first_tried_at=F("first_tried_at") + (Now() - Value(paused_at)))
            quiet.stood_still(campaign, paused_at)
            trials.stood_still(campaign, paused_at)


def go_on(*, campaign: Campaign, by: User) -> None:
    """Let the rest of a campaign follow its canary now."""
    with transaction.atomic():
        ended = Campaign.objects.filter(pk=campaign.pk, canary=True, status=S.SENDING).update(
            canary=False, canary_ends_at=Now()
        )
        if not ended:
            raise IllegalTransition(_("Nothing waits for the first mails any more."))
        audit.record(by=by, verb="ended the canary", row=campaign)


def paused_by(campaign: Campaign) -> User | None:
    """Who paused it last; None: the breaker, or a command."""
    entry = (
        AuditEntry.objects.filter(noun="campaign", row_id=campaign.pk, verb="paused")
        .select_related("user")
        .order_by("-at")
        .first()
    )
    return entry.user if entry else None


def cancel(*, campaign: Campaign, by: User | None) -> int:
    """End a campaign: what has not left never leaves. Returns how many that are."""
    with transaction.atomic():
        _step(
            campaign,
            (S.DRAFT, S.SCHEDULED, S.SENDING, S.PAUSED),
            S.CANCELLED,
            by=by,
            verb="cancelled",
            finished_at=timezone.now(),
        )
        open_lanes = campaign.releases.exclude(
            status__in=(Release.Status.DECLINED, Release.Status.DONE)
        )
        open_lanes.filter(frozen_at=None).update(status=Release.Status.LAPSED)
        open_lanes.exclude(frozen_at=None).update(status=Release.Status.DONE)
    return transitions.cancel_waiting(campaign)


def _step(
    campaign: Campaign,
    allowed: tuple[str, ...],
    status: str,
    *,
    by: User | None,
    verb: str,
    **fields: Any,
) -> None:
    changed = Campaign.objects.filter(pk=campaign.pk, status__in=allowed).update(
        status=status, **fields
    )
    campaign.refresh_from_db()
    if changed != 1:
        raise IllegalTransition(
            _("This campaign is %(status)s; that step is not possible now.")
            % {"status": campaign.get_status_display()}
        )
    audit.record(by=by, verb=verb, row=campaign)
