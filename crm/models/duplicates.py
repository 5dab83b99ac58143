"""Duplicates: pairs of one cluster's records that may be the same, waiting for a word on it."""

from collections import Counter
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.models.imports import Import, ImportRow
from crm.models.kept import KeptQuerySet
from crm.models.merges import Merge, Noun
from crm.models.network import Cluster
from crm.models.organisations import Membership, Organisation
from crm.models.people import Person

SIDES = ("first", "second")
COUNTED = 1_000
"""Pairs are counted so far: of ten thousand, nobody needs to know how many."""


class DuplicateQuerySet(KeptQuerySet["Duplicate"]):
    def open(self) -> Self:
        return self.filter(state=Duplicate.State.OPEN)

    def living(self, noun: str) -> Self:
        """Pairs of which the cluster still keeps both: none archived, erased or merged since.

        Of one noun: an OR of both would have each of them read every table there is. Few records
        are gone, and an index has them.
        """
        records: dict[str, QuerySet[Any]] = {
            Noun.PERSON: Person.objects.gone(),
            Noun.ORGANISATION: Organisation.objects.gone(),
        }
        gone = [~Exists(records[noun].filter(pk=OuterRef(side))) for side in SIDES]
        kept = Membership.objects.filter(cluster=OuterRef("cluster"))
        both = [Exists(kept.filter(organisation=OuterRef(side))) for side in SIDES]
        return self.filter(*gone, *(both if noun == Noun.ORGANISATION else ()), noun=noun)

    def nouns(self) -> "QuerySet[Any, str]":
        """The noun of each living pair, of no noun more often than `COUNTED` and once more."""
        person, organisation = (
            self.living(noun).order_by().values_list("noun", flat=True)[: COUNTED + 1]
            for noun in (Noun.PERSON, Noun.ORGANISATION)
        )
        return person.union(organisation, all=True)

    def counted(self) -> dict[str, int]:
        """How many living pairs there are of each noun, up to `COUNTED`, in one question."""
        return Counter(self.nouns())

    def brought_by(self, of_import: Import) -> Self:
        """The pairs with somebody, or an organisation, that came with this import."""
        made = ImportRow.objects.filter(of_import=of_import)
        people = made.filter(made__contains="p").values("person")
        kept = made.filter(made__contains="o").values("organisation")
        return self.filter(
            Q(noun=Noun.PERSON) & (Q(first__in=people) | Q(second__in=people))
            | Q(noun=Noun.ORGANISATION) & (Q(first__in=kept) | Q(second__in=kept)),
            cluster=of_import.cluster_id,
        )

    def of(self, noun: str, pk: Any) -> Self:
        """The pairs that this record is one of."""
        return self.filter(Q(first=pk) | Q(second=pk), noun=noun)


class Duplicate(models.Model):
    """Two records of one cluster that look like one."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for your word")
        DISMISSED = "dismissed", _("two different ones")
        MERGED = "merged", _("merged")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="duplicates")
    noun = models.CharField(max_length=12, choices=Noun)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    """Codes of `crm.rules.duplicates.Reason`, the strongest first."""
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "noun", "first", "second"], name="a_pair_once"
            ),
            models.CheckConstraint(name="a_pair_in_its_order", condition=Q(first__lt=F("second"))),
        ]
        indexes = [
            # The worklist, likeliest first, and its counts.
            models.Index(
                fields=["cluster", "noun", "-score", "id"],
                condition=Q(state="open"),
                name="open_duplicates",
            ),
            # The worklist over several clusters.
            models.Index(
                fields=["noun", "-score", "id"],
                condition=Q(state="open"),
                name="open_duplicates_in_order",
            ),
            # A record's page: what it may be the same as. The other half is the unique index.
            models.Index(fields=["noun", "second"], name="duplicates_of_a_second"),
            models.Index(fields=["noun", "first"], name="duplicates_of_a_first"),
        ]


class DuplicateSearch(models.Model):
    """How far a cluster's records have been searched for duplicates, and when next."""

    cluster = models.OneToOneField(
        Cluster, models.PROTECT, primary_key=True, related_name="duplicate_search"
    )
    people_to = models.BigIntegerField(default=0)
    """Up to which id people were looked at; whoever is above is new."""
    organisations_to = models.BigIntegerField(default=0)
    """The same for memberships: an organisation is new to a cluster when it gets one."""
    due_at = models.DateTimeField()
    """When everything is looked at again, for what was changed meanwhile."""
    looked_at = models.DateTimeField(null=True)


def alike(noun: str) -> dict[str, Exists]:
    """Whether there is anything to say of duplicates and merges on a record's page."""
    pk = OuterRef("pk")
    return {
        "is_paired": Exists(Duplicate.objects.open().of(noun, pk)),
        "is_kept_of_two": Exists(Merge.objects.standing().of(noun, pk)),
    }
