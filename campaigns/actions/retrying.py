"""Trying failed mails again, where the failure was not the mailbox's own."""

import re
from collections import defaultdict
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions import requeuing
from campaigns.actions.requeuing import Tries
from campaigns.models import Attempt, BounceClass, Campaign, Delivery
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import User

CHUNK = 5_000  # deliveries that are locked at once
FAILED = (Delivery.State.FAILED, Delivery.State.EXPIRED)

_POLICY = re.compile(r"\b5\.7\.\d+\b")
_MAILBOX = re.compile(r"\b5\.[12]\.\d+\b")  # RFC 3463: the address, the mailbox


class Why(StrEnum):
    """Why a mail failed, as far as it says whether another try makes sense."""

    EXPIRED = "expired"
    REFUSED = "refused"
    UNWRITTEN = "unwritten"
    OTHER = "other"
    MAILBOX = "mailbox"


RETRIABLE = (Why.EXPIRED, Why.REFUSED, Why.UNWRITTEN, Why.OTHER)


def failed(campaign: Campaign) -> dict[Why, list[int]]:
    """The failed deliveries of a campaign by reason, as their last try tells it."""
    rows = Delivery.objects.filter(campaign=campaign, state__in=FAILED)
    tries = {
        (attempt.delivery_id, attempt.generation): attempt
        for attempt in Attempt.objects.filter(delivery__in=rows.values("pk"))
    }
    found: dict[Why, list[int]] = defaultdict(list)
    for pk, state, generation, bounce, reply in rows.values_list(
        "pk", "state", "generation", "bounce_class", "reply"
    ):
        attempt = tries.get((pk, generation))
        found[_why(state, bounce, attempt, reply)].append(pk)
    return found


def _why(state: int, bounce: int | None, attempt: Attempt | None, reply: str) -> Why:
    said = attempt.text if attempt else reply
    if state == Delivery.State.EXPIRED:
        return Why.EXPIRED
    if attempt and attempt.phase == "compose":
        return Why.UNWRITTEN
    if bounce == BounceClass.REFUSED or _POLICY.search(said):
        return Why.REFUSED
    if bounce in (BounceClass.GONE, BounceClass.FULL) or _MAILBOX.search(said):
        return Why.MAILBOX
    return Why.OTHER


def retry(*, campaign: Campaign, by: User, reasons: list[Why]) -> Tries:
    """Queue the failed mails of these reasons once more; who left or bounces is not written to."""
    campaign.refresh_from_db()
    if campaign.status not in (Campaign.Status.FINISHED, Campaign.Status.PAUSED):
        raise IllegalTransition(
            _("Failed mails are tried again once the campaign is finished or paused.")
        )
    if campaign.is_digest:
        raise IllegalTransition(
            _("What did not arrive of a digest comes with the next one by itself.")
        )
    if set(reasons) - set(RETRIABLE):
        raise Refused(_("These mailboxes do not exist or are full. Correct their addresses."))
    groups = failed(campaign)
    ids = sorted(pk for why in reasons for pk in groups.get(why, ()))
    whole = Tries([], [])
    with transaction.atomic():
        for start in range(0, len(ids), CHUNK):
            part = requeuing.again(campaign=campaign, ids=ids[start : start + CHUNK], states=FAILED)
            whole = Tries(whole.again + part.again, whole.barred + part.barred)
        if whole.again:
            audit.record(
                by=by,
                verb="tried again",
                row=campaign,
                count=len(whole.again),
                detail={"reasons": [str(why) for why in reasons]},
            )
    return whole
