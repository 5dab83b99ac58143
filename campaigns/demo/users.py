"""Eight people who sign in."""

import datetime as dt

from crm.actions import users
from crm.models import Alliance, Cluster, User

# For the demo only: everybody signs in with it, and the command prints it.
PASSWORD = "osaka-yokohama-lyon"  # noqa: S105

ADMINISTRATOR = "admin@liaison.example"
COORDINATOR = "coordinator@lyonbiopole.example"
STAFF = (
    (ADMINISTRATOR, "Solveig Aurland", "en", (("admin", ""),)),
    (
        COORDINATOR, "Mathilde Vaugneray", "fr",
        (("coordinator", "bioxclusters-plus"), ("coordinator", "bioxclusters-pilot")),
    ),
    ("contact@biocat.example", "Laia Torrents", "ca", (("contact", "biocat"),)),
    ("contact@biom.example", "Annika Reitmayr", "de", (("contact", "biom"),)),
    (
        "contact@biopmed.example", "Giulia Bertolino", "it",
        (("contact", "biopmed"), ("coordinator", "magia")),
    ),
    ("contact@lyonbiopole.example", "Bastien Charolles", "fr", (("contact", "lyonbiopole"),)),
    ("contact@biowin.example", "Thibault Noirhomme", "fr", (("contact", "biowin"),)),
    ("reader@biocat.example", "Oriol Cabanes", "es", (("reader", "biocat"),)),
)  # fmt: skip
SINCE = (dt.date(2016, 1, 1), None)


def load() -> User:
    """Returns the administrator, who enters the rest."""
    administrator: User | None = None
    for email, name, language, roles in STAFF:
        user = users.create(
            email=email,
            name=name,
            password=PASSWORD,
            language=language,
            by=administrator,
        )
        administrator = administrator or user
        for role, slug in roles:
            users.grant(
                user=user,
                role=role,
                alliance=Alliance.objects.get(slug=slug) if role == "coordinator" else None,
                cluster=Cluster.objects.get(slug=slug) if role in ("contact", "reader") else None,
                during=SINCE,
                by=administrator,
            )
    return User.objects.get(email=ADMINISTRATOR)
