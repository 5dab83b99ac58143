"""What providers tell us of mails they took: checked at the door, understood later.

Anymail checks and reads; what it leaves open is closed here. Where it only compares a secret
(all but Mailgun), there has to be one. Mailgun signs its token and not the event, so a token is
good once, and only while we remember the events that had one.
"""

import datetime as dt
import functools
import hashlib
import json
import math
import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks import amazon_ses, brevo, mailgun, mailjet, postmark
from botocore.config import Config
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

VIEWS: dict[str, type[Any]] = {
    "postmark": postmark.PostmarkTrackingWebhookView,
    "mailgun": mailgun.MailgunTrackingWebhookView,
    "brevo": brevo.BrevoTrackingWebhookView,
    "amazon_ses": amazon_ses.AmazonSESTrackingWebhookView,
    "mailjet": mailjet.MailjetTrackingWebhookView,
}


class Forged(Exception):
    """Not from the provider, or we cannot know; the message says why."""


class Unwanted(Exception):
    """What we could do about an event and do not; the message says why."""


class Told(NamedTuple):
    """One event as it came, and what makes it the same event when it comes again."""

    key: str
    payload: dict[str, Any]


Kind = Literal["accepted", "delivered", "deferred", "bounced", "complained", "unsubscribed"]


class Heard(NamedTuple):
    """What one event says of one attempt of a delivery."""

    kind: Kind
    delivery: int
    generation: int | None
    at: dt.datetime
    status: str
    text: str


def told(provider: str, request: HttpRequest) -> list[Told]:
    """The single events of a call that is the provider's own. Raises Forged."""
    secrets = settings.ANYMAIL
    proof = secrets.get("WEBHOOK_SECRET")
    key = secrets.get("MAILGUN_WEBHOOK_SIGNING_KEY") or secrets.get("MAILGUN_API_KEY")
    if not (key if provider == "mailgun" else proof):
        raise Forged("ANYMAIL_WEBHOOK_SECRET (Mailgun: its signing key) is not set.")
    try:
        _checker(provider, proof, key).run_validators(request)
        text = request.body.decode()
        body = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        if "\\u" in text:  # else there is nothing that the database cannot hold
            body = _storable(body)
        events = body if isinstance(body, list) else [body]
        return [Told(_key(provider, event), event) for event in events]
    except (AnymailWebhookValidationFailure, AnymailError) as error:
        raise Forged(str(error)) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Forged(f"This is no event of {provider}: {error!r}") from error


@functools.cache
def _checker(provider: str, proof: str | None, key: str | None) -> Any:
    """Anymail's view with these secrets; it looks them up when it is made, once a process."""
    own = {"webhook_signing_key": key} if provider == "mailgun" else {}
    return VIEWS[provider](webhook_secret=proof or [], **own)


def _key(provider: str, event: dict[str, Any]) -> str:
    if provider == "amazon_ses":
        return f"{event['MessageId']}"[:100]
    if provider == "mailgun":
        signature = event["signature"]
        signed_at = dt.datetime.fromtimestamp(int(signature["timestamp"]), dt.UTC)
        if timezone.now() - signed_at > dt.timedelta(days=settings.HOOKS_KEPT):
            raise Forged("Its signature is older than our memory of signatures.")
        return f"{signature['token']}"[:100]
    if not event.keys():
        raise ValueError("empty")
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number we can keep")


def _finite(digits: str) -> float:
    """What is too large for Python would be written as a word that is no JSON."""
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _storable(value: Any) -> Any:
    """PostgreSQL's JSON has no NUL and no half of a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value


# --- later

KINDS: dict[str, Kind] = {
    EventType.QUEUED: "accepted",
    EventType.SENT: "accepted",
    EventType.DELIVERED: "delivered",
    EventType.DEFERRED: "deferred",
    EventType.BOUNCED: "bounced",
    EventType.REJECTED: "bounced",
    EventType.FAILED: "bounced",
    EventType.COMPLAINED: "complained",
    EventType.UNSUBSCRIBED: "unsubscribed",
}
# Where a provider says it in words of its own; a code that the mail server gave counts more.
MEANING = {
    "HardBounce": "5.1.1",
    "BadEmailAddress": "5.1.1",
    "SoftBounce": "4.0.0",
    "hard_bounce": "5.1.1",
    "invalid_email": "5.1.1",
    "soft_bounce": "4.0.0",
    "user unknown": "5.1.1",
    "mailbox inactive": "5.2.1",
    "quota exceeded": "5.2.2",
    "invalid domain": "5.1.2",
    "no mail host": "5.1.2",
    "typofix": "5.1.2",
    "Permanent: General": "5.1.1",
    "Permanent: NoEmail": "5.1.1",
    "Permanent: Suppressed": "5.1.1",
    "Transient: MailboxFull": "5.2.2",
}
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]{1,40}):\d{12}:[\w-]{1,256}", re.A)
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")


def understood(provider: str, payload: dict[str, Any]) -> Iterator[Heard]:
    """What a stored event says; nothing where it is not about a mail of ours."""
    for event in _read(provider, payload):
        kind = KINDS.get(event.event_type)
        if kind and (delivery := _number(event.metadata, "delivery")):
            words = (event.mta_response, event.description, event.reject_reason)
            yield Heard(
                kind,
                delivery,
                _number(event.metadata, "generation"),
                event.timestamp or timezone.now(),
                _status(event) if kind in ("bounced", "deferred") else "",
                " ".join(str(word) for word in words if word)[:300],
            )


def _read(provider: str, payload: dict[str, Any]) -> list[AnymailTrackingEvent]:
    view = _checker(provider, "not checked again", "not checked again")
    if provider != "amazon_ses":
        return [view.esp_to_anymail_event(payload)]
    if payload["Type"] != "Notification" or not payload["Message"].startswith("{"):
        return []  # Amazon's greeting after a confirmation
    events: list[AnymailTrackingEvent] = view.esp_to_anymail_events(
        json.loads(payload["Message"]), payload
    )
    return events


def asks_to_confirm(provider: str, payload: dict[str, Any]) -> bool:
    """Whether Amazon asks if its events are welcome here."""
    return provider == "amazon_ses" and payload.get("Type") == "SubscriptionConfirmation"


def confirm(payload: dict[str, Any]) -> None:
    """Tell Amazon yes, over the network; not at the address it gives, but where it always is."""
    topic = _TOPIC.fullmatch(str(payload["TopicArn"]))
    if topic is None:
        raise ValueError("Amazon's message service has no such topic.")
    if settings.SANDBOX:
        raise Unwanted(
            "The sandbox is on, so Amazon was told nothing. With SANDBOX=0, try this event again."
        )
    view = amazon_ses.AmazonSESTrackingWebhookView()
    view.client_params.pop("endpoint_url", None)  # of another service of theirs
    patience = settings.PROVIDER_TIMEOUT
    config = Config(connect_timeout=patience, read_timeout=patience, retries={"max_attempts": 0})
    client = view.get_boto_client("sns", region_name=topic["region"], config=config)
    try:
        client.confirm_subscription(
            TopicArn=topic[0], Token=payload["Token"], AuthenticateOnUnsubscribe="true"
        )
    finally:
        client.close()


def _status(event: AnymailTrackingEvent) -> str:
    """The enhanced code (RFC 3463) of a refusal, if there is one or the words amount to one."""
    if found := _STATUS.search(str(event.mta_response)):
        return found[0]
    said = event.esp_event
    words = (said.get("Type"), said.get("event"), said.get("error"), event.description)
    meant = next((MEANING[word] for word in words if word in MEANING), "")
    return meant or ("5.1.1" if event.reject_reason == RejectReason.INVALID else "")


def _number(metadata: dict[str, Any], name: str) -> int | None:
    value = str(metadata.get(name, ""))
    return int(value) if value.isdecimal() and len(value) < 19 else None
