"""A cluster's own words, tags and custom fields, as one of its rows brings them along."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from crm.models.custom_fields import CustomField
from crm.models.people import Person
from crm.models.tags import Tag
from crm.models.together import as_row

Found = TypeVar("Found", bound=QuerySet[Any, Any])


@dataclass(frozen=True)
class Words:
    """What tags and custom fields of one cluster are called, the former ones included."""

    tags: dict[int, str] = field(default_factory=dict)
    fields: dict[str, CustomField] = field(default_factory=dict)

    def tags_of(self, ids: Iterable[int]) -> list[Tag]:
        """The tags with these ids, in the order of their names."""
        found = [Tag(pk=pk, name=self.tags[pk]) for pk in ids if pk in self.tags]
        return sorted(found, key=lambda tag: tag.name.casefold())

    def asked(self) -> list[CustomField]:
        """The fields that are not archived, in their order."""
        asked = [each for each in self.fields.values() if each.archived_at is None]
        return sorted(asked, key=lambda each: (each.place, each.pk))


def with_words(rows: Found) -> Found:
    """Let people or memberships bring their cluster's words along: `words_of` reads them."""
    noun = CustomField.Noun.PERSON if rows.model is Person else CustomField.Noun.ORGANISATION
    cluster = OuterRef("cluster_id")
    former: Any = Tag.history.rel.related_model  # type: ignore[attr-defined]
    fields = CustomField.objects.filter(cluster=cluster, noun=noun)
    return rows.annotate(
        its_tags=ArraySubquery(
            Tag.objects.filter(cluster=cluster)
            .order_by()
            .values(json=JSONObject(id="pk", name="name"))
        ),
        its_former_tags=ArraySubquery(
            former.objects.filter(cluster_id=cluster, pgh_label="delete")
            .order_by()
            .values(json=JSONObject(id="id", name="name"))
        ),
        its_fields=ArraySubquery(
            fields.order_by().values(
                json=JSONObject(
                    id="pk",
                    cluster_id="cluster_id",
                    noun="noun",
                    name="name",
                    kind="kind",
                    choices="choices",
                    place="place",
                    archived_at="archived_at",
                )
            )
        ),
    )


def words_of(row: Any) -> Words:
    """The words that a row of `with_words` brought along."""
    tags = {tag["id"]: tag["name"] for tag in (*row.its_former_tags, *row.its_tags)}
    fields = [as_row(CustomField, each) for each in row.its_fields]
    return Words(tags, {each.key: each for each in fields})
