"""A small world for tests, built through actions: one alliance of three clusters, one stranger.

Biocat coordinates; Biocat shares with the alliance and BioM does not; BioWin is in another
alliance. `World.person` makes readers; everybody lives under reserved domains.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from campaigns.actions import campaigns, freezing, releases
from campaigns.models import Campaign, Release
from crm.actions import consent, events, missions, network, organisations, people, users
from crm.models import Alliance, Cluster, Event, Mission, Organisation, Person, Topic, User
from tests.kit.snapshots import remembered

LONG_AGO = dt.date(2016, 1, 1)


@dataclass
class World:
    alliance: Alliance
    other_alliance: Alliance
    biocat: Cluster
    biom: Cluster
    biowin: Cluster
    topic: Topic
    mission: Mission
    event: Event
    users: dict[str, User]
    _made: int = 0

    def _next(self) -> int:
        self._made += 1
        return self._made

    @staticmethod
    def _defaults(defaults: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        return defaults | values

    def organisation(self, cluster: Cluster, **values: Any) -> Organisation:
        n = self._next()
        return organisations.create(
            cluster=cluster,
            by=None,
            **self._defaults({"legal_name": f"Bio {n} SL", "region": cluster.region}, values),
        )

    def person(self, cluster: Cluster | None = None, **values: Any) -> Person:
        """A contact of a member SME with a mailbox and the members' legal basis."""
        n = self._next()
        cluster = cluster or self.biocat
        defaults = {
            "given": f"Given{n}",
            "family": f"Family{n}",
            "email": f"reader{n}@sme{n}.example",
            "organisation": values.get("organisation") or self.organisation(cluster),
            "basis": "member",
            "source": "membership form",
        }
        return people.create(cluster=cluster, by=None, **self._defaults(defaults, values))

    def follower(self, cluster: Cluster | None = None, **values: Any) -> Person:
        n = self._next()
        defaults = {"kind": "follower", "email": f"follower{n}@home{n}.example"}
        person = people.create(
            cluster=cluster or self.biocat, by=None, **self._defaults(defaults, values)
        )
        consent.subscribe(person=person, topic=self.topic, source="follow form")
        return person

    def call(self, *, release: bool = True, start: bool = True, **schedule: Any) -> Campaign:
        """The mission's call, as far as a test wants it."""
        campaign = campaigns.announce(mission=self.mission, by=self.users["coordinator"])
        return self.as_far(campaign, release=release, start=start, **schedule)

    def invitation(self, *, release: bool = True, start: bool = True) -> Campaign:
        """The event's invitation, as far as a test wants it."""
        campaign = campaigns.invite(event=self.event, by=self.users["coordinator"])
        return self.as_far(campaign, release=release, start=start)

    def as_far(
        self, campaign: Campaign, *, release: bool, start: bool, **schedule: Any
    ) -> Campaign:
        if release:
            releases.release_all(campaign=campaign, by=self.users["coordinator"])
        if start:
            campaigns.schedule(
                campaign=campaign,
                by=self.users["coordinator"],
                send_at=timezone.now(),
                **schedule,
            )
            freezing.start_due()
            campaign.refresh_from_db()
        return campaign

    def lane(self, campaign: Campaign, cluster: Cluster | None) -> Release:
        return campaign.releases.get(cluster=cluster)


def _cluster(slug: str, name: str, region: str, country: str, languages: list[str]) -> Cluster:
    return network.create_cluster(
        slug=slug,
        name=name,
        region=network.create_region(
            slug=region, names={"en": region.title()}, country=country, codes=[]
        ),
        languages=languages,
        postal_address=f"{name} Street 1\n00000 {region.title()}",
        data_protection_contact=f"privacy@{slug}.example",
        from_name=f"{name} desk",
        from_address=f"desk@{slug}.example",
        reply_to=f"desk@{slug}.example",
        footer={"en": f"{name}, registered", "fr": f"{name}, enregistré"},
    )


@remembered
def build() -> World:
    """Everything but readers."""
    biocat = _cluster("biocat", "Biocat", "catalonia", "ES", ["ca", "es", "en"])
    biom = _cluster("biom", "BioM", "bavaria", "DE", ["de", "en"])
    biowin = _cluster("biowin", "Biowin", "wallonia", "BE", ["fr", "en"])
    alliance = network.create_alliance(
        slug="bioxclusters-plus", name="bioXclusters plus", status="funded", languages=["en", "fr"]
    )
    other = network.create_alliance(slug="magia", name="MAGIA", status="funded", languages=["en"])
    since = (LONG_AGO, None)
    network.join(
        alliance=alliance,
        cluster=biocat,
        role="coordinator",
        during=since,
        sharing="core",
        arrangement="Arrangement 1",
    )
    network.join(alliance=alliance, cluster=biom, role="member", during=since)
    network.join(alliance=other, cluster=biowin, role="coordinator", during=since)
    staff = {}
    for cluster in (biocat, biom, biowin):
        contact = users.create(email=f"contact@{cluster.slug}.example", name=f"Contact {cluster}")
        users.grant(user=contact, role="contact", cluster=cluster)
        staff[f"contact_{cluster.slug}"] = contact
        network.appoint(
            cluster=cluster,
            name=f"Desk of {cluster}",
            email=f"contact@{cluster.slug}.example",
            phone="+00 1",
            user=contact,
            from_=LONG_AGO,
            by=None,
        )
    for name, role, scope in (
        ("admin", "admin", {}),
        ("coordinator", "coordinator", {"alliance": alliance}),
        ("coordinator_magia", "coordinator", {"alliance": other}),
        ("reader", "reader", {"cluster": biocat}),
    ):
        user = users.create(email=f"{name}@staff.example", name=name.title())
        users.grant(user=user, role=role, **scope)
        staff[name] = user
    network.disclaim(
        alliance=alliance,
        texts={"en": "Co-funded by a programme", "fr": "Cofinancé par un programme"},
        during=since,
    )
    topic = Topic.objects.create(
        slug="bioxclusters-plus-missions",
        alliance=alliance,
        controller=biocat,
        purpose="missions",
        names={"en": "Mission calls", "fr": "Appels à missions"},
        public=True,
    )
    mission = _mission(alliance, biocat, [biocat, biom])
    event = _event(alliance, biocat)
    return World(alliance, other, biocat, biom, biowin, topic, mission, event, staff)


def _mission(alliance: Alliance, lead: Cluster, members: list[Cluster]) -> Mission:
    today = timezone.localdate()
    first = today + dt.timedelta(days=200)
    mission = missions.create(
        by=None,
        slug="japan-next",
        alliances=[alliance],
        lead_cluster=lead,
        market=network.create_market(slug="japan", names={"en": "Japan", "fr": "Japon"}),
        names={"en": "Japan mission", "fr": "Mission au Japon"},
        leads={"en": "Join the delegation.", "fr": "Rejoignez la délégation."},
        terms={"en": "Free of charge", "fr": "Gratuit"},
        during=(first, first + dt.timedelta(days=6)),
        status="open",
        eligible_regions=[cluster.region for cluster in members],
    )
    missions.publish_programme(
        mission=mission,
        label="provisional",
        by=None,
        items=[
            {
                "day": first,
                "part": "day",
                "titles": {"en": "Arrival in Osaka", "fr": "Arrivée à Osaka"},
                "city": "Osaka",
                "kind": "arrival",
            }
        ],
    )
    missions.set_deadline(
        mission=mission,
        by=None,
        things={"en": "Apply to your contact point", "fr": "Candidature"},
        at=timezone.now() + dt.timedelta(days=60),
        timezone="Europe/Paris",
    )
    missions.set_external_route(
        mission=mission,
        by=None,
        organiser="EU-Japan Centre",
        texts={"en": "You are outside the regions.", "fr": "Vous êtes hors des régions."},
        url="https://eu-japan.example/apply",
        at=timezone.now() + dt.timedelta(days=30),
        timezone="Europe/Brussels",
    )
    return mission


def _event(alliance: Alliance, lead: Cluster) -> Event:
    starts = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=90)
    return events.create(
        by=None,
        slug="matchmaking-next",
        alliances=[alliance],
        lead_cluster=lead,
        names={"en": "Matchmaking", "fr": "Rencontres"},
        leads={"en": "Meet Japanese clusters.", "fr": "Rencontrez des clusters japonais."},
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=3),
        timezone="Europe/Berlin",
        place="Trade fair",
        city="Frankfurt",
        answer_mode="rsvp",
        status="open",
    )
