"""The two nouns whose lists are asked alike: people and organisations."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from crm.forms import questions
from crm.models import Membership, Organisation, Person, User
from crm.models import search as searches
from crm.models.questions import Asker, Question, Vocabulary
from crm.models.scope import asked_by
from crm.models.statements import statement


@dataclass(frozen=True)
class Noun:
    """What differs between the lists."""

    name: str
    plural: str
    """As it stands in the names of addresses."""
    rows: Callable[[User], QuerySet[Any]]
    """Everything of it that a user may see, archived or not."""
    questions: Callable[[Vocabulary], dict[str, Question]]
    found: Callable[[str, Asker], Q]
    like: Callable[[str], Q]
    columns: tuple[str, ...]
    """Shown where nobody chose others."""
    chips: tuple[str, ...]
    """Questions whose choices stand ready to be clicked."""

    @property
    def show(self) -> str:
        return f"crm:{self.plural}-show"

    @property
    def edit_page(self) -> str:
        return f"crm:{self.plural}-edit"

    @property
    def cell(self) -> str:
        return f"crm:cells-{self.name}"


def _people(user: User) -> QuerySet[Any]:
    return Person.objects.visible_to(user).filter(merged_into=None, erased_at=None)


def _organisations(user: User) -> QuerySet[Any]:
    return Organisation.objects.visible_to(user).filter(merged_into=None)


PEOPLE = Noun(
    "person",
    "people",
    _people,
    questions.people,
    searches.people_called,
    searches.people_like,
    ("name", "organisation", "language", "mailable", "tag", "cluster"),
    ("cluster", "kind", "language", "mailable", "tag", "category", "standing", "area"),
)
ORGANISATIONS = Noun(
    "organisation",
    "organisations",
    _organisations,
    questions.organisations,
    lambda text, _asker: searches.organisations_called(text),
    searches.organisations_like,
    ("name", "area", "home", "region", "tag", "people"),
    ("kind", "region", "category", "standing", "area", "product", "tag"),
)
NOUNS: Mapping[str, Noun] = {noun.plural: noun for noun in (PEOPLE, ORGANISATIONS)}


def page_of(noun: Noun, user: User, ids: list[int]) -> list[Any]:
    """The rows of one page with all that its columns show, in the order of the ids."""
    asked, values = statement(
        ("lines", noun.name, *asked_by(user)), lambda: _in_lines(noun, user).order_by()
    )
    if not asked:
        return []
    model: type[Model] = Person if noun is PEOPLE else Organisation
    rows = model._default_manager.raw(
        f"SELECT * FROM ({asked}) AS line WHERE id = ANY(%s)", [*values, ids]
    )
    found = {row.pk: _read(row) for row in rows}
    return [found[pk] for pk in ids if pk in found]


def _read(row: Any) -> Any:
    """What a statement brings as text is read."""
    said = vars(row)
    if "posts" in said:
        said["posts"] = [json.loads(post) for post in said["posts"]]
    elif said["region_names"]:
        said["region_names"] = json.loads(said["region_names"])
    return row


def _in_lines(noun: Noun, user: User) -> QuerySet[Any]:
    if noun is PEOPLE:
        return Person.objects.visible_to(user).in_lines(timezone.localdate())
    return Organisation.objects.visible_to(user).in_lines(user)


def memberships_of(user: User, ids: list[int]) -> dict[int, list[Membership]]:
    """How the user's own clusters keep these organisations."""
    kept: dict[int, list[Membership]] = {}
    for row in (
        Membership.objects.visible_to(user)
        .filter(organisation__in=ids, archived_at=None)
        .select_related("owner")
    ):
        kept.setdefault(row.organisation_id, []).append(row)
    return kept
