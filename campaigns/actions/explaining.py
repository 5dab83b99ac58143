"""Why did, why didn't somebody get this? Read from the rows, never computed again."""

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
    if not sentences:
        sentences.append(
            "This address was not asked for by the audience of this campaign."
            if campaign.started_at
            else "This campaign has not started yet; nobody was chosen so far."
        )
    return sentences


def _about(delivery: Delivery) -> str:
    lane = delivery.release.name if delivery.release else "letters"
    when = delivery.settled_at or delivery.armed_at
    moment = f", {when:%Y-%m-%d %H:%M:%S} UTC" if when else ""
    reply = f" The server said: {delivery.reply}" if delivery.reply else ""
    return (
        f"Delivery {delivery.pk} in the lane of {lane}, in {delivery.language}: "
        f"{delivery.get_state_display()}{moment}.{reply}"
    )
