"""Raw events, understood: each alone, in any order, as often as they come."""

import datetime as dt
import http.server
import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import hooks, sweeping
from campaigns.models import Delivery, HookEvent
from crm.models import Address, Suppression
from tests import world as worlds
from tests.kit import hooks as kit
from tests.kit.provider import KEY, SECRET
from tests.world import World

pytestmark = pytest.mark.django_db

State = Delivery.State
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _secrets(settings: Settings) -> None:
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
        "AMAZON_SES_CLIENT_PARAMS": {"region_name": "eu-west-1"},
    }


@pytest.fixture
def delivery(world: World) -> Delivery:
    """A mail whose connection broke: nobody knows whether it left."""
    world.person()
    world.call()
    row = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=row.pk).update(state=State.UNKNOWN, generation=1)
    return Delivery.objects.get(pk=row.pk)


def hear(provider: str, *events: dict[str, Any]) -> int:
    return hooks.receive_all(provider=provider, events=[(str(uuid4()), each) for each in events])


def final(delivery: Delivery) -> tuple[Any, ...]:
    """What there is to know of a delivery and its address."""
    address = Address.objects.get(pk=delivery.address_id)
    return (
        Delivery.objects.values_list(
            "state", "delivered_at", "bounced_at", "bounce_class", "complained_at"
        ).get(pk=delivery.pk),
        sorted(address.suppressions.values_list("scope", "reason")),
    )


TOLD = [
    (provider, kind, state)
    for provider in kit.PROVIDERS
    for kind in kit.TELLS[provider]
    for state in [State.FAILED if kind == "bounced" else State.ACCEPTED]
]


@pytest.mark.parametrize(("provider", "kind", "state"), TOLD)
def test_what_each_provider_tells_decides_an_undecided_mail(
    delivery: Delivery, provider: str, kind: kit.Kind, state: int
) -> None:
    hear(provider, kit.event(provider, kind, delivery.pk, at=NOON))

    assert hooks.process() == 1

    now = Delivery.objects.get(pk=delivery.pk)
    assert now.state == state
    assert (now.delivered_at == NOON) == (kind == "delivered")
    assert (now.bounced_at is not None) == (kind == "bounced")
    assert (now.complained_at is not None) == (kind == "complained")
    assert HookEvent.objects.filter(processed_at=None).count() == 0


@pytest.mark.parametrize("provider", kit.PROVIDERS)
def test_a_mailbox_that_is_gone_is_never_written_to_again(
    delivery: Delivery, provider: str
) -> None:
    hear(provider, kit.event(provider, "bounced", delivery.pk))

    hooks.process()

    address = Address.objects.get(pk=delivery.address_id)
    assert address.undeliverable_at
    assert address.suppressions.get().reason == Suppression.Reason.HARD_BOUNCE


def test_every_order_of_six_events_has_one_end(delivery: Delivery) -> None:
    """Fault 12: every order of six events: one final state.

    Here through the providers' words, in orders that have each event at each place; the facts
    behind them are tried in every order.
    """
    kinds: tuple[kit.Kind, ...] = kit.TELLS["mailgun"]
    events = [
        kit.event("mailgun", kind, delivery.pk, at=NOON + dt.timedelta(minutes=number))
        for number, kind in enumerate(kinds)
    ]
    ends = set()
    for order in itertools.islice(itertools.permutations(events), 0, None, 17):
        with transaction.atomic():
            hear("mailgun", *order)
            assert hooks.process(seconds=60) == 6
            ends.add(repr(final(delivery)))
            transaction.set_rollback(True)

    assert len(ends) == 1


def test_ten_thousand_replays_are_one_event_and_quick(delivery: Delivery) -> None:
    """Fault 12: a replay x 10,000: no change."""
    event = kit.event("postmark", "delivered", delivery.pk, at=NOON)
    hooks.receive(provider="postmark", key="once", payload=event)
    hooks.process()
    before, began = final(delivery), time.monotonic()

    again = [
        hooks.receive_all(provider="postmark", events=[("once", event)] * 100)
        for _time in range(100)
    ]

    assert sum(again) == 0
    assert hooks.process() == 0
    assert final(delivery) == before
    assert time.monotonic() - began < 20


def test_what_is_not_about_a_mail_of_ours_is_done_with(world: World) -> None:
    hear("brevo", {"event": "delivered", "email": "who@biotech.example"})
    hear("brevo", kit.event("brevo", "delivered", 999_999_999))
    hear("mailjet", {"event": "open", "time": 1, "email": "who@biotech.example", "Payload": ""})
    hear("amazon_ses", kit.notification("Successfully validated SNS topic.", NOON))

    assert hooks.process() == 4
    assert HookEvent.objects.filter(processed_at=None).count() == 0


def test_one_that_nobody_understands_stops_no_other(
    delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    hear("mailjet", {"no": "event"})
    hear("mailjet", kit.event("mailjet", "delivered", delivery.pk))

    hooks.process()

    assert Delivery.objects.get(pk=delivery.pk).delivered_at
    odd = HookEvent.objects.get(processed_at=None)
    assert (odd.tries, odd.parked_at) == (1, None)
    assert "KeyError" in odd.trouble
    assert "not understood" in caplog.text


def test_after_ten_failures_it_is_parked_with_the_trouble(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    hear("mailjet", {"no": "event"})
    rounds = 0
    while HookEvent.objects.filter(parked_at=None).exists():
        hooks.process()
        # As if the pause between two tries were over.
        HookEvent.objects.update(received_at=timezone.now() - dt.timedelta(days=1))
        rounds += 1

    parked = HookEvent.objects.get()
    assert (rounds, parked.tries) == (10, 10)
    assert "event" in parked.trouble
    assert hooks.process() == 0

    hooks.retry(events=[parked.pk])
    assert hooks.process() == 1


def test_a_failure_waits_longer_each_time(world: World, caplog: pytest.LogCaptureFixture) -> None:
    hear("mailjet", {"no": "event"})

    assert [hooks.process() for _time in range(3)] == [1, 0, 0]


CONFIRMATION = kit.notification("You have chosen to subscribe.", NOON, "SubscriptionConfirmation")


class Amazon(http.server.BaseHTTPRequestHandler):
    """Takes a confirmation, and notes whether a transaction was open meanwhile."""

    asked: ClassVar[list[tuple[str, bool]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            with connection.cursor() as cursor:  # this thread's own connection
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
                )
                (transactions,) = cursor.fetchone()
        finally:
            connection.close()
        self.asked.append((body, transactions > 0))
        answer = (
            b"<ConfirmSubscriptionResponse><ConfirmSubscriptionResult>"
            b"<SubscriptionArn>arn:aws:sns:eu-west-1:123456789012:mails:1</SubscriptionArn>"
            b"</ConfirmSubscriptionResult></ConfirmSubscriptionResponse>"
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def amazon(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Amazon]]:
    settings.ANYMAIL = settings.ANYMAIL | {
        "AMAZON_SES_CLIENT_PARAMS": {
            "region_name": "eu-west-1",
            "aws_access_key_id": "invented",
            "aws_secret_access_key": "invented",
        }
    }
    server = http.server.HTTPServer(("127.0.0.1", 0), Amazon)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", f"http://127.0.0.1:{server.server_port}")
    Amazon.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Amazon
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_amazon_is_told_that_its_events_are_welcome(
    amazon: type[Amazon], settings: Settings
) -> None:
    settings.SANDBOX = False
    hear("amazon_ses", CONFIRMATION)

    assert hooks.process() == 1

    ((body, in_a_transaction),) = amazon.asked
    assert "Action=ConfirmSubscription" in body
    assert "Token=t" in body
    assert not in_a_transaction
    assert HookEvent.objects.get().processed_at


@pytest.mark.django_db(transaction=True)
def test_in_the_sandbox_amazon_is_told_nothing(
    amazon: type[Amazon], caplog: pytest.LogCaptureFixture
) -> None:
    hear("amazon_ses", CONFIRMATION)

    hooks.process()

    assert amazon.asked == []
    assert "sandbox" in HookEvent.objects.get(processed_at=None).trouble


@pytest.mark.parametrize("topic", ["arn:aws:sns:evil.example/:123456789012:mails", "mails", ""])
def test_only_a_topic_of_amazons_is_confirmed(
    topic: str, settings: Settings, caplog: pytest.LogCaptureFixture, db: None
) -> None:
    settings.SANDBOX = False
    hear("amazon_ses", CONFIRMATION | {"TopicArn": topic})

    hooks.process()

    assert "no such topic" in HookEvent.objects.get(processed_at=None).trouble


@pytest.mark.django_db(transaction=True)
def test_what_is_told_of_a_mail_that_is_worked_on_does_not_hold_up_the_others(
    installation: None,
) -> None:
    """A batch waits for no row, so that it never stands in the way of those that send."""
    world = worlds.build()
    for _each in range(2):
        world.person()
    world.call()
    busy, idle = Delivery.objects.order_by("pk")
    hear("brevo", *(kit.event("brevo", "delivered", each.pk) for each in (busy, idle)))
    told = threading.Event()

    def work() -> None:
        hooks.process(stop=lambda: Delivery.objects.get(pk=idle.pk).delivered_at is not None)
        told.set()
        connection.close()

    worker = threading.Thread(target=work)
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=busy.pk)
        worker.start()
        assert told.wait(20)
    worker.join()

    assert Delivery.objects.filter(delivered_at=None).get() == busy
    assert hooks.process() == 1
    assert not Delivery.objects.filter(delivered_at=None).exists()


def test_what_was_understood_is_forgotten_after_thirty_days(
    delivery: Delivery, settings: Settings
) -> None:
    hear("brevo", *(kit.event("brevo", "delivered", delivery.pk) for _time in range(3)))
    hooks.process()
    old, waiting, _new = HookEvent.objects.order_by("pk")
    long_ago = timezone.now() - dt.timedelta(days=settings.HOOKS_KEPT + 1)
    HookEvent.objects.filter(pk=old.pk).update(processed_at=long_ago)
    HookEvent.objects.filter(pk=waiting.pk).update(received_at=long_ago, processed_at=None)

    sweeping.sweep()

    assert not HookEvent.objects.filter(pk=old.pk).exists()
    assert HookEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_understand_each_event_once(installation: None) -> None:
    hear("brevo", *(kit.event("brevo", "delivered", number) for number in range(200)))
    counts: list[int] = []

    def work() -> None:
        counts.append(hooks.process(seconds=30))
        connection.close()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(counts) == 200
    assert HookEvent.objects.filter(processed_at=None).count() == 0
