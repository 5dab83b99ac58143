"""The six clusters, each the controller of its own contacts."""

from dataclasses import dataclass

from crm.actions import network
from crm.models import Region, User


@dataclass(frozen=True)
class Facts:
    slug: str
    name: str
    region: str
    run_by: str
    languages: tuple[str, ...]
    timezone: str
    postal_address: str


CLUSTERS = (
    Facts(
        "biocat", "Biocat", "catalonia", "Biocat, the BioRegion of Catalonia",
        ("ca", "es", "en"), "Europe/Madrid", "Biocat\nBaldiri Reixac 4\n08028 Barcelona\nEspanya",
    ),
    Facts(
        "biom", "BioM", "bavaria", "BioM Biotech Cluster Development GmbH",
        ("de", "en"), "Europe/Berlin",
        "BioM Biotech Cluster Development GmbH\nAm Klopferspitz 19a\n82152 Martinsried\n"
        "Deutschland",
    ),
    Facts(
        "biopmed", "bioPmed", "piedmont", "Bioindustry Park Silvano Fumero SpA",
        ("it", "en"), "Europe/Rome",
        "bioPmed, Bioindustry Park Silvano Fumero SpA\nVia Ribes 5\n10010 Colleretto Giacosa\n"
        "Italia",
    ),
    Facts(
        "lyonbiopole", "Lyonbiopole", "auvergne-rhone-alpes", "Lyonbiopole",
        ("fr", "en"), "Europe/Paris",
        "Lyonbiopole\n321 avenue Jean Jaurès\n69007 Lyon\nFrance",
    ),
    Facts(
        "biowin", "Biowin", "wallonia", "Biowin",
        ("fr", "en"), "Europe/Brussels", "Biowin\nAvenue de l’Exemple 20\n6041 Gosselies\nBelgique",
    ),
    Facts(
        "life-science-nord", "Life Science Nord", "northern-germany",
        "Life Science Nord Management GmbH",
        ("de", "en"), "Europe/Berlin",
        "Life Science Nord Management GmbH\nFalkenried 88\n20251 Hamburg\nDeutschland",
    ),
)  # fmt: skip

FOOTER = {
    "en": "{name} is responsible for your data. Questions and requests: {contact}",
    "fr": "{name} est responsable du traitement de vos données. Questions et demandes : {contact}",
    "de": "Verantwortlich für Ihre Daten ist {name}. Fragen und Anträge: {contact}",
    "it": "Il titolare del trattamento dei suoi dati è {name}. Domande e richieste: {contact}",
    "es": "{name} es responsable del tratamiento de sus datos. Preguntas y solicitudes: {contact}",
    "ca": "{name} és responsable del tractament de les vostres dades. "
    "Preguntes i sol·licituds: {contact}",
}


def load(by: User | None = None) -> None:
    for facts in CLUSTERS:
        domain = f"{facts.slug}.example"
        contact = f"data-protection@{domain}"
        network.create_cluster(
            slug=facts.slug,
            name=facts.name,
            region=Region.objects.get(slug=facts.region),
            languages=list(facts.languages),
            run_by=facts.run_by,
            timezone=facts.timezone,
            postal_address=facts.postal_address,
            data_protection_contact=contact,
            from_name=facts.name,
            from_address=f"missions@{domain}",
            reply_to=f"contact@{domain}",
            dkim_selector="liaison",
            website=f"https://www.{domain}/",
            footer={
                language: text.format(name=facts.name, contact=contact)
                for language, text in FOOTER.items()
            },
            by=by,
        )
