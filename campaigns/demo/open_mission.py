"""The mission that is open for applications: all its texts in six languages."""

import datetime as dt
from itertools import chain, repeat

from campaigns.demo import desks, programmes
from campaigns.demo.days import Days, moment
from campaigns.demo.documents import pdf
from crm.actions import missions
from crm.models import Alliance, Cluster, Market, Mission, Region, User

SLUG = "japan-next"
REGIONS = ("catalonia", "bavaria", "piedmont", "auvergne-rhone-alpes")
FRIDAY, THURSDAY = 4, 3

NAMES = {
    "en": "Mission to Japan {year}: Osaka and BioJapan",
    "fr": "Mission au Japon {year} : Osaka et BioJapan",
    "de": "Japan-Mission {year}: Osaka und BioJapan",
    "it": "Missione in Giappone {year}: Osaka e BioJapan",
    "es": "Misión a Japón {year}: Osaka y BioJapan",
    "ca": "Missió al Japó {year}: Osaka i BioJapan",
}

LEADS = {
    "en": "Six days, two cities, one delegation: we take small and medium-sized companies of our "
    "four regions to Osaka and Yokohama. In Osaka, a workshop explains the Japanese life-science "
    "market, and you meet partners who were chosen for you. In Yokohama, BioJapan awaits you, "
    "Asia’s meeting place for biotechnology.\n\n"
    "All it takes to begin is a short profile of your company. Your contact point helps you to "
    "write it.",
    "fr": "Six jours, deux villes, une délégation : nous emmenons des PME de nos quatre régions à "
    "Osaka et à Yokohama. À Osaka, un atelier vous présente le marché japonais des sciences de la "
    "vie, et vous rencontrez des partenaires choisis pour vous. À Yokohama, vous attend BioJapan, "
    "le rendez-vous asiatique des biotechnologies.\n\n"
    "Pour commencer, il suffit d’un court profil de votre entreprise. Votre contact vous aide à le "
    "rédiger.",
    "de": "Sechs Tage, zwei Städte, eine Delegation: Wir reisen mit kleinen und mittleren "
    "Unternehmen aus unseren vier Regionen nach Osaka und Yokohama. In Osaka führt ein Workshop in "
    "den japanischen Life-Science-Markt ein, und Sie treffen Partner, die für Sie ausgewählt "
    "wurden. In Yokohama erwartet Sie die BioJapan, Asiens Treffpunkt der Biotechnologie.\n\n"
    "Für den Anfang genügt ein Kurzprofil Ihres Unternehmens. Ihre Ansprechperson hilft Ihnen beim "
    "Schreiben.",
    "it": "Sei giorni, due città, una delegazione: portiamo piccole e medie imprese delle nostre "
    "quattro regioni a Osaka e Yokohama. A Osaka un workshop introduce al mercato giapponese delle "
    "scienze della vita e si incontrano partner scelti apposta per ciascuno. A Yokohama vi aspetta "
    "BioJapan, il punto d’incontro asiatico delle biotecnologie.\n\n"
    "Per cominciare basta un breve profilo della vostra azienda. Il vostro referente vi aiuta a "
    "scriverlo.",
    "es": "Seis días, dos ciudades, una delegación: llevamos a pequeñas y medianas empresas de "
    "nuestras cuatro regiones a Osaka y Yokohama. En Osaka, un taller presenta el mercado japonés "
    "de las ciencias de la vida, y usted se reúne con socios elegidos para su empresa. En Yokohama "
    "le espera BioJapan, el punto de encuentro asiático de la biotecnología.\n\n"
    "Para empezar basta un perfil breve de su empresa. Su persona de contacto le ayuda a "
    "redactarlo.",
    "ca": "Sis dies, dues ciutats, una delegació: portem petites i mitjanes empreses de les "
    "nostres quatre regions a Osaka i Yokohama. A Osaka, un taller presenta el mercat japonès de "
    "les ciències de la vida, i us reuniu amb socis triats per a la vostra empresa. A Yokohama us "
    "espera BioJapan, el punt de trobada asiàtic de la biotecnologia.\n\n"
    "Per començar n’hi ha prou amb un perfil breu de la vostra empresa. La vostra persona de "
    "contacte us ajuda a redactar-lo.",
}

TERMS = {
    "en": "The conference and the one-to-one meetings in Osaka are free of charge for companies of "
    "the delegation. Travel, hotels and entry to BioJapan are at your own expense. Places for "
    "one-to-one meetings are limited: Osaka Bio Headquarters invites counterparts by the short "
    "profiles it receives.",
    "fr": "La conférence et les rendez-vous individuels à Osaka sont gratuits pour les entreprises "
    "de la délégation. Le voyage, l’hôtel et l’entrée à BioJapan sont à votre charge. Les places "
    "pour les rendez-vous sont limitées : Osaka Bio Headquarters invite des interlocuteurs sur la "
    "base des profils reçus.",
    "de": "Die Konferenz und die Einzelgespräche in Osaka sind für die Unternehmen der Delegation "
    "kostenlos. Reise, Hotel und Eintritt zur BioJapan zahlen Sie selbst. Die Plätze für "
    "Einzelgespräche sind begrenzt: Osaka Bio Headquarters lädt Gesprächspartner nach den "
    "eingegangenen Kurzprofilen ein.",
    "it": "La conferenza e gli incontri individuali a Osaka sono gratuiti per le imprese della "
    "delegazione. Viaggio, albergo e ingresso a BioJapan sono a vostro carico. I posti per gli "
    "incontri sono limitati: Osaka Bio Headquarters invita gli interlocutori in base ai profili "
    "ricevuti.",
    "es": "La conferencia y las reuniones individuales en Osaka son gratuitas para las empresas de "
    "la delegación. El viaje, el hotel y la entrada a BioJapan corren por su cuenta. Las plazas "
    "para las reuniones son limitadas: Osaka Bio Headquarters invita a interlocutores según los "
    "perfiles recibidos.",
    "ca": "La conferència i les reunions individuals a Osaka són gratuïtes per a les empreses de "
    "la delegació. El viatge, l’hotel i l’entrada a BioJapan van a càrrec vostre. Les places per a "
    "les reunions són limitades: Osaka Bio Headquarters convida interlocutors segons els perfils "
    "rebuts.",
}

EXTERNAL = {
    "en": "Your organisation is based outside our four regions. The EU-Japan Centre takes "
    "companies from all over Europe to BioJapan with its own Biotech Cluster SME Mission: please "
    "apply there. We shall meet in Japan.",
    "fr": "Votre organisation se trouve hors de nos quatre régions. Le Centre UE-Japon emmène des "
    "entreprises de toute l’Europe à BioJapan avec sa propre « Biotech Cluster SME Mission » : "
    "déposez-y votre candidature. Nous nous retrouverons au Japon.",
    "de": "Ihre Organisation hat ihren Sitz außerhalb unserer vier Regionen. Das EU-Japan Centre "
    "reist mit Unternehmen aus ganz Europa in seiner eigenen „Biotech Cluster SME Mission“ zur "
    "BioJapan: Bitte bewerben Sie sich dort. Wir sehen uns in Japan.",
    "it": "La vostra organizzazione ha sede fuori dalle nostre quattro regioni. L’EU-Japan Centre "
    "porta a BioJapan imprese di tutta Europa con la propria «Biotech Cluster SME Mission»: vi "
    "preghiamo di candidarvi lì. Ci vedremo in Giappone.",
    "es": "Su organización está fuera de nuestras cuatro regiones. El EU-Japan Centre lleva a "
    "BioJapan a empresas de toda Europa con su propia «Biotech Cluster SME Mission»: presente allí "
    "su solicitud. Nos vemos en Japón.",
    "ca": "La vostra organització és fora de les nostres quatre regions. L’EU-Japan Centre porta a "
    "BioJapan empreses de tot Europa amb la seva pròpia «Biotech Cluster SME Mission»: "
    "presenteu-hi la sol·licitud. Ens veurem al Japó.",
}

PROFILE = {
    "en": "Short profile of your company to your contact point",
    "fr": "Court profil de votre entreprise à votre contact",
    "de": "Kurzprofil Ihres Unternehmens an Ihre Ansprechperson",
    "it": "Breve profilo della vostra azienda al vostro referente",
    "es": "Perfil breve de su empresa a su persona de contacto",
    "ca": "Perfil breu de la vostra empresa a la vostra persona de contacte",
}
LAST_CALL = {
    "en": "Last day for short profiles",
    "fr": "Dernier jour pour les profils",
    "de": "Letzter Tag für die Kurzprofile",
    "it": "Ultimo giorno per i profili",
    "es": "Último día para los perfiles",
    "ca": "Últim dia per als perfils",
}
HAND_OVER = {
    "en": "Cluster managers hand the profiles over to Osaka Bio Headquarters",
    "fr": "Les pôles remettent les profils à Osaka Bio Headquarters",
    "de": "Die Cluster übergeben die Profile an Osaka Bio Headquarters",
    "it": "I cluster consegnano i profili a Osaka Bio Headquarters",
    "es": "Los clústeres entregan los perfiles a Osaka Bio Headquarters",
    "ca": "Els clústers lliuren els perfils a Osaka Bio Headquarters",
}

TITLE_PROGRAMME = {
    "en": "Provisional programme (in English)",
    "fr": "Programme provisoire (en anglais)",
    "de": "Vorläufiges Programm (auf Englisch)",
    "it": "Programma provvisorio (in inglese)",
    "es": "Programa provisional (en inglés)",
    "ca": "Programa provisional (en anglès)",
}
TITLE_HOTELS = {
    "en": "Hotels and logistics (in English)",
    "fr": "Hôtels et logistique (en anglais)",
    "de": "Hotels und Anreise (auf Englisch)",
    "it": "Alberghi e logistica (in inglese)",
    "es": "Hoteles y logística (en inglés)",
    "ca": "Hotels i logística (en anglès)",
}
HOTELS = (
    "Osaka: two hotels near Senri-Chuo station hold rooms for the delegation.",
    "Yokohama: one hotel within walking distance of Pacifico Yokohama.",
    "Airport: Kansai International (KIX); the way back is best from Haneda (HND).",
    "Bring business cards: about 100 per person, one side in Japanese.",
)


def load(days: Days, by: User) -> None:
    begins = days.mission_begins
    mission = missions.create(
        by=by,
        slug=SLUG,
        alliances=[Alliance.objects.get(slug="bioxclusters-plus")],
        lead_cluster=Cluster.objects.get(slug="lyonbiopole"),
        market=Market.objects.get(slug="japan"),
        names=_names(begins),
        leads=LEADS,
        terms=TERMS,
        during=(begins, begins + dt.timedelta(days=6)),
        status="open",
        eligible_regions=Region.objects.filter(slug__in=REGIONS),
        eligible_categories=["sme", "midcap"],
        at=days.ago(10),
    )
    _schedule(mission, days, by)
    missions.publish_programme(
        mission=mission,
        by=by,
        label="provisional",
        items=programmes.japan(SLUG, begins),
        at=days.ago(9),
    )
    attach(mission, by)
    desks.load_for_japan(mission, days.ago(10).date(), by)


def attach(mission: Mission, by: User) -> None:
    """The two documents that every Japan mission has."""
    programme = mission.programme
    assert programme
    lines = tuple(
        f"{item.day:%a %d %b}  {item.get_part_display():10}  {item.titles['en']}"
        for item in programme.items.all()
    )
    for titles, name, text in (
        (TITLE_PROGRAMME, "programme", lines),
        (TITLE_HOTELS, "hotels-and-logistics", HOTELS),
    ):
        missions.attach_document(
            mission=mission,
            by=by,
            titles=titles,
            language="en",
            file=(f"{mission.slug}-{name}.pdf", pdf(titles["en"].split(" (")[0], text)),
            version=str(programme.n),
        )


def _schedule(mission: Mission, days: Days, by: User) -> None:
    """Enter its deadlines and its route for outsiders, or move those it has."""
    entered = list(mission.deadlines.all())
    due = zip(chain(entered, repeat(None)), _deadlines(days), strict=False)
    for deadline, (things, audience, soft, at) in due:
        missions.set_deadline(
            mission=mission,
            by=by,
            deadline=deadline,
            things=things,
            audience=audience,
            soft=soft,
            at=at,
            timezone="Europe/Paris",
        )
    _route(mission, days, by)


def renew(days: Days, by: User) -> bool:
    """Move the mission on once its first deadline has passed; True where it was moved."""
    mission = Mission.objects.get(slug=SLUG)
    deadlines = list(mission.deadlines.all())
    if not deadlines or deadlines[0].at >= moment(days.today, 0):
        return False
    begins = days.mission_begins
    mission = missions.edit(
        mission=mission,
        by=by,
        version=mission.version,
        names=_names(begins),
        during=(begins, begins + dt.timedelta(days=6)),
    )
    _schedule(mission, days, by)
    missions.publish_programme(
        mission=mission,
        by=by,
        label="provisional",
        items=programmes.japan(SLUG, begins),
    )
    return True


def _names(begins: dt.date) -> dict[str, str]:
    return {language: text.format(year=begins.year) for language, text in NAMES.items()}


def _deadlines(days: Days) -> tuple[tuple[dict[str, str], str, bool, dt.datetime], ...]:
    """In the order of their dates."""
    return (
        (PROFILE, "members", True, moment(days.ahead(6, FRIDAY), 18)),
        (LAST_CALL, "members", False, moment(days.ahead(10, FRIDAY), 18)),
        (HAND_OVER, "clusters", False, moment(days.ahead(12, FRIDAY), 12)),
    )


def _route(mission: Mission, days: Days, by: User) -> None:
    missions.set_external_route(
        mission=mission,
        by=by,
        organiser="EU-Japan Centre for Industrial Cooperation",
        texts=EXTERNAL,
        url="https://www.eu-japan.example/biotech-cluster-sme-mission",
        at=moment(days.ahead(5, THURSDAY), 17, zone="Asia/Tokyo"),
        timezone="Asia/Tokyo",
    )
