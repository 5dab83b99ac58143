"""What clusters say of their members in words of their own: tags, custom fields, notes, owners."""

from crm.actions import custom_fields, notes, organisations, people, tags
from crm.models import Cluster, Membership, Person, User

# cluster, contact, tags, what it asks of organisations with its kind and choices, a note
WORDS: tuple[tuple[str, str, tuple[str, str], tuple[str, str, list[str]], str], ...] = (
    (
        "biocat", "contact@biocat.example", ("Junta", "Fira 2026"),
        ("Programa", "choice", ["Acceleració", "Internacional", "Cap"]),
        "L’hem conegut a la fira; vol anar al Japó amb dues persones.",
    ),
    (
        "biom", "contact@biom.example", ("Vorstand", "Messe 2026"),
        ("Mitglied seit", "date", []),
        "Am Telefon: fährt mit, wenn der Preis vor dem Sommer feststeht.",
    ),
    (
        "biopmed", "contact@biopmed.example", ("Direttivo", "Fiera 2026"),
        ("Numero di socio", "number", []),
        "Cerca un distributore in Giappone; richiamare a maggio.",
    ),
    (
        "lyonbiopole", "contact@lyonbiopole.example", ("Bureau", "Salon 2026"),
        ("Charte signée", "yes_no", []),
        "Rencontré au salon : veut rejoindre la prochaine mission.",
    ),
)  # fmt: skip
ANSWERS: dict[str, object] = {
    "choice": "Internacional",
    "date": "2019-03-01",
    "number": 112,
    "yes_no": True,
}


def load() -> None:
    for slug, email, names, (asked, kind, choices), note in WORDS:
        cluster = Cluster.objects.get(slug=slug)
        contact = User.objects.get(email=email)
        board, fair = (tags.create(cluster=cluster, name=name, by=contact) for name in names)
        field = custom_fields.create(
            cluster=cluster, noun="organisation", name=asked, kind=kind, choices=choices, by=contact
        )
        for number, person in enumerate(Person.objects.current().filter(cluster=cluster)[:12]):
            people.edit(
                person=person,
                by=contact,
                version=person.version,
                tags=[board, fair] if number == 0 else [fair],
                owner=contact,
            )
            if number < 2:
                notes.add(person=person, text=note, by=contact)
        for membership in Membership.objects.filter(cluster=cluster).order_by("pk")[:6]:
            organisations.edit_membership(
                membership=membership,
                by=contact,
                tags=[board],
                custom={field: ANSWERS[kind]},
                owner=contact,
            )
