"""Why did, why didn't somebody get this? Read from the rows.

Only who has no row yet, because their lane has not started, is looked for in the audience.
"""

from django.db.models import QuerySet

from campaigns.actions import audiences
from campaigns.models import Attempt, Campaign, Delivery, Exclusion
from crm.models import Address, Person


def explain(*, text: str, campaign: Campaign) -> list[str]:
    """Sentences about one address and one campaign. Raises InvalidAddress."""
    address = Address.objects.at(text).first()
    if address is None:
        return ["Nobody with this address is known."]
    sentences = []
    for delivery in Delivery.objects.filter(campaign=campaign, address=address).select_related(
        "release__cluster", "contact_point"
    ):
        sentences.append(_about(delivery))
        sentences.extend(
            f"Attempt {attempt.generation}, {attempt.at:%Y-%m-%d %H:%M:%S}: "
            f"{attempt.get_outcome_display()} ({attempt.text})."
            for attempt in Attempt.objects.filter(delivery=delivery).order_by("generation")
        )
    people = Person.objects.filter(addresses__address=address, addresses__is_primary=True)
    for exclusion in Exclusion.objects.filter(campaign=campaign, person__in=people).select_related(
        "release__cluster"
    ):
        lane = exclusion.release.name
        sentences.append(f"Left out in the lane of {lane}: {exclusion.get_reason_display()}.")
    if not sentences and campaign.started_at:
        unfrozen = campaign.releases.filter(frozen_at=None).select_related("cluster")
        sentences.extend(
            f"In the lane of {lane.name}, which has not started: {lane.get_status_display()}."
            for lane in unfrozen.filter(pk__in=_lanes(campaign, people))
        )
    if not sentences:
        sentences.append(
            "This address was not asked for by the audience of this campaign."
            if campaign.started_at
            else "This campaign has not started yet; nobody was chosen so far."
        )
    return sentences


def _lanes(campaign: Campaign, people: QuerySet[Person]) -> list[int]:
    """The lanes in which these people are chosen or left out, as things stand now."""
    asked = audiences.verdicts(campaign)
    return [asked[pk][0] for pk in people.values_list("pk", flat=True) if pk in asked]


def _about(delivery: Delivery) -> str:
    lane = delivery.release.name if delivery.release else "letters"
    when = delivery.settled_at or delivery.armed_at
    moment = f", {when:%Y-%m-%d %H:%M:%S} UTC" if when else ""
    reply = f" The server said: {delivery.reply}" if delivery.reply else ""
    return (
        f"Delivery {delivery.pk} in the lane of {lane}, in {delivery.language}: "
        f"{delivery.get_state_display()}{moment}.{reply}"
    )
