"""Contact points: dated, handed over once, and another one for Japan."""

import datetime as dt

from crm.actions import network
from crm.models import Cluster, Mission, User

# cluster, from, title, name, address, phone, login
GENERAL = (
    ("biocat", dt.date(2016, 1, 1), "", "Marc Vilaseca", "marc.vilaseca", "+34 93 555 01 10", ""),
    (
        "biocat", dt.date(2021, 7, 1), "Dr.", "Laia Torrents", "laia.torrents",
        "+34 93 555 01 12", "contact@biocat.example",
    ),
    (
        "biom", dt.date(2016, 1, 1), "Dr.", "Annika Reitmayr", "annika.reitmayr",
        "+49 89 99998 012", "contact@biom.example",
    ),
    (
        "biopmed", dt.date(2016, 1, 1), "", "Giulia Bertolino", "giulia.bertolino",
        "+39 011 555 0112", "contact@biopmed.example",
    ),
    (
        "lyonbiopole", dt.date(2016, 1, 1), "", "Bastien Charolles", "bastien.charolles",
        "+33 4 65 71 00 12", "contact@lyonbiopole.example",
    ),
    (
        "biowin", dt.date(2016, 1, 1), "", "Thibault Noirhomme", "thibault.noirhomme",
        "+32 71 55 50 12", "contact@biowin.example",
    ),
    (
        "life-science-nord", dt.date(2016, 1, 1), "", "Wiebke Harmsen", "wiebke.harmsen",
        "+49 40 66969 012", "",
    ),
)  # fmt: skip
MEDIA = (
    ("lyonbiopole", "Apolline Ternand", "press", "+33 4 65 71 00 19"),
    ("biopmed", "Silvio Ceresole", "press", "+39 011 555 0119"),
)


def load(by: User) -> None:
    for slug, since, title, name, mailbox, phone, login in GENERAL:
        network.appoint(
            cluster=Cluster.objects.get(slug=slug),
            name=name,
            email=f"{mailbox}@{slug}.example",
            phone=phone,
            title=title,
            user=User.objects.filter(email=login).first(),
            from_=since,
            by=by,
        )
    for slug, name, mailbox, phone in MEDIA:
        network.appoint(
            cluster=Cluster.objects.get(slug=slug),
            name=name,
            email=f"{mailbox}@{slug}.example",
            phone=phone,
            role="media",
            from_=dt.date(2016, 1, 1),
            by=by,
        )


def load_for_japan(mission: Mission, since: dt.date, by: User) -> None:
    """BioM names somebody else for Japan than on its general page."""
    network.appoint(
        cluster=Cluster.objects.get(slug="biom"),
        mission=mission,
        name="Jörg Lindenthal",
        title="Dr.",
        email="joerg.lindenthal@biom.example",
        phone="+49 89 99998 017",
        from_=since,
        by=by,
    )
