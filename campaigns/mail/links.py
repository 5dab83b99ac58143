"""Signed links for readers: single-purpose, without login, honoured after key rotation.

Built from the configured base URL only. An unsubscribe token carries the address and scope, not a
delivery, so it answers years later; SECRET_KEY_FALLBACKS keeps old tokens valid.
"""

import base64
import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from campaigns.models import Campaign, Delivery
from crm.models import Document

_LEAVING = Signer(salt="liaison.leaving")
_ANSWERING = Signer(salt="liaison.answering")
_MESSAGE = Signer(salt="liaison.message")


class InvalidLink(ValueError):
    """A link that was altered or cut off."""


@dataclass(frozen=True)
class Leaving:
    """Who leaves what: an address, and the campaign that shows topic, cluster and alliance."""

    address_id: int
    campaign_id: int
    cluster_id: int
    language: str


@dataclass(frozen=True)
class Answering:
    """Who answers what."""

    delivery_id: int
    person_id: int
    campaign_id: int
    language: str


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def leaving_token(delivery: Delivery, cluster_id: int) -> str:
    return _LEAVING.sign(
        f"{delivery.address_id}.{delivery.campaign_id}.{cluster_id}.{delivery.language}"
    )


def unsubscribe(delivery: Delivery, cluster_id: int) -> str:
    token = leaving_token(delivery, cluster_id)
    return absolute(reverse("campaigns:public-unsubscribe", args=[token]))


def read_leaving(token: str) -> Leaving:
    """Raises InvalidLink."""
    try:
        address, campaign, cluster, language = _LEAVING.unsign(token).split(".")
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error
    return Leaving(int(address), int(campaign), int(cluster), language)


def answer(delivery: Delivery, value: str) -> str:
    token = _ANSWERING.sign(
        f"{delivery.pk}.{delivery.person_id}.{delivery.campaign_id}.{delivery.language}"
    )
    return absolute(reverse("campaigns:public-answer", args=[token, value]))


def read_answering(token: str) -> Answering:
    """Raises InvalidLink."""
    try:
        delivery, person, campaign, language = _ANSWERING.unsign(token).split(".")
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error
    return Answering(int(delivery), int(person), int(campaign), language)


def document(row: Document) -> str:
    return absolute(reverse("campaigns:public-document", args=[row.pk]))


def record_page(campaign: Campaign, language: str) -> str:
    """The public page of what the campaign is about; empty where it has none."""
    if campaign.mission and campaign.mission.public:
        path = reverse("campaigns:public-mission", args=[language, campaign.mission.slug])
    elif campaign.event and campaign.event.public:
        path = reverse("campaigns:public-event", args=[language, campaign.event.slug])
    else:
        return ""
    return absolute(path)


def delivery_id(message_id: str) -> int | None:
    """The delivery a Message-ID names, if we made it."""
    found = re.match(r"^<d(\d+)\.([^@]+)@", message_id)
    if found and constant_time_compare(_MESSAGE.signature(found[1])[:16], found[2]):
        return int(found[1])
    return None


def message_id(delivery: Delivery, domain: str) -> str:
    """The same on every attempt, and not to be guessed (RFC 5322, 3.6.4)."""
    return f"<d{delivery.pk}.{_MESSAGE.signature(str(delivery.pk))[:16]}@{domain}>"


# --- the mailbox we read: bounces, unsubscribe mails, answers of calendar programs


class MailTo(StrEnum):
    """What a mail to one of our own addresses means, as the letter in its local part."""

    BOUNCE = "b"
    LEAVE = "u"
    CALENDAR = "c"


def mailbox(meaning: MailTo, delivery_id: int) -> str:
    """`replies+b12.mac@…`: an address of MAILBOX_ADDRESS for one delivery; empty without one."""
    local, _at, domain = settings.MAILBOX_ADDRESS.rpartition("@")
    if not local:
        return ""
    return f"{local}+{meaning}{delivery_id}.{_mac(meaning, delivery_id)}@{domain}"


def read_mailbox(address: str) -> tuple[MailTo, int]:
    """What a mail to this address means, and for which delivery. Raises InvalidLink."""
    found = re.match(r"^[^@]*\+([buc])(\d{1,18})\.([a-z2-7]{16})@", address.strip().lower())
    if not found:
        raise InvalidLink(address)
    meaning, delivery_id = MailTo(found[1]), int(found[2])
    if not constant_time_compare(_mac(meaning, delivery_id), found[3]):
        raise InvalidLink(address)
    return meaning, delivery_id


def _mac(meaning: MailTo, delivery_id: int) -> str:
    """Sixteen letters and digits: mail systems may change the case of a local part."""
    digest = salted_hmac("liaison.mailbox", f"{meaning}{delivery_id}", algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()
