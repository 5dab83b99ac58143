"""The breaker pauses a campaign that does harm, and the canary shows it before the rest leaves.

Limits as providers and mailbox operators set them: more than 5 % of mailboxes that do not exist
or more than 0.1 % complaints end a sender's good name; a refusal of policy (5.7.x) or ten errors
in a row mean that something is wrong with us, not with the readers.
"""

import datetime as dt
import logging
import re
import threading

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.actions import statements, telling
from campaigns.mail.transports.contract import End, Outcome
from campaigns.models import Batch, BounceClass, Campaign, Delivery
from crm.actions import audit

log = logging.getLogger(__name__)

GONE_AT_MOST = 0.05
COMPLAINTS_AT_MOST = 0.001
ERRORS_IN_A_ROW = 10
JUDGED_FROM = 200  # mails, before which a rate says nothing

# What batches that are over have sent, and of open ones what was tried: a refusal counts at once,
# so the mails around it must, too, long before their batch is over.
SENT = """
SELECT coalesce((SELECT sum(sent) FROM campaigns_batch
                 WHERE campaign_id = %(campaign)s AND done_at IS NOT NULL), 0)
     + (SELECT count(*) FROM campaigns_batch b JOIN campaigns_delivery d
            ON d.id BETWEEN b.first_id AND b.last_id AND d.campaign_id = b.campaign_id
           AND d.release_id IS NOT DISTINCT FROM b.release_id
           AND (b.ids IS NULL OR d.id = ANY(b.ids))
        WHERE b.campaign_id = %(campaign)s AND b.done_at IS NULL
          AND (b.lease_until IS NOT NULL OR b.sent > 0) AND d.first_tried_at IS NOT NULL)
"""

_POLICY = re.compile(r"\b5\.7\.\d+\b")


def trip(campaign: Campaign, why: str) -> bool:
    """Pause a campaign under way and say why, to whoever scheduled it by a letter.

    False if it was not sending (any more).
    """
    with transaction.atomic():
        tripped = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.SENDING).update(
            status=Campaign.Status.PAUSED, paused_at=Now(), reason_paused=why[:300]
        )
        if tripped:
            log.warning("Campaign %s was paused: %s", campaign.ref, why)
            audit.record(by=None, verb="paused", row=campaign, detail={"why": why})
            telling.paused(campaign, why)
    return tripped == 1


class Fuse:
    """Watches the answers on all lines of a process for what no rate is needed to see."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.errors = 0
        self._lock = threading.Lock()

    def watch(self, outcomes: list[Outcome]) -> None:
        """Pause the campaign where these answers, given at once, say that it must not go on."""
        with self._lock:
            self._watch(outcomes)

    def _watch(self, outcomes: list[Outcome]) -> None:
        line_lost = False
        for outcome in outcomes:
            if outcome.end == End.ACCEPTED:
                self.errors = 0
            elif outcome.end == End.FAILED:
                self.errors += 1
                if _POLICY.search(outcome.text):
                    trip(
                        self.campaign,
                        _("The mail server refuses our mail: “%(said)s”. Mend that first.")
                        % {"said": outcome.text},
                    )
            elif outcome.end == End.UNKNOWN and not line_lost:
                line_lost = True  # one broken line leaves many undecided and is one error
                self.errors += 1
            if self.errors >= ERRORS_IN_A_ROW:
                trip(
                    self.campaign,
                    _("%(count)s mails in a row went wrong; the last answer was “%(said)s”.")
                    % {"count": self.errors, "said": outcome.text},
                )


def look() -> None:
    """Judge the rates of every mailing under way, and let go on whose canary is well."""
    for campaign in Campaign.objects.filter(status=Campaign.Status.SENDING).exclude(
        kind=Campaign.Kind.LETTER
    ):
        if not _harms(campaign) and campaign.canary:
            _tend_canary(campaign)


def counts(campaign: Campaign) -> dict[str, int]:
    """Mails put on the line, mailboxes that do not exist, complaints."""
    came_back = Delivery.objects.filter(
        Q(bounced_at__isnull=False) | Q(complained_at__isnull=False), campaign=campaign
    ).aggregate(
        gone=Count("pk", filter=Q(bounce_class=BounceClass.GONE)),
        complained=Count("pk", filter=Q(complained_at__isnull=False)),
    )
    ((sent,),) = statements.rows(SENT, {"campaign": campaign.pk})
    return {"sent": int(sent), **came_back}


def _harms(campaign: Campaign) -> bool:
    """Whether it was paused for its rates, counted since a person last let it go on."""
    now = counts(campaign)
    sent, gone, complained = (
        now[what] - campaign.forgiven.get(what, 0) for what in ("sent", "gone", "complained")
    )
    if sent < JUDGED_FROM:
        return False
    if gone > sent * GONE_AT_MOST:
        why = _("%(count)s of %(sent)s mailboxes do not exist: more than 5 %%. Check the list.")
        return trip(campaign, why % {"count": gone, "sent": sent})
    if complained > sent * COMPLAINTS_AT_MOST:
        why = _("%(count)s of %(sent)s readers complained: more than 0.1 %%. Check who is asked.")
        return trip(campaign, why % {"count": complained, "sent": sent})
    return False


# --- the canary


def set_canary(campaign: Campaign) -> None:
    """Of a large campaign's first lanes, let some batches leave before all others.

    At least 200 mails and 1 %, spread over the lanes. A canary is decided once: later lanes
    follow an alliance's call that is already known to be well. Where two subjects are tried it is
    taken from those who were drawn, for nothing else leaves before a choice: all of them, if they
    are that few.
    """
    batches = Batch.objects.filter(campaign=campaign, held=False).order_by("pk")
    recipients = campaign.releases.aggregate(all=Sum("expected"))["all"] or 0
    if recipients <= settings.CANARY_ABOVE or not settings.CANARY_HOLD:
        return
    ids = list(batches.values_list("pk", flat=True))
    if not ids:
        return  # so small regions that nobody was drawn
    leaving = recipients
    if Batch.objects.filter(campaign=campaign, held=True).exists():
        mails = Delivery.objects.filter(campaign=campaign)
        leaving = mails.exclude(subject=Delivery.Subject.ONLY).count()
    wanted = -(-max(JUDGED_FROM, recipients // 100) * len(ids) // leaving)
    step = max(1, len(ids) // wanted)
    batches.filter(pk__in=ids[::step][:wanted]).update(canary=True)
    Campaign.objects.filter(pk=campaign.pk).update(canary=True)


def _tend_canary(campaign: Campaign) -> None:
    """Once the canary has left, wait a while for what comes back; then let the rest go on."""
    if campaign.canary_ends_at is None:
        if not campaign.batches.filter(canary=True, done_at=None).exists():
            ends_at = Now() + dt.timedelta(seconds=settings.CANARY_HOLD)
            Campaign.objects.filter(pk=campaign.pk).update(canary_ends_at=ends_at)
    elif Campaign.objects.filter(pk=campaign.pk, canary_ends_at__lte=Now()).exists():
        end_canary(campaign)


def end_canary(campaign: Campaign) -> None:
    """Let the rest go on."""
    Campaign.objects.filter(pk=campaign.pk, canary=True).update(canary=False, canary_ends_at=Now())
