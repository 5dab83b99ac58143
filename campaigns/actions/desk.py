"""The undecided desk: mails of which nobody knows whether they arrived, and what is done about it.

Nothing is guessed. A person leaves a mail undecided, which takes it off the desk and changes
nothing else, or has it sent again, which its reader may then get twice.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from campaigns.actions import requeuing
from campaigns.actions.requeuing import Tries
from campaigns.models import Attempt, Campaign, Delivery
from campaigns.models.deliveries import LEFT_UNDECIDED, AttemptQuerySet
from crm.actions import audit
from crm.models import User

CHUNK = 1_000  # deliveries that are locked at once


def is_waited_for(campaign: Campaign, lanes: Iterable[int] | None) -> bool:
    """Whether a person has not looked at an undecided mail yet; None means of every lane."""
    tries = Attempt.objects.undecided().open().filter(delivery__campaign=campaign)
    return (tries if lanes is None else tries.filter(delivery__release__in=lanes)).exists()


def leave(*, tries: AttemptQuerySet, by: User) -> int:
    """Take undecided deliveries off the desk as they are. Returns how many."""
    ids = list(tries.undecided().values_list("delivery", flat=True))
    with transaction.atomic():
        # One who presses at the same moment waits here, and then finds nothing open.
        list(Delivery.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        tries = Attempt.objects.undecided().open().filter(delivery__in=ids)
        left = list(tries.values_list("delivery_id", "generation"))
        audit.record_each(by=by, verb=LEFT_UNDECIDED, noun="delivery", counts=left)
    return len(left)


def send_again(*, tries: AttemptQuerySet, by: User) -> Tries:
    """One more try for undecided deliveries, at the risk of a second copy.

    Who pressed second, or after the mail was settled, changes nothing.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for campaign_id, delivery_id, generation in tries.undecided().values_list(
        "delivery__campaign", "delivery", "generation"
    ):
        found[campaign_id].append((delivery_id, generation))
    whole = Tries([], [])
    for campaign in Campaign.objects.filter(pk__in=found):
        for start in range(0, len(found[campaign.pk]), CHUNK):
            part = _send_again(campaign, dict(found[campaign.pk][start : start + CHUNK]), by)
            whole = Tries(whole.again + part.again, whole.barred + part.barred)
    return whole


def _send_again(campaign: Campaign, generations: dict[int, int], by: User) -> Tries:
    with transaction.atomic():
        done = requeuing.again(
            campaign=campaign,
            ids=[*generations],
            states=(Delivery.State.UNKNOWN,),
            generations=[*generations.values()],
        )
        audit.record_each(
            by=by,
            verb="sent again",
            noun="delivery",
            counts=[(pk, generations[pk]) for pk in done.again],
        )
    return done
