"""Anymail's backends, taught to carry mails that are finished and each of its own content.

Anymail's batch is one content with variables. Ours are bytes, different for every reader. Where
an API takes several contents in one call (Postmark, Mailjet, Brevo), the payloads that Anymail
builds are joined; where it takes raw mails (Mailgun, Amazon SES), the bytes go as they are.
"""

import email
import email.policy
import json
import re
import uuid
from collections.abc import Hashable, Sequence
from email.message import EmailMessage as ParsedMail
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

from anymail.backends import amazon_ses, brevo, mailgun, mailjet, postmark
from anymail.exceptions import AnymailRequestsAPIError
from anymail.message import AnymailRecipientStatus
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

from campaigns.mail.transports.contract import Envelope

# Headers that a provider copies; it writes the others itself.
COPIED = ("List-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted")


class Mail:
    """One envelope, and its mail taken apart where an API wants the parts."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope

    @property
    def metadata(self) -> dict[str, str]:
        """What comes back with every event of this attempt."""
        envelope = self.envelope
        return {"delivery": str(envelope.delivery), "generation": str(envelope.generation)}

    @cached_property
    def parsed(self) -> ParsedMail:
        mail = email.message_from_bytes(self.envelope.mail, policy=email.policy.SMTP)
        assert isinstance(mail, ParsedMail)
        return mail

    @cached_property
    def parts(self) -> tuple[str, str, list[ParsedMail]]:
        """The text, the page, and everything else as files."""
        text = page = ""
        files = []
        for part in self.parsed.walk():
            if part.is_multipart():
                continue
            if part.get_content_type() == "text/plain" and not text:
                text = part.get_content()
            elif part.get_content_type() == "text/html" and not page:
                page = part.get_content()
            else:
                if not part.get_filename():  # no API knows an alternative of another kind
                    part.add_header("Content-Disposition", "attachment", filename="invitation.ics")
                files.append(part)
        return text, page, files

    def message(self, **headers: str) -> EmailMultiAlternatives:
        """The mail as Anymail takes it."""
        text, page, files = self.parts
        copied = {name: str(self.parsed[name]) for name in COPIED if name in self.parsed}
        message = EmailMultiAlternatives(
            subject=str(self.parsed["Subject"]),
            body=text,
            from_email=str(self.parsed["From"]),
            to=[self.envelope.recipient],
            reply_to=[str(self.parsed["Reply-To"])] if "Reply-To" in self.parsed else None,
            headers=copied | headers,
        )
        if page:
            message.attach_alternative(page, "text/html")
        message.attachments.extend(files)  # Anymail takes parts, too
        message.metadata = self.metadata  # type: ignore[attr-defined]
        return message


class Call(EmailMessage):
    """What one call carries, in the shape that Anymail's `send_messages` takes.

    `said` keeps the provider's words about a reader; Anymail's status has no place for them.
    """

    def __init__(self, mails: Sequence[Mail]) -> None:
        super().__init__(to=[mail.envelope.recipient for mail in mails])
        self.mails = mails
        self.said: dict[str, str] = {}

    @property
    def key(self) -> str:
        """Names these attempts: the same call again has the same key."""
        names = (f"{mail.envelope.delivery}.{mail.envelope.generation}" for mail in self.mails)
        return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(names)))


class Joint:
    """Several of Anymail's payloads as one call."""

    def __init__(self, payloads: Sequence[Any], data: Any, endpoint: str | None = None) -> None:
        self.payloads = payloads
        self.data = data
        self.endpoint = endpoint or payloads[0].get_api_endpoint()

    def get_request_params(self, api_url: str) -> dict[str, Any]:
        first = self.payloads[0]
        address = urljoin(api_url, self.endpoint)
        params: dict[str, Any] = first.get_request_params(api_url)
        return params | {"url": address, "data": first.serialize_json(self.data)}


class Api:
    """What `Provider` asks of each of the backends below, beyond what Anymail gives."""

    name: str
    most = 1  # mails in one call

    @staticmethod
    def alike(mail: Mail) -> Hashable:
        """Mails may share a call where this is equal."""
        return None

    @staticmethod
    def ours(status: int, answer: str) -> bool:
        """Whether a refused call is about our account: then no reader is at fault."""
        return status in (401, 402, 403, 404, 405)


def _status(message_id: Any, status: str | None) -> Any:
    return AnymailRecipientStatus(None if message_id is None else str(message_id), status)


def _nonsense(backend: Any, response: Any, payload: Any, message: Any) -> AnymailRequestsAPIError:
    return AnymailRequestsAPIError(
        "An answer that fits no call",
        email_message=message,
        payload=payload,
        response=response,
        backend=backend,
    )


class Postmark(Api, postmark.EmailBackend):
    """Answers come in the order of the mails; Anymail would give up over a single odd one."""

    name, most = "Postmark", 500
    # Which of Postmark's codes are about the reader; the others are about our account.
    ENDS = {0: "sent", 300: "invalid", 406: "rejected"}

    @classmethod
    def ours(cls, status: int, answer: str) -> bool:
        code = re.search(r'"ErrorCode":\s*(\d+)', answer) if status == 422 else None
        return super().ours(status, answer) or bool(code and int(code[1]) not in cls.ENDS)

    def build_message_payload(self, message: Call, defaults: dict[str, Any]) -> Joint:
        payloads = [
            postmark.PostmarkPayload(
                mail.message(
                    **{"Message-ID": str(mail.parsed["Message-ID"]), "X-PM-KeepID": "true"}
                ),
                defaults,
                self,
            )
            for mail in message.mails
        ]
        return Joint(payloads, [payload.data for payload in payloads], "email/batch")

    def parse_recipient_status(
        self, response: Any, payload: Joint, message: Call
    ) -> dict[str, Any]:
        answers = self.deserialize_json_response(response, payload, message)
        if not isinstance(answers, list) or len(answers) != len(message.to):
            raise _nonsense(self, response, payload, message)
        for reader, answer in zip(message.to, answers, strict=True):
            message.said[reader] = f"{answer['ErrorCode']} {answer['Message']}"
        return {
            reader: _status(answer.get("MessageID"), self.ENDS.get(answer["ErrorCode"]))
            for reader, answer in zip(message.to, answers, strict=True)
        }


class Mailjet(Api, mailjet.EmailBackend):
    name, most = "Mailjet", 50

    def build_message_payload(self, message: Call, defaults: dict[str, Any]) -> Joint:
        payloads = [
            mailjet.MailjetPayload(mail.message(), defaults, self) for mail in message.mails
        ]
        messages = [
            payload.data["Globals"]
            | payload.data["Messages"][0]
            | {"CustomID": f"{mail.envelope.delivery}.{mail.envelope.generation}"}
            for payload, mail in zip(payloads, message.mails, strict=True)
        ]
        return Joint(payloads, {"Messages": messages})

    def parse_recipient_status(
        self, response: Any, payload: Joint, message: Call
    ) -> dict[str, Any]:
        answer = self.deserialize_json_response(response, payload, message)
        results = answer.get("Messages") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(message.to):
            raise _nonsense(self, response, payload, message)
        statuses = {}
        for reader, result in zip(message.to, results, strict=True):
            if result["Status"] == "success":
                statuses[reader] = _status(result["To"][0]["MessageID"], "sent")
                continue
            errors = result["Errors"]
            message.said[reader] = "; ".join(error["ErrorMessage"] for error in errors)
            ours = any(error["StatusCode"] in (401, 403) for error in errors)
            statuses[reader] = _status(None, None if ours else "invalid")
        return statuses


class Brevo(Api, brevo.EmailBackend):
    """Sender and files are common to a call; `Provider` puts like with like."""

    name, most = "Brevo", 1000

    @staticmethod
    def alike(mail: Mail) -> Hashable:
        _text, _page, files = mail.parts
        return str(mail.parsed["From"]), *(bytes(part) for part in files)

    def build_message_payload(self, message: Call, defaults: dict[str, Any]) -> Joint:
        payloads = [brevo.BrevoPayload(mail.message(), defaults, self) for mail in message.mails]
        common = {
            name: payloads[0].data[name]
            for name in ("sender", "subject", "htmlContent", "textContent", "attachment")
            if name in payloads[0].data
        }
        own = ("to", "replyTo", "subject", "htmlContent", "textContent", "headers")
        versions = [
            {name: payload.data[name] for name in own if name in payload.data}
            for payload in payloads
        ]
        headers = {"headers": {"idempotencyKey": message.key}}
        joint = Joint(payloads, common | headers | {"messageVersions": versions})
        joint.all_recipients = joint.to_recipients = [  # type: ignore[attr-defined]
            payload.to_recipients[0] for payload in payloads
        ]
        return joint

    def parse_recipient_status(
        self, response: Any, payload: Joint, message: Call
    ) -> dict[str, Any]:
        statuses = super().parse_recipient_status(response, payload, message)
        ids = {status.message_id for status in statuses.values()} - {None}
        if len(ids) != len(message.to):
            raise _nonsense(self, response, payload, message)
        return dict(zip(message.to, statuses.values(), strict=True))


class _RawMailgun(mailgun.MailgunPayload):
    def get_api_endpoint(self) -> str:
        return f"{super().get_api_endpoint()}.mime"

    def serialize_data(self) -> dict[str, Any]:
        """Everything else stands in the mail."""
        self.files = [("message", ("mail.eml", self.message.mails[0].envelope.mail))]
        return {
            name: value
            for name, value in self.data.items()
            if name == "to" or name.startswith(("v:", "o:"))
        }


class Mailgun(Api, mailgun.EmailBackend):
    name = "Mailgun"

    def build_message_payload(self, message: Call, defaults: dict[str, Any]) -> _RawMailgun:
        (mail,) = message.mails
        message.from_email = str(mail.parsed["From"])
        message.metadata = mail.metadata  # type: ignore[attr-defined]
        return _RawMailgun(message, defaults, self)

    def parse_recipient_status(self, response: Any, payload: Any, message: Call) -> dict[str, Any]:
        statuses = super().parse_recipient_status(response, payload, message)
        return dict(zip(message.to, statuses.values(), strict=True))


class _RawAmazonSES(amazon_ses.AmazonSESV2SendEmailPayload):
    def init_payload(self) -> None:
        """No MIME message is made of the parts: there is one."""
        amazon_ses.AmazonSESBasePayload.init_payload(self)
        self.all_recipients: list[Any] = []

    def set_metadata(self, metadata: dict[str, str]) -> None:
        """Amazon's events carry the headers; Anymail finds this one there."""
        self.header = f"X-Metadata: {json.dumps(metadata)}\r\n".encode()

    def generate_raw_message(self) -> bytes:
        return self.header + bytes(self.message.mails[0].envelope.mail)


class AmazonSES(Api, amazon_ses.EmailBackend):
    name = "Amazon SES"

    @staticmethod
    def ours(status: int, answer: str) -> bool:
        """Amazon answers 400 to nearly everything; an unverified address is the sender's."""
        about = r"Suspended|Paused|NotVerified|not verified|AccessDenied|Token|Signature|NotFound"
        return status in (401, 403, 404) or bool(re.search(about, answer))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # botocore repeats a call that broke or got 5xx, after which the mail may have left.
        once = amazon_ses.Config(
            retries={"total_max_attempts": 1},
            connect_timeout=settings.PROVIDER_TIMEOUT,
            read_timeout=settings.PROVIDER_TIMEOUT,
        )
        self.client_params["config"] = self.client_params["config"].merge(once)

    def build_message_payload(self, message: Call, defaults: dict[str, Any]) -> _RawAmazonSES:
        (mail,) = message.mails
        message.metadata = mail.metadata  # type: ignore[attr-defined]
        return _RawAmazonSES(message, defaults, self)

    def parse_recipient_status(self, response: Any, payload: Any, message: Call) -> dict[str, Any]:
        statuses = super().parse_recipient_status(response, payload, message)
        return dict(zip(message.to, statuses.values(), strict=True))

    @property
    def api_url(self) -> str:
        return str(self.client.meta.endpoint_url)


APIS: dict[str, type[Any]] = {
    "postmark": Postmark,
    "mailgun": Mailgun,
    "brevo": Brevo,
    "amazon_ses": AmazonSES,
    "mailjet": Mailjet,
}
