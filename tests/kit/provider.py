"""Five mail providers on 127.0.0.1, each in its own words, and as lying as real ones.

`moods` says what happens to the next calls, one each; afterwards calls are simply answered. A
reader whose address begins with `bounce` is refused in the provider's own way. `taken` is its own
record of what it took, whatever it answered.
"""

import base64
import email
import email.policy
import json
import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

KEY = "key-of-the-test-account"
SECRET = "hook:secret-of-the-test"


class Mood(StrEnum):
    BUSY = "429, and Retry-After: 7"
    BROKEN = "takes the mails, then says 500"
    SILENT = "takes the mails, then says nothing"
    GARBAGE = "takes the mails, then says what nobody can read"
    ODD = "takes the mails, then says readable nonsense"
    CUT = "takes the mails, then hangs up"
    LOCKED = "knows no such key"
    REFUSING = "refuses the call as a whole"


class Taken(NamedTuple):
    provider: str
    reader: str
    metadata: dict[str, str]
    mail: dict[str, Any] | EmailMessage


class Answer(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str] = {}


class Provider:
    """Serves all five at once; `settings` is Anymail's dictionary that leads here."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.calls: list[int] = []  # how many mails each held
        self.keys: list[str] = []  # idempotency keys
        self.moods: deque[Mood] = deque()
        self.patience = 3.0  # seconds of silence
        self.pause = 0.0  # before each answer, as over a network
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_HEAD(self) -> None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                provider._serve(self, body)

            def log_message(self, *_args: object) -> None:
                """Tests speak for themselves."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """May be said twice."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "POSTMARK_SERVER_TOKEN": KEY,
            "POSTMARK_API_URL": f"{self.url}/postmark/",
            "MAILGUN_API_KEY": KEY,
            "MAILGUN_API_URL": f"{self.url}/mailgun/v3",
            "BREVO_API_KEY": KEY,
            "BREVO_API_URL": f"{self.url}/brevo/v3/",
            "MAILJET_API_KEY": KEY,
            "MAILJET_SECRET_KEY": KEY,
            "MAILJET_API_URL": f"{self.url}/mailjet/v3.1/",
            "AMAZON_SES_CLIENT_PARAMS": {
                "region_name": "eu-west-1",
                "aws_access_key_id": KEY,
                "aws_secret_access_key": KEY,
                "endpoint_url": self.url,
            },
            "WEBHOOK_SECRET": SECRET,
        }

    @property
    def readers(self) -> list[str]:
        return sorted(taken.reader for taken in self.taken)

    # --- one call

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        name, serve = self._speaker(handler.path)
        with self._lock:
            mood = self.moods.popleft() if self.moods else None
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        time.sleep(self.pause)
        wanted = KEY if mood is not Mood.LOCKED else f"not {KEY}"
        if mood in (Mood.BUSY, Mood.REFUSING) or not _knows(handler, wanted):
            status = {Mood.BUSY: 429, Mood.REFUSING: 400}.get(mood, 401) if mood else 401
            answer = Answer(status, _refusal(name, status), {"Retry-After": "7"})
        else:
            answer = serve(handler, body)
        with self._lock:
            self._at_once -= 1
        if mood is Mood.SILENT:
            time.sleep(self.patience)
        if mood in (Mood.CUT, Mood.SILENT):
            handler.close_connection = True
            return
        if mood is Mood.BROKEN:
            answer = Answer(500, {"message": "Something broke"})
        if mood is Mood.ODD:
            answer = Answer(200, [7, None, {"Messages": 3}])
        text = b"<html>so sorry" if mood is Mood.GARBAGE else json.dumps(answer.body).encode()
        handler.send_response(answer.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(text)))
        for header, value in answer.headers.items():
            handler.send_header(header, value)
        handler.end_headers()
        handler.wfile.write(text)

    def _speaker(self, path: str) -> tuple[str, Callable[..., Answer]]:
        for name, pattern, serve in (
            ("postmark", r"/postmark/email/batch$", self._postmark),
            ("mailgun", r"/mailgun/v3/[\w.-]+/messages\.mime$", self._mailgun),
            ("brevo", r"/brevo/v3/smtp/email$", self._brevo),
            ("mailjet", r"/mailjet/v3\.1/send$", self._mailjet),
            ("amazon_ses", r"/v2/email/outbound-emails$", self._amazon_ses),
        ):
            if re.match(pattern, path):
                return name, serve
        raise AssertionError(f"No provider answers at {path}")

    def _take(self, provider: str, reader: str, metadata: dict[str, str], mail: Any) -> str:
        with self._lock:
            self.taken.append(Taken(provider, reader, metadata, mail))
        return str(uuid.uuid4())

    # --- their languages

    def _postmark(self, _handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        mails = json.loads(body)
        self.calls.append(len(mails))
        answers: list[dict[str, Any]] = []
        for mail in mails:
            reader = mail["To"]
            if reader.startswith("bounce"):
                said = (
                    "You tried to send to a recipient that has been marked as inactive.\n"
                    f"Found inactive addresses: {reader}.\nInactive recipients are ones that "
                    "have generated a hard bounce or a spam complaint."
                )
                answers.append({"ErrorCode": 406, "Message": said})
            elif mail["From"].endswith("unknown.example>"):
                said = "The 'From' address you supplied is not a Sender Signature on your account."
                answers.append({"ErrorCode": 400, "Message": said})
            else:
                taken = self._take("postmark", reader, mail["Metadata"], mail)
                answers.append({"ErrorCode": 0, "Message": "OK", "MessageID": taken, "To": reader})
        return Answer(200, answers)

    def _mailgun(self, handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        self.calls.append(1)
        head = f"Content-Type: {handler.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        fields = {
            str(part.get_param("name", header="Content-Disposition")): part
            for part in form.iter_parts()
        }
        reader = fields["to"].get_content().strip()
        if reader.startswith("bounce"):
            said = "'to' parameter is not a valid address. please check documentation"
            return Answer(400, {"message": said})
        metadata = {
            name[2:]: part.get_content().strip()
            for name, part in fields.items()
            if name.startswith("v:")
        }
        mail = _parsed(fields["message"].get_payload(decode=True))
        taken = self._take("mailgun", reader, metadata, mail)
        return Answer(200, {"id": f"<{taken}@mailgun.example>", "message": "Queued. Thank you."})

    def _brevo(self, _handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        call = json.loads(body)
        versions = call["messageVersions"]
        self.calls.append(len(versions))
        if any(version["to"][0]["email"].startswith("bounce") for version in versions):
            said = "email is not valid in to"
            return Answer(400, {"code": "invalid_parameter", "message": said})
        self.keys.append(call["headers"]["idempotencyKey"])
        ids = []
        for version in versions:
            metadata = json.loads(version["headers"]["X-Mailin-custom"])
            mail = call | version
            taken = self._take("brevo", version["to"][0]["email"], metadata, mail)
            ids.append(f"<{taken}@brevo.example>")
        return Answer(201, {"messageIds": ids})

    def _mailjet(self, _handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        mails = json.loads(body)["Messages"]
        assert len(mails) <= 50
        self.calls.append(len(mails))
        results: list[dict[str, Any]] = []
        for mail in mails:
            reader = mail["To"][0]["Email"]
            if reader.startswith("bounce"):
                error = {
                    "ErrorIdentifier": str(uuid.uuid4()),
                    "ErrorCode": "mj-0013",
                    "StatusCode": 400,
                    "ErrorMessage": f'"{reader}" is an invalid email address.',
                    "ErrorRelatedTo": ["To[0].Email"],
                }
                results.append({"Status": "error", "Errors": [error]})
                continue
            taken = self._take("mailjet", reader, json.loads(mail["EventPayload"]), mail)
            to = {"Email": reader, "MessageUUID": taken, "MessageID": uuid.uuid4().int >> 70}
            results.append({"Status": "success", "CustomID": mail["CustomID"], "To": [to]})
        failed = any(result["Status"] == "error" for result in results)
        return Answer(400 if failed else 200, {"Messages": results})

    def _amazon_ses(self, _handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        self.calls.append(1)
        call = json.loads(body)
        (reader,) = call["Destination"]["ToAddresses"]
        if reader.startswith("bounce"):
            said = {"message": "Address blacklisted."}
            return Answer(400, said, {"x-amzn-ErrorType": "MessageRejected"})
        mail = _parsed(base64.b64decode(call["Content"]["Raw"]["Data"]))
        taken = self._take("amazon_ses", reader, json.loads(mail["X-Metadata"]), mail)
        return Answer(200, {"MessageId": taken})


def _parsed(raw: Any) -> EmailMessage:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _knows(handler: BaseHTTPRequestHandler, key: str) -> bool:
    """Whether the call names the account: each provider has its own place for the key."""
    headers = handler.headers
    given = headers.get("Authorization", "")
    if given.startswith("Basic "):
        given = base64.b64decode(given.removeprefix("Basic ")).decode().split(":")[1]
    if given.startswith("AWS4-HMAC-SHA256"):
        given = given.split("Credential=")[1].split("/")[0]
    return key in (given, headers.get("X-Postmark-Server-Token"), headers.get("api-key"))


def _refusal(provider: str, status: int) -> dict[str, Any]:
    """What each says of a call that it refuses as a whole."""
    said = {401: "Bad or missing API key", 429: "Too many requests", 400: "This is no call"}[status]
    if provider == "postmark":
        return {"ErrorCode": {401: 10, 429: 429, 400: 300}[status], "Message": said}
    if provider == "mailjet":
        return {"ErrorCode": "mj-0002", "StatusCode": status, "ErrorMessage": said}
    return {"code": "unauthorized" if status == 401 else "refused", "message": said}
