"""All that is kept about a mailbox's owner, for them to take along (GDPR, Art. 15 and 20).

Each part of the file names the tables that it is made of. What of a person is in none of them is
named beside them, with its reason: a test holds that every table is in one place or the other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from crm.actions import erasing
from crm.models import (
    Address,
    AddressChange,
    Alliance,
    Answer,
    Attachment,
    ConsentRecord,
    CustomField,
    Follow,
    LegalBasis,
    Note,
    Notice,
    Person,
    PersonAddress,
    Position,
    RightsRequest,
    Subscription,
    Suppression,
    Tag,
    Tracking,
)
from crm.models.texts import in_language

Facts = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One name of the file: from which tables it comes, and how it is made.

    `of` gets a mailbox, or a person of one cluster, and the language.
    """

    name: str
    tables: tuple[str, ...]
    of: Callable[[Any, str], Any]


LEFT_OUT = {
    "crm_inboxmail": "mails of the development server",
    "crm_ownpagerequest": "that the link to this page was asked for; goes within days",
    "crm_import": "names of a list's columns; what was taken over stands here",
    "crm_importfile": "the list as it was brought; goes within days",
    "crm_importrow": "lines of that list; go with it",
    "crm_merge": "from which a merge is undone; both records stand here",
    "crm_bulkact": "from which an act on many people is undone",
    "crm_duplicate": "a guess about two records, waiting for a word on it",
    "crm_export": "what one of us asked a list for; goes within days",
    "crm_exportpiece": "a list that one of us took out; goes within days",
    "crm_erasure": "a keyed hash of a mailbox that was erased",
    "crm_auditentry": "what one of us did; it holds no words about others",
}
"""Tables that name somebody and are not in the file; so are the earlier states of each."""


def taken_out(
    address: Address,
    language: str,
    *,
    of_mailbox: Sequence[Part] = (),
    of_person: Sequence[Part] = (),
) -> Facts:
    """Cluster by cluster; the parts that are given come after those of the address book.

    Of a mailbox that several people use only what is said of the mailbox itself.
    """
    held = PersonAddress.objects.filter(address=address, is_primary=True).values("person")
    records = Person.objects.filter(pk__in=held, erased_at=None, merged_into=None)
    own = {*erasing.sole_holders(address)}
    found: Facts = {
        "address": address.email,
        "taken_out_on": timezone.localdate().isoformat(),
        "kept_by": [
            _made(
                (*_OF_ANYBODY, *((*_OF_ONE, *of_person) if row.pk in own else _OF_SEVERAL)),
                row,
                language,
            )
            for row in records.select_related("cluster").order_by("pk")
        ],
    }
    return found | _made((*_OF_MAILBOX, *of_mailbox), address, language)


def flat(taken: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The same as lines of two columns: where it stands, and what it is."""
    if isinstance(taken, dict):
        for name, value in taken.items():
            yield from flat(value, f"{path}.{name}" if path else str(name))
    elif isinstance(taken, list):
        for number, value in enumerate(taken, 1):
            yield from flat(value, f"{path}.{number}")
    else:
        yield path, "" if taken is None else str(taken)


def parts() -> tuple[Part, ...]:
    """What the address book gives."""
    return (*_OF_MAILBOX, *_OF_ANYBODY, *_OF_ONE)


def said(moment: Any) -> str:
    """A day or a moment as the file writes it; empty where there is none."""
    return moment.isoformat() if moment else ""


def _made(wanted: Sequence[Part], of: Any, language: str) -> Facts:
    return {part.name: part.of(of, language) for part in wanted}


# --- of the mailbox


def _left(address: Address, _language: str) -> list[Facts]:
    return [
        {"scope": left.scope, "reason": left.reason, "since": said(left.created_at)}
        for left in Suppression.objects.standing().filter(address=address).order_by("pk")
    ]


def _reached(address: Address, _language: str) -> Facts:
    return {"bounces_since": said(address.undeliverable_at), "why": address.undeliverable_why}


def _clicks_kept(address: Address, _language: str) -> str:
    agreed = Tracking.objects.filter(address=address).first()
    return said(agreed.since) if agreed else ""


def _moves(address: Address, _language: str) -> list[Facts]:
    """Where somebody went from here, or wished to, is not told to who reads it after them."""
    rows = list(AddressChange.objects.filter(address=address).order_by("pk"))
    left = max((row.done_at for row in rows if row.done_at), default=None)
    return [
        {
            "to": "" if left and row.asked_at <= left else row.email,
            "asked": said(row.asked_at),
            "moved": said(row.done_at),
        }
        for row in rows
    ]


def _asked_to_follow(address: Address, language: str) -> list[Facts]:
    """Whoever typed the address may have been somebody else: from where they did is not told."""
    return [
        {
            "alliance": row.alliance.name,
            "markets": row.markets,
            "language": row.language,
            "asked": said(row.asked_at),
            "confirmed": said(row.confirmed_at),
        }
        for row in Follow.objects.filter(hmac=address.hmac).select_related("alliance")
    ]


_OF_MAILBOX = (
    Part("left", ("crm_suppression",), _left),
    Part("reached", ("crm_address",), _reached),
    Part("clicks_kept_since", ("crm_tracking",), _clicks_kept),
    Part("moves", ("crm_addresschange",), _moves),
    Part("asked_to_follow", ("crm_follow",), _asked_to_follow),
)


# --- of a record, whoever of several people the mailbox belongs to


def _topics(person: Person, language: str) -> list[Facts]:
    rows = Subscription.objects.filter(person__in=person.selves).select_related("topic")
    return [
        {
            "topic": in_language(wish.topic.names, (language, "en")),
            "state": wish.state,
            "since": said(wish.since),
            "left": said(wish.left_at),
            "posts": wish.frequency,
            "markets": wish.markets,
        }
        for wish in rows.order_by("pk")
    ]


def _bases(person: Person, _language: str) -> list[Facts]:
    rows = LegalBasis.objects.filter(person__in=person.selves).select_related("alliance")
    return [
        {
            "purpose": row.purpose,
            "basis": row.basis,
            "since": said(row.since),
            "until": said(row.expires_on),
            "alliance": _name(row.alliance),
        }
        for row in rows.order_by("pk")
    ]


def _proofs(person: Person, _language: str) -> list[Facts]:
    return [_proof(row) for row in _said(person)]


def _own_proofs(person: Person, _language: str) -> list[Facts]:
    """With where they came from, but for what anybody may have asked for in their name."""
    unknown = ConsentRecord.Act.REQUESTED
    return [
        _proof(row) | {"network": "" if row.act == unknown else row.network}
        for row in _said(person)
    ]


def _said(person: Person) -> Iterable[ConsentRecord]:
    rows = ConsentRecord.objects.filter(person__in=person.selves)
    return rows.select_related("wording", "alliance").order_by("pk")


def _proof(row: ConsentRecord) -> Facts:
    return {
        "act": row.act,
        "at": said(row.at),
        "purpose": row.purpose,
        "basis": row.basis,
        "source": row.source,
        "wording": str(row.wording or ""),
        "language": row.language,
        "alliance": _name(row.alliance),
    }


def _name(alliance: Alliance | None) -> str:
    return alliance.name if alliance else ""


_OF_ANYBODY = (
    Part("cluster", (), lambda person, _language: person.cluster.name),
    Part("contact", (), lambda person, _language: person.cluster.data_protection_contact),
    Part("topics", ("crm_subscription",), _topics),
    Part("bases", ("crm_legalbasis",), _bases),
)


# --- of a record whose mailbox several people read: from where one of them spoke is their own

_OF_SEVERAL = (Part("proofs", ("crm_consentrecord",), _proofs),)


# --- of a record whose owner alone reads the mailbox


def _column(name: str) -> Part:
    return Part(name, ("crm_person",), lambda person, _language: getattr(person, name))


def _day(name: str, column: str) -> Part:
    return Part(name, ("crm_person",), lambda person, _language: said(getattr(person, column)))


def _tags(person: Person, _language: str) -> list[str]:
    return [tag.name for tag in Tag.objects.filter(pk__in=person.tags)]


def _own_fields(person: Person, _language: str) -> Facts:
    fields = CustomField.objects.filter(cluster=person.cluster_id, noun=CustomField.Noun.PERSON)
    names = {field.key: field.name for field in fields}
    return {names.get(key, key): answer for key, answer in person.custom.items()}


def _addresses(person: Person, _language: str) -> list[Facts]:
    rows = PersonAddress.objects.filter(person__in=person.selves).select_related("address")
    return [
        {
            "address": row.address.email,
            "kind": row.kind,
            "written_to": row.is_primary,
            "since": said(row.since),
        }
        for row in rows.order_by("pk")
    ]


def _posts(person: Person, _language: str) -> list[Facts]:
    rows = Position.objects.filter(person__in=person.selves).select_related("organisation")
    return [
        {
            "organisation": str(row.organisation),
            "job": row.job,
            "from": said(row.during.lower),
            "until": said(row.during.upper),
        }
        for row in rows.newest_first()
    ]


def _answers(person: Person, _language: str) -> list[Facts]:
    rows = Answer.objects.filter(person__in=person.selves).select_related("mission", "event")
    return [
        {
            "to": str(row.mission or row.event),
            "answer": row.value,
            "note": row.note,
            "at": said(row.at),
        }
        for row in rows.order_by("pk")
    ]


def _notes(person: Person, _language: str) -> list[Facts]:
    """What was written about them; who of the cluster wrote it is that one's own."""
    rows = Note.objects.filter(person__in=person.selves).order_by("pk")
    return [{"text": row.text, "at": said(row.at), "edited": said(row.edited_at)} for row in rows]


def _files(person: Person, _language: str) -> list[Facts]:
    """Names alone: the files are had from the cluster."""
    rows = Attachment.objects.filter(person__in=person.selves).order_by("pk")
    return [
        {"name": row.name, "kind": row.media_type, "bytes": row.size, "at": said(row.at)}
        for row in rows
    ]


def _origin(person: Person, _language: str) -> list[Facts]:
    return [
        {"list": row.origin, "told": said(row.told_at)}
        for row in Notice.objects.filter(person__in=person.selves).order_by("pk")
    ]


def _requests(person: Person, _language: str) -> list[Facts]:
    return [
        {
            "kind": row.kind,
            "name": row.name,
            "address": row.email,
            "received": said(row.received_on),
            "state": row.state,
            "why_longer": row.extended_why,
            "note": row.note,
            "answered": said(row.answered_on),
            "answer": row.answer,
        }
        for row in RightsRequest.objects.filter(person__in=person.selves).order_by("pk")
    ]


_OF_ONE = (
    Part("proofs", ("crm_consentrecord",), _own_proofs),
    _column("title"),
    _column("given"),
    _column("family"),
    _column("kind"),
    _column("language"),
    _column("phone"),
    _column("share_objected"),
    _day("paused_until", "paused_until"),
    _day("since", "created_at"),
    _day("archived", "archived_at"),
    Part("tags", ("crm_person",), _tags),
    Part("own_fields", ("crm_person",), _own_fields),
    Part("addresses", ("crm_personaddress",), _addresses),
    Part("posts", ("crm_position",), _posts),
    Part("answers", ("crm_answer",), _answers),
    Part("notes", ("crm_note",), _notes),
    Part("files", ("crm_attachment",), _files),
    Part("origin", ("crm_notice",), _origin),
    Part("requests", ("crm_rightsrequest",), _requests),
)
