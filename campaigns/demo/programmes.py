"""The programme of the Japan missions: the same six days, written in six languages."""

import datetime as dt
import uuid
from typing import Any

Items = list[dict[str, Any]]
Row = tuple[int, str, str, str, str, str, str, bool]

SENRI = "Senri Life Science Center"
FAIRGROUND = "Pacifico Yokohama"
CENTRE = "EU-Japan Centre for Industrial Cooperation"

# day, part, kind, what (key of TITLES), place, city, with whom, optional
PROVISIONAL: tuple[Row, ...] = (
    (0, "day", "arrival", "arrival", "", "Osaka", "", False),
    (1, "morning", "workshop", "workshop", "", "Osaka", CENTRE, False),
    (1, "afternoon", "visit", "visit", "", "Osaka", "", True),
    (
        2,
        "morning",
        "conference",
        "talks",
        SENRI,
        "Osaka",
        "Osaka Bio Headquarters",
        False,
    ),
    (
        2,
        "afternoon",
        "meetings",
        "meetings",
        SENRI,
        "Osaka",
        "Osaka Bio Headquarters",
        False,
    ),
    (2, "evening", "transfer", "transfer", "", "Yokohama", "", False),
    (3, "day", "fair", "fair-1", FAIRGROUND, "Yokohama", "", False),
    (4, "day", "fair", "fair-2", FAIRGROUND, "Yokohama", "", False),
    (5, "day", "fair", "fair-3", FAIRGROUND, "Yokohama", "", True),
)

# what the final programme gave an hour
HOURS = {
    "workshop": (dt.time(9, 30), dt.time(12, 30)),
    "talks": (dt.time(9, 30), dt.time(12, 0)),
    "meetings": (dt.time(13, 30), dt.time(17, 0)),
}

TITLES = {
    "arrival": {
        "en": "Arrival in Osaka",
        "fr": "Arrivée à Osaka",
        "de": "Ankunft in Osaka",
        "it": "Arrivo a Osaka",
        "es": "Llegada a Osaka",
        "ca": "Arribada a Osaka",
    },
    "workshop": {
        "en": "Workshop: the Japanese life-science market and its regulation",
        "fr": "Atelier : le marché japonais des sciences de la vie et sa réglementation",
        "de": "Workshop: der japanische Life-Science-Markt und seine Regulierung",
        "it": "Workshop: il mercato giapponese delle scienze della vita e le sue regole",
        "es": "Taller: el mercado japonés de las ciencias de la vida y su regulación",
        "ca": "Taller: el mercat japonès de les ciències de la vida i la seva regulació",
    },
    "visit": {
        "en": "Cultural visit",
        "fr": "Visite culturelle",
        "de": "Kultureller Ausflug",
        "it": "Visita culturale",
        "es": "Visita cultural",
        "ca": "Visita cultural",
    },
    "talks": {
        "en": "European Biotech & Pharma Partnering Conference: expert talks",
        "fr": "European Biotech & Pharma Partnering Conference : interventions d’experts",
        "de": "European Biotech & Pharma Partnering Conference: Fachvorträge",
        "it": "European Biotech & Pharma Partnering Conference: interventi di esperti",
        "es": "European Biotech & Pharma Partnering Conference: ponencias de expertos",
        "ca": "European Biotech & Pharma Partnering Conference: ponències d’experts",
    },
    "meetings": {
        "en": "One-to-one meetings, arranged beforehand",
        "fr": "Rendez-vous individuels, organisés à l’avance",
        "de": "Einzelgespräche, vorab vereinbart",
        "it": "Incontri individuali, concordati in anticipo",
        "es": "Reuniones individuales, concertadas de antemano",
        "ca": "Reunions individuals, concertades per endavant",
    },
    "transfer": {
        "en": "Transfer to Yokohama",
        "fr": "Transfert à Yokohama",
        "de": "Weiterreise nach Yokohama",
        "it": "Trasferimento a Yokohama",
        "es": "Traslado a Yokohama",
        "ca": "Trasllat a Yokohama",
    },
    "fair-1": {
        "en": "BioJapan, first day",
        "fr": "BioJapan, premier jour",
        "de": "BioJapan, erster Tag",
        "it": "BioJapan, primo giorno",
        "es": "BioJapan, primer día",
        "ca": "BioJapan, primer dia",
    },
    "fair-2": {
        "en": "BioJapan, second day",
        "fr": "BioJapan, deuxième jour",
        "de": "BioJapan, zweiter Tag",
        "it": "BioJapan, secondo giorno",
        "es": "BioJapan, segundo día",
        "ca": "BioJapan, segon dia",
    },
    "fair-3": {
        "en": "BioJapan, last day",
        "fr": "BioJapan, dernier jour",
        "de": "BioJapan, letzter Tag",
        "it": "BioJapan, ultimo giorno",
        "es": "BioJapan, último día",
        "ca": "BioJapan, últim dia",
    },
}


def japan(slug: str, begins: dt.date, final: bool = False) -> Items:
    """The items of a mission's programme; an entry keeps its identity over all versions."""
    return [
        _hours(key, final)
        | {
            "uid": uuid.uuid5(uuid.NAMESPACE_URL, f"{slug}/{key}"),
            "day": begins + dt.timedelta(days=day),
            "kind": kind,
            "titles": TITLES[key],
            "place": place,
            "city": city,
            "co_organisers": partners,
            "optional": optional,
            **({} if final and key in HOURS else {"part": part}),
        }
        for day, part, kind, key, place, city, partners, optional in PROVISIONAL
    ]


def _hours(key: str, final: bool) -> dict[str, Any]:
    if not final or key not in HOURS:
        return {}
    starts, ends = HOURS[key]
    return {"part": "hours", "starts": starts, "ends": ends}
