"""Where the delegations went before: Japan 2016 in full, Boston and China as far as is known."""

import datetime as dt

from campaigns.demo import desks, open_mission, programmes
from campaigns.demo.days import moment
from crm.actions import answers, missions
from crm.models import Alliance, Cluster, Market, Mission, Person, Region, User

JAPAN_BEGAN = dt.date(2016, 10, 9)
CALLED = dt.date(2016, 4, 20)

# months and years are known, days are not
BRIEF = (
    (
        "usa-boston-2013", "usa", (dt.date(2013, 10, 1), dt.date(2013, 11, 1)), "month",
        {
            "en": "Mission to Boston", "fr": "Mission à Boston", "de": "Mission nach Boston",
            "it": "Missione a Boston", "es": "Misión a Boston", "ca": "Missió a Boston",
        },
        {
            "en": "Companies of the four regions visited Boston to learn how its cluster works and "
            "to meet partners; a mission report followed.",
            "fr": "Des entreprises des quatre régions sont allées à Boston pour comprendre le "
            "fonctionnement de son pôle et rencontrer des partenaires ; un rapport a suivi.",
        },
    ),
    (
        "china-2013", "china", (dt.date(2013, 1, 1), dt.date(2014, 1, 1)), "year",
        {
            "en": "Mission to China", "fr": "Mission en Chine", "de": "Mission nach China",
            "it": "Missione in Cina", "es": "Misión a China", "ca": "Missió a la Xina",
        },
        {"en": "Counted in the reports of the pilot; no detail is known."},
    ),
)  # fmt: skip

ANSWERS = ("interested",) * 6 + (
    "not-now",
    "not-now",
    "colleague",
    "declined",
    "declined",
)


def load(by: User) -> None:
    lead = Cluster.objects.get(slug="lyonbiopole")
    for slug, market, during, precision, names, leads in BRIEF:
        missions.create(
            by=by,
            slug=slug,
            alliances=[Alliance.objects.get(slug="bioxclusters-pilot")],
            lead_cluster=lead,
            market=Market.objects.get(slug=market),
            names=names,
            leads=leads,
            terms={},
            during=during,
            precision=precision,
            status="done",
            at=moment(during[0], 9),
        )
    _load_japan(lead, by)


def _load_japan(lead: Cluster, by: User) -> None:
    mission = missions.create(
        by=by,
        slug="japan-2016",
        alliances=[Alliance.objects.get(slug="bioxclusters-plus")],
        lead_cluster=lead,
        market=Market.objects.get(slug="japan"),
        names={
            language: text.format(year=JAPAN_BEGAN.year)
            for language, text in open_mission.NAMES.items()
        },
        leads=open_mission.LEADS,
        terms=open_mission.TERMS,
        during=(JAPAN_BEGAN, dt.date(2016, 10, 15)),
        status="done",
        eligible_regions=Region.objects.filter(slug__in=open_mission.REGIONS),
        eligible_categories=["sme"],
        at=moment(CALLED, 9),
    )
    # "In June, but the very latest before July 15": a soft and a hard date.
    for things, soft, day in (
        (open_mission.PROFILE, True, dt.date(2016, 6, 30)),
        (open_mission.LAST_CALL, False, dt.date(2016, 7, 14)),
    ):
        missions.set_deadline(
            mission=mission, by=by, things=things, soft=soft, at=moment(day, 18),
            timezone="Europe/Paris",
        )  # fmt: skip
    missions.set_external_route(
        mission=mission,
        by=by,
        organiser="EU-Japan Centre for Industrial Cooperation",
        texts=open_mission.EXTERNAL,
        url="https://www.eu-japan.example/biotech-cluster-sme-mission-2016",
        at=moment(dt.date(2016, 6, 9), 17, zone="Asia/Tokyo"),
        timezone="Asia/Tokyo",
    )
    _publish(mission, "provisional", CALLED, by)
    open_mission.attach(mission, by)
    _publish(mission, "final", dt.date(2016, 9, 12), by)
    desks.load_for_japan(mission, CALLED, by)
    readers = Person.objects.filter(kind="contact", cluster__slug__in=("lyonbiopole", "biocat"))
    for person, value in zip(readers.order_by("pk")[:60:5], ANSWERS, strict=False):
        answers.give(
            person=person,
            mission=mission,
            value=value,
            at=moment(dt.date(2016, 5, 3), 11),
        )


def _publish(mission: Mission, label: str, day: dt.date, by: User) -> None:
    missions.publish_programme(
        mission=mission,
        by=by,
        label=label,
        items=programmes.japan(mission.slug, JAPAN_BEGAN, final=label == "final"),
        at=moment(day, 9),
    )
