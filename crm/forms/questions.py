"""The questions of a list with the names of their choices, as one user may ask them."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext

from crm.forms.countries import country_choices
from crm.forms.texts import language_choices
from crm.models import CODES
from crm.models.organisations import CODE_NAMES
from crm.models.questions import Question, Vocabulary
from crm.models.questions import organisations as of_organisations
from crm.models.questions import people as of_people
from crm.models.questions.question import NONE
from crm.models.questions.vocabulary import Word
from crm.models.texts import in_language

Choices = list[tuple[str, str]]


def people(vocabulary: Vocabulary) -> dict[str, Question]:
    return _named(of_people.with_own_fields(vocabulary), vocabulary)


def organisations(vocabulary: Vocabulary) -> dict[str, Question]:
    return _named(of_organisations.with_own_fields(vocabulary), vocabulary)


def _named(questions: Mapping[str, Question], vocabulary: Vocabulary) -> dict[str, Question]:
    names = _choices(vocabulary)
    named = {}
    for name, question in questions.items():
        bare = name.removeprefix("at_")
        if question.kind == "choice" and not question.choices:
            named[name] = question.among(names.get(bare, ()))
        else:
            named[name] = question
        if question.key and question.kind == "choice" and not question.choices:
            named[name] = replace(
                question, choices=[("yes", gettext("yes")), ("no", gettext("no"))]
            )
    return named


def _choices(vocabulary: Vocabulary) -> dict[str, Choices]:
    several = len({word.cluster for word in vocabulary.tags}) > 1
    clusters = {word.pk: word.name for word in vocabulary.clusters}
    countries = country_choices()[1:]
    return {
        "language": [*language_choices(), (NONE, gettext("no language"))],
        "cluster": [(word.more["slug"], word.name) for word in vocabulary.clusters],
        "home": [(word.more["slug"], word.name) for word in vocabulary.clusters],
        "country": countries,
        "region": [*_of_texts(vocabulary.regions), (NONE, gettext("outside the regions"))],
        "area": [(code, str(CODE_NAMES[code])) for code in CODES["area"]],
        "product": [(code, str(CODE_NAMES[code])) for code in CODES["product"]],
        "stage": [(code, str(CODE_NAMES[code])) for code in CODES["stage"]],
        "market": _of_texts(vocabulary.markets),
        "past_mission": _of_texts(vocabulary.markets),
        "topic": _of_texts(vocabulary.topics),
        "tag": [
            (str(word.pk), _beside(word, clusters) if several else word.name)
            for word in vocabulary.tags
        ],
        "import": _dated(vocabulary.imports),
        "owner": [
            *dict.fromkeys((str(word.more["id"]), word.name) for word in vocabulary.colleagues),
            (NONE, gettext("nobody")),
        ],
    }


def _dated(words: tuple[Word, ...]) -> Choices:
    """Lists by name and day; where two have the same, by number, too."""
    said = {word.pk: word.name for word in words}
    for word in words:
        if word.more["at"]:
            day = dt.date.fromisoformat(str(word.more["at"])[:10])
            said[word.pk] = f"{word.name}, {date_format(day, 'SHORT_DATE_FORMAT')}"
    often = Counter(said.values())
    return [(str(pk), f"{name} ({pk})" if often[name] > 1 else name) for pk, name in said.items()]


def _beside(word: Word, clusters: Mapping[int, str]) -> str:
    return f"{word.name} ({clusters.get(word.cluster or 0, '')})"


def _of_texts(words: tuple[Word, ...]) -> Choices:
    return sorted(
        ((word.more["slug"], in_language(word.more["names"])) for word in words),
        key=lambda choice: choice[1].casefold(),
    )
