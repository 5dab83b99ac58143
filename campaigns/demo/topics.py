"""What one can ask each alliance for."""

from crm.actions import topics
from crm.models import Alliance, Cluster, User

# kind: purpose, names, whether only subscribers get it
TOPICS = {
    "missions": (
        "missions",
        False,
        {
            "en": "Missions abroad",
            "fr": "Missions à l’étranger",
            "de": "Auslandsmissionen",
            "it": "Missioni all’estero",
            "es": "Misiones al exterior",
            "ca": "Missions a l’exterior",
        },
    ),
    "events": (
        "missions",
        False,
        {
            "en": "Events",
            "fr": "Événements",
            "de": "Veranstaltungen",
            "it": "Eventi",
            "es": "Eventos",
            "ca": "Esdeveniments",
        },
    ),
    "press": (
        "press",
        True,
        {
            "en": "Press releases",
            "fr": "Communiqués de presse",
            "de": "Pressemitteilungen",
            "it": "Comunicati stampa",
            "es": "Comunicados de prensa",
            "ca": "Comunicats de premsa",
        },
    ),
    "news": (
        "news",
        True,
        {
            "en": "News",
            "fr": "Actualités",
            "de": "Nachrichten",
            "it": "Notizie",
            "es": "Noticias",
            "ca": "Notícies",
        },
    ),
}
# The pilot's texts name no coordinator; its topics stay with the present one.
CONTROLLERS = {
    "bioxclusters-pilot": "lyonbiopole",
    "bioxclusters-plus": "lyonbiopole",
    "magia": "biopmed",
}


def load(by: User) -> None:
    for alliance, controller in CONTROLLERS.items():
        for kind, (purpose, by_subscription_only, names) in TOPICS.items():
            topics.create(
                slug=f"{alliance}-{kind}",
                names=names,
                purpose=purpose,
                controller=Cluster.objects.get(slug=controller),
                alliance=Alliance.objects.get(slug=alliance),
                by_subscription_only=by_subscription_only,
                public=alliance != "bioxclusters-pilot",
                by=by,
            )
