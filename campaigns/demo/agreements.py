"""What the alliances signed with partners abroad, as far as it was told."""

import datetime as dt
from typing import Any

from campaigns.demo.alliances import FOUR
from crm.actions import agreements
from crm.models import Agreement, Alliance, Cluster, Market, Mission, User

AGREEMENTS: tuple[dict[str, Any], ...] = (
    {
        "alliance": "bioxclusters-plus",
        "kind": Agreement.Kind.MEMORANDUM,
        "partners": ["Health Industries South Australia, Adelaide", "BioSA, Adelaide"],
        "clusters": FOUR,
        "market": "australia",
        "scope": {
            "en": "Six organisations of five regions work together in the life sciences.",
            "fr": "Six organisations de cinq régions coopèrent dans les sciences de la vie.",
            "de": "Sechs Organisationen aus fünf Regionen arbeiten in den Life Sciences zusammen.",
            "it": "Sei organizzazioni di cinque regioni collaborano nelle scienze della vita.",
            "es": "Seis organizaciones de cinco regiones cooperan en las ciencias de la vida.",
            "ca": "Sis organitzacions de cinc regions cooperen en les ciències de la vida.",
        },
        "signed_on": dt.date(2016, 6, 1),
        "precision": Mission.Precision.MONTH,
        "occasion": "BIO International Convention, San Francisco",
    },
    {
        "alliance": "bioxclusters-plus",
        "kind": Agreement.Kind.PARTNERSHIP,
        "partners": ["TOHealth, Toronto"],
        "market": "canada",
    },
    {
        "alliance": "bioxclusters-pilot",
        "kind": Agreement.Kind.MEMORANDUM,
        "partners": ["Fenglin Group, Shanghai"],
        "market": "china",
    },
    {
        "alliance": "bioxclusters-pilot",
        "kind": Agreement.Kind.PARTNERSHIP,
        "partners": ["BioMinas, Belo Horizonte"],
        "market": "brazil",
    },
)


def load(by: User) -> None:
    for stated in AGREEMENTS:
        facts = dict(stated)
        agreements.enter(
            alliance=Alliance.objects.get(slug=facts.pop("alliance")),
            clusters=Cluster.objects.filter(slug__in=facts.pop("clusters", ())),
            market=Market.objects.get(slug=facts.pop("market")),
            by=by,
            **facts,
        )
