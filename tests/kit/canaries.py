"""A word in every column that can hold words about somebody, and where it is found afterwards."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q

from campaigns.models import Delivery
from crm.models import Address, Person

CANARY = "zanarikx"

# Columns that are no words about a person, whoever has them.
OF_NOBODY = {
    "crm_address": {"email", "key"},  # each mailbox has its own, with the canary in it
    "crm_consentrecord": {"message"},  # a Message-ID of ours
    "campaigns_attempt": {"relay", "phase"},  # our own server, and how far the talk came
    "campaigns_delivery": {"occasion"},  # which letter: made by the program
    "crm_attachment": {"file"},  # a random name; the file itself is looked at elsewhere
    "crm_attachmenthistory": {"file"},
}
OWNERS = (Person, Address, Delivery)


@contextmanager
def without_triggers() -> Iterator[None]:
    """As the database's own administrator writes: append-only tables take it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def fill(people: list[int], addresses: list[int]) -> set[str]:
    """Write the canary into every such column of whatever refers to them.

    Returns the tables that have such columns and no row of theirs.
    """
    mine = {
        Person: people,
        Address: addresses,
        Delivery: [*Delivery.objects.filter(person__in=people).values_list("pk", flat=True)],
    }
    missing = set()
    with without_triggers():
        for model in apps.get_models(include_auto_created=True):
            if model._meta.proxy or not model._meta.managed:
                continue
            which = _theirs(model, mine)
            values = {field.attname: _canary(field) for field in _wordy(model)}
            if which is None or not values:
                continue
            if not model._default_manager.filter(which).update(**values):
                missing.add(model._meta.db_table)
    return missing


def _theirs(model: Any, mine: dict[Any, list[int]]) -> Q | None:
    if model in mine:
        return Q(pk__in=mine[model])
    which = None
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model in mine:
            here = Q(**{f"{field.attname}__in": mine[field.related_model]})
            which = here if which is None else which | here
    return which


def _wordy(model: Any) -> Iterator[Any]:
    kept = OF_NOBODY.get(model._meta.db_table, set())
    for field in model._meta.concrete_fields:
        if field.name in kept or field.name.startswith("pgh_") or field.primary_key:
            continue
        words = isinstance(field, models.CharField | models.TextField | models.JSONField)
        of_words = isinstance(field, ArrayField) and isinstance(
            field.base_field, models.CharField | models.TextField
        )
        short = (getattr(field, "max_length", None) or 99) < len(CANARY)
        if (words and not field.choices and not short and not field.is_relation) or of_words:
            yield field


def _canary(field: Any) -> Any:
    if isinstance(field, ArrayField):
        return [CANARY]
    return {CANARY: CANARY} if isinstance(field, models.JSONField) else CANARY


def found(*words: str) -> set[str]:
    """The columns of the whole database in which one of these words stands, hidden or not."""
    patterns = [f"%{form}%" for word in words for form in _forms(word)]
    places = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT DISTINCT each.key FROM {connection.ops.quote_name(table)} AS r,"
                " jsonb_each_text(to_jsonb(r)) AS each WHERE each.value ILIKE ANY(%s)",
                [patterns],
            )
            places |= {f"{table}.{column}" for (column,) in cursor.fetchall()}
    return places


def _forms(word: str) -> Iterator[str]:
    """As text, as bytes are shown, and as base64 wherever it begins in a triple of bytes."""
    yield word
    yield word.encode().hex()
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + word.encode()).decode().rstrip("=")
        yield text[{0: 0, 1: 2, 2: 3}[lead] : -1]
