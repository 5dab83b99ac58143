"""Who must get a mail of a call, in which language and from whom: judged anew, by the rules alone.

In Python and person by person, where the product judges all in one statement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from campaigns.models import Campaign, Release
from crm.models import (
    Address,
    Cluster,
    ContactPoint,
    LegalBasis,
    Participation,
    Person,
    Subscription,
    Suppression,
)


@dataclass(frozen=True)
class Expected:
    """One mail that must have arrived."""

    person: Person
    address: Address
    release: Release
    cluster: Cluster
    """In whose name it is written: the lane's, or the coordinator's."""
    desk: ContactPoint
    language: str
    variant: str

    @property
    def name(self) -> str:
        parts = (self.person.title, self.person.given, self.person.family)
        return one_line(" ".join(part for part in parts if part))


def expected_mails(campaign: Campaign) -> list[Expected]:
    """By the rules alone, person by person, of all lanes."""
    assert campaign.alliance
    found: dict[int, list[tuple[Any, Expected]]] = {}
    lanes = {lane.cluster_id: lane for lane in campaign.releases.select_related("cluster__region")}
    for person in _candidates(campaign):
        contact = person.kind == Person.Kind.CONTACT
        lane = lanes[person.cluster_id if contact else None]
        posts = [post.organisation for post in person.positions.filter(during__endswith=None)]
        at_home = any(firm.home_cluster_id == person.cluster_id for firm in posts)
        cluster = lane.cluster or _coordinator(campaign)
        assert person.primary
        mail = Expected(
            person,
            person.primary.address,
            lane,
            cluster,
            _desk(campaign, cluster),
            _language(campaign, person, lane),
            _variant(campaign, contact, {firm.region_id for firm in posts}),
        )
        rank = (not contact, not at_home, lane.pk, person.pk)
        found.setdefault(mail.address.pk, []).append((rank, mail))
    return [min(mails, key=lambda ranked: ranked[0])[1] for mails in found.values()]


def _candidates(campaign: Campaign) -> Iterator[Person]:
    """Contacts of SMEs in the regions, and followers, against whom nothing stands."""
    today = timezone.localdate()
    partaking = Participation.objects.filter(
        alliance=campaign.alliance, during__contains=today
    ).values("cluster")
    people = Person.objects.filter(cluster__in=partaking, archived_at=None, merged_into=None)
    for person in people.order_by("pk"):
        if not person.primary or person.primary.address.undeliverable_at:
            continue
        wishes = Subscription.objects.filter(person=person, topic=campaign.topic)
        of_sme = person.positions.filter(
            during__endswith=None,
            organisation__memberships__cluster=person.cluster_id,
            organisation__memberships__standing__in=("member", "guest"),
            organisation__memberships__category__in=("sme", "midcap"),
        ).exists()
        if not ((of_sme and person.kind == Person.Kind.CONTACT) or wishes.filter(state="active")):
            continue
        stopped = Suppression.objects.filter(
            Q(scope="all")
            | Q(cluster=person.cluster_id)
            | Q(alliance=campaign.alliance)
            | Q(topic=campaign.topic),
            address=person.primary.address,
            lifted_at=None,
        )
        basis = LegalBasis.objects.filter(
            Q(alliance=None) | Q(alliance=campaign.alliance),
            Q(expires_on=None) | Q(expires_on__gte=today),
            person=person,
            purpose=campaign.purpose,
            barred_by=None,
        )
        paused = person.paused_until and person.paused_until >= today
        if basis and not stopped and not paused and not wishes.filter(state="left"):
            yield person


def _coordinator(campaign: Campaign) -> Cluster:
    return Participation.objects.get(
        alliance=campaign.alliance, during__contains=timezone.localdate(), role="coordinator"
    ).cluster


def _desk(campaign: Campaign, cluster: Cluster) -> ContactPoint:
    """Today's: for this mission, else in general."""
    today = ContactPoint.objects.filter(
        cluster=cluster, role="general", during__contains=timezone.localdate()
    )
    return today.filter(mission=campaign.mission).first() or today.get(mission=None)


def _language(campaign: Campaign, person: Person, lane: Release) -> str:
    """Own → cluster's → alliance's."""
    assert campaign.alliance
    assert campaign.content_version
    ready = set(campaign.content_version.texts.values_list("language", flat=True))
    of_cluster = lane.cluster.languages if lane.cluster else []
    order = [person.language, *of_cluster, *campaign.alliance.languages]
    return next(language for language in order if language in ready)


def _variant(campaign: Campaign, contact: bool, regions: set[int | None]) -> str:
    if not contact:
        return "public"
    assert campaign.mission
    eligible = set(campaign.mission.eligible_regions.values_list("pk", flat=True))
    return "member" if not eligible or regions & eligible else "outside"


def one_line(text: str) -> str:
    """As a value may stand in a header: one line, and nothing a header would decode."""
    signs = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(signs.split()).replace("=?", "= ?")
