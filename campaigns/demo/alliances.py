"""Three overlapping alliances, who takes part in them, and what their mails must say."""

import datetime as dt

from crm.actions import network
from crm.models import Alliance, Cluster, User

LANGUAGES = ["en", "fr", "de", "it", "es", "ca"]
THEMES = [
    "personalised healthcare", "big data", "micro- and nanotechnologies", "ICT",
    "regenerative medicine",
]  # fmt: skip
FOUR = ("biocat", "biom", "biopmed", "lyonbiopole")

PILOT = (dt.date(2012, 1, 1), dt.date(2015, 1, 1))
FUNDED = (dt.date(2016, 1, 1), dt.date(2018, 2, 1))
AFTER = (dt.date(2018, 2, 1), None)
ALWAYS = (None, None)

SHARING = {"lyonbiopole", "biopmed"}
ARRANGEMENT = "Joint controllers’ arrangement of 26 January 2016, article 4"

CO_FUNDED = {
    "en": "bioXclusters plus is co-funded by the COSME programme of the European Union. This mail "
    "shows the views of its authors only; the European Union is not liable for any use of it.",
    "fr": "bioXclusters plus est cofinancé par le programme COSME de l’Union européenne. Ce "
    "message n’engage que ses auteurs ; l’Union européenne n’est pas responsable de l’usage qui en "
    "est fait.",
    "de": "bioXclusters plus wird vom COSME-Programm der Europäischen Union kofinanziert. Diese "
    "Mail gibt allein die Ansicht ihrer Verfasser wieder; die Europäische Union haftet nicht für "
    "ihre Verwendung.",
    "it": "bioXclusters plus è cofinanziato dal programma COSME dell’Unione europea. Questo "
    "messaggio riflette solo l’opinione dei suoi autori; l’Unione europea non risponde dell’uso "
    "che ne viene fatto.",
    "es": "bioXclusters plus está cofinanciado por el programa COSME de la Unión Europea. Este "
    "mensaje refleja solo la opinión de sus autores; la Unión Europea no responde del uso que se "
    "haga de él.",
    "ca": "bioXclusters plus està cofinançat pel programa COSME de la Unió Europea. Aquest "
    "missatge reflecteix només l’opinió dels seus autors; la Unió Europea no respon de l’ús que "
    "se’n faci.",
}
ENDED = {
    "en": "bioXclusters plus was co-funded by the COSME programme of the European Union until "
    "January 2018. The four clusters continue it by their own means and answer alone for what they "
    "write.",
    "fr": "bioXclusters plus a été cofinancé par le programme COSME de l’Union européenne jusqu’en "
    "janvier 2018. Les quatre pôles le poursuivent par leurs propres moyens et répondent seuls de "
    "ce qu’ils écrivent.",
    "de": "bioXclusters plus wurde bis Januar 2018 vom COSME-Programm der Europäischen Union "
    "kofinanziert. Die vier Cluster führen es aus eigenen Mitteln fort und verantworten allein, "
    "was sie schreiben.",
    "it": "bioXclusters plus è stato cofinanziato dal programma COSME dell’Unione europea fino a "
    "gennaio 2018. I quattro cluster lo proseguono con mezzi propri e rispondono da soli di ciò "
    "che scrivono.",
    "es": "bioXclusters plus fue cofinanciado por el programa COSME de la Unión Europea hasta "
    "enero de 2018. Los cuatro clústeres lo continúan con medios propios y responden solos de lo "
    "que escriben.",
    "ca": "bioXclusters plus va ser cofinançat pel programa COSME de la Unió Europea fins al gener "
    "de 2018. Els quatre clústers el continuen amb mitjans propis i responen sols del que "
    "escriuen.",
}
ABOUT = {
    "en": "bioXclusters plus is a European Strategic Cluster Partnership on Personalised "
    "Healthcare. Biocat (Catalonia), BioM (Bavaria), bioPmed (Piedmont) and Lyonbiopole "
    "(Auvergne-Rhône-Alpes) bring the life-science companies of their regions together and lead "
    "them to markets abroad.",
    "fr": "bioXclusters plus est un partenariat stratégique européen de pôles consacré à la santé "
    "personnalisée. Biocat (Catalogne), BioM (Bavière), bioPmed (Piémont) et Lyonbiopole "
    "(Auvergne-Rhône-Alpes) rassemblent les entreprises des sciences de la vie de leurs régions et "
    "les accompagnent vers les marchés étrangers.",
    "de": "bioXclusters plus ist eine europäische strategische Cluster-Partnerschaft für "
    "personalisierte Gesundheit. Biocat (Katalonien), BioM (Bayern), bioPmed (Piemont) und "
    "Lyonbiopole (Auvergne-Rhône-Alpes) bringen die Life-Science-Unternehmen ihrer Regionen "
    "zusammen und führen sie auf Märkte im Ausland.",
}


def load(by: User | None = None) -> None:
    pilot = network.create_alliance(
        slug="bioxclusters-pilot",
        name="bioXclusters",
        status=Alliance.Status.CLOSED,
        during=PILOT,
        funder="European Commission",
        themes=THEMES[:1],
        hue=265,
        languages=LANGUAGES,
        by=by,
    )
    plus = network.create_alliance(
        slug="bioxclusters-plus",
        name="bioXclusters plus",
        name_variants=["bioXclusters+", "bioXclusters PLUS", "bioXclusters alliance"],
        status=Alliance.Status.ENDED_ACTIVE,
        during=FUNDED,
        funder="European Union, COSME, through EASME",
        call_id="COS-CLUSTER-2014-3-03",
        label="European Strategic Cluster Partnership on Personalised Healthcare",
        themes=THEMES,
        boilerplate=ABOUT,
        hue=195,
        languages=LANGUAGES,
        by=by,
    )
    magia = network.create_alliance(
        slug="magia",
        name="MAGIA",
        name_variants=["Medtech Alliance for Global Internationalisation"],
        status=Alliance.Status.FUNDED,
        funder="European Commission, DG GROW, EASME",
        hue=145,
        languages=LANGUAGES,
        by=by,
    )
    _take_part(pilot, FOUR, PILOT, coordinator=None, by=by)
    _take_part(plus, FOUR, (FUNDED[0], None), coordinator="lyonbiopole", by=by)
    _take_part(
        magia,
        ("lyonbiopole", "biopmed", "biowin", "life-science-nord"),
        ALWAYS,
        "biopmed",
        by,
    )
    network.disclaim(alliance=plus, texts=CO_FUNDED, during=FUNDED, by=by)
    network.disclaim(alliance=plus, texts=ENDED, during=AFTER, by=by)
    network.disclaim(
        alliance=magia,
        texts={
            language: text.replace("bioXclusters plus", "MAGIA")
            for language, text in CO_FUNDED.items()
        },
        during=ALWAYS,
        by=by,
    )


def _take_part(
    alliance: Alliance,
    slugs: tuple[str, ...],
    during: network.Period,
    coordinator: str | None,
    by: User | None,
) -> None:
    """Two of the four clusters share names with the alliance of today; the others only counts."""
    for slug in slugs:
        shares = alliance.slug == "bioxclusters-plus" and slug in SHARING
        network.join(
            alliance=alliance,
            cluster=Cluster.objects.get(slug=slug),
            role="coordinator" if slug == coordinator else "member",
            during=during,
            sharing="core" if shares else "counts",
            arrangement=ARRANGEMENT if shares else "",
            by=by,
        )
