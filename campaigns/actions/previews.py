"""A mail as one reader would get it, before anybody does. Its links lead to a page that says so."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from django.db.models import QuerySet

from campaigns.actions import audiences, contents, freezing
from campaigns.mail.compose import CannotCompose, Composer, Text
from campaigns.models import Campaign, Delivery, Release
from campaigns.rules.languages import choose
from crm.actions.errors import Refused
from crm.models import Address, Person
from crm.rules.texts import LANGUAGES

NOBODY = 0  # the id of made-up readers: links signed for it act on nothing


@dataclass(frozen=True)
class Reader:
    """Whose mail is shown: a real person of a lane, or a made-up one."""

    release: Release
    person: Person
    language: str
    variant: str

    @property
    def made_up(release: Release) -> Reader:
    """An invented reader, where nobody of a lane may be named."""
    campaign = release.campaign
    person = Person(
        pk=NOBODY,
        given="Alex",
        family="Example",
        kind=Person.Kind.CONTACT if release.cluster else Person.Kind.FOLLOWER,
        cluster=release.cluster or Composer(campaign, {}).coordinator,
    )
    return Reader(release, person, _language(release, person), _variant(release))


def compose(reader: Reader, texts: dict[str, Text], *, to: str | None = None) -> Preview:
    """The mail of a reader. Raises Refused with what is missing."""
    campaign = reader.release.campaign
    desk = reader.release.contact_point or freezing.resolve_desk(campaign, reader.release)
    delivery = Delivery(
        pk=NOBODY,
        campaign=campaign,
        release=reader.release,
        address=Address(pk=NOBODY, email=to or "reader@reader.example"),
        person=reader.person,
        contact_point=desk,
        language=reader.language,
        variant=reader.variant,
    )
    try:
        envelope = Composer(campaign, texts).compose(delivery)
    except CannotCompose as problem:
        raise Refused(str(problem)) from problem
    mail = message_from_bytes(envelope.mail, policy=policy.default)
    return Preview(cast(EmailMessage, mail))


def _language(release: Release, person: Person) -> str:
    campaign = release.campaign
    assert campaign.alliance
    own = release.cluster.languages if release.cluster else []
    written = campaign.texts.values_list("language", flat=True)
    return choose(person.language, (own, campaign.alliance.languages, LANGUAGES), set(written)) or ""


def _variant(release: Release) -> str:
    return Delivery.Variant.MEMBER if release.cluster_id else Delivery.Variant.PUBLIC
