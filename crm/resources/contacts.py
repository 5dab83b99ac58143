"""The columns of a list of organisations and people.

A row is a `Contact`: one person, the organisation at which they hold their first present post, and
that organisation as the person's own cluster keeps it. An organisation's row names no person.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Resource

from crm.models import Cluster, CustomField, Membership, Organisation, Person, Position
from crm.models.organisations import code_name
from crm.resources import widgets
from crm.resources.words import country_said, known_codes, language_said
from crm.rules import cells
from crm.rules.answers import Question
from crm.rules.columns import BY_NAME, OWN
from crm.rules.entries import EntryReader
from crm.rules.headers import header
from crm.rules.tables import Value


@dataclass
class Contact:
    """What one row of a list says."""

    person: Person | None = None
    organisation: Organisation | None = None
    membership: Membership | None = None
    post: Position | None = None
    further: list[Position] = field(default_factory=list)
    readable: frozenset[str] | None = None
    """The columns that its reader may read; None for all of them."""
    kept: tuple[Membership, ...] = ()
    """Of an organisation: how clusters of its reader keep it."""
    tag_names: Mapping[int, str] = field(default_factory=dict)
    email: str = ""
    """The mailbox that mails go to."""
    more_addresses: Sequence[str] = ()
    """Mailboxes that mails do not go to."""
    codes: Sequence[str] = ()
    """Coded facts of the organisation, the vocabulary before each code."""
    former_names: Sequence[str] = ()

    def may_read(self, column: str) -> bool:
        return self.readable is None or column in self.readable

    @property
    def areas(self) -> list[str]:
        return self._codes("area")

    @property
    def products(self) -> list[str]:
        return self._codes("product")

    @property
    def markets(self) -> list[str]:
        return self._codes("market")

    @property
    def stages(self) -> list[str]:
        return self._codes("stage")

    @property
    def holders(self) -> Sequence[Person | Membership]:
        """The rows that hold what a cluster keeps for itself."""
        return [self.person] if self.person else self.kept

    @property
    def tags(self) -> list[str]:
        pks = dict.fromkeys(pk for holder in self.holders for pk in holder.tags)
        return [self.tag_names[pk] for pk in pks if pk in self.tag_names]

    @property
    def organisation_tags(self) -> list[str]:
        pks = self.membership.tags if self.membership else ()
        return [self.tag_names[pk] for pk in pks if pk in self.tag_names]

    @property
    def owners(self) -> list[str]:
        return [*dict.fromkeys(str(holder.owner) for holder in self.holders if holder.owner_id)]

    @property
    def added_on(self) -> dt.date | None:
        row = self.person or self.organisation
        return timezone.localdate(row.created_at) if row else None

    def answer(self, key: str) -> Value:
        """What stands in a field of a cluster's own."""
        if not self.may_read("tags"):
            return None
        said = [holder.custom[key] for holder in self.holders if key in holder.custom]
        words = {True: _("yes"), False: _("no")}
        return "; ".join(str(words[a] if isinstance(a, bool) else a) for a in said)

    @property
    def more_posts(self) -> list[str]:
        return [
            ", ".join(filter(None, (post.job, str(post.organisation)))) for post in self.further
        ]

    @property
    def mailable(self) -> str:
        """Why nobody may write to this person; outside their cluster only whether."""
        reason = str(getattr(self.person, "obstacle", ""))
        if reason and not self.may_read("email"):
            return _("not mailable")
        return _REASONS.get(reason, lambda: reason)()

    def _codes(self, vocabulary: str) -> list[str]:
        told = f"{vocabulary} "
        return [code.removeprefix(told) for code in self.codes if code.startswith(told)]


_REASONS = {
    "": lambda: _("mailable"),
    "unsubscribed": lambda: _("unsubscribed"),
    "objected": lambda: _("objected"),
    "hard_bounce": lambda: _("address bounced"),
    "undeliverable": lambda: _("address bounced"),
    "complaint": lambda: _("complained"),
    "erased": lambda: _("erased"),
    "archived": lambda: _("archived"),
    "manual": lambda: _("never write"),
    "no_basis": lambda: _("no legal basis"),
    "paused": lambda: _("paused"),
    "no_address": lambda: _("no address"),
}


class Column(Field):
    """A column by its name in `crm.rules.columns`, or one that is only ever written.

    `attribute` says where its value is: of the person, the organisation, the membership, the post.
    """

    def __init__(self, name: str, attribute: str, widget: Any = None) -> None:
        super().__init__(attribute, name, widget or widgets.Text(), readonly=name not in BY_NAME)
        self._path = attribute.split("__")

    def export(self, instance: Contact, **_kwargs: Any) -> Value:
        """What stands in the cell; the way to it was split once, not for each of a million."""
        value: Any = instance
        for part in self._path:
            value = getattr(value, part, None)
            if value is None:
                break
        said: Value = self.widget.render(value)
        return said

    @property
    def table(self) -> str:
        return str(self.attribute).partition("__")[0]


def own_questions(cluster: Cluster) -> dict[str, Question]:
    """The fields of a cluster's own by their columns, in the order in which they are asked."""
    return {
        f"{OWN}{field.key}": Question(field.name, field.noun, field.kind, tuple(field.choices))
        for field in CustomField.objects.filter(cluster=cluster).current()
    }


class ContactResource(Resource):
    """Everything that a list can say, in the order in which it is written."""

    title = Column("title", "person__title")
    given = Column("given", "person__given")
    family = Column("family", "person__family")
    email = Column("email", "email", widgets.Mailboxes())
    more_addresses = Column("more_addresses", "more_addresses", widgets.Listed())
    language = Column("language", "person__language", widgets.Parsed(cells.language, language_said))
    phone = Column("phone", "person__phone", widgets.Phone())
    relation = Column("relation", "person__kind", widgets.Choice("relation", Person.Kind))
    job = Column("job", "post__job")
    legal_name = Column("legal_name", "organisation__legal_name")
    short_name = Column("short_name", "organisation__short_name")
    former_names = Column("former_names", "former_names", widgets.Listed())
    website = Column("website", "organisation__website", widgets.Parsed(cells.website))
    city = Column("city", "organisation__city")
    country = Column(
        "country", "organisation__country", widgets.Parsed(cells.country, country_said)
    )
    region = Column("region", "organisation__region", widgets.Coded("region"))
    standing = Column(
        "standing", "membership__standing", widgets.Choice("standing", Membership.Standing)
    )
    category = Column(
        "category", "membership__category", widgets.Choice("category", Membership.Category)
    )
    employees = Column("employees", "membership__employees", widgets.Number(cells.employees))
    areas = Column("areas", "areas", widgets.Several("areas", code_name))
    products = Column("products", "products", widgets.Several("products", code_name))
    markets = Column("markets", "markets", widgets.Several("markets"))
    stages = Column("stages", "stages", widgets.Several("stages", code_name))
    more_posts = Column("more_posts", "more_posts", widgets.Listed())
    people = Column("people", "organisation__people_count", widgets.Number(int))
    home = Column("home", "organisation__home_cluster")
    mailable = Column("mailable", "mailable")
    paused_until = Column("paused_until", "person__paused_until", widgets.Day())
    cluster = Column("cluster", "person__cluster")
    nature = Column("nature", "organisation__kind", widgets.Choice("nature", Organisation.Kind))
    tags = Column("tags", "tags", widgets.Listed())
    organisation_tags = Column("organisation_tags", "organisation_tags", widgets.Listed())
    owner = Column("owner", "owners", widgets.Listed())
    added_on = Column("added_on", "added_on", widgets.Day())

    fields: dict[str, Column]

    @classmethod
    def of(cls, table: str, but: Sequence[str] = ()) -> tuple[str, ...]:
        """The names of the columns that a table holds and a list can bring."""
        return tuple(
            name
            for name, column in cls.fields.items()
            if column.table == table and not column.readonly and name not in but
        )

    @staticmethod
    def reader(columns: Sequence[str], cluster: Cluster) -> EntryReader:
        """Reads the rows of a cluster's list, whichever way they are written then."""
        return EntryReader(
            columns,
            country=cluster.region.country,
            codes=known_codes(),
            own=own_questions(cluster),
        )

    @staticmethod
    def header(name: str, language: str = "") -> str:
        return header(name, language or widgets.reader_language())

    def values(self, contact: Contact, names: Sequence[str]) -> list[Value]:
        """A row as it is written: in a column that may not be read nothing stands."""
        return [self._value(contact, name) for name in names]

    def _value(self, contact: Contact, name: str) -> Value:
        if name.startswith(OWN):
            return contact.answer(name.removeprefix(OWN))
        said: Value = self.fields[name].export(contact) if contact.may_read(name) else None
        return said
