"""A small world for the screens: two clusters in one alliance, a third outside it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from crm.actions import answers, events, figures, missions, network, organisations, people, users
from crm.models import (
    Alliance,
    Cluster,
    Event,
    Import,
    ImportRow,
    Market,
    Mission,
    Note,
    Organisation,
    Person,
    Tag,
    User,
)
from tests.kit.snapshots import remembered

PASSWORD = "a quiet morning in Lyon"
SignIn = Callable[[User], Client]


@dataclass
class World:
    alliance: Alliance
    lyon: Cluster
    munich: Cluster
    away: Cluster
    market: Market
    admin: User
    coordinator: User
    contact: User
    neighbour: User
    reader: User
    stranger: User
    company: Organisation
    foreign_company: Organisation
    person: Person
    foreign_person: Person
    mission: Mission
    event: Event


@remembered
def build() -> World:
    """Everything through actions, as the screens would do it."""
    today = timezone.localdate()
    forever = (today - dt.timedelta(days=400), None)
    region = network.create_region(
        slug="rhone", names={"en": "Auvergne-Rhône-Alpes"}, country="FR", codes=[]
    )
    bavaria = network.create_region(slug="bavaria", names={"en": "Bavaria"}, country="DE", codes=[])
    alliance = network.create_alliance(
        slug="bio", name="Bio Alliance", status="funded", languages=["en", "fr", "de"]
    )
    lyon, munich, away = (
        network.create_cluster(
            slug=slug,
            name=name,
            region=where,
            languages=[language],
            postal_address=f"1 Science Street\n{name}",
            data_protection_contact=f"privacy@{slug}.example",
            from_name=name,
            from_address=f"desk@{slug}.example",
            reply_to=f"desk@{slug}.example",
        )
        for slug, name, where, language in (
            ("lyon", "Lyon Cluster", region, "fr"),
            ("munich", "Munich Cluster", bavaria, "de"),
            ("away", "Faraway Cluster", bavaria, "en"),
        )
    )
    network.join(
        alliance=alliance,
        cluster=lyon,
        role="coordinator",
        during=forever,
        sharing="core",
        arrangement="Joint controllers 2026",
    )
    network.join(alliance=alliance, cluster=munich, role="member", during=forever)
    for cluster, name in ((lyon, "Camille Arnaud"), (munich, "Jonas Huber")):
        network.appoint(
            cluster=cluster,
            name=name,
            email=f"desk@{cluster.slug}.example",
            phone="+33 4 00 00 00 00",
            from_=today - dt.timedelta(days=30),
            by=None,
        )
    market = network.create_market(slug="japan", names={"en": "Japan", "fr": "Japon"})
    staff = {
        name: users.create(email=f"{name}@liaison.example", name=name.title(), password=PASSWORD)
        for name in ("admin", "coordinator", "contact", "neighbour", "reader", "stranger")
    }
    users.grant(user=staff["admin"], role="admin")
    users.grant(user=staff["coordinator"], role="coordinator", alliance=alliance)
    users.grant(user=staff["contact"], role="contact", cluster=lyon)
    users.grant(user=staff["neighbour"], role="contact", cluster=munich)
    users.grant(user=staff["reader"], role="reader", cluster=lyon)
    users.grant(user=staff["stranger"], role="contact", cluster=away)
    company = organisations.create(
        cluster=lyon,
        by=None,
        legal_name="Rhône Cellules SAS",
        city="Lyon",
        country="FR",
        region=region,
        codes=[("area", "oncology")],
    )
    foreign_company = organisations.create(
        cluster=munich,
        by=None,
        legal_name="Isarwort Biotech GmbH",
        city="Martinsried",
        country="DE",
        region=bavaria,
    )
    person = people.create(
        cluster=lyon,
        by=None,
        given="Élise",
        family="Garnier",
        language="fr",
        email="elise@rhone-cellules.example",
        organisation=company,
        job="CEO",
        basis="member",
        source="membership 2026",
        phone="+33 4 11 11 11 11",
    )
    foreign_person = people.create(
        cluster=munich,
        by=None,
        given="Lena",
        family="Geheimwort",
        email="lena@isarwort.example",
        organisation=foreign_company,
        job="Head of sales",
    )
    soon = today + dt.timedelta(days=200)
    mission = missions.create(
        by=None,
        slug="japan-next",
        alliances=[alliance],
        lead_cluster=lyon,
        market=market,
        names={"en": "Mission to Japan", "fr": "Mission au Japon"},
        leads={"en": "Meet Japanese partners."},
        terms={},
        during=(soon, soon + dt.timedelta(days=6)),
        status="open",
        eligible_regions=[region],
        eligible_categories=["sme"],
    )
    missions.set_deadline(
        mission=mission,
        by=None,
        things={"en": "Send your profile"},
        at=timezone.now() + dt.timedelta(days=40),
        timezone="Europe/Paris",
    )
    missions.publish_programme(
        mission=mission,
        by=None,
        label="provisional",
        items=[
            {
                "day": soon,
                "part": "morning",
                "kind": "workshop",
                "city": "Osaka",
                "titles": {"en": "The Japanese market", "fr": "Le marché japonais"},
            },
            {
                "day": soon + dt.timedelta(days=1),
                "part": "hours",
                "starts": dt.time(9),
                "ends": dt.time(17),
                "kind": "fair",
                "city": "Yokohama",
                "place": "Pacifico",
                "titles": {"en": "Fair"},
            },
        ],
    )
    begins = timezone.now() + dt.timedelta(days=60)
    event = events.create(
        by=None,
        slug="matchmaking",
        alliances=[alliance],
        lead_cluster=lyon,
        names={"en": "Matchmaking"},
        leads={"en": "One-to-one meetings."},
        starts_at=begins,
        ends_at=begins + dt.timedelta(hours=6),
        answer_mode="rsvp",
        city="Lyon",
        status="open",
    )
    answers.give(person=person, mission=mission, value="interested", note="With two colleagues")
    answers.give(person=foreign_person, mission=mission, value="not-now")
    return World(
        alliance=alliance,
        lyon=lyon,
        munich=munich,
        away=away,
        market=market,
        company=company,
        foreign_company=foreign_company,
        person=person,
        foreign_person=foreign_person,
        mission=mission,
        event=event,
        **staff,
    )


def state(mission: Mission) -> None:
    """Two sources that contradict each other."""
    for value, source in ((26, "A report"), (60, "A press release")):
        figures.state(
            by=None,
            metric="companies",
            value=value,
            source=source,
            as_of=dt.date(2016, 10, 14),
            mission=mission,
        )


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def as_user(client: Client) -> SignIn:
    """Sign somebody in: `as_user(world.contact)` is their browser."""

    def sign_in(user: User) -> Client:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def several(world: World) -> dict[str, Person]:
    """People of the contact's cluster who differ in everything a list can ask."""
    tag = Tag.objects.create(cluster=world.lyon, name="VIP", folded="vip")
    rows = {}
    for family, language, phone in (
        ("Arvet", "fr", "+33 6 12 34 56 78"),
        ("Berger", "de", ""),
        ("Müller-Örtz", None, ""),
    ):
        rows[family] = people.create(
            cluster=world.lyon,
            by=None,
            given="Paul",
            family=family,
            language=language,
            phone=phone,
            email=f"{family[:3].lower().replace('ü', 'u')}@three.example",
        )
    soon = timezone.localdate() + dt.timedelta(days=30)
    Person.objects.filter(pk=rows["Arvet"].pk).update(
        tags=[tag.pk], owner=world.contact, paused_until=soon
    )
    Note.objects.create(cluster=world.lyon, person=rows["Berger"], text="Met at the fair")
    listed = Import.objects.create(cluster=world.lyon, file_name="a.csv", header=0, status="done")
    for number, (family, made) in enumerate((("Arvet", "po"), ("Berger", ""))):
        ImportRow.objects.create(
            of_import=listed, number=number, verdict="new", made=made, person=rows[family].pk
        )
    rows["tag"] = tag  # type: ignore[assignment]
    return rows
