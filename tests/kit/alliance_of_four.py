"""An alliance of four regions and one stranger, with readers of every kind in six languages.

Lyonbiopole coordinates. Every region has its own sender, desk, footer and home language; the
mission is written in English and French, so most readers get the nearest language there is.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from crm.actions import consent, missions, network, organisations, people, users
from crm.models import (
    Alliance,
    Cluster,
    Membership,
    Mission,
    Organisation,
    Person,
    Suppression,
    Topic,
    User,
)
from tests.kit.snapshots import remembered

LONG_AGO = dt.date(2016, 1, 1)
MEMBERS = ("biocat", "biom", "biopmed", "lyonbiopole")

# slug: name, country, languages in their order, time zone, the region's names
CLUSTERS: dict[str, tuple[str, str, list[str], str, dict[str, str]]] = {
    "biocat": (
        "Biocat", "ES", ["ca", "es", "en"], "Europe/Madrid",
        {"en": "Catalonia", "fr": "Catalogne", "de": "Katalonien", "it": "Catalogna",
         "es": "Cataluña", "ca": "Catalunya"},
    ),
    "biom": (
        "BioM", "DE", ["de", "en"], "Europe/Berlin",
        {"en": "Bavaria", "fr": "Bavière", "de": "Bayern", "it": "Baviera", "es": "Baviera",
         "ca": "Baviera"},
    ),
    "biopmed": (
        "bioPmed", "IT", ["it", "en"], "Europe/Rome",
        {"en": "Piedmont", "fr": "Piémont", "de": "Piemont", "it": "Piemonte",
         "es": "Piamonte", "ca": "Piemont"},
    ),
    "lyonbiopole": (
        "Lyonbiopole", "FR", ["fr", "en"], "Europe/Paris",
        {"en": "Auvergne-Rhône-Alpes", "fr": "Auvergne-Rhône-Alpes",
         "de": "Auvergne-Rhône-Alpes", "it": "Alvernia-Rodano-Alpi",
         "es": "Auvernia-Ródano-Alpes", "ca": "Alvèrnia-Roine-Alps"},
    ),
    "biowin": (
        "Biowin", "BE", ["fr", "en"], "Europe/Brussels",
        {"en": "Wallonia", "fr": "Wallonie", "de": "Wallonien", "it": "Vallonia",
         "es": "Valonia", "ca": "Valònia"},
    ),
}  # fmt: skip
FOOTERS = {
    "en": "Answering for this mail in English: {name}",
    "fr": "Répond de ce message en français : {name}",
    "de": "Für diese Mail steht auf Deutsch ein: {name}",
    "it": "Risponde di questo messaggio in italiano: {name}",
    "es": "Responde de este correo en español: {name}",
    "ca": "Respon d’aquest correu en català: {name}",
}
DISCLAIMER = {
    "en": "Co-funded by a programme; it answers for nothing that is said here.",
    "fr": "Cofinancé par un programme, qui ne répond de rien de ce qui est dit ici.",
    "de": "Kofinanziert von einem Programm, das für nichts hier Gesagtes einsteht.",
    "it": "Cofinanziato da un programma, che non risponde di quanto è detto qui.",
    "es": "Cofinanciado por un programa, que no responde de nada de lo dicho aquí.",
    "ca": "Cofinançat per un programa, que no respon de res del que es diu aquí.",
}
HOSTILE = (
    ("{{ 7*7 }}", "<b>{organisation}</b>"),
    ("100 %s", "%(cluster)s {% now 'Y' %}"),
    ("Eve\r\nBcc: x@evil.example", "O’Neill & \"Söhne\" <script>alert(1)</script>"),
)  # fmt: skip


@dataclass
class AllianceOfFour:
    alliance: Alliance
    clusters: dict[str, Cluster]
    topic: Topic
    mission: Mission
    users: dict[str, User]
    readers: list[Person]
    """Everybody who may get a mail; who does not, and why, stands in `left_out`."""
    left_out: dict[str, Person]

    def cluster(self, slug: str) -> Cluster:
        return self.clusters[slug]


@remembered
def build() -> AllianceOfFour:
    clusters = {slug: _cluster(slug) for slug in CLUSTERS}
    alliance = network.create_alliance(
        slug="bioxclusters-plus",
        name="bioXclusters plus",
        status="funded",
        languages=["en", "fr", "de", "it", "es", "ca"],
    )
    other = network.create_alliance(slug="magia", name="MAGIA", status="funded", languages=["en"])
    since = (LONG_AGO, None)
    for slug in MEMBERS:
        role = "coordinator" if slug == "lyonbiopole" else "member"
        network.join(alliance=alliance, cluster=clusters[slug], role=role, during=since)
    network.join(alliance=other, cluster=clusters["biowin"], role="coordinator", during=since)
    network.disclaim(alliance=alliance, texts=DISCLAIMER, during=since)
    staff = _staff(alliance, clusters)
    topic = Topic.objects.create(
        slug="bioxclusters-plus-missions",
        alliance=alliance,
        controller=clusters["lyonbiopole"],
        purpose="missions",
        names={"en": "Mission calls", "fr": "Appels à missions"},
    )
    mission = _mission(alliance, [clusters[slug] for slug in MEMBERS])
    _desks(clusters, mission, staff)
    world = AllianceOfFour(alliance, clusters, topic, mission, staff, [], {})
    _members(world)
    _strangers(world)
    _left_out(world)
    return world


# --- the partnership


def _cluster(slug: str) -> Cluster:
    name, country, languages, zone, names = CLUSTERS[slug]
    return network.create_cluster(
        slug=slug,
        name=name,
        region=network.create_region(slug=f"of-{slug}", names=names, country=country, codes=[]),
        languages=languages,
        timezone=zone,
        postal_address=f"{name} House\n1 {slug.title()} Street\n{names[languages[0]]}",
        data_protection_contact=f"privacy@{slug}.example",
        from_name=f"{name} missions",
        from_address=f"missions@{slug}.example",
        reply_to=f"answers@{slug}.example",
        footer={language: text.format(name=name) for language, text in FOOTERS.items()},
    )


def _staff(alliance: Alliance, clusters: dict[str, Cluster]) -> dict[str, User]:
    staff = {}
    for slug, cluster in clusters.items():
        contact = users.create(email=f"contact@{slug}.example", name=f"Contact {cluster}")
        users.grant(user=contact, role="contact", cluster=cluster)
        staff[f"contact_{slug}"] = contact
    staff["coordinator"] = users.create(email="coordinator@staff.example", name="Coordinator")
    users.grant(user=staff["coordinator"], role="coordinator", alliance=alliance)
    return staff


def _desks(clusters: dict[str, Cluster], mission: Mission, staff: dict[str, User]) -> None:
    """One each, of which Piedmont's was handed over, and another of Bavaria's for this mission."""
    for n, (slug, cluster) in enumerate(clusters.items(), start=1):
        network.appoint(
            cluster=cluster,
            title="Dr.",
            name=f"Ona {cluster} Vidal",
            email=f"ona.vidal@{slug}.example",
            phone=f"+34 93 555 01 {n:02}",
            user=staff[f"contact_{slug}"],
            from_=LONG_AGO,
            by=None,
        )
    network.appoint(
        cluster=clusters["biopmed"],
        name="Giulia Bertolino",
        email="giulia.bertolino@biopmed.example",
        phone="+39 011 555 0112",
        user=staff["contact_biopmed"],
        from_=timezone.localdate() - dt.timedelta(days=30),
        by=None,
    )
    network.appoint(
        cluster=clusters["biom"],
        mission=mission,
        name="Jörg Lindenthal",
        email="joerg.lindenthal@biom.example",
        phone="+49 89 555 0117",
        from_=LONG_AGO,
        by=None,
    )
    network.appoint(
        cluster=clusters["lyonbiopole"],
        role="media",
        name="Apolline Ternand",
        email="press@lyonbiopole.example",
        phone="+33 4 65 55 01 19",
        from_=LONG_AGO,
        by=None,
    )


def _mission(alliance: Alliance, members: list[Cluster]) -> Mission:
    first = timezone.localdate() + dt.timedelta(days=200)
    mission = missions.create(
        by=None,
        slug="osaka-next",
        alliances=[alliance],
        lead_cluster=members[-1],
        market=network.create_market(slug="japan", names={"en": "Japan", "fr": "Japon"}),
        names={"en": "Osaka mission", "fr": "Mission à Osaka"},
        leads={"en": "Join the delegation.", "fr": "Rejoignez la délégation."},
        terms={"en": "Free of charge", "fr": "Gratuit"},
        during=(first, first + dt.timedelta(days=6)),
        status="open",
        eligible_regions=[cluster.region for cluster in members],
    )
    titles = (
        {"en": "Arrival and briefing", "fr": "Arrivée et accueil"},
        {"en": "Visit of a hospital", "fr": "Visite d’un hôpital"},
        {"en": "BIO Osaka Expo"},
    )
    missions.publish_programme(
        mission=mission,
        label="provisional",
        by=None,
        items=[
            {
                "day": first + dt.timedelta(days=n),
                "part": "day",
                "titles": each,
                "city": "Osaka",
                "kind": "visit",
            }
            for n, each in enumerate(titles)
        ],
    )
    missions.set_deadline(
        mission=mission,
        by=None,
        things={"en": "Apply to your contact point", "fr": "Candidature auprès de votre contact"},
        at=timezone.now() + dt.timedelta(days=60),
        timezone="Europe/Paris",
    )
    missions.set_external_route(
        mission=mission,
        by=None,
        organiser="EU-Japan Centre",
        texts={
            "en": "Your company lies outside the four regions.",
            "fr": "Votre entreprise se trouve hors des quatre régions.",
        },
        url="https://eu-japan.example/apply",
        at=timezone.now() + dt.timedelta(days=30),
        timezone="Europe/Brussels",
    )
    return mission


# --- the readers


def _organisation(cluster: Cluster, name: str, **values: Any) -> Organisation:
    return organisations.create(
        cluster=cluster,
        by=None,
        legal_name=name,
        **{"region": cluster.region, **values},
    )


def _contact(cluster: Cluster, given: str, family: str = "", **values: Any) -> Person:
    firm = values.pop("organisation", None) or _organisation(cluster, f"{given} {family} Bio")
    defaults = {
        "email": f"{given.lower()}@{cluster.slug}-firm.example",
        "basis": "member",
        "source": "membership form",
    }
    return people.create(
        cluster=cluster,
        by=None,
        given=given,
        family=family or cluster.name,
        organisation=firm,
        **{**defaults, **values},
    )


def _members(world: AllianceOfFour) -> None:
    """In each region its own language, another one and none; then names that want to be code."""
    foreign = {"biocat": "es", "biom": "fr", "biopmed": "en", "lyonbiopole": "de"}
    for slug in MEMBERS:
        cluster = world.clusters[slug]
        world.readers += [
            _contact(cluster, "Home", language=cluster.languages[0]),
            _contact(cluster, "Foreign", language=foreign[slug]),
            _contact(cluster, "Silent", title="Prof."),
        ]
    for n, (given, family) in enumerate(HOSTILE):
        cluster = world.clusters[MEMBERS[n]]
        world.readers.append(
            _contact(
                cluster,
                given,
                family,
                email=f"hostile{n}@{cluster.slug}-firm.example",
                organisation=_organisation(cluster, f"<i>{given} {{name}}</i> {n}"),
                language=("en", "fr", "it")[n],
            )
        )


def _strangers(world: AllianceOfFour) -> None:
    """From outside the regions, followers, and one person whom two regions know."""
    biocat, biom, biopmed, _lyon = (world.clusters[slug] for slug in MEMBERS)
    wallonia = world.clusters["biowin"].region
    for cluster, language in ((biom, "fr"), (biopmed, "es")):
        abroad = _organisation(cluster, f"Abroad of {cluster}", region=wallonia)
        world.readers.append(_contact(cluster, "Outside", organisation=abroad, language=language))
    for n, (cluster, wish) in enumerate(
        ((world.clusters["lyonbiopole"], "en"), (biom, "fr"), (biocat, "ca"), (biom, None))
    ):
        world.readers.append(_follower(world, cluster, f"follower{n}@home.example", wish))
    # Barcelona wrote her down, too; her firm is at home in Piedmont.
    firm = _organisation(biopmed, "Two Regions Bio")
    Membership.objects.create(organisation=firm, cluster=biocat, standing="member", category="sme")
    home = _contact(
        biopmed, "Bruna", "Both", organisation=firm, language="it", email="both@two.example"
    )
    copy = _contact(
        biocat, "Bruna", "Both", organisation=firm, language="fr", email="both@two.example"
    )
    world.readers.append(home)
    world.left_out["known in another region"] = copy


def _follower(
    world: AllianceOfFour, cluster: Cluster, email: str, language: str | None = None
) -> Person:
    person = people.create(
        cluster=cluster, by=None, kind="follower", email=email, language=language
    )
    consent.subscribe(person=person, topic=world.topic, source="follow form")
    return person


def _left_out(world: AllianceOfFour) -> None:
    biocat, biom, biopmed, lyon = (world.clusters[slug] for slug in MEMBERS)
    out = world.left_out
    out["left the cluster"] = _contact(biocat, "Gone", language="ca")
    _withdraw(out["left the cluster"], "cluster", cluster=biocat)
    out["left the alliance"] = _contact(lyon, "Farewell", language="fr")
    _withdraw(out["left the alliance"], "alliance", alliance=world.alliance)
    out["unfollowed"] = _follower(world, lyon, "unfollowed@home.example", "fr")
    _withdraw(out["unfollowed"], "topic", topic=world.topic)
    out["without an address"] = _contact(biom, "Nowhere", email="", language="de")
    out["without a basis"] = _contact(biopmed, "Baseless", basis=None, language="it")
    out["archived"] = _contact(biom, "Past", language="de")
    people.archive(person=out["archived"], by=None)
    out["paused"] = _contact(lyon, "Later", language="fr")
    people.edit(
        person=out["paused"],
        by=None,
        version=out["paused"].version,
        paused_until=timezone.localdate() + dt.timedelta(days=20),
    )
    out["of another alliance"] = _contact(world.clusters["biowin"], "Walloon", language="fr")


def _withdraw(person: Person, scope: str, **of: Any) -> None:
    assert person.primary
    consent.withdraw(
        address=person.primary.address,
        scope=scope,
        reason=Suppression.Reason.UNSUBSCRIBED,
        source="unsubscribe page",
        **of,
    )
