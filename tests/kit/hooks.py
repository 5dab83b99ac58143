"""What providers call our webhooks with, signed as each of them signs."""

import base64
import datetime as dt
import hashlib
import hmac
import itertools
import json
import secrets
import uuid
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from tests.kit.provider import KEY, SECRET

Kind = Literal["accepted", "delivered", "deferred", "bounced", "complained", "unsubscribed"]

PROVIDERS = ("postmark", "mailgun", "brevo", "amazon_ses", "mailjet")
# Not every provider tells everything.
TELLS: dict[str, tuple[Kind, ...]] = {
    "postmark": ("delivered", "deferred", "bounced", "complained", "unsubscribed"),
    "mailgun": ("accepted", "delivered", "deferred", "bounced", "complained", "unsubscribed"),
    "brevo": ("accepted", "delivered", "deferred", "bounced", "complained", "unsubscribed"),
    "amazon_ses": ("accepted", "delivered", "bounced", "complained"),
    "mailjet": ("delivered", "deferred", "bounced", "complained", "unsubscribed"),
}
GONE = "550 5.1.1 No such mailbox"
BUSY = "450 4.2.1 Try again later"

_numbers = itertools.count(1)


class Post(NamedTuple):
    """One call of a webhook."""

    path: str
    headers: dict[str, str]
    body: bytes


def event(
    provider: str, kind: Kind, delivery: int, generation: int = 1, *, at: dt.datetime | None = None
) -> dict[str, Any]:
    """One event in the provider's words, never twice the same."""
    metadata = {"delivery": str(delivery), "generation": str(generation)}
    write: Any = {
        "postmark": _postmark,
        "mailgun": _mailgun,
        "brevo": _brevo,
        "amazon_ses": _amazon_ses,
        "mailjet": _mailjet,
    }[provider]
    written: dict[str, Any] = write(
        kind, metadata, f"reader{delivery}@biotech.example", at or dt.datetime.now(dt.UTC)
    )
    return written


def signed(provider: str, events: Sequence[dict[str, Any]], secret: str = SECRET) -> Post:
    """One call with these events. Only Mailjet and Brevo group several."""
    (first, *_others) = events
    body: Any = list(events) if len(events) > 1 else first
    headers = {"Content-Type": "application/json"}
    if provider == "amazon_ses":
        headers |= {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Amz-Sns-Message-Type": first["Type"],
            "X-Amz-Sns-Message-Id": first["MessageId"],
        }
    headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return Post(f"/hooks/{provider}/", headers, json.dumps(body).encode())


def _postmark(kind: Kind, metadata: dict[str, str], reader: str, at: dt.datetime) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "delivered": {"RecordType": "Delivery", "DeliveredAt": at.isoformat(), "Details": "250 OK"},
        "deferred": {"RecordType": "Bounce", "Type": "Transient", "Details": f"smtp;{BUSY}"},
        "bounced": {"RecordType": "Bounce", "Type": "HardBounce", "Details": f"smtp;{GONE}"},
        "complained": {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
        "unsubscribed": {
            "RecordType": "SubscriptionChange",
            "SuppressSending": True,
            "SuppressionReason": "ManualSuppression",
            "ChangedAt": at.isoformat(),
        },
    }
    own = words[kind]
    if own["RecordType"] in ("Bounce", "SpamComplaint"):
        own |= {"ID": next(_numbers), "BouncedAt": at.isoformat(), "Email": reader}
    about = {"Recipient": reader, "MessageID": str(uuid.uuid4()), "ServerID": 23}
    return about | own | {"Metadata": metadata}


def _mailgun(kind: Kind, metadata: dict[str, str], reader: str, at: dt.datetime) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "accepted": {"event": "accepted"},
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
        "deferred": {
            "event": "failed",
            "severity": "temporary",
            "reason": "generic",
            "delivery-status": {"code": 450, "message": BUSY},
        },
        "bounced": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "delivery-status": {"code": 550, "message": GONE},
        },
        "complained": {"event": "complained"},
        "unsubscribed": {"event": "unsubscribed"},
    }
    own = words[kind]
    data = own | {
        "id": secrets.token_hex(11),
        "timestamp": at.timestamp(),
        "recipient": reader,
        "message": {"headers": {"message-id": f"{uuid.uuid4()}@mailgun.example"}},
        "user-variables": metadata,
    }
    return {"signature": mailgun_signature(), "event-data": data}


def mailgun_signature(at: dt.datetime | None = None, key: str = KEY) -> dict[str, str]:
    """Mailgun signs a moment and a token, not the event."""
    moment = str(int((at or dt.datetime.now(dt.UTC)).timestamp()))
    token = secrets.token_hex(25)
    signature = hmac.new(key.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": moment, "token": token, "signature": signature}


def _brevo(kind: Kind, metadata: dict[str, str], reader: str, at: dt.datetime) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "accepted": {"event": "request"},
        "delivered": {"event": "delivered"},
        "deferred": {"event": "deferred", "reason": BUSY},
        "bounced": {"event": "hard_bounce", "reason": GONE},
        "complained": {"event": "spam"},
        "unsubscribed": {"event": "unsubscribe"},
    }
    own = words[kind]
    return own | {
        "email": reader,
        "id": next(_numbers),
        "ts_epoch": int(at.timestamp() * 1000),
        "message-id": f"<{uuid.uuid4()}@brevo.example>",
        "X-Mailin-custom": json.dumps(metadata),
    }


def _mailjet(kind: Kind, metadata: dict[str, str], reader: str, at: dt.datetime) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "delivered": {"event": "sent", "smtp_reply": "250 OK"},
        "deferred": {"event": "bounce", "hard_bounce": False, "error": "greylisted"},
        "bounced": {"event": "bounce", "hard_bounce": True, "error": "user unknown"},
        "complained": {"event": "spam", "source": "JMRPP"},
        "unsubscribed": {"event": "unsub", "mj_list_id": 1},
    }
    own = words[kind]
    return own | {
        "time": int(at.timestamp()),
        "MessageID": next(_numbers),
        "email": reader,
        "Payload": json.dumps(metadata),
    }


def _amazon_ses(
    kind: Kind, metadata: dict[str, str], reader: str, at: dt.datetime
) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {
        "accepted": {"eventType": "Send", "send": {}},
        "delivered": {
            "eventType": "Delivery",
            "delivery": {"recipients": [reader], "smtpResponse": "250 OK"},
        },
        "bounced": {
            "eventType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{"emailAddress": reader, "diagnosticCode": f"smtp; {GONE}"}],
            },
        },
        "complained": {
            "eventType": "Complaint",
            "complaint": {
                "complainedRecipients": [{"emailAddress": reader}],
                "complaintFeedbackType": "abuse",
            },
        },
    }
    own = words[kind]
    mail = {
        "messageId": str(uuid.uuid4()),
        "destination": [reader],
        "headers": [{"name": "X-Metadata", "value": json.dumps(metadata)}],
    }
    return notification(json.dumps(own | {"mail": mail}), at)


def notification(message: str, at: dt.datetime, kind: str = "Notification") -> dict[str, Any]:
    """What Amazon's message service wraps around everything."""
    return {
        "Type": kind,
        "MessageId": str(uuid.uuid4()),
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mails",
        "Message": message,
        "Timestamp": at.isoformat(),
        "Token": "t",
    }
