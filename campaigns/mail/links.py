"""Signed links for readers: single-purpose, without login, honoured after key rotation.

Built from the configured base URL only. An unsubscribe token carries the address and scope, not a
delivery, so it answers years later; SECRET_KEY_FALLBACKS keeps old tokens valid.
"""

import base64
import datetime as dt
import hashlib
import re
import time
from binascii import b2a_base64
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes

from campaigns.models import Campaign, Enclosure
from crm.models import Document

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

# Base64 as links carry it (RFC 4648, 5).
_FOR_LINKS = bytes.maketrans(b"+/", b"-_")

# The two paddings of an HMAC (RFC 2104, 2).
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class Seal(Signer):
    """Django's Signer, made for signing hundreds of thousands: a key is prepared only once.

    Its signatures are the Signer's own, so tokens of either are read by both. What an HMAC begins
    with depends on the key alone and is kept, as RFC 2104 (4) advises: a third of the time.
    """

    def __init__(self, salt: str) -> None:
        super().__init__(salt=salt)
        self._begun: dict[str | bytes, tuple[Hash, Hash]] = {}

    @property
    def all_keys(self) -> tuple[str | bytes, ...]:
        """The key in force, then those it replaced."""
        return (self.key, *self.fallback_keys)

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        written = b2a_base64(self.digest(value, key), newline=False)
        return written.translate(_FOR_LINKS, b"=").decode()

    def digest(self, value: str | bytes, key: str | bytes | None = None) -> bytes:
        key = key or self.key
        begun = self._begun.get(key) or self._begin(key)
        inner, outer = begun[0].copy(), begun[1].copy()
        inner.update(value.encode() if isinstance(value, str) else value)
        outer.update(inner.digest())
        return outer.digest()

    def _begin(self, key: str | bytes) -> tuple["Hash", "Hash"]:
        salted = force_bytes(self.salt) + b"signer" + force_bytes(key)
        block = hashlib.sha256(salted).digest().ljust(64, b"\0")
        begun = hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))
        self._begun[key] = begun
        return begun


_LEAVING = Seal("liaison.leaving")
_ANSWERING = Seal("liaison.answering")
_MESSAGE = Seal("liaison.message")
_MAILBOX = Seal("liaison.mailbox")
_FOLLOWING = Seal("liaison.following")
_CHOOSING = Seal("liaison.choosing")
_OWN_PAGE = Seal("liaison.own-page")
_MOVING = Seal("liaison.moving")
_TRACKED = Seal("liaison.tracked")

OWN_PAGE_LASTS = dt.timedelta(hours=4)
"""So long a link to somebody's own page opens it."""
GRACE = dt.timedelta(hours=1)
"""So much longer what was entered on that page is taken."""
_ERASING = Seal("liaison.erasing")

ERASING_HOLDS = 7 * 24 * 3600
"""Seconds for which somebody may confirm that they want to be erased."""


class InvalidLink(ValueError):
    """A link that was altered or cut off."""


class ExpiredLink(InvalidLink):
    """A link that opened something for some hours, which are over."""

    def __init__(self, choosing: "Choosing") -> None:
        super().__init__()
        self.choosing = choosing


class Leaving(NamedTuple):
    """Who leaves what: an address, and the campaign that shows topic, cluster and alliance."""

    address_id: int
    campaign_id: int
    cluster_id: int
    language: str


class Choosing(NamedTuple):
    """Who chooses what comes to a mailbox, read in which language."""

    address_id: int
    language: str


class OwnPage(NamedTuple):
    """To whose mailbox the way to its owner's page is sent, in which language."""

    address_id: int
    language: str


class Side(StrEnum):
    """Whose word a change of address waits for."""

    OLD = "old"
    NEW = "new"


class Moving(NamedTuple):
    """Who says yes or no to which change of address."""

    change_id: int
    side: Side


class Answering(NamedTuple):
    """Who answers what."""

    delivery_id: int
    person_id: int
    campaign_id: int
    language: str


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def leaving_token(leaving: Leaving) -> str:
    return _LEAVING.sign(
        f"{leaving.address_id}.{leaving.campaign_id}.{leaving.cluster_id}.{leaving.language}"
    )


def unsubscribe(token: str) -> str:
    return absolute(reverse("campaigns:public-unsubscribe", args=[token]))


def objection(token: str) -> str:
    """Where somebody objects whom a list brought; the token is that of leaving, and does more."""
    return absolute(reverse("campaigns:public-object-to", args=[token]))


def read_leaving(token: str) -> Leaving:
    """Raises InvalidLink."""
    try:
        address, campaign, cluster, language = _LEAVING.unsign(token).split(".")
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error
    return Leaving(int(address), int(campaign), int(cluster), language)


def answering_token(answering: Answering) -> str:
    return _ANSWERING.sign(
        f"{answering.delivery_id}.{answering.person_id}.{answering.campaign_id}"
        f".{answering.language}"
    )


def answer(token: str, value: str) -> str:
    return absolute(reverse("campaigns:public-answer", args=[token, value]))


def read_answering(token: str) -> Answering:
    """Raises InvalidLink."""
    try:
        delivery, person, campaign, language = _ANSWERING.unsign(token).split(".")
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error
    return Answering(int(delivery), int(person), int(campaign), language)


def following(follow_id: int) -> str:
    """The token by which the owner of a mailbox confirms a request."""
    return _FOLLOWING.sign(str(follow_id))


def read_following(token: str) -> int:
    """The id of the request. Raises InvalidLink."""
    try:
        return int(_FOLLOWING.unsign(token))
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error


def choosing_token(choosing: Choosing) -> str:
    now = int(timezone.now().timestamp())
    return _CHOOSING.sign(f"{choosing.address_id}.{choosing.language}.{now}")


def preferences(address_id: int, language: str) -> str:
    """The page on which a mailbox's owner chooses what comes; it opens for some hours."""
    token = choosing_token(Choosing(address_id, language))
    return absolute(reverse("campaigns:preferences-show", args=[token]))


def read_choosing(token: str, *, late: bool = False) -> Choosing:
    """`late`: somebody sends what they entered on the page. Raises InvalidLink, and ExpiredLink."""
    try:
        address, language, since = _CHOOSING.unsign(token).split(".")
        choosing = Choosing(int(address), language)
        age = timezone.now() - dt.datetime.fromtimestamp(int(since), dt.UTC)
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error
    if age > OWN_PAGE_LASTS + (GRACE if late else dt.timedelta(0)):
        raise ExpiredLink(choosing)
    return choosing


def own_page_token(own: OwnPage) -> str:
    return _OWN_PAGE.sign(f"{own.address_id}.{own.language}")


def own_page(token: str) -> str:
    """Where a mailbox's owner asks for the way to their page. It shows nothing and lasts."""
    return absolute(reverse("campaigns:own-pages-send", args=[token]))


def untracked(token: str) -> str:
    """Where a reader takes back that it is kept which links they follow."""
    return absolute(reverse("campaigns:clicks-stop", args=[token]))


def read_own_page(token: str) -> OwnPage:
    """Raises InvalidLink."""
    try:
        address, language = _OWN_PAGE.unsign(token).split(".")
        return OwnPage(int(address), language)
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error


def moving_token(moving: Moving) -> str:
    return _MOVING.sign(f"{moving.change_id}.{moving.side}")


def read_moving(token: str) -> Moving:
    """Raises InvalidLink."""
    try:
        change, side = _MOVING.unsign(token).split(".")
        return Moving(int(change), Side(side))
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error


def followed(key: str, whose: str) -> str:
    """A link that is counted before it leads on; `whose` mail, of readers who agreed to it."""
    return absolute(f"{reverse('campaigns:clicks-follow', args=[key])}{whose}")


def tracked_token(delivery_id: int) -> str:
    """Whose mail a link stands in, as the end of its address."""
    return f"?r={_TRACKED.sign(str(delivery_id))}"


def read_tracked(token: str) -> int | None:
    """The delivery, or None where the link names none that it could."""
    try:
        return int(_TRACKED.unsign(token))
    except (BadSignature, ValueError):
        return None


def own_data(address_id: int, language: str) -> str:
    """The page on which a mailbox's owner sees, corrects and takes out what is kept."""
    token = choosing_token(Choosing(address_id, language))
    return absolute(reverse("campaigns:own-data-show", args=[token]))


def erasing_token(choosing: Choosing, at: float) -> str:
    """By which the owner of a mailbox confirms from there that it is to be erased."""
    return _ERASING.sign(f"{choosing.address_id}.{choosing.language}.{int(at)}")


def erasing(choosing: Choosing, at: float) -> str:
    return absolute(reverse("campaigns:erasures-confirm", args=[erasing_token(choosing, at)]))


def read_erasing(token: str) -> Choosing:
    """Raises InvalidLink, also for one that is too old."""
    try:
        address, language, at = _ERASING.unsign(token).split(".")
    except (BadSignature, ValueError) as error:
        raise InvalidLink from error
    if time.time() > int(at) + ERASING_HOLDS:
        raise InvalidLink
    return Choosing(int(address), language)


def document(row: Document) -> str:
    return absolute(reverse("campaigns:public-document", args=[row.pk]))


def enclosure(row: Enclosure) -> str:
    """Where mails lead to a file: the same address for all who read them."""
    sha256, _dot, ending = row.address.partition(".")
    return absolute(reverse("campaigns:public-enclosure", args=[sha256, ending]))


def image(name: str) -> str:
    """Where mails load a picture from: the same address for all who read them."""
    return absolute(image_path(name))


def image_path(name: str) -> str:
    """The same for a page of ours."""
    sha256, _dot, ending = name.partition(".")
    return reverse("campaigns:public-image", args=[sha256, ending])


def record_page(campaign: Campaign, language: str) -> str:
    """The public page of what the campaign is about; empty where it has none."""
    if campaign.mission and campaign.mission.public:
        path = reverse("campaigns:public-mission", args=[language, campaign.mission.slug])
    elif campaign.event and campaign.event.public:
        path = reverse("campaigns:public-event", args=[language, campaign.event.slug])
    elif campaign.post and campaign.alliance:
        path = post_path(language, campaign.alliance.slug, campaign.post.slug)
    else:
        return ""
    return absolute(path)


def cover(slug: str) -> str:
    """The picture beside an alliance's public pages where their address is shared."""
    return absolute(reverse("campaigns:site-cover", args=[slug]))


def post_path(language: str, alliance: str, post: str) -> str:
    """Where a post is read, on the site of its alliance."""
    return reverse("campaigns:site-post", args=[language, alliance, post])


def delivery_id(message_id: str) -> int | None:
    """The delivery a Message-ID names, if we made it."""
    found = re.match(r"^<d(\d+)\.([^@]+)@", message_id)
    if found and any(
        constant_time_compare(_MESSAGE.signature(found[1], key)[:16], found[2])
        for key in _MESSAGE.all_keys
    ):
        return int(found[1])
    return None


def message_name(delivery_id: int) -> str:
    """A Message-ID up to its "@": the same on every attempt, and not to be guessed."""
    return f"d{delivery_id}.{_MESSAGE.signature(str(delivery_id))[:16]}"


# --- the mailbox we read: bounces, unsubscribe mails, answers of calendar programs


class MailTo(StrEnum):
    """What a mail to one of our own addresses means, as the letter in its local part."""

    BOUNCE = "b"
    LEAVE = "u"
    """As mails said it that left before the address itself named who leaves what."""
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
    macs = (_mac(meaning, delivery_id, key) for key in _MAILBOX.all_keys)
    if not any(constant_time_compare(mac, found[3]) for mac in macs):
        raise InvalidLink(address)
    return meaning, delivery_id


def leave_by_mail(leaving: Leaving) -> str:
    """`replies+l12-3-4en.mac@…`: as the link, it names no delivery, and answers years later."""
    local, _at, domain = settings.MAILBOX_ADDRESS.rpartition("@")
    if not local:
        return ""
    named = f"l{leaving.address_id}-{leaving.campaign_id}-{leaving.cluster_id}{leaving.language}"
    return f"{local}+{named}.{_sealed(named)}@{domain}"


def read_leave_by_mail(address: str) -> Leaving:
    """Raises InvalidLink."""
    found = re.match(
        r"^[^@]*\+(l(\d{1,18})-(\d{1,18})-(\d{1,18})([a-z]{2}))\.([a-z2-7]{16})@",
        address.strip().lower(),
    )
    if not found or not any(
        constant_time_compare(_sealed(found[1], key), found[6]) for key in _MAILBOX.all_keys
    ):
        raise InvalidLink(address)
    return Leaving(int(found[2]), int(found[3]), int(found[4]), found[5])


def _mac(meaning: MailTo, delivery_id: int, key: str | bytes | None = None) -> str:
    return _sealed(f"{meaning}{delivery_id}", key)


def _sealed(named: str, key: str | bytes | None = None) -> str:
    """Sixteen letters and digits: mail systems may change the case of a local part."""
    digest = _MAILBOX.digest(named, key)
    return base64.b32encode(digest[:10]).decode().lower()
