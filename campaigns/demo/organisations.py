"""About 160 invented companies, and a few real bodies with nobody in them."""

import datetime as dt
import random
from typing import Any

from campaigns.demo.days import moment
from campaigns.demo.names import POOLS, TRADES, Pool
from crm.actions import organisations
from crm.models import Cluster, Organisation, Region, User
from crm.rules.names import fold

SIZES = {"sme": (4, 180), "midcap": (260, 900), "subsidiary": (60, 400)}

# Real bodies: their names are public facts.
REAL = (
    ("lyonbiopole", "Hospices Civils de Lyon", "hospital", "hospital", "Lyon", "FR"),
    (
        "lyonbiopole",
        "Université Grenoble Alpes",
        "university",
        "university",
        "Grenoble",
        "FR",
    ),
    (
        "biocat",
        "Hospital Clínic de Barcelona",
        "hospital",
        "hospital",
        "Barcelona",
        "ES",
    ),
    ("biocat", "Parc Científic de Barcelona", "park", "park", "Barcelona", "ES"),
    (
        "biom",
        "Ludwig-Maximilians-Universität München",
        "university",
        "university",
        "München",
        "DE",
    ),
    (
        "biopmed",
        "Università degli Studi di Torino",
        "university",
        "university",
        "Torino",
        "IT",
    ),
    (
        "biopmed",
        "Bioindustry Park Silvano Fumero",
        "park",
        "park",
        "Colleretto Giacosa",
        "IT",
    ),
)
PARTNERS = (
    ("Health Industries South Australia", "Adelaide", "AU"),
    ("BioSA", "Adelaide", "AU"),
    ("Fenglin Group", "Shanghai", "CN"),
    ("TOHealth", "Toronto", "CA"),
    ("Osaka Bio Headquarters", "Osaka", "JP"),
    ("BioMinas", "Belo Horizonte", "BR"),
    ("EU-Japan Centre for Industrial Cooperation", "Tokyo", "JP"),
    ("Japan Bioindustry Association", "Tokyo", "JP"),
    ("Senri Life Science Foundation", "Osaka", "JP"),
)
ENTERED = moment(dt.date(2015, 9, 1), 9)


def load(by: User) -> None:
    for pool in POOLS:
        _load_pool(pool, by)
    for slug, name, kind, category, city, country in REAL:
        cluster = Cluster.objects.select_related("region").get(slug=slug)
        organisations.create(
            cluster=cluster,
            by=by,
            legal_name=name,
            kind=kind,
            city=city,
            country=country,
            region=cluster.region,
            category=category,
            at=ENTERED,
        )
    host = Cluster.objects.get(slug="lyonbiopole")
    for name, city, country in PARTNERS:
        organisations.create(
            cluster=host,
            by=by,
            legal_name=name,
            kind="partner",
            city=city,
            country=country,
            standing="guest",
            category="foundation",
            at=ENTERED,
        )
    _load_renamed(by)


def _load_pool(pool: Pool, by: User) -> None:
    chance = random.Random(pool.cluster)  # noqa: S311 (the same every time)
    cluster = Cluster.objects.get(slug=pool.cluster)
    region = Region.objects.get(slug=pool.region)
    for n in range(pool.companies):
        organisations.create(
            cluster=cluster,
            by=by,
            region=region,
            at=ENTERED,
            **_company(pool, n, chance),
        )


def _company(pool: Pool, n: int, chance: random.Random) -> dict[str, Any]:
    trade, product, areas = TRADES[n % len(TRADES)]
    name = f"{pool.stems[n]} {trade}"
    category = "midcap" if n % 17 == 16 else "subsidiary" if n % 29 == 28 else "sme"
    return {
        "legal_name": f"{name} {pool.legal_form}",
        "short_name": name,
        "website": f"https://www.{domain_of(name)}/",
        "city": chance.choice(pool.cities),
        "country": pool.country,
        "standing": "prospect" if n % 13 == 12 else "former" if n % 23 == 22 else "member",
        "category": category,
        "employees": chance.randint(*SIZES[category]),
        "codes": [("product", product), *(("area", area) for area in areas)],
    }


def domain_of(name: str) -> str:
    return f"{fold(name).replace(' ', '-')}.example"


def _load_renamed(by: User) -> None:
    """Merial became Boehringer Ingelheim Animal Health; and one invented company changed, too."""
    merial = organisations.create(
        cluster=Cluster.objects.get(slug="lyonbiopole"),
        by=by,
        legal_name="Merial",
        city="Lyon",
        country="FR",
        region=Region.objects.get(slug="auvergne-rhone-alpes"),
        category="founder",
        codes=[("product", "veterinary")],
        at=ENTERED,
    )
    organisations.edit(
        organisation=merial,
        by=by,
        version=merial.version,
        legal_name="Boehringer Ingelheim Animal Health",
    )
    forez = Organisation.objects.get(short_name="Forez Vaccines")
    organisations.edit(
        organisation=forez,
        by=by,
        version=forez.version,
        legal_name="Forez Immunology SAS",
        short_name="Forez Immunology",
    )
