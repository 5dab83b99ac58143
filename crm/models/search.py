"""Search that forgives: accents, word order, former names, and typos where nothing fits exactly."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Func, OrderBy, Q, QuerySet, TextField, Value, When

from crm.models.organisations import Organisation, OrganisationName
from crm.models.people import Person, Position
from crm.models.questions import Asker
from crm.models.questions.people import held_by
from crm.rules.names import fold

MOST_WORDS = 6
SHORT = 2
"""Words of so few letters begin a word, and are not spelt nearly like another."""
DIGITS = 4
"""From so many on, figures are looked for in telephone numbers."""
_PHONE = re.compile(r"[\d\s+()/.-]+")


def people_called(text: str, asker: Asker) -> Q:
    """People whose name or organisation holds each word; or whose address or phone it is.

    Addresses and phones are searched only where the asker may read them.
    """
    own = Person.objects.filter(asker.own())
    held = [
        uses.filter(asker.own("person__cluster_id__in")).values("person_id")
        for uses in held_by(text)
    ]
    if "@" in text:
        return Q(pk__in=_union(held))
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return Q(pk__in=())
    found = Q()
    for word in words:
        parts = [
            Person.objects.filter(_holds("name_folded", word)).values("pk"),
            _posts_at(_holds("name_folded", word), _holds("folded", word)),
        ]
        if len(words) == 1 and len(word) > SHORT:
            parts += held
        found &= Q(pk__in=_union(parts))
    if len(words) > 1 and " " not in text.strip():  # a domain, or "anna.rossi"
        found = Q(pk__in=_union([Person.objects.filter(found).values("pk"), *held]))
    digits = re.sub(r"\D", "", text)
    if len(digits) >= DIGITS and _PHONE.fullmatch(text.strip()):
        numbers = own.alias(digits=PHONE_DIGITS).filter(digits__contains=digits.lstrip("0"))
        found |= Q(pk__in=numbers.values("pk"))
    return found


def is_forgiven(text: str) -> bool:
    """Whether what is searched for may be a typo."""
    return "@" not in text and any(len(word) > SHORT for word in fold(text).split())


def people_like(text: str) -> Q:
    """People whose name or organisation is spelt nearly like it."""
    found = Q()
    for word in fold(text).split()[:MOST_WORDS]:
        names = Person.objects.filter(_is_like("name_folded", word)).values("pk")
        posts = _posts_at(_is_like("name_folded", word), _is_like("folded", word))
        found &= Q(pk__in=_union([names, posts]))
    return found or Q(pk__in=())


def organisations_called(text: str) -> Q:
    """Organisations whose present or former name, or web site, holds each word."""
    words = fold(text).split()[:MOST_WORDS]
    found = Q()
    for word in words:
        found &= Q(
            pk__in=_union(
                [
                    Organisation.objects.filter(_holds("name_folded", word)).values("pk"),
                    _former(_holds("folded", word)),
                ]
            )
        )
    domain = Q(domain__contains=text.strip().lower())
    return found | domain if words else Q(pk__in=())


def organisations_like(text: str) -> Q:
    found = Q()
    for word in fold(text).split()[:MOST_WORDS]:
        similar = Organisation.objects.filter(_is_like("name_folded", word))
        former = _former(_is_like("folded", word))
        found &= Q(pk__in=_union([similar.values("pk"), former]))
    return found or Q(pk__in=())


def organisations_found(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those of the rows that are called so, the best first; where none is, what is spelt alike."""
    exact = rows.filter(organisations_called(text))
    close = not exact.exists()
    found = rows.filter(organisations_like(text)) if close else exact
    return found.order_by(*best_first(text, close=close))


def best_first(text: str, *, close: bool) -> tuple[Any, ...]:
    """The order in which what was found is shown."""
    folded = fold(text)
    if close:
        return (TrigramWordSimilarity(folded, "name_folded").desc(), "name_folded", "pk")
    rank = Case(
        # First what most of those are that something else than their name brought.
        When(~Q(name_folded__contains=folded), then=3),
        When(name_folded__startswith=folded, then=0),
        When(name_folded__contains=f" {folded}", then=1),
        default=2,
    )
    return (rank, "name_folded", "pk")


def page_and_groups(
    rows: QuerySet[Any], *, fits: Q, order: Sequence[Any], facets: Sequence[str], page: range
) -> tuple[list[int], list[tuple[Any, ...]]]:
    """One page of the rows that fit, and of all rows how many have which values of the facets.

    Both come by one question, so that what is searched for is looked for once. Only the page is put
    in order: of 25,000 people found the first fifty.
    """
    fitting = Case(When(fits, then=True), default=False) if fits else Value(True)
    found = rows.annotate(fitting=fitting)
    try:
        with_found, in_order, values = _found(found, order, "fitting", *facets)
    except EmptyResultSet:
        return [], []
    groups = ", ".join(facets)
    nothing = "NULL, " * len(facets)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {with_found}
            SELECT NULL, {groups}, count(*) FROM found GROUP BY {groups}
            UNION ALL
            SELECT pk, {nothing} row_number() OVER () FROM (
                SELECT pk FROM found WHERE fitting ORDER BY {in_order} LIMIT %s OFFSET %s
            ) AS page
            """,
            [*values, len(page), page.start],
        )
        answers = cursor.fetchall()
    places = sorted((place, pk) for pk, *_values, place in answers if pk is not None)
    return [pk for _place, pk in places], [each for pk, *each in answers if pk is None]


def page_of_found(rows: QuerySet[Any], *, order: Sequence[Any], page: range) -> list[int]:
    """The ids of one page of rows that are all found before they are put in order.

    Where hardly any row fits, PostgreSQL would walk an index of the order to its end for them: 440
    ms for 100,000 people.
    """
    try:
        with_found, in_order, values = _found(rows, order)
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"{with_found} SELECT pk FROM found ORDER BY {in_order} LIMIT %s OFFSET %s",
            [*values, len(page), page.start],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _found(
    rows: QuerySet[Any], order: Sequence[Any], *columns: str
) -> tuple[str, str, tuple[Any, ...]]:
    """The rows as a table of their own: `WITH found (pk, …)`, its ORDER BY, the values.

    Raises EmptyResultSet where no row can be meant.
    """
    ways = {f"by{n}": _way(by) for n, by in enumerate(order)}
    found = rows.order_by().annotate(**{name: way.expression for name, way in ways.items()})
    statement, values = found.values_list("pk", *columns, *ways).query.sql_with_params()
    names = ", ".join(("pk", *columns, *ways))
    in_order = ", ".join(
        f"{name} {'DESC' if way.descending else 'ASC'}{' NULLS LAST' if way.nulls_last else ''}"
        for name, way in ways.items()
    )
    return f"WITH found ({names}) AS MATERIALIZED ({statement})", in_order, values


def _way(by: Any) -> OrderBy:
    if isinstance(by, OrderBy):
        return by
    if isinstance(by, str):
        return OrderBy(F(by.lstrip("-")), descending=by.startswith("-"))
    return OrderBy(by)


PHONE_DIGITS = Func(
    F("phone"), Value(r"\D"), Value(""), Value("g"),
    function="regexp_replace", output_field=TextField(),
)  # fmt: skip


def _holds(name: str, word: str) -> Q:
    """The name holds the word; of one or two letters, as "Li" or "3M", a word begins so.

    Nearly every name has an "a" somewhere, and trigrams need three letters.
    """
    if len(word) > SHORT:
        return Q(**{f"{name}__contains": word})
    return Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})


def _is_like(name: str, word: str) -> Q:
    if len(word) > SHORT:
        return Q(**{f"{name}__trigram_word_similar": word})
    return _holds(name, word)


def _posts_at(organisation: Q, former: Q) -> QuerySet[Position, Any]:
    named = Organisation.objects.filter(organisation).order_by().values("pk")
    at = Position.objects.current().filter(Q(organisation_id__in=_union([named, _former(former)])))
    return at.values("person_id")


def _former(former: Q) -> QuerySet[OrganisationName, Any]:
    return OrganisationName.objects.filter(former).values("organisation_id")


def _union(parts: list[QuerySet[Any]]) -> QuerySet[Any]:
    bare = [part.order_by() for part in parts]
    return bare[0].union(*bare[1:]) if bare[1:] else bare[0]
