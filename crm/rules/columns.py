"""The columns that a list of companies and people can have, and what people call them.

`guess` tells from a header what its column holds. A name like "Name" means the person's, unless a
heading over it or the word itself says that it is the company's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm.rules.names import fold


@dataclass(frozen=True)
class Column:
    """Something that a row can say of a person or of an organisation."""

    name: str
    of: str  # "person" or "organisation"
    calls: tuple[str, ...]  # what headers call it, folded


def _column(name: str, of: str, calls: str) -> Column:
    return Column(name, of, tuple(fold(call) for call in calls.split(",")))


COLUMNS: tuple[Column, ...] = (
    _column("name", "person",
        "name,full name,contact,contact name,contact person,person,nom complet,nom et prénom,"
        "prénom nom,interlocuteur,ansprechpartner,ansprechperson,kontakt,vollständiger name,"
        "nome e cognome,nominativo,contatto,referente,nombre y apellidos,nombre completo,"
        "persona de contacto,contacto,nom i cognoms,persona de contacte,contacte"),
    _column("title", "person",
        "title,academic title,titel,titre,titolo,título,títol,civilité,anrede,salutation"),
    _column("given", "person",
        "given name,first name,firstname,forename,prénom,vorname,nome,nombre,nom de pila"),
    _column("family", "person",
        "family name,last name,lastname,surname,nom,nom de famille,nachname,familienname,cognome,"
        "apellido,apellidos,cognom,cognoms"),
    _column("email", "person",
        "email,e-mail,mail,email address,e-mail address,mail address,courriel,adresse mail,"
        "adresse email,adresse e-mail,adresse électronique,mél,email adresse,e-mail-adresse,"
        "mailadresse,indirizzo email,posta elettronica,correo,correo electrónico,"
        "dirección de correo,correu,correu electrònic,adreça electrònica"),
    _column("phone", "person",
        "phone,telephone,tel,phone number,mobile,mobile phone,cell,téléphone,numéro de téléphone,"
        "portable,telefon,telefonnummer,handy,mobil,telefono,cellulare,teléfono,móvil,telèfon,mòbil"),
    _column("language", "person",
        "language,preferred language,langue,sprache,lingua,idioma,llengua"),
    _column("job", "person",
        "job,job title,position,function,role,fonction,poste,funktion,stelle,rolle,ruolo,funzione,"
        "qualifica,cargo,puesto,càrrec"),
    _column("tags", "person",
        "tags,tag,keyword,keywords,étiquettes,étiquette,mots clés,mot clé,schlagwörter,schlagwort,"
        "stichwörter,etichette,etichetta,parole chiave,etiquetas,etiqueta,palabras clave,etiquetes,"
        "paraules clau"),
    _column("legal_name", "organisation",
        "organisation,organization,company,company name,legal name,firm,employer,institution,"
        "entreprise,société,raison sociale,nom de l'entreprise,nom société,structure,organisme,"
        "firma,firmenname,unternehmen,unternehmensname,einrichtung,azienda,ragione sociale,"
        "impresa,società,ente,empresa,razón social,entidad,nombre de la empresa,organización,"
        "raó social,nom de l'empresa,entitat,organització,company company,company name name"),
    _column("short_name", "organisation",
        "short name,acronym,abbreviation,known as,brand,sigle,acronyme,nom court,kurzname,"
        "abkürzung,sigla,nome breve,nombre corto,acrónimo,nom curt,acrònim"),
    _column("website", "organisation",
        "website,web,url,homepage,site,web site,web page,site web,site internet,webseite,"
        "internetseite,sito,sito web,página web,sitio web,pàgina web,lloc web"),
    _column("city", "organisation",
        "city,town,ville,commune,stadt,ort,città,comune,ciudad,localidad,ciutat,localitat"),
    _column("country", "organisation", "country,pays,land,staat,paese,nazione,país"),
    _column("region", "organisation",
        "region,région,bundesland,regione,región,comunidad autónoma,regió,comunitat"),
    _column("standing", "organisation",
        "standing,membership,member status,status,statut,adhésion,adhérent,mitgliedschaft,"
        "mitgliedsstatus,stato,adesione,estado,afiliación,estat,membre"),
    _column("category", "organisation",
        "category,type,company type,kind,catégorie,type d'entreprise,kategorie,art,typ,categoria,"
        "tipo,categoría,tipus"),
    _column("employees", "organisation",
        "employees,headcount,staff,number of employees,fte,effectif,effectifs,salariés,"
        "nombre de salariés,mitarbeiter,mitarbeiterzahl,anzahl mitarbeiter,beschäftigte,dipendenti,"
        "numero dipendenti,addetti,empleados,número de empleados,plantilla,treballadors,empleats"),
    _column("areas", "organisation",
        "areas,area,therapeutic area,therapeutic areas,indication,indications,"
        "aires thérapeutiques,domaine,domaines thérapeutiques,indikation,therapiegebiet,"
        "aree terapeutiche,area terapeutica,áreas terapéuticas,àrees terapèutiques"),
    _column("products", "organisation",
        "products,product,product kinds,product type,technology,produits,produit,produkte,produkt,"
        "prodotti,prodotto,productos,producto,productes,producte"),
    _column("stages", "organisation",
        "stages,stage,pipeline stage,pipeline stages,pipeline,development stage,"
        "stade de développement,stades de développement,entwicklungsphase,entwicklungsphasen,"
        "fase di sviluppo,fasi di sviluppo,fase de desarrollo,fases de desarrollo,"
        "fase de desenvolupament,fases de desenvolupament"),
    _column("markets", "organisation",
        "markets,market,target markets,target market,marchés,marchés cibles,zielmärkte,märkte,"
        "mercati,mercados,mercats"),
    _column("organisation_tags", "organisation",
        "tags of the organisation,organisation tags,organization tags,company tags,"
        "étiquettes de l'entreprise,étiquettes entreprise,schlagwörter des unternehmens,"
        "schlagwörter unternehmen,etichette dell'azienda,etichette azienda,"
        "etiquetas de la organización,etiquetas empresa,etiquetes de l'organització"),
)  # fmt: skip

# Columns of which a cell may list several words, with the vocabulary they are of.
CODED = {"areas": "area", "products": "product", "markets": "market", "stages": "stage"}

TAGS = {"person": "tags", "organisation": "organisation_tags"}
"""The columns of a cluster's tags, by what they stand on."""

WORDS = {"name", "given", "family", "title", "job", "language", "country", "standing", "category"}
"""The columns that hold words alone."""

OWN = "custom_"
"""What the name of a column begins with that is a field of a cluster's own; its id follows."""

KEY = "key"
"""The number by which the people of one sheet name their organisation in another sheet."""

BY_NAME = {column.name: column for column in COLUMNS}
_BY_CALL = {call: column.name for column in reversed(COLUMNS) for call in column.calls}

# Words that say whose name, mail or phone it is.
_COMPANY = {
    word for call in BY_NAME["legal_name"].calls for word in call.split() if len(word) > 3
} - {"name", "nombre", "legal", "social", "sociale", "short"}
_PERSON = {word for call in BY_NAME["name"].calls for word in call.split() if len(word) > 5}
_ENDING = re.compile(r"(?<=\w)\(\w{1,3}\)")
_REMARK = re.compile(r"\([^()]*\)")
_FIGURES = re.compile(r"[\d\s.,:/-]{3,}")
_KEYS = {
    "id", "key", "ref", "code", "number", "no", "n", "nr", "num", "identifier", "identifiant",
    "numero", "reference", "kennung", "kurzel", "nummer", "codice", "identificativo", "codigo",
    "identificador", "codi", "clau", "clave",
}  # fmt: skip
_NAMES = {"name", "nom", "nome", "nombre", "bezeichnung", "denominazione", "denominacio"}


def guess(header: str) -> str:
    """The name of the column that a header speaks of; "" where it says nothing we know."""
    folded = fold(header)
    if folded not in _BY_CALL:
        folded = fold(_without_remark(header)) or folded
    if folded in _BY_CALL:
        return _BY_CALL[folded]
    words = folded.split() or [""]
    if words[-1] in _NAMES and _COMPANY.intersection(words[:-1]):
        return "legal_name"
    if words[-1] in _NAMES and _PERSON.intersection(words[:-1]):
        return "name"
    if _KEYS.intersection((words[0], words[-1])) and _COMPANY.intersection(words):
        return ""  # "Company ID" is no name
    # A heading before it, or a remark behind it: "Contact E-mail", "Téléphone (pro)".
    for length in range(len(words) - 1, 0, -1):
        for start in (len(words) - length, 0):
            found = _BY_CALL.get(" ".join(words[start : start + length]))
            if found:
                return found
    return ""


def _without_remark(header: str) -> str:
    """ "E-mail(s)" → "E-mail", "Tel. (office)" → "Tel."; a "Company (ID)" is no company."""
    bare = _ENDING.sub("", header)
    remarks = fold(" ".join(_REMARK.findall(bare))).split()
    return bare if _KEYS.intersection(remarks) else _REMARK.sub(" ", bare)


def judged_by_cells(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The columns as their cells bear them out.

    Where no header spoke of mailboxes, a column whose cells are mostly some holds them. A word is
    never a date or a number: under "Membership" since when often stands, and not which.
    """
    held = [
        [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for place in range(len(columns))
    ]
    found = [
        "" if name in WORDS and cells and all(map(_FIGURES.fullmatch, cells)) else name
        for name, cells in zip(columns, held, strict=True)
    ]
    if "email" in found:
        return found
    for place, cells in enumerate(held):
        if not found[place] and cells and sum("@" in cell for cell in cells) * 2 > len(cells):
            found[place] = "email"
    return found


def is_called(header: str) -> bool:
    """Whether this is the very name of a column, and not only like one."""
    return fold(header) in _BY_CALL


def is_key(header: str) -> bool:
    """Whether a column may hold numbers of organisations by what stands over it."""
    words = fold(header).split()
    return bool(words) and bool(_KEYS.intersection((words[0], words[-1])))


def is_known(header: str) -> bool:
    """Whether a cell reads like the name of a column."""
    return bool(guess(header))


def guess_all(headers: Sequence[str]) -> list[str]:
    """What each header means; where two mean the same, the first of them does.

    "Name" beside a first name is the family's, and beside no company's name and no other, where
    there is a web site or city, the company's.
    """
    found = [guess(header) for header in headers]
    if "given" in found and "family" not in found and "name" in found:
        found[found.index("name")] = "family"
    if found.count("family") > 1 and "given" not in found:  # Catalan: "Nom", "Cognoms"
        found[found.index("family")] = "given"
    for alone, other in (("given", "family"), ("family", "given")):
        if alone in found and other not in found and "name" not in found:
            found[found.index(alone)] = "name"
    if "legal_name" not in found and "name" in found and "email" not in found:
        found[found.index("name")] = "legal_name"
    taken: set[str] = set()
    for place, name in enumerate(found):
        if name in taken and name not in ("email", "phone"):
            found[place] = ""
        taken.add(name)
    return found
