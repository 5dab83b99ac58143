"""Posts of the alliances: what was, what is meant, and one that is still being written."""

import datetime as dt
from typing import Any, NamedTuple

from campaigns.actions import posts
from campaigns.demo.days import Days, moment
from crm.models import Alliance, Event, Mission, Topic, User


class Text(NamedTuple):
    title: str
    lead: str
    text: str


POSTS: tuple[dict[str, Any], ...] = (
    {
        "alliance": "bioxclusters-plus",
        "topic": "missions",
        "kind": "report",
        "mission": "japan-2016",
        "at": moment(dt.date(2016, 11, 8), 9),
        "texts": {
            "en": Text(
                "What sixty conversations in Japan led to",
                "A week in Osaka, Kobe and Tokyo: companies of four regions met Japanese partners, "
                "and the talks go on.",
                "The delegation visited *three cities in six days*. Companies presented themselves "
                "in short pitches, then sat down one to one.\n\n"
                "What they told us afterwards:\n\n"
                "- prepare a profile in Japanese, two pages are enough\n"
                "- answer within a day, also when the answer is “not yet”\n"
                "- plan a second visit before the first one is over\n\n"
                "Your contact point keeps the programme and the list of hosts for who goes next.",
            ),
            "fr": Text(
                "Soixante entretiens au Japon, et après",
                "Une semaine à Osaka, Kobe et Tokyo : les entreprises de quatre régions ont "
                "rencontré des partenaires japonais, et les échanges continuent.",
                "La délégation a visité *trois villes en six jours*. Les entreprises se sont "
                "présentées brièvement, puis se sont assises face à face.\n\n"
                "Ce qu’elles nous ont dit ensuite :\n\n"
                "- préparez un profil en japonais, deux pages suffisent\n"
                "- répondez dans la journée, même si la réponse est « pas encore »\n"
                "- prévoyez une deuxième visite avant la fin de la première\n\n"
                "Votre point de contact garde le programme et la liste des hôtes pour les "
                "prochains départs.",
            ),
        },
    },
    {
        "alliance": "bioxclusters-plus",
        "topic": "news",
        "kind": "opinion",
        "author": "Nerea Solvang, coordination of the partnership",
        "days": 45,
        "texts": {
            "en": Text(
                "Small companies do not need larger stands",
                "What opens doors abroad is not a larger stand but a neighbour who was there "
                "before, says Nerea Solvang.",
                "Every year we are asked for a bigger stand at the fair. I would rather have *ten "
                "more hours* of somebody who knows the hospital’s purchasing office by name.\n\n"
                "That is what an alliance is for: the region next door has been there already. Ask "
                "your contact point who.",
            ),
            "es": Text(
                "Las pequeñas empresas no necesitan un estand más grande",
                "Lo que abre puertas en el extranjero no es un estand más grande, sino un vecino "
                "que ya estuvo allí, dice Nerea Solvang.",
                "Cada año nos piden un estand mayor en la feria. Yo preferiría *diez horas más* de "
                "alguien que conozca por su nombre al departamento de compras del hospital.\n\n"
                "Para eso sirve una alianza: la región vecina ya estuvo allí. Pregunte a su punto "
                "de contacto quién.",
            ),
        },
    },
    {
        "alliance": "bioxclusters-plus",
        "topic": "events",
        "kind": "announcement",
        "event": "matchmaking-next",
        "days": 12,
        "texts": {
            "en": Text(
                "Matchmaking: the second edition has a date",
                "Four Japanese clusters come again; places for talks one to one are given in the "
                "order of answers.",
                "Whoever was there last time knows the hall, the coffee and the *twenty minutes* a "
                "talk lasts. This time hosts read the profiles before, so that nobody begins at "
                "nought.\n\nThe page of the event has the hours and a file for your calendar.",
            ),
            "de": Text(
                "Matchmaking: Die zweite Ausgabe hat ein Datum",
                "Vier japanische Cluster kommen wieder; Plätze für Einzelgespräche werden in der "
                "Reihenfolge der Antworten vergeben.",
                "Wer letztes Mal dabei war, kennt den Saal, den Kaffee und die *zwanzig Minuten*, "
                "die ein Gespräch dauert. Diesmal lesen die Gastgeber die Profile vorher, damit "
                "niemand bei null beginnt.\n\nAuf der Seite der Veranstaltung stehen die Zeiten "
                "und eine Datei für Ihren Kalender.",
            ),
        },
    },
    {
        "alliance": "magia",
        "topic": "news",
        "kind": "press",
        "days": 20,
        "texts": {
            "en": Text(
                "MAGIA asks companies where they want to go",
                "A survey among the members of three clusters decides which markets come first.",
                "Ten questions, five minutes. The answers decide *which two markets* the partners "
                "prepare first, and which needs a working group of its own.",
            ),
            "it": Text(
                "MAGIA chiede alle imprese dove vogliono andare",
                "Un’indagine tra i membri di tre cluster decide quali mercati vengono per primi.",
                "Dieci domande, cinque minuti. Le risposte decidono *quali due mercati* i partner "
                "preparano per primi, e quale richiede un gruppo di lavoro.",
            ),
        },
    },
    {
        "alliance": "bioxclusters-plus",
        "topic": "missions",
        "kind": "announcement",
        "mission": "japan-next",
        "texts": {
            "en": Text(
                "Who has been to Japan before?",
                "We look for companies that tell others what they would do otherwise.",
                "",
            ),
        },
    },
)  # fmt: skip


def load(days: Days, by: User) -> None:
    for said in POSTS:
        alliance = Alliance.objects.get(slug=said["alliance"])
        first, *_others = said["texts"]
        post = posts.write(
            alliance=alliance,
            topic=Topic.objects.get(slug=f"{alliance.slug}-{said['topic']}"),
            kind=said["kind"],
            language=first,
            title=said["texts"][first].title,
            author=said.get("author", ""),
            record=_record(said),
            by=by,
        )
        for language, text in said["texts"].items():
            posts.say(
                post=post,
                language=language,
                **text._asdict(),
                ready=bool(text.text),
                seen=1 if language == first else 0,
                by=by,
            )
        if at := said.get("at") or ("days" in said and days.ago(said["days"])):
            posts.publish(post=post, by=by, at=at)


def _record(said: dict[str, Any]) -> Mission | Event | None:
    if "mission" in said:
        return Mission.objects.get(slug=said["mission"])
    return Event.objects.get(slug=said["event"]) if "event" in said else None
