"""Which columns each list has, and the rows of the address book as contacts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from crm.models import (
    CustomField,
    Membership,
    Organisation,
    Person,
    PersonAddress,
    Position,
    Tag,
    User,
)
from crm.models.scope import Scope
from crm.resources.contacts import Contact, ContactResource
from crm.rules.columns import OWN
from crm.rules.vcards import Card


@dataclass(frozen=True)
class ListColumns:
    """The columns of one list: all, those that are shared, and what its page shows in each."""

    all: tuple[str, ...]
    shared: frozenset[str]
    cells: Mapping[str, tuple[str, ...]]
    """By question: what stands in its column of the page."""

    def shown(self, questions: Sequence[str]) -> tuple[str, ...]:
        """The columns that say what a page with these questions shows."""
        said = {name for question in questions for name in self.cells.get(question, ())}
        own = (question for question in questions if question.startswith(OWN))
        return (*(name for name in self.all if name in said), *own)


def _alone(*names: str, **others: str) -> dict[str, tuple[str, ...]]:
    said = dict(zip(names, names, strict=True)) | others
    return {question: (name,) for question, name in said.items()}


_ORGANISATION = (
    "legal_name", "short_name", "former_names", "website", "city", "country", "region", "standing",
    "category", "employees", "areas", "products", "markets", "stages",
)  # fmt: skip

LISTS = {
    "people": ListColumns(
        all=(
            "title", "given", "family", "email", "more_addresses", "phone", "language", "relation",
            "job", *(name for name in _ORGANISATION if name != "former_names"), "more_posts",
            "mailable", "paused_until", "cluster", "tags", "owner", "added_on",
        ),
        shared=frozenset({
            "title", "given", "family", "job", "legal_name", "more_posts", "language", "mailable",
            "cluster",
        }),
        cells={
            "name": ("title", "given", "family", "email", "relation"),
            "organisation": ("job", "legal_name", "more_posts"),
            **_alone(
                "job", "language", "mailable", "cluster", "email", "phone", "title", "owner",
                kind="relation", tag="tags", paused="paused_until", created="added_on",
            ),
        },
    ),
    "organisations": ListColumns(
        all=(*_ORGANISATION, "people", "home", "nature", "tags", "owner", "added_on"),
        shared=frozenset({
            "legal_name", "former_names", "website", "city", "country", "region", "areas",
            "products", "markets", "stages", "people", "home", "nature", "added_on",
        }),
        cells={
            "name": ("legal_name", "former_names", "city"),
            **_alone(
                "city", "country", "region", "home", "website", "category", "standing",
                "employees", "owner", "people",
                kind="nature", area="areas", product="products", stage="stages",
                market="markets", tag="tags", created="added_on",
            ),
        },
    ),
}  # fmt: skip


def own_columns(noun: str, user: User) -> dict[str, str]:
    """The fields of the user's own clusters: each column with what stands over it."""
    of = CustomField.Noun.PERSON if noun == "people" else CustomField.Noun.ORGANISATION
    fields = CustomField.objects.visible_to(user).current().filter(noun=of)
    return {f"{OWN}{field.pk}": field.name for field in fields}


CARD = (
    "title", "given", "family", "email", "more_addresses", "phone", "language", "job", "legal_name",
    "website", "city", "country", "region", "areas",
)  # fmt: skip
"""What a vCard takes."""


def contacts(rows: QuerySet[Any], pks: Sequence[int], scope: Scope) -> Iterator[Contact]:
    """Those of `rows` with these numbers, in their order; each is what the scope may read of it."""
    people = rows.model is Person
    found: dict[int, Any] = (_people(rows) if people else _organisations(rows)).in_bulk(pks)
    made: Any = _of_person if people else _of_organisation
    read = Tag.objects.all() if scope.admin else Tag.objects.filter(cluster__in=scope.clusters)
    tag_names = dict(read.order_by().values_list("pk", "name"))
    for pk in pks:
        if pk in found:
            contact: Contact = made(found[pk], scope)
            contact.tag_names = tag_names
            yield contact


# What stands beside a row comes as a list of its own (`to_attr`), and what many rows refer to comes
# once: a manager for each row and each of its relations took half of the time of a file.
def _people(rows: QuerySet[Person]) -> QuerySet[Person]:
    uses = PersonAddress.objects.filter(person=OuterRef("pk"), address__email__isnull=False)
    emails = uses.order_by().values_list("address__email")
    organisations = Organisation.objects.with_codes().prefetch_related(
        "region", Prefetch("memberships", Membership.objects.all(), to_attr="kept_by")
    )
    posts = Position.objects.current().order_by("pk")
    posts = posts.prefetch_related(Prefetch("organisation", organisations))
    return rows.annotate(
        mailbox_used=Subquery(emails.filter(is_primary=True)[:1]),
        mailboxes_beside=ArraySubquery(emails.filter(is_primary=False)),
    ).prefetch_related("cluster", "owner", Prefetch("positions", posts, to_attr="present"))


def _organisations(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """`rows` are those of the list, with what one of its lines needs."""
    kept = Membership.objects.prefetch_related("owner")
    return rows.prefetch_related(
        "region", "home_cluster", Prefetch("memberships", kept, to_attr="kept_by")
    )


def _of_person(person: Person, scope: Scope) -> Contact:
    said = vars(person)
    posts: list[Position] = said["present"]
    contact = Contact(
        person,
        further=posts[1:],
        email=said["mailbox_used"] or "",
        more_addresses=sorted(said["mailboxes_beside"]),
    )
    if posts:
        contact.post = posts[0]
        contact.organisation = posts[0].organisation
        contact.codes = vars(contact.organisation)["facts"]
        kept = kept_by(contact.organisation)
        contact.membership = next((m for m in kept if m.cluster_id == person.cluster_id), None)
    if not scope.reads_whole(person.cluster_id):
        contact.readable = LISTS["people"].shared
    return contact


def _of_organisation(organisation: Organisation, scope: Scope) -> Contact:
    """The membership is that of the reader's own cluster, the home cluster's before others."""
    mine = [kept for kept in kept_by(organisation) if scope.reads_whole(kept.cluster_id)]
    mine.sort(key=lambda kept: (kept.cluster_id != organisation.home_cluster_id, kept.pk))
    return Contact(
        organisation=organisation,
        membership=mine[0] if mine else None,
        kept=tuple(row for row in mine if not row.archived_at),
        readable=None if mine or scope.admin else LISTS["organisations"].shared,
        codes=vars(organisation)["facts"],
        former_names=vars(organisation)["former"],
    )


def kept_by(organisation: Organisation) -> list[Membership]:
    """How every cluster keeps the organisation of a contact."""
    kept: list[Membership] = vars(organisation)["kept_by"]
    return kept


def card(contact: Contact, resource: ContactResource) -> Card:
    """The vCard of a row."""

    def said(name: str) -> str:
        return str(resource.values(contact, [name])[0] or "")

    person, organisation = contact.person, contact.organisation
    noun, row = ("people", person) if person else ("organisations", organisation)
    assert row
    mailboxes = [said("email"), *(contact.more_addresses if contact.may_read("email") else ())]
    whole = " ".join(filter(None, (said("title"), said("given"), said("family"))))
    return Card(
        uid=f"{settings.BASE_URL}/{noun}/{row.pk}/",
        kind="individual" if person else "org",
        name=(whole or mailboxes[0] or _("Nameless")) if person else said("legal_name"),
        family=said("family"),
        given=said("given"),
        title=said("title"),
        organisation=said("legal_name"),
        job=said("job"),
        emails=tuple(filter(None, mailboxes)),
        phone=said("phone"),
        language=(person.language or "") if person else "",
        website=said("website"),
        city=said("city"),
        region=said("region"),
        country=said("country"),
        categories=tuple(filter(None, said("areas").split("; "))),
    )
