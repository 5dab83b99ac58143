"""Tasks and timers: any task may run twice, thrice, or at once."""

import datetime as dt
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from campaigns.actions import leases, ledger, outward, probes, rehearsals
from campaigns.mail import domains
from campaigns.models import Batch, Campaign, Delivery, Probe, Rehearsal
from crm.models import Import
from tests.kit.mailserver import MailServer
from tests.world import World
from worker import tasks
from worker.app import app
from worker.schedule import SCHEDULE


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """What tick would have put into the queue."""
    woken: list[tuple[int, ...]] = []
    for task in (tasks.send, tasks.letters):
        monkeypatch.setattr(task, "apply_async", lambda args, **_options: woken.append(args))
    return woken


def test_running_every_task_three_times_gives_the_same_ledger(
    world: World, mail_server: MailServer, no_broker: list[tuple[int, ...]]
) -> None:
    readers = [world.person() for _ in range(3)]
    campaign = world.call()

    for _time in range(3):
        tasks.tick()
        tasks.send(campaign.pk)
        tasks.sweep()

    assert mail_server.readers == sorted(reader.email for reader in readers)
    assert ledger.read(campaign).balances
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED


def test_tick_wakes_as_many_workers_as_may_send_and_only_for_due_work(
    world: World, no_broker: list[tuple[int, ...]]
) -> None:
    world.person()
    campaign = world.call()

    tasks.tick()
    assert no_broker == [(campaign.pk,)] * settings.SENDING_WORKERS

    no_broker.clear()
    Batch.objects.update(not_before=timezone.now() + dt.timedelta(minutes=1))
    tasks.tick()
    assert no_broker == []


def test_tick_wakes_a_worker_for_a_list_that_waits(
    world: World, no_broker: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[dict[str, int]] = []
    monkeypatch.setattr(
        tasks.import_lists, "apply_async", lambda _args, **options: woken.append(options)
    )
    waiting = Import.objects.create(cluster=world.biocat, file_name="list.csv", header=0)
    tasks.tick()
    assert not woken

    Import.objects.filter(pk=waiting.pk).update(status=Import.Status.CHECKING)
    tasks.tick()

    assert woken == [{"expires": 2}]


def test_a_mailing_that_nobody_works_on_comes_before_a_large_one_under_way(
    world: World, no_broker: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SENDING_BATCH", 1)
    world.person()
    world.person()
    large, small = world.call(), world.invitation()
    tasks.tick()
    assert leases.claim(large)
    no_broker.clear()

    tasks.tick()

    assert no_broker == [(small.pk,), (large.pk,)] * settings.SENDING_WORKERS


@pytest.mark.django_db(transaction=True)
def test_tasks_at_once_mail_nobody_twice(
    world: World, mail_server: MailServer, no_broker: list[tuple[int, ...]]
) -> None:
    readers = [world.person() for _ in range(20)]
    campaign = world.call()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _time in range(3):
                tasks.tick()
                tasks.send(campaign.pk)
                tasks.sweep()
        except BaseException as failure:  # noqa: BLE001  shown by the test, not by the thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    tasks.tick()

    assert failures == []
    assert mail_server.readers == sorted(reader.email for reader in readers)
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.ACCEPTED}
    assert ledger.read(campaign).balances


def test_the_timers_are_those_that_were_agreed() -> None:
    assert {
        name: getattr(settings, name)
        for name in (
            "SENDING_LEASE", "SENDING_BATCH", "SENDING_WORKERS", "SENDING_RUN", "SENDING_EXPIRY",
            "SENDING_RETRY", "SMTP_TIMEOUT", "SMTP_FINAL_TIMEOUT", "ANNOUNCE_PATIENCE",
            "FREQUENCY_DAYS", "FREQUENCY_LIMIT", "DEMO_RATE", "SENDING_WINDOW", "CANARY_ABOVE",
            "CANARY_HOLD", "DOMAIN_RATE", "SENDING_LINES", "SENDING_NEAR", "PROVIDER_TIMEOUT",
            "HOOKS_KEPT", "IMPORT_WORKERS", "IMPORT_KEPT", "RELEASE_REMINDER", "UNDO_WINDOW",
            "DELIVERIES_KEPT", "NETWORKS_KEPT", "PROOFS_KEPT", "AUDIT_KEPT",
        )
    } == {
        "SENDING_LEASE": 90,
        "SENDING_BATCH": 500,
        "SENDING_WORKERS": 2,
        "SENDING_RUN": 45,
        "SENDING_EXPIRY": 72 * 3600,
        "SENDING_RETRY": 60,
        "SMTP_TIMEOUT": 60,
        "SMTP_FINAL_TIMEOUT": 600,
        "ANNOUNCE_PATIENCE": 30,
        "FREQUENCY_DAYS": 7,
        "FREQUENCY_LIMIT": 4,
        "DEMO_RATE": 0,
        "SENDING_WINDOW": 25,
        "CANARY_ABOVE": 2_000,
        "CANARY_HOLD": 600,
        "DOMAIN_RATE": 5,
        "SENDING_LINES": 0,
        "SENDING_NEAR": 2,
        "PROVIDER_TIMEOUT": 30,
        "HOOKS_KEPT": 30,
        "IMPORT_WORKERS": 1,
        "IMPORT_KEPT": 7,
        "UNDO_WINDOW": 600,
        "RELEASE_REMINDER": 24,
        "DELIVERIES_KEPT": 13,
        "NETWORKS_KEPT": 12,
        "PROOFS_KEPT": 36,
        "AUDIT_KEPT": 36,
    }  # fmt: skip
    assert {name: entry["schedule"] for name, entry in SCHEDULE.items()} == {
        "tick": 1.0,
        "listen": 1.0,
        "sweep": 30.0,
        "duplicates": 60.0,
        "proofs": 60.0,
    }
    assert app.conf.task_acks_late is False
    assert app.conf.worker_prefetch_multiplier == 1


def test_tick_wakes_a_worker_for_a_dry_run_that_was_asked_for(
    world: World, no_broker: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    for task in (tasks.look_over, tasks.look_outside):
        name = task.__name__
        monkeypatch.setattr(
            task, "apply_async", lambda _args, name=name, **_options: woken.append(name)
        )
    world.person()
    draft = world.call(release=False, start=False)
    tasks.tick()
    assert woken == []

    outward.ask(draft, [world.biocat])
    tasks.tick()
    assert woken == ["look_outside", "look_over"]

    for _time in range(2):
        tasks.look_over()
        tasks.look_outside()
    tasks.tick()
    assert woken == ["look_outside", "look_over"]
    assert Rehearsal.objects.get().readers == 1
    # The sender's domain and the organiser's page: made up, and there is no zone here to ask.
    assert [probe.found for probe in Probe.objects.all()] == [[["reserved", {}]]] * 2


def test_looks_and_dry_runs_leave_letters_a_process() -> None:
    busy = settings.SENDING_WORKERS + settings.IMPORT_WORKERS + len(["dry runs", "looks outside"])

    assert app.conf.worker_concurrency == busy + 1


def test_a_dry_run_that_fails_keeps_no_look_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes.ask([probes.of_sender(world.biocat)])
    monkeypatch.setattr(rehearsals, "work_due", None)

    with pytest.raises(TypeError):
        tasks.look_over()
    tasks.look_outside()

    assert Probe.objects.get().found == [["reserved", {}]]


def test_a_look_that_fails_keeps_no_other_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(domain: str, _selector: str) -> list[tuple[str, dict[str, object]]]:
        if domain == "biocat.example":
            raise KeyError(domain)
        return []

    monkeypatch.setattr(domains, "look", look)
    probes.ask([probes.of_sender(world.biocat), probes.of_sender(world.biom)])

    tasks.look_outside()

    assert sorted(map(str, Probe.objects.values_list("found", flat=True))) == [
        "[['failed', {}]]",
        "[]",
    ]
    assert not probes.is_due()


def test_a_run_of_looks_begins_no_other_after_its_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "RUN", -1)
    probes.ask([probes.of_sender(world.biocat)])

    tasks.look_outside()

    assert probes.is_due()
