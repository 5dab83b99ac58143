"""Where providers call: what is let in, stored once, and answered at once."""

import datetime as dt
import io
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from campaigns.models import HookEvent
from campaigns.views import hooks as door
from crm.models import User
from tests.kit import hooks
from tests.kit.hooks import PROVIDERS, Post
from tests.kit.provider import KEY, SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _secrets(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def post(call: Post) -> int:
    headers = dict(call.headers)
    kind = headers.pop("Content-Type")
    return Client().generic("POST", call.path, call.body, kind, headers=headers).status_code


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_event_is_kept_as_it_came(provider: str) -> None:
    event = hooks.event(provider, "delivered", 7)

    assert post(hooks.signed(provider, [event])) == 200

    kept = HookEvent.objects.get()
    assert (kept.provider, kept.payload) == (provider, event)
    assert kept.processed_at is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_not_proved_is_refused_and_not_kept(provider: str) -> None:
    """Fault 12: a bad signature: refused."""
    event = hooks.event(provider, "bounced", 7)
    if provider == "mailgun":
        event["signature"] = hooks.mailgun_signature(key="another")

    assert post(hooks.signed(provider, [event], secret="hook:guessed")) == 403

    assert not HookEvent.objects.exists()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_a_secret_of_ours_nobody_is_believed(provider: str, settings: Settings) -> None:
    settings.ANYMAIL = {}
    call = hooks.signed(provider, [hooks.event(provider, "bounced", 7)])

    assert post(call) == 403

    assert not HookEvent.objects.exists()


def test_amazon_is_asked_who_it_is() -> None:
    call = hooks.signed("amazon_ses", [hooks.event("amazon_ses", "delivered", 7)])
    del call.headers["Authorization"]

    assert post(call) == 401


class Endless(io.RawIOBase):
    """A body of twenty megabytes that counts what was read of it."""

    read_so_far = 0

    def read(self, size: int = -1) -> bytes:
        self.read_so_far += size if size >= 0 else 20_000_000
        return b"x" * max(size, 0)


def test_of_twenty_megabytes_nothing_is_read() -> None:
    """Fault 12: a 20 MB body: refused."""
    body = Endless()
    request = RequestFactory().post("/hooks/postmark/", content_type="application/json")
    request.environ["CONTENT_LENGTH"] = request.META["CONTENT_LENGTH"] = "20000000"
    request._stream = body  # type: ignore[assignment]

    assert door.receive(request, "postmark").status_code == 413

    assert body.read_so_far == 0
    assert not HookEvent.objects.exists()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_again_changes_nothing(provider: str) -> None:
    """Fault 12: a replay: no change."""
    call = hooks.signed(provider, [hooks.event(provider, "delivered", 7)])

    assert [post(call) for _time in range(20)] == [200] * 20

    assert HookEvent.objects.count() == 1


def test_another_event_with_a_signature_that_was_seen_is_not_kept() -> None:
    """Mailgun signs no content: whoever saw a signature could else write anything under it."""
    first = hooks.event("mailgun", "delivered", 7)
    forged = hooks.event("mailgun", "complained", 8) | {"signature": first["signature"]}

    post(hooks.signed("mailgun", [first]))
    post(hooks.signed("mailgun", [forged]))

    assert HookEvent.objects.get().payload == first


def test_a_signature_older_than_our_memory_is_refused(settings: Settings) -> None:
    event = hooks.event("mailgun", "delivered", 7)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=settings.HOOKS_KEPT, minutes=1)
    event["signature"] = hooks.mailgun_signature(long_ago)

    assert post(hooks.signed("mailgun", [event])) == 403


@pytest.mark.parametrize("provider", ["mailjet", "brevo"])
def test_each_event_of_a_group_is_kept(provider: str) -> None:
    events = [hooks.event(provider, "delivered", number) for number in range(50)]

    assert post(hooks.signed(provider, [*events, events[0]])) == 200

    assert HookEvent.objects.count() == 50


HOSTILE: list[Any] = [
    b"",
    b"{",
    b"[" * 100_000,
    b"[]7",
    b"7",
    b"null",
    b'"text"',
    b"[7]",
    b"{}",
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b"\xff\xfe",
]
SIGNATURES: list[Any] = [None, 7, {}, {"token": "é", "timestamp": "1", "signature": []}]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_event_is_refused_without_a_crash(provider: str, body: bytes) -> None:
    call = hooks.signed(provider, [hooks.event(provider, "delivered", 7)])

    assert post(call._replace(body=body)) == 403

    assert not HookEvent.objects.exists()


@pytest.mark.parametrize("signature", SIGNATURES, ids=range(len(SIGNATURES)))
def test_what_is_no_signature_is_refused_without_a_crash(signature: Any) -> None:
    event = hooks.event("mailgun", "delivered", 7) | {"signature": signature}

    assert post(hooks.signed("mailgun", [event])) == 403


def test_signs_that_the_database_cannot_hold_do_not_lose_the_event() -> None:
    event = hooks.event("postmark", "bounced", 7) | {"Details": "half \ud83d, nul \0, end"}
    call = hooks.signed("postmark", [event])

    assert post(call) == 200

    assert HookEvent.objects.get().payload["Details"] == "half ?, nul , end"


def test_a_provider_nobody_knows_has_no_address() -> None:
    assert post(Post("/hooks/pigeons/", {"Content-Type": "application/json"}, b"{}")) == 404


def test_a_provider_may_ask_whether_we_are_there() -> None:
    assert Client().head("/hooks/brevo/").status_code == 200
    assert Client().get("/hooks/brevo/").status_code == 405


def test_nothing_that_serves_people_is_asked_on_the_way(django_assert_num_queries: Any) -> None:
    """The one statement that stores is prepared and not counted here; no other is made."""
    call = hooks.signed("mailgun", [hooks.event("mailgun", "delivered", 7)])
    client = Client()

    with django_assert_num_queries(0):
        answer = client.post(
            call.path,
            call.body,
            content_type="application/json",
            headers={"Authorization": call.headers["Authorization"]},
        )

    assert answer.status_code == 200
    assert not answer.cookies
    assert "Content-Security-Policy" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == "0"
    assert HookEvent.objects.count() == 1


def test_calls_for_another_host_are_refused() -> None:
    call = hooks.signed("mailgun", [hooks.event("mailgun", "delivered", 7)])
    headers = {"host": "evil.example"}

    assert post(call._replace(headers=call.headers | headers)) == 400

    assert not HookEvent.objects.exists()


def test_calls_without_https_are_sent_there(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    call = hooks.signed("mailgun", [hooks.event("mailgun", "delivered", 7)])

    assert post(call) == 301

    assert not HookEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_calls_that_come_while_one_is_stored_share_the_next_commit() -> None:
    calls = [hooks.signed("mailgun", [hooks.event("mailgun", "delivered", n)]) for n in range(8)]

    assert _at_once(calls) == [200] * 8

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT xmin::text) FROM campaigns_hookevent")
        assert cursor.fetchone() == (8, 2)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_number_beyond_all_numbers_is_refused_without_a_crash(provider: str) -> None:
    event = hooks.event(provider, "delivered", 7) | {"size": "HUGE"}
    call = hooks.signed(provider, [event])

    assert post(call._replace(body=call.body.replace(b'"HUGE"', b"1e999"))) == 403

    assert not HookEvent.objects.exists()


@pytest.fixture
def one_refused() -> Iterator[None]:
    """The database refuses the event about delivery 5."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE campaigns_hookevent ADD CONSTRAINT not_the_fifth "
            "CHECK (payload #>> '{event-data,user-variables,delivery}' <> '5')"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaigns_hookevent DROP CONSTRAINT not_the_fifth")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_refused")
def test_one_that_cannot_be_stored_takes_no_other_with_it() -> None:
    calls = [hooks.signed("mailgun", [hooks.event("mailgun", "delivered", n)]) for n in range(8)]

    assert sorted(_at_once(calls)) == [200] * 7 + [500]

    assert HookEvent.objects.count() == 7


def _at_once(calls: list[Post]) -> list[int]:
    """The first waits for the table; the others come meanwhile."""

    def call(one: Post) -> int:
        try:
            client = Client(raise_request_exception=False)
            headers = dict(one.headers)
            kind = headers.pop("Content-Type")
            return client.generic("POST", one.path, one.body, kind, headers=headers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE campaigns_hookevent IN SHARE MODE")
            answers = [threads.submit(call, calls[0])]
            _await(_waits_for_a_lock)
            answers += [threads.submit(call, one) for one in calls[1:]]
            _await(lambda: len(door.together._waiting) == len(calls) - 1)
        return [answer.result() for answer in answers]


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE NOT granted AND d.datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_restarted_is_found_again() -> None:
    assert post(hooks.signed("brevo", [hooks.event("brevo", "delivered", 7)])) == 200
    connection.ensure_connection()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    assert post(hooks.signed("brevo", [hooks.event("brevo", "delivered", 8)])) == 200

    assert HookEvent.objects.count() == 2


@pytest.fixture
def parked() -> HookEvent:
    return HookEvent.objects.create(
        provider="brevo",
        event_key="1",
        payload={"event": "nonsense"},
        tries=10,
        parked_at=dt.datetime.now(dt.UTC),
        trouble="KeyError: 'date'",
    )


@pytest.fixture
def staff(client: Client) -> Client:
    user = User.objects.create_superuser("support@liaison.example", name="Support")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_staff_see_what_was_parked_and_let_it_be_tried_again(
    staff: Client, parked: HookEvent
) -> None:
    address = "/admin/campaigns/hookevent/"
    page = staff.get(address, {"parked_at__isempty": "0"}, follow=True).content.decode()
    assert "KeyError" in page

    chosen = {"action": "try_again", "_selected_action": [parked.pk]}
    said = staff.post(address, chosen, follow=True).content.decode()

    assert "1 event is tried again." in said
    parked.refresh_from_db()
    assert (parked.parked_at, parked.tries) == (None, 0)


def test_a_test_of_ours_sends_what_the_provider_signs() -> None:
    """Else every refusal above would prove nothing."""
    call = hooks.signed("mailjet", [hooks.event("mailjet", "delivered", 7)])
    assert json.loads(call.body)["Payload"] == '{"delivery": "7", "generation": "1"}'
