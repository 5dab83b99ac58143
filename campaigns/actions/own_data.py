"""All that is kept about a mailbox's owner, with what mails know of them."""

from typing import Any

from django.db.models import QuerySet

from campaigns.actions import clicks
from campaigns.actions.reports import reason_words
from campaigns.models import Campaign, Delivery, Exclusion, Trim
from crm.actions import taking_out
from crm.actions.taking_out import Facts, Part, said
from crm.models import Address, Person

LEFT_OUT = taking_out.LEFT_OUT | {
    "campaigns_attempt": "each try of a mail; the last one's end stands with the mail",
    "campaigns_deferral": "that a mail is tried again; its end stands with it",
    "campaigns_letter": "a mail that is on its way to them",
    "campaigns_digestitem": "which posts a digest told; they stand in that mail",
    "campaigns_audiencesnapshot": "whom a region signed for, as numbers",
    "campaigns_hookevent": "raw reports of mail providers; what follows stands with the mail",
    "campaigns_fault": "what a program said of a step that failed",
}


def taken_out(address: Address, language: str) -> Facts:
    """The whole file (GDPR, Art. 15 and 20)."""
    return taking_out.taken_out(address, language, of_mailbox=_OF_MAILBOX, of_person=_OF_PERSON)


def parts() -> tuple[Part, ...]:
    return (*taking_out.parts(), *_OF_MAILBOX, *_OF_PERSON)


def _mail(row: Delivery) -> Facts:
    return {
        "about": str(row.campaign),
        "kind": row.campaign.kind,
        "language": row.language,
        "became": row.outcome,
        "left": said(row.armed_at),
        "delivered": said(row.delivered_at),
        "bounced": said(row.bounced_at),
        "marked_as_spam": said(row.complained_at),
        "server_said": row.reply,
    }


def _letters(address: Address, _language: str) -> list[Facts]:
    """What somebody waited for in front of a form: it goes to a mailbox, whoever has it."""
    rows = Delivery.objects.filter(address=address, campaign__kind=Campaign.Kind.LETTER)
    return [_mail(row) for row in rows.select_related("campaign").order_by("pk")]


def _mails(person: Person, _language: str) -> list[Facts]:
    rows = Delivery.objects.filter(person__in=person.selves)
    return [_mail(row) for row in _about(rows.exclude(campaign__kind=Campaign.Kind.LETTER))]


def _not_got(person: Person, _language: str) -> list[Facts]:
    """As the report says it: that an address stands in another cluster's list stays hidden."""
    return [
        {"about": str(row.campaign), "why": reason_words(row.reason)}
        for row in _about(Exclusion.objects.filter(person__in=person.selves))
    ]


def _taken_out(person: Person, _language: str) -> list[Facts]:
    return _trims(Trim.objects.taken_out(), person)


def _added(person: Person, _language: str) -> list[Facts]:
    return _trims(Trim.objects.additions(), person)


def _trims(rows: QuerySet[Trim], person: Person) -> list[Facts]:
    rows = rows.filter(person__in=person.selves)
    rows = rows.select_related("release__campaign__mission", "release__campaign__event")
    return [
        {"about": str(row.release.campaign), "why": row.reason, "at": said(row.at)}
        for row in rows.order_by("pk")
    ]


def _about(rows: Any) -> Any:
    return rows.select_related("campaign__mission", "campaign__event").order_by("pk")


_OF_MAILBOX = (
    Part("letters", ("campaigns_delivery",), _letters),
    Part(
        "clicks",
        ("campaigns_click", "campaigns_visit"),
        lambda address, _language: clicks.of_reader(address),
    ),
)
_OF_PERSON = (
    Part("mails", ("campaigns_delivery",), _mails),
    Part("mails_not_got", ("campaigns_exclusion",), _not_got),
    Part("taken_out_by_the_region", ("campaigns_trim",), _taken_out),
    Part("added_by_the_region", ("campaigns_trim",), _added),
)
