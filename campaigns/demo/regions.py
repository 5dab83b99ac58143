"""Territories and markets."""

from crm.actions import network
from crm.models import User

REGIONS = {
    "catalonia": (
        "ES",
        ["ES51"],
        {
            "en": "Catalonia",
            "fr": "Catalogne",
            "de": "Katalonien",
            "it": "Catalogna",
            "es": "Cataluña",
            "ca": "Catalunya",
        },
    ),
    "bavaria": (
        "DE",
        ["DE2"],
        {
            "en": "Bavaria",
            "fr": "Bavière",
            "de": "Bayern",
            "it": "Baviera",
            "es": "Baviera",
            "ca": "Baviera",
        },
    ),
    "piedmont": (
        "IT",
        ["ITC1"],
        {
            "en": "Piedmont",
            "fr": "Piémont",
            "de": "Piemont",
            "it": "Piemonte",
            "es": "Piamonte",
            "ca": "Piemont",
        },
    ),
    "auvergne-rhone-alpes": (
        "FR",
        ["FRK"],
        {
            "en": "Auvergne-Rhône-Alpes",
            "fr": "Auvergne-Rhône-Alpes",
            "de": "Auvergne-Rhône-Alpes",
            "it": "Alvernia-Rodano-Alpi",
            "es": "Auvernia-Ródano-Alpes",
            "ca": "Alvèrnia-Roine-Alps",
        },
    ),
    "wallonia": (
        "BE",
        ["BE3"],
        {
            "en": "Wallonia",
            "fr": "Wallonie",
            "de": "Wallonien",
            "it": "Vallonia",
            "es": "Valonia",
            "ca": "Valònia",
        },
    ),
    "northern-germany": (
        "DE",
        ["DE6", "DEF"],
        {
            "en": "Northern Germany",
            "fr": "Allemagne du Nord",
            "de": "Norddeutschland",
            "it": "Germania settentrionale",
            "es": "Norte de Alemania",
            "ca": "Nord d’Alemanya",
        },
    ),
}

MARKETS = {
    "usa": {
        "en": "United States",
        "fr": "États-Unis",
        "de": "Vereinigte Staaten",
        "it": "Stati Uniti",
        "es": "Estados Unidos",
        "ca": "Estats Units",
    },
    "china": {
        "en": "China",
        "fr": "Chine",
        "de": "China",
        "it": "Cina",
        "es": "China",
        "ca": "Xina",
    },
    "brazil": {
        "en": "Brazil",
        "fr": "Brésil",
        "de": "Brasilien",
        "it": "Brasile",
        "es": "Brasil",
        "ca": "Brasil",
    },
    "japan": {
        "en": "Japan",
        "fr": "Japon",
        "de": "Japan",
        "it": "Giappone",
        "es": "Japón",
        "ca": "Japó",
    },
    "australia": {
        "en": "Australia",
        "fr": "Australie",
        "de": "Australien",
        "it": "Australia",
        "es": "Australia",
        "ca": "Austràlia",
    },
    "canada": {
        "en": "Canada",
        "fr": "Canada",
        "de": "Kanada",
        "it": "Canada",
        "es": "Canadá",
        "ca": "Canadà",
    },
    "south-korea": {
        "en": "South Korea",
        "fr": "Corée du Sud",
        "de": "Südkorea",
        "it": "Corea del Sud",
        "es": "Corea del Sur",
        "ca": "Corea del Sud",
    },
    "singapore": {
        "en": "Singapore",
        "fr": "Singapour",
        "de": "Singapur",
        "it": "Singapore",
        "es": "Singapur",
        "ca": "Singapur",
    },
}


def load(by: User | None = None) -> None:
    for slug, (country, codes, names) in REGIONS.items():
        network.create_region(slug=slug, names=names, country=country, codes=codes, by=by)
    for slug, names in MARKETS.items():
        network.create_market(slug=slug, names=names, by=by)
