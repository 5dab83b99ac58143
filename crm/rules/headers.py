"""What stands over the columns of a list that we write, in every language.

They are part of the file and not of a page: `crm.rules.columns.guess` must find each again.
"""

from collections.abc import Mapping

from crm.rules.columns import is_called
from crm.rules.names import fold
from crm.rules.texts import LANGUAGES, pick


def _said(*words: str) -> Mapping[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


HEADERS: Mapping[str, Mapping[str, str]] = {
    "title": _said("Title", "Titre", "Titel", "Titolo", "Título", "Títol"),
    "given": _said("First name", "Prénom", "Vorname", "Nome", "Nombre", "Nom de pila"),
    "family": _said("Last name", "Nom", "Nachname", "Cognome", "Apellidos", "Cognoms"),
    "email": _said(
        "E-mail", "Adresse e-mail", "E-Mail", "E-mail", "Correo electrónico", "Correu electrònic"
    ),
    "phone": _said("Phone", "Téléphone", "Telefon", "Telefono", "Teléfono", "Telèfon"),
    "language": _said("Language", "Langue", "Sprache", "Lingua", "Idioma", "Llengua"),
    "job": _said("Job title", "Fonction", "Funktion", "Funzione", "Cargo", "Càrrec"),
    "legal_name": _said(
        "Organisation", "Entreprise", "Unternehmen", "Azienda", "Organización", "Organització"
    ),
    "short_name": _said(
        "Short name", "Nom court", "Kurzname", "Nome breve", "Nombre corto", "Nom curt"
    ),
    "website": _said("Website", "Site web", "Webseite", "Sito web", "Página web", "Pàgina web"),
    "city": _said("City", "Ville", "Stadt", "Città", "Ciudad", "Ciutat"),
    "country": _said("Country", "Pays", "Land", "Paese", "País", "País"),
    "region": _said("Region", "Région", "Region", "Regione", "Región", "Regió"),
    "standing": _said("Standing", "Statut", "Mitgliedschaft", "Adesione", "Afiliación", "Estat"),
    "category": _said("Category", "Catégorie", "Kategorie", "Categoria", "Categoría", "Categoria"),
    "employees": _said(
        "Employees", "Effectif", "Mitarbeiter", "Dipendenti", "Empleados", "Treballadors"
    ),
    "areas": _said(
        "Therapeutic areas", "Domaines thérapeutiques", "Therapiegebiet", "Aree terapeutiche",
        "Áreas terapéuticas", "Àrees terapèutiques",
    ),
    "products": _said("Products", "Produits", "Produkte", "Prodotti", "Productos", "Productes"),
    "markets": _said(
        "Target markets", "Marchés cibles", "Zielmärkte", "Mercati", "Mercados", "Mercats"
    ),
    "stages": _said(
        "Pipeline stage", "Stade de développement", "Entwicklungsphase", "Fase di sviluppo",
        "Fase de desarrollo", "Fase de desenvolupament",
    ),
    "tags": _said("Tags", "Étiquettes", "Schlagwörter", "Etichette", "Etiquetas", "Etiquetes"),
    "organisation_tags": _said(
        "Tags of the organisation", "Étiquettes de l’entreprise", "Schlagwörter des Unternehmens",
        "Etichette dell’azienda", "Etiquetas de la organización", "Etiquetes de l’organització",
    ),
    # What a list shows and no import takes.
    "relation": _said(
        "Relationship", "Relation", "Beziehung", "Relazione", "Relación", "Relació"
    ),
    "more_addresses": _said(
        "Further mailboxes", "Autres boîtes aux lettres", "Weitere Postfächer", "Altre caselle",
        "Otros buzones", "Altres bústies",
    ),
    "more_posts": _said(
        "Further employments", "Autres emplois", "Weitere Tätigkeiten", "Altri incarichi",
        "Otros empleos", "Altres ocupacions",
    ),
    "paused_until": _said(
        "Paused until", "En pause jusqu’au", "Pausiert bis", "In pausa fino al", "En pausa hasta",
        "En pausa fins al",
    ),
    "mailable": _said(
        "Mailable", "Joignable", "Anschreibbar", "Contattabile", "Se le puede escribir",
        "S’hi pot escriure",
    ),
    "cluster": _said(
        "Kept by", "Fiche tenue par", "Geführt von", "Tenuta da", "Ficha a cargo de",
        "Fitxa a càrrec de",
    ),
    "former_names": _said(
        "Formerly", "Anciennement", "Ehemals", "In precedenza", "Anteriormente", "Anteriorment"
    ),
    "home": _said(
        "Home", "Cluster d’attache", "Heimatcluster", "Cluster di riferimento",
        "Clúster de referencia", "Clúster de referència",
    ),
    "people": _said("People known", "Personnes connues", "Bekannte Personen", "Persone note",
        "Personas conocidas", "Persones conegudes",
    ),
    "nature": _said(
        "Nature", "Nature", "Einrichtungsart", "Natura", "Naturaleza", "Naturalesa"
    ),
    "owner": _said(
        "Looked after by", "Suivi par", "Betreut von", "Seguito da", "Seguimiento por",
        "Seguiment per",
    ),
    "added_on": _said(
        "Added on", "Ajouté le", "Aufgenommen am", "Aggiunto il", "Fecha de alta", "Data d’alta"
    ),
}  # fmt: skip


def header(name: str, language: str) -> str:
    """What stands over a column for a reader of that language."""
    return pick(HEADERS[name], (language,))[1]


OWN_FIELD = _said(
    "own field", "champ propre", "eigenes Feld", "campo proprio", "campo propio", "camp propi"
)
_HEADERS = {fold(said) for words in HEADERS.values() for said in words.values()}


def own_header(name: str, language: str) -> str:
    """What stands over a field of a cluster's own: "Phone (own field)" where it is called like a
    column of ours, and else its name."""
    if fold(name) in _HEADERS or is_called(name):
        return f"{name} ({pick(OWN_FIELD, (language,))[1]})"
    return name


def own_name(header: str) -> tuple[str, bool]:
    """The name of the field that a header may mean as one of a cluster's own, folded, and whether
    it can mean nothing else; ("", False) where it is the very name of a column of ours."""
    folded = fold(header)
    for words in map(fold, OWN_FIELD.values()):
        if folded.endswith(f" {words}"):
            return folded.removesuffix(f" {words}"), True
    return "" if folded in _HEADERS or is_called(header) else folded, False
