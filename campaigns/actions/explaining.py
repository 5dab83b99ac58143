"""Why did, why didn't somebody get this? Read from the rows.

Only who has no row yet, because their lane has not started, is looked for in the audience.
"""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from campaigns.actions import audiences
from campaigns.actions.reports import reason_words
from campaigns.models import Attempt, Campaign, Delivery, Exclusion, Trim
from campaigns.models.judgement import clusters_of
from crm.models import Address, AuditEntry, Cluster, Person, PersonAddress


def explain(*, text: str, campaign: Campaign, people: QuerySet[Person] | None = None) -> list[str]:
    """Sentences about one address and one campaign, as far as it is one of `people`.

    Without `people` it answers about everybody. Raises InvalidAddress.
    """
    address = Address.objects.at(text).first()
    holders = Person.objects.all() if people is None else people
    used = PersonAddress.objects.filter(address=address)
    # A merged person's mailbox went to the one they were merged into, and their mails did not.
    holders = holders.filter(
        Q(pk__in=used.filter(is_primary=True).values("person"))
        | Q(merged_into__in=used.values("person"))
    )
    if address is None or (people is not None and not holders.exists()):
        return ["Nobody with this address is known."]
    sentences = []
    deliveries = Delivery.objects.filter(campaign=campaign, address=address)
    if people is not None:
        deliveries = deliveries.filter(person__in=holders)
    for delivery in deliveries.select_related("release__cluster", "contact_point"):
        sentences.append(_about(delivery))
        sentences.extend(_came_back(delivery))
        sentences.extend(
            f"Attempt {attempt.generation}, {attempt.at:%Y-%m-%d %H:%M:%S}: "
            f"{attempt.get_outcome_display()} ({attempt.text})."
            for attempt in Attempt.objects.filter(delivery=delivery).order_by("generation")
        )
        sentences.extend(
            f"{entry.at:%Y-%m-%d %H:%M:%S}: {entry.verb} by {entry.user}."
            for entry in AuditEntry.objects.filter(noun="delivery", row_id=delivery.pk)
            .select_related("user")
            .order_by("at")
        )
    for exclusion in Exclusion.objects.filter(campaign=campaign, person__in=holders).select_related(
        "release__cluster"
    ):
        lane = exclusion.release.name
        reason = (
            exclusion.get_reason_display() if people is None else reason_words(exclusion.reason)
        )
        sentences.append(f"Left out in the lane of {lane}: {reason}.")
    sentences.extend(_taken_out(campaign, holders))
    if not sentences and campaign.started_at:
        unfrozen = campaign.releases.filter(frozen_at=None).select_related("cluster")
        sentences.extend(
            f"In the lane of {lane.name}, which has not started: {lane.get_status_display()}."
            for lane in unfrozen.filter(pk__in=_lanes(campaign, holders))
        )
    if not sentences and campaign.started_at:
        sentences.extend(
            f"{cluster} had no lane: it joined the alliance after this campaign started."
            for cluster in _without_lane(campaign, holders)
        )
    if not sentences:
        sentences.append(
            "This address was not asked for by the audience of this campaign."
            if campaign.started_at
            else "This campaign has not started yet; nobody was chosen so far."
        )
    return sentences


def _without_lane(campaign: Campaign, people: QuerySet[Person]) -> QuerySet[Cluster]:
    lanes = campaign.releases.exclude(cluster=None).values("cluster")
    of_people = clusters_of(campaign).filter(
        pk__in=people.filter(kind=Person.Kind.CONTACT).values("cluster")
    )
    return of_people.exclude(pk__in=lanes)


def _taken_out(campaign: Campaign, people: QuerySet[Person]) -> Iterator[str]:
    """Who took these people out of a lane, when and why, also before the lane starts."""
    rows = Trim.objects.filter(release__campaign=campaign)
    rows = rows.filter(
        Q(person__in=people) | Q(person__in=Person.objects.filter(merged_into__in=people))
    )
    for trim in rows.select_related("release__cluster", "by").order_by("at"):
        why = f": {trim.reason}" if trim.reason else "."
        yield (
            f"{trim.at:%Y-%m-%d %H:%M:%S} UTC: taken out of the lane of {trim.release.name} "
            f"by {trim.by}{why}"
        )


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


def _came_back(delivery: Delivery) -> list[str]:
    """The facts that came back about a delivery, each with its moment."""
    kind = delivery.get_bounce_class_display() if delivery.bounce_class else ""
    facts = (
        ("Delivered to the mailbox", delivery.delivered_at, ""),
        ("Bounced", delivery.bounced_at, f": {kind}" if kind else ""),
        ("Marked as spam by the reader", delivery.complained_at, ""),
    )
    return [f"{what}, {at:%Y-%m-%d %H:%M:%S} UTC{why}." for what, at, why in facts if at]
