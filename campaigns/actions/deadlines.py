"""A lane's date: who signs is reminded of it, and what follows when nobody decided by then.

What follows was chosen by the coordinator, and happens once: a lane whose text changes after its
date waits for a person.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.actions import (
    audiences,
    checks,
    freezing,
    letters,
    outward,
    overview,
    releases,
    requeuing,
)
from campaigns.actions.overview import Overview
from campaigns.models import Campaign, Release
from campaigns.models.releases import ReleaseQuerySet
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Grant, User
from crm.rules.addresses import InvalidAddress

S, AtDeadline = Release.Status, Campaign.AtDeadline
BETWEEN_REMINDERS = dt.timedelta(hours=1)


def set_dates(
    *,
    campaign: Campaign,
    by: User,
    dates: Mapping[int, dt.datetime | None],
    at_deadline: str,
) -> None:
    """Until when each lane's word is wanted, and what becomes of one that nobody decided by then.

    `dates` by lane; a lane that is not among them, or is being sent, keeps its own.
    """
    with transaction.atomic():
        held = releases.held(campaign)
        lanes = list(held.releases.filter(pk__in=[*dates], freeze_began_at=None).order_by("pk"))
        moved = [lane for lane in lanes if lane.by_at != dates[lane.pk]]
        for lane in moved:
            at = dates[lane.pk]
            if at is not None and at <= timezone.now():
                raise Refused(_("This lies in the past. Choose a later time."))
            Release.objects.filter(pk=lane.pk).update(by_at=at, passed_at=None, stopped_by="")
        if at_deadline != AtDeadline.WAIT and not held.releases.exclude(by_at=None).exists():
            raise Refused(_("Write until when the regions may decide."))
        if not moved and at_deadline == held.at_deadline:
            return
        Campaign.objects.filter(pk=held.pk).update(at_deadline=at_deadline)
        audit.record(
            by=by,
            verb="set the dates",
            row=campaign,
            count=len(moved),
            detail={"at_deadline": at_deadline},
        )
    campaign.refresh_from_db()


def tend() -> int:
    """Remind of dates that come near, and do what was chosen at those that came."""
    near = Release.objects.undecided().filter(by_at__gt=Now(), by_at__lte=Now() + _notice())
    early = Q(reminded_at=None) | Q(reminded_at__lt=F("by_at") - _notice())
    for lane in near.filter(early).select_related("campaign__alliance", "cluster__region"):
        _write(lane, among=near.filter(early), by=None)
    come = Release.objects.past_their_date().select_related("campaign", "cluster")
    done = 0
    for campaign, lanes in groupby(
        come.order_by("campaign_id", "pk"), key=lambda lane: lane.campaign
    ):
        done += _follow(campaign, list(lanes))
    return done


def _notice() -> dt.timedelta:
    return dt.timedelta(hours=settings.RELEASE_REMINDER)


# --- when it has come


def _follow(campaign: Campaign, lanes: list[Release]) -> int:
    """What was chosen for these lanes. A lane that somebody decides meanwhile is looked at anew."""
    waiting = [lane for lane in lanes if lane.status == S.WAITING]
    seen = None
    if waiting and campaign.at_deadline == AtDeadline.RELEASE:
        clusters = [lane.cluster for lane in waiting if lane.cluster]
        outward.ask(campaign, clusters)
        if outward.is_awaited(campaign, clusters):
            return 0  # a moment later more is known
        seen = overview.read(campaign)
    done = 0
    for lane in lanes:
        try:
            if lane not in waiting or campaign.at_deadline == AtDeadline.WAIT:
                done += _pass(lane)
            elif seen:
                _release(lane, seen)
                done += 1
            else:
                _lapse(lane)
                done += 1
        except (Stale, IllegalTransition):
            continue
    return done


def _pass(lane: Release, why: str = "") -> int:
    """Nothing changes but that its date is over; `why` says what kept it from being released."""
    rows = Release.objects.past_their_date().filter(pk=lane.pk, status=lane.status)
    with transaction.atomic():
        changed = rows.update(passed_at=Now(), stopped_by=why[:300])
        if changed and why:
            audit.record(
                by=None, verb="not released by the date", row=lane, cluster=lane.cluster,
                detail={"why": why},
            )  # fmt: skip
    return changed


def _release(lane: Release, seen: Overview) -> None:
    """Sign it in nobody's name, if nothing stands against it."""
    try:
        mark = releases.seen_in(lane.campaign, [lane])
    except Refused as refusal:
        _pass(lane, str(refusal))
        return
    found = [row for row in seen.lanes if row.release == lane]
    against = [each.sentence for row in found for each in checks.against(seen, row)]
    if against:
        _pass(lane, against[0])
        return
    with transaction.atomic():
        campaign = _as_chosen(lane.campaign)
        releases.check_seen(campaign, [lane], mark)
        now = timezone.now()
        releases.sign(
            campaign,
            lane,
            by=None,
            note=lane.note,
            undo=True,
            verb="released by the date",
            among=Release.objects.past_their_date().filter(status=S.WAITING),
            passed_at=now,
            decided_at=now,
        )
        audiences.remember(campaign, [lane])


def _lapse(lane: Release) -> None:
    """Decline it in nobody's name; somebody may release it later, until the campaign ends."""
    with transaction.atomic():
        _as_chosen(lane.campaign)
        now = timezone.now()
        releases.decide(
            lane,
            S.DECLINED,
            by=None,
            note=_("Nobody decided by the date."),
            verb="declined by the date",
            among=Release.objects.past_their_date().filter(status=S.WAITING),
            passed_at=now,
            decided_at=now,
            signed_version=None,
        )


def _as_chosen(campaign: Campaign) -> Campaign:
    """The campaign, held; where the coordinator chose otherwise meanwhile, it is looked at anew."""
    held = releases.held(campaign)
    if held.at_deadline != campaign.at_deadline:
        raise Stale("What follows at the date was changed.")
    return held


# --- before


def remind(*, release: Release, by: User) -> int:
    """Write to whoever may sign a lane, now. Returns to how many."""
    requeuing.refuse_behind_the_fence()
    if not Release.objects.undecided().filter(pk=release.pk).exists():
        raise Refused(
            _("The lane of %(lane)s is %(status)s; there is nothing to remind of.")
            % {"lane": release.name, "status": release.get_status_display()}
        )
    if not signers(release):
        raise Refused(
            _("Nobody signs for %(lane)s. Give somebody the role of its contact first.")
            % {"lane": release.name}
        )
    earlier = Q(reminded_at=None) | Q(reminded_at__lte=Now() - BETWEEN_REMINDERS)
    told = _write(release, among=Release.objects.undecided().filter(earlier), by=by)
    if told is None:
        raise Refused(
            _("%(lane)s was reminded less than an hour ago. Give them some time.")
            % {"lane": release.name}
        )
    return told


def signers(lane: Release) -> list[User]:
    """Whom a reminder goes to: the desk's own user, and everybody who may sign for the region."""
    today = timezone.localdate()
    grants = Grant.objects.valid_on(today)
    if lane.cluster_id:
        grants = grants.filter(role=Grant.Role.CONTACT, cluster=lane.cluster_id)
    else:
        grants = grants.filter(role=Grant.Role.COORDINATOR, alliance=lane.campaign.alliance_id)
    desk = freezing.resolve_desk(lane.campaign, lane)
    own = [desk.user_id] if desk and desk.user_id else []
    users = User.objects.filter(is_active=True)
    return list(users.filter(Q(pk__in=grants.values("user")) | Q(pk__in=own)).order_by("pk"))


def _write(lane: Release, *, among: ReleaseQuerySet, by: User | None) -> int | None:
    """Remind a lane that is still one of `among`; None: somebody else just did."""
    with transaction.atomic():
        if not among.filter(pk=lane.pk).update(reminded_at=Now()):
            return None
        told = sum(_tell(lane, user) for user in signers(lane))
        audit.record(by=by, verb="reminded", row=lane, cluster=lane.cluster, count=told)
    lane.refresh_from_db()
    return told


def _tell(lane: Release, user: User) -> bool:
    with translation.override(user.language):
        names = {"campaign": lane.campaign, "lane": lane.name, "when": said(lane)}
        subject = (
            _("Until %(when)s: “%(campaign)s” waits for your word")
            if lane.by_at
            else _("“%(campaign)s” waits for your word")
        )
        path = reverse("campaigns:releases-show", args=[lane.campaign.ref, lane.pk])
        try:
            letters.tell(
                to=user.email,
                subject=subject % names,
                paragraphs=[*_paragraphs(lane)],
                link=(_("Look at the lane"), f"{settings.BASE_URL}{path}"),
                sender=_("Liaison. You get this letter because you may sign for %(lane)s.") % names,
                kind="reminders",
                language=user.language,
            )
        except (Refused, InvalidAddress):
            return False  # the others shall hear of it all the same
    return True


def _paragraphs(lane: Release) -> Iterator[str]:
    yield _("The lane of %(lane)s is not signed yet.") % {"lane": lane.name}
    if lane.status == S.HELD:
        yield _("It is on hold, and stays so until somebody releases it.")
    elif lane.by_at:
        yield what_follows(lane.campaign) % {"when": said(lane)}


def what_follows(campaign: Campaign) -> str:
    """What becomes of a lane without a word, as a sentence with %(when)s."""
    return {
        AtDeadline.WAIT.value: _(
            "Without a word until %(when)s it goes on waiting; the others go."
        ),
        AtDeadline.RELEASE.value: _("Without a word until %(when)s it is released as it is."),
        AtDeadline.LAPSE.value: _(
            "Without a word until %(when)s it is declined: its readers get no copy."
        ),
    }[campaign.at_deadline]


def said(lane: Release) -> str:
    """A lane's date on the clocks of its region."""
    if lane.by_at is None:
        return ""
    at = timezone.localtime(lane.by_at, ZoneInfo(lane.timezone))
    return f"{date_format(at, 'DATETIME_FORMAT')} ({lane.timezone})"
