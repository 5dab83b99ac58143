"""One small alliance, built through the actions."""

import datetime as dt

import pytest

from crm.actions import missions, network, organisations, people, users
from crm.models import Alliance, Cluster, Market, Mission, Organisation, Person, Region, User


@pytest.fixture
def region(db: None) -> Region:
    return network.create_region(
        slug="dauphine", names={"en": "Dauphiné"}, country="FR", codes=["FR"]
    )


@pytest.fixture
def market(db: None) -> Market:
    return network.create_market(slug="japan", names={"en": "Japan"})


def cluster_named(slug: str, region: Region) -> Cluster:
    return network.create_cluster(
        slug=slug,
        name=slug.title(),
        region=region,
        languages=["fr", "en"],
        postal_address="1 rue de l’Exemple\n38000 Grenoble",
        data_protection_contact=f"dpo@{slug}.example",
        from_name=slug.title(),
        from_address=f"missions@{slug}.example",
        reply_to=f"contact@{slug}.example",
    )


@pytest.fixture
def cluster(region: Region) -> Cluster:
    return cluster_named("alpes", region)


@pytest.fixture
def other_cluster(region: Region) -> Cluster:
    return cluster_named("jura", region)


@pytest.fixture
def alliance(db: None) -> Alliance:
    return network.create_alliance(
        slug="ours", name="Ours", status="funded", languages=["en", "fr"]
    )


@pytest.fixture
def user(db: None) -> User:
    return users.create(email="contact@alpes.example", name="Odile Vif", language="fr")


@pytest.fixture
def organisation(cluster: Cluster, user: User) -> Organisation:
    return organisations.create(
        cluster=cluster, by=user, legal_name="Émile Vif SAS", website="https://www.vif.example/"
    )


@pytest.fixture
def person(cluster: Cluster, user: User, organisation: Organisation) -> Person:
    return people.create(
        cluster=cluster,
        by=user,
        given="Zoé",
        family="Gières",
        language="fr",
        email="zoe@vif.example",
        organisation=organisation,
        job="CEO",
        basis="member",
        at=dt.datetime(2020, 5, 4, 9, tzinfo=dt.UTC),
    )


@pytest.fixture
def mission(cluster: Cluster, alliance: Alliance, market: Market, user: User) -> Mission:
    return missions.create(
        by=user,
        slug="japan",
        alliances=[alliance],
        lead_cluster=cluster,
        market=market,
        names={"en": "Japan"},
        leads={},
        terms={},
        during=(dt.date(2016, 10, 9), dt.date(2016, 10, 15)),
    )
