"""Five events: four that were, and one to answer."""

import datetime as dt
from typing import Any

from campaigns.demo.days import Days, moment
from crm.actions import events, missions
from crm.models import Alliance, Cluster, Event, User

NEXT = "matchmaking-next"
BERLIN = "Europe/Berlin"
TUESDAY = 1
SIX = ["en", "fr", "de", "it", "es", "ca"]

PAST: tuple[dict[str, Any], ...] = (
    {
        "slug": "matchmaking-2014",
        "alliance": "bioxclusters-pilot",
        "names": {
            "en": "EU-Japan Cluster Matchmaking at BIO-Europe",
            "fr": "Rencontres de clusters UE-Japon à BIO-Europe",
            "de": "EU-Japan Cluster Matchmaking auf der BIO-Europe",
        },
        "leads": {
            "en": "Four Japanese clusters present themselves and meet European ones. Free of "
            "charge, no registration required.",
            "de": "Vier japanische Cluster stellen sich vor und treffen europäische. Kostenlos, "
            "ohne Anmeldung.",
        },
        "starts_at": moment(dt.date(2014, 11, 3), 14, zone=BERLIN),
        "ends_at": moment(dt.date(2014, 11, 3), 18, zone=BERLIN),
        "timezone": BERLIN,
        "city": "Frankfurt",
        "place": "Messe Frankfurt",
    },
    {
        "slug": "kick-off-2016",
        "alliance": "bioxclusters-plus",
        "names": {
            "en": "Kick-off of bioXclusters plus", "fr": "Lancement de bioXclusters plus",
            "de": "Auftakt von bioXclusters plus",
        },
        "leads": {"en": "The four clusters begin their partnership."},
        "answer_mode": "selection",
        "starts_at": moment(dt.date(2016, 1, 26), 9),
        "ends_at": moment(dt.date(2016, 1, 27), 17),
        "city": "Lyon",
    },
    {
        "slug": "bio-europe-spring-2016",
        "alliance": "bioxclusters-plus",
        "names": {
            "en": "Session at BIO-Europe Spring", "fr": "Session à BIO-Europe Spring",
            "de": "Session auf der BIO-Europe Spring",
        },
        "leads": {"en": "Cluster meets cluster, and companies of the four regions each other."},
        "starts_at": moment(dt.date(2016, 4, 5), 14, zone="Europe/Stockholm"),
        "ends_at": moment(dt.date(2016, 4, 5), 16, zone="Europe/Stockholm"),
        "timezone": "Europe/Stockholm",
        "city": "Stockholm",
    },
    {
        "slug": "webinar-2021",
        "alliance": "bioxclusters-plus",
        "names": {
            "en": "Webinar: personalised healthcare across four regions",
            "fr": "Webinaire : la médecine personnalisée dans quatre régions",
            "de": "Webinar: personalisierte Medizin in vier Regionen",
        },
        "leads": {"en": "One hour with speakers of all four clusters, and your questions."},
        "mode": "online",
        "answer_mode": "rsvp",
        "starts_at": moment(dt.date(2021, 3, 17), 11),
        "ends_at": moment(dt.date(2021, 3, 17), 12),
        "join_url": "https://meet.bioxclusters.example/webinar-2021",
    },
)  # fmt: skip

NAMES = {
    "en": "EU-Japan Cluster Matchmaking, second edition",
    "fr": "Rencontres de clusters UE-Japon, deuxième édition",
    "de": "EU-Japan Cluster Matchmaking, zweite Ausgabe",
    "it": "Incontri tra cluster UE-Giappone, seconda edizione",
    "es": "Encuentros de clústeres UE-Japón, segunda edición",
    "ca": "Trobades de clústers UE-Japó, segona edició",
}
LEADS = {
    "en": "An afternoon for companies that want to work with Japan: four Japanese clusters present "
    "themselves, then you meet their companies at small tables. Taking part is free of charge. "
    "Please tell us whether you are coming, so that nobody sits at an empty table.",
    "fr": "Un après-midi pour les entreprises qui veulent travailler avec le Japon : quatre "
    "clusters japonais se présentent, puis vous rencontrez leurs entreprises autour de petites "
    "tables. La participation est gratuite. Dites-nous si vous venez, pour que personne ne reste "
    "seul à sa table.",
    "de": "Ein Nachmittag für Unternehmen, die mit Japan arbeiten wollen: Vier japanische Cluster "
    "stellen sich vor, danach treffen Sie deren Unternehmen an kleinen Tischen. Die Teilnahme ist "
    "kostenlos. Bitte sagen Sie uns, ob Sie kommen, damit niemand allein am Tisch sitzt.",
    "it": "Un pomeriggio per le imprese che vogliono lavorare con il Giappone: quattro cluster "
    "giapponesi si presentano, poi ne incontrate le imprese a piccoli tavoli. La partecipazione è "
    "gratuita. Fateci sapere se venite, perché nessuno resti da solo al tavolo.",
    "es": "Una tarde para empresas que quieren trabajar con Japón: cuatro clústeres japoneses se "
    "presentan y después usted se reúne con sus empresas en mesas pequeñas. La participación es "
    "gratuita. Díganos si viene, para que nadie se quede solo en la mesa.",
    "ca": "Una tarda per a empreses que volen treballar amb el Japó: quatre clústers japonesos es "
    "presenten i després us reuniu amb les seves empreses en taules petites. La participació és "
    "gratuïta. Digueu-nos si veniu, perquè ningú no es quedi sol a taula.",
}

# from, to, kind, titles, optional
AFTERNOON = (
    (
        (14, 0),
        (14, 45),
        "talk",
        False,
        {
            "en": "Four Japanese clusters present themselves",
            "fr": "Quatre clusters japonais se présentent",
            "de": "Vier japanische Cluster stellen sich vor",
            "it": "Quattro cluster giapponesi si presentano",
            "es": "Cuatro clústeres japoneses se presentan",
            "ca": "Quatre clústers japonesos es presenten",
        },
    ),
    (
        (15, 0),
        (17, 0),
        "meetings",
        False,
        {
            "en": "Meetings at small tables, 20 minutes each",
            "fr": "Rendez-vous à petites tables, 20 minutes chacun",
            "de": "Gespräche an kleinen Tischen, je 20 Minuten",
            "it": "Incontri a piccoli tavoli, 20 minuti ciascuno",
            "es": "Reuniones en mesas pequeñas, de 20 minutos cada una",
            "ca": "Reunions en taules petites, de 20 minuts cadascuna",
        },
    ),
    (
        (17, 0),
        (18, 0),
        "visit",
        True,
        {
            "en": "Reception",
            "fr": "Verre de l’amitié",
            "de": "Empfang",
            "it": "Rinfresco",
            "es": "Cóctel",
            "ca": "Refrigeri",
        },
    ),
)


def load(days: Days, by: User) -> None:
    lead = Cluster.objects.get(slug="lyonbiopole")
    for facts in PAST:
        alliance = Alliance.objects.get(slug=facts["alliance"])
        values = {name: value for name, value in facts.items() if name != "alliance"}
        events.create(
            by=by,
            lead_cluster=lead,
            alliances=[alliance],
            languages=list(facts["names"]),
            status="done",
            at=facts["starts_at"] - dt.timedelta(days=60),
            **values,
        )
    starts_at, ends_at = _afternoon(days)
    event = events.create(
        by=by,
        slug=NEXT,
        alliances=[Alliance.objects.get(slug="bioxclusters-plus")],
        lead_cluster=Cluster.objects.get(slug="biom"),
        names=NAMES,
        leads=LEADS,
        answer_mode="rsvp",
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=BERLIN,
        place="Internationales Congress Center",
        city="München",
        capacity=60,
        previous_edition=Event.objects.get(slug="matchmaking-2014"),
        languages=SIX,
        status="open",
        at=days.ago(5),
    )
    _publish(event, starts_at.date(), by, days.ago(5))


def renew(days: Days, by: User) -> bool:
    """Move the coming event on once it has passed; True where it was moved."""
    event = Event.objects.get(slug=NEXT)
    if event.starts_at >= moment(days.today, 0):
        return False
    starts_at, ends_at = _afternoon(days)
    event = events.edit(
        event=event, by=by, version=event.version, starts_at=starts_at, ends_at=ends_at
    )
    _publish(event, starts_at.date(), by, None)
    return True


def _afternoon(days: Days) -> tuple[dt.datetime, dt.datetime]:
    day = days.ahead(9, TUESDAY)
    return moment(day, 14, zone=BERLIN), moment(day, 18, zone=BERLIN)


def _publish(event: Event, day: dt.date, by: User, at: dt.datetime | None) -> None:
    missions.publish_programme(
        event=event,
        by=by,
        label="final",
        at=at,
        items=[
            {
                "day": day, "part": "hours", "starts": dt.time(*starts), "ends": dt.time(*ends),
                "kind": kind, "titles": titles, "place": event.place, "city": event.city,
                "optional": optional,
            }
            for starts, ends, kind, optional, titles in AFTERNOON
        ],
    )  # fmt: skip
