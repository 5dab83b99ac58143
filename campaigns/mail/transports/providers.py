"""Mails that leave through a provider's API: `anymail://postmark`, `mailgun`, `brevo`, …

One call may carry many mails, and several calls are under way at once. A call that surely did
not leave, or was refused as a whole, says so. A call that left and got no answer one can read
leaves its mails undecided.
"""

import logging
import ssl
from collections.abc import Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from email.utils import parsedate_to_datetime
from math import inf
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import requests
import urllib3.exceptions as urllib3
from anymail.exceptions import AnymailAPIError, AnymailError
from botocore import exceptions as boto
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from campaigns.mail.transports.addresses import RelayAddress
from campaigns.mail.transports.apis import APIS, Call, Mail
from campaigns.mail.transports.contract import End, Envelope, Flights, Outcome, Unreachable, barred

log = logging.getLogger(__name__)

ENDS = {
    "sent": End.ACCEPTED,
    "queued": End.ACCEPTED,
    "invalid": End.FAILED,
    "rejected": End.FAILED,
    "failed": End.FAILED,
}
# Before the first byte of a call, in the words of both libraries.
NEVER_LEFT = (
    urllib3.NewConnectionError,  # refused, or no such name
    urllib3.ConnectTimeoutError,
    urllib3.ProxyError,
    ssl.SSLCertVerificationError,
    boto.EndpointConnectionError,
    boto.ConnectTimeoutError,
    boto.ProxyConnectionError,
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.NoRegionError,
)
REFUSED = (400, 413, 415, 422)
TOO_MANY = (429,)
TOO_MANY_NAMES = ("Throttl", "TooManyRequests", "LimitExceeded")  # Amazon, with 400

Said = list[tuple[int, Outcome | Unreachable]]
Numbered = tuple[int, Mail]


class Verdict(NamedTuple):
    """What became of a call that brought no word about each mail. No end: no mail can leave."""

    end: End | None
    text: str
    code: int | None = None
    wait: float | None = None


class Provider:
    """A line to one provider: several calls at once, each with a connection of its own."""

    round_trip = 0.0  # several calls are under way within one line anyway

    def __init__(self, address: RelayAddress, patience: float | None = None) -> None:
        self.name = address.host
        self.window = address.window or settings.SENDING_WINDOW
        self._patience = patience or settings.PROVIDER_TIMEOUT
        self._calls = ThreadPoolExecutor(address.calls or 8, "call")
        self._idle: SimpleQueue[Any] = SimpleQueue()
        self._reached = False

    def connect(self) -> None:
        """Raises Unreachable where a key is missing or the provider does not answer."""
        if self.name not in APIS:
            known = ", ".join(f"anymail://{name}" for name in APIS)
            raise Unreachable(f"There is no provider “{self.name}”. EMAIL_URL may be {known}.")
        if self._reached:
            return
        backend = self._backend()
        try:
            requests.head(backend.api_url, timeout=self._patience)
        except requests.RequestException as error:
            raise self._unreachable(_reason(error)) from error
        finally:
            self._idle.put(backend)
        self._reached = True

    def flights(self, envelopes: Sequence[Envelope], *, until: float = inf) -> Flights:
        """All begin at once, in one step. Raises Unreachable if nothing was said about any."""
        yield
        mails = list(enumerate(map(Mail, envelopes)))
        calls = self._bundled(mails)
        underway = {self._calls.submit(self._post, call): call for call in calls}
        wait(underway, timeout=settings.SMTP_FINAL_TIMEOUT)
        ends = dict(pair for future in underway for pair in self._said(future, underway[future]))
        problems = [end for end in ends.values() if isinstance(end, Unreachable)]
        if problems:
            self._reached = False
        if problems and len(problems) == len(ends):
            raise problems[0]
        return [
            Outcome(End.DEFERRED, "provider", None, _short(str(end)), self.name)
            if isinstance(end, Unreachable)
            else end
            for _number, end in sorted(ends.items())
        ]

    def close(self) -> None:
        self._calls.shutdown(wait=False, cancel_futures=True)
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                break

    # --- calls

    def _bundled(self, mails: Sequence[Numbered]) -> list[list[Numbered]]:
        """As few calls as the API allows; a reader is named only once in each."""
        api = APIS[self.name]
        calls: list[list[Numbered]] = []
        filling: dict[Hashable, tuple[list[Numbered], set[str]]] = {}
        for number, mail in mails:
            kind, reader = api.alike(mail), mail.envelope.recipient
            call, readers = filling.get(kind, ([], set()))
            if not call or len(call) == api.most or reader in readers:
                call, readers = [], set()
                calls.append(call)
                filling[kind] = call, readers
            call.append((number, mail))
            readers.add(reader)
        return calls

    def _post(self, mails: list[Numbered]) -> Said:
        """One call, or several where the provider refuses it as a whole."""
        barred_ones, allowed = [], []
        for number, mail in mails:
            if refusal := barred(mail.envelope):
                barred_ones.append((number, refusal))
            else:
                allowed.append((number, mail))
        if not allowed:
            return list(barred_ones)
        call = Call([mail for _number, mail in allowed])
        verdict = self._call(call)
        if verdict is None:
            about = [(number, self._heard(call, mail)) for number, mail in allowed]
        elif verdict.end is End.FAILED and len(allowed) > 1:
            # Nothing of it was taken, and nobody said whose fault it was.
            middle = len(allowed) // 2
            about = self._post(allowed[:middle]) + self._post(allowed[middle:])
        else:
            about = [(number, self._ended(verdict)) for number, _mail in allowed]
        return barred_ones + about

    def _call(self, call: Call) -> Verdict | None:
        """None if the provider said something about each mail."""
        try:
            backend = self._backend()
        except Unreachable as problem:
            return Verdict(None, str(problem))
        try:
            backend.send_messages([call])
        except AnymailError as error:
            return understood(error, backend)
        except Exception as error:
            # It may have left: whatever broke, only the provider knows.
            log.exception("%s answered something nobody understands.", backend.name)
            return Verdict(End.UNKNOWN, f"Nonsense: {error!r}")
        finally:
            self._idle.put(backend)
        return None

    def _heard(self, call: Call, mail: Mail) -> Outcome | Unreachable:
        reader = mail.envelope.recipient
        about = call.anymail_status.recipients[reader]  # type: ignore[attr-defined]
        text = call.said.get(reader, "")
        if about.status is None:
            return self._unreachable(text)
        end = ENDS.get(about.status, End.UNKNOWN)
        if end is End.ACCEPTED:
            text = f"{about.status}, {about.message_id}"
        return Outcome(end, "provider", None, _short(text or about.status), self.name)

    def _ended(self, verdict: Verdict) -> Outcome | Unreachable:
        if verdict.end is None:
            return self._unreachable(verdict.text)
        # Not as a code: 400 would be "try again" in the language of mail servers.
        text = _short(f"HTTP {verdict.code}: {verdict.text}" if verdict.code else verdict.text)
        return Outcome(verdict.end, "provider", None, text, self.name, verdict.wait)

    def _said(self, future: "Future[Said]", mails: list[Numbered]) -> Said:
        if future.done():
            return future.result()
        if future.cancel():
            verdict = Verdict(End.DEFERRED, "There was no time for this call.")
        else:
            verdict = Verdict(End.UNKNOWN, "The provider keeps us waiting.")
        end = self._ended(verdict)
        return [(number, end) for number, _mail in mails]

    def _backend(self) -> Any:
        try:
            return self._idle.get_nowait()
        except Empty:
            pass
        try:
            backend = APIS[self.name](
                ignore_recipient_status=True, timeout=settings.PROVIDER_TIMEOUT
            )
            backend.open()
        except (ImproperlyConfigured, boto.BotoCoreError) as error:
            raise Unreachable(f"{APIS[self.name].name} cannot be used: {error}") from error
        return backend

    def _unreachable(self, reason: str) -> Unreachable:
        name = APIS[self.name].name
        return Unreachable(
            f"{name} takes no mail from us ({_short(reason)}). Check the ANYMAIL_ variables and "
            "the account. Nothing is lost: waiting mails leave when it takes them."
        )


def understood(error: AnymailError, backend: Any) -> Verdict:
    """What a failed call means for its mails."""
    if not isinstance(error, AnymailAPIError):
        return Verdict(End.FAILED, str(error))  # Anymail could not write the call
    code, text, headers = _answer(error)
    if code is None:
        cause = error.__cause__ or error
        if isinstance(cause, boto.ParamValidationError):
            return Verdict(End.FAILED, str(cause))
        return Verdict(None if _never_left(cause) else End.UNKNOWN, _reason(cause))
    if code in TOO_MANY or (code == 400 and any(name in text for name in TOO_MANY_NAMES)):
        return Verdict(End.DEFERRED, text, code, _seconds(headers.get("retry-after", "")))
    if 400 <= code <= 499 and backend.ours(code, text):
        return Verdict(None, f"{code} {text}")
    return Verdict(End.FAILED if code in REFUSED else End.UNKNOWN, text, code)


def _answer(error: AnymailAPIError) -> tuple[int | None, str, Any]:
    """Status, words and headers of the answer, if one came."""
    response = error.response
    if isinstance(response, dict):  # boto3 has taken it apart
        about = response.get("ResponseMetadata", {})
        return about.get("HTTPStatusCode"), str(error.__cause__), about.get("HTTPHeaders", {})
    if response is None:
        return None, "", {}
    return response.status_code, response.text, response.headers


def _never_left(cause: BaseException) -> bool:
    """Whether the connection did not even come about."""
    for _depth in range(4):
        if isinstance(cause, (requests.ConnectTimeout, *NEVER_LEFT)):
            return True
        inner = getattr(cause, "reason", None) or (cause.args[0] if cause.args else None)
        if not isinstance(inner, BaseException):
            return False
        cause = inner
    return False


def _seconds(after: str) -> float | None:
    """Retry-After: seconds or a date (RFC 9110, 10.2.3)."""
    if after.strip().isdecimal():
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after) - timezone.now()).total_seconds())
    except (ValueError, TypeError):  # no zone, or no date at all
        return None


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _short(text: str) -> str:
    return " ".join(text.split())[:150]
