"""Mail servers that misbehave, and what the ledger says then; right for any window."""

import datetime as dt
import time
from collections import Counter
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import feedback, ledger, sending, sweeping
from campaigns.models import Batch, Campaign, Deferral, Delivery, DomainPace
from tests.kit.authority import Authority
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State


def send(campaign: Campaign, times: int = 1) -> None:
    """What scheduler and worker do; what was put off the time before is due again."""
    for _ in range(times):
        long_ago = timezone.now() - dt.timedelta(seconds=1)
        Deferral.objects.update(not_before=long_ago)
        DomainPace.objects.all().delete()
        Batch.objects.filter(done_at=None).update(not_before=long_ago)
        sweeping.tick()
        sending.work(campaign)
        sweeping.tidy()
    campaign.refresh_from_db()


def state(reader: str) -> Delivery.State:
    return State(Delivery.objects.get(address__email=reader).state)


def test_mails_cut_off_after_their_final_dot_are_undecided_and_never_sent_again(
    world: World, mail_server: MailServer
) -> None:
    """Fault 3: half of them accepted, half not; who uses his mail's links has it."""
    mail_server.lie("dot", "lost", cut=True, takes=False)
    taken = [world.person(email=f"cut{n}@tunnel.example").email for n in range(3)]
    lost = [world.person(email=f"lost{n}@tunnel.example").email for n in range(3)]
    others = [world.person().email for _ in range(4)]
    campaign = world.call()

    send(campaign, times=12)

    assert {state(reader) for reader in [*taken, *lost]} == {State.UNKNOWN}
    assert {state(reader) for reader in others} == {State.ACCEPTED}
    assert set(Counter(mail_server.whole).values()) == {1}
    assert mail_server.readers == sorted([*taken, *others])
    assert campaign.status == Campaign.Status.FINISHED
    assert ledger.read(campaign).balances

    feedback.answered(delivery=Delivery.objects.get(address__email=taken[0]), value="interested")
    assert state(taken[0]) == State.ACCEPTED


@pytest.mark.parametrize(
    ("phase", "manners", "expected"),
    [
        ("connect", {"wait": 0.5}, State.ACCEPTED),
        ("mail", {"reply": "421 4.3.2 Closing"}, State.PENDING),
        ("rcpt", {"reply": "450 4.2.1 Later"}, State.PENDING),
        ("dot", {"reply": "451 4.3.0 Later"}, State.PENDING),
        ("dot", {"reply": "552 5.2.2 Full"}, State.FAILED),
        ("dot", {"reply": "oh well"}, State.UNKNOWN),
        ("dot", {"hang": True}, State.UNKNOWN),
        ("data", {"hang": True}, State.PENDING),
        ("connect", {"hang": True}, State.PENDING),
    ],
)
def test_a_server_out_of_order_loses_nobody(
    world: World,
    mail_server: MailServer,
    settings: Settings,
    phase: str,
    manners: dict[str, object],
    expected: Delivery.State,
) -> None:
    """Fault 9: banner delay, 421, 450, 451 after the dot, 552, garbage, hang for ever."""
    settings.SMTP_TIMEOUT, settings.SMTP_FINAL_TIMEOUT = 1, 1
    mail_server.lie(phase, **manners, times=1)  # type: ignore[arg-type]
    reader = world.person()
    campaign = world.call()
    began = time.monotonic()

    send(campaign)

    assert time.monotonic() - began < 10
    assert state(reader.email) == expected
    assert ledger.read(campaign).balances

    send(campaign, times=2)
    if expected == State.PENDING:
        assert state(reader.email) == State.ACCEPTED
    else:
        assert state(reader.email) == expected
    assert mail_server.whole.count(reader.email) <= 1 + (phase == "dot")
    assert mail_server.answered.count(reader.email) == (state(reader.email) == State.ACCEPTED)


def test_one_mailbox_that_hangs_for_ever_does_not_hold_up_the_others(
    world: World, mail_server: MailServer, settings: Settings
) -> None:
    """Fault 9, hang for ever: others go on."""
    settings.SMTP_FINAL_TIMEOUT = 1
    mail_server.lie("dot", "tarpit", hang=True)
    world.person(email="tarpit@slow.example")
    others = [world.person().email for _ in range(5)]
    campaign = world.call()

    send(campaign, times=3)

    assert state("tarpit@slow.example") == State.UNKNOWN
    assert mail_server.readers == sorted(others)
    assert campaign.status == Campaign.Status.FINISHED


def test_a_server_that_proves_nothing_gets_nothing_and_nothing_is_lost(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    """Fault 9, bad TLS."""
    authority = Authority(tmp_path)
    reader = world.person()
    campaign = world.call()
    with MailServer(tls=authority.server("other.example")) as impostor:
        settings.EMAIL_URL = f"{impostor.url}?ca={authority.file}"
        send(campaign)

    assert "does not prove that it is 127.0.0.1" in campaign.trouble
    assert state(reader.email) == State.PENDING

    with MailServer(tls=authority.server()) as server:
        settings.EMAIL_URL = f"{server.url}?ca={authority.file}"
        send(campaign)

    assert server.readers == [reader.email]
    assert impostor.whole == []
    assert campaign.trouble == ""
