"""The words a viewer has for questions: clusters, tags, own fields, colleagues, topics, views.

One query brings them all: a list page has twelve.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

from crm.models.consent import Topic
from crm.models.custom_fields import CustomField
from crm.models.imports import Import
from crm.models.network import Cluster, Market, Region
from crm.models.saved_views import SavedView
from crm.models.scope import asked_by, scope_of
from crm.models.statements import answers
from crm.models.tags import Tag
from crm.models.users import Grant, User


@dataclass(frozen=True)
class Word:
    """A row that a question can name."""

    pk: int
    cluster: int | None
    name: str
    more: dict[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    clusters: tuple[Word, ...] = ()
    """Those whose records the viewer reads, whole or reduced."""
    regions: tuple[Word, ...] = ()
    markets: tuple[Word, ...] = ()
    tags: tuple[Word, ...] = ()
    fields: tuple[Word, ...] = ()
    colleagues: tuple[Word, ...] = ()
    topics: tuple[Word, ...] = ()
    imports: tuple[Word, ...] = ()
    views: tuple[Word, ...] = ()


def vocabulary_of(user: User, noun: str) -> Vocabulary:
    """Every word for a noun ("person" or "organisation") that this user may see."""
    key = ("vocabulary", noun, *asked_by(user))
    found: dict[str, list[Word]] = defaultdict(list)
    for sort, pk, cluster, name, more in answers(key, lambda: _of(user, noun)):
        found[sort].append(Word(pk, cluster, name, json.loads(more)))
    for words in found.values():
        words.sort(key=lambda word: word.name.casefold())
    return Vocabulary(**{sort: tuple(words) for sort, words in found.items()})


def _of(user: User, noun: str) -> QuerySet[Any]:
    scope = scope_of(user)
    read = Q() if scope.admin else Q(pk__in=scope.reads)
    beside = Q() if scope.admin else Q(cluster_id__in=scope.clusters)
    parts: list[QuerySet[Any]] = [
        _words("clusters", Cluster.objects.filter(read), "name", slug=F("slug")),
        _words("regions", Region.objects.all(), "slug", slug=F("slug"), names=F("names")),
        _words("markets", Market.objects.all(), "slug", slug=F("slug"), names=F("names")),
        _words("tags", Tag.objects.visible_to(user), "name", "cluster_id"),
        _words(
            "fields",
            CustomField.objects.visible_to(user).current().filter(noun=noun),
            "name",
            "cluster_id",
            kind=F("kind"),
            choices=F("choices"),
            place=F("place"),
        ),
        _words(
            "colleagues",
            Grant.objects.filter(beside, cluster__isnull=False, user__is_active=True),
            "user__name",
            "cluster_id",
            id=F("user_id"),
        ),
        _words("topics", Topic.objects.visible_to(user), "slug", slug=F("slug"), names=F("names")),
        _words(
            "imports",
            Import.objects.visible_to(user).filter(status=Import.Status.DONE),
            "file_name",
            "cluster_id",
            at=F("ended_at"),
        ),
        _words(
            "views",
            SavedView.objects.visible_to(user).filter(noun=noun),
            "name",
            "cluster_id",
            mine=F("user_id"),
            active=F("user__is_active"),
            default=F("is_default"),
            conditions=F("conditions"),
            columns=F("columns"),
            sort=F("sort"),
        ),
    ]
    return parts[0].union(*parts[1:], all=True)


def _words(
    sort: str, rows: QuerySet[Any], name: str, cluster: str = "", /, **more: F
) -> QuerySet[Any]:
    words: QuerySet[Any] = (
        rows.order_by()
        .annotate(
            word_sort=Value(sort, CharField()),
            word_cluster=Cast(cluster or Value(None), IntegerField()),
            word_name=Cast(name, CharField()),
            word_more=JSONObject(**more),
        )
        .values_list("word_sort", "pk", "word_cluster", "word_name", "word_more")
    )
    return words
