"""Steps of the scheduler, each on its own: one that fails stops no other, and is told."""

from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django.fixtures import Settings

from campaigns.actions import (
    breaker,
    deadlines,
    digests,
    freezing,
    handovers,
    quiet,
    releases,
    reminders,
    sweeping,
    transitions,
    trials,
)
from campaigns.models import Campaign, Fault
from tests.actions.test_reminders import come, plan, sign
from tests.kit.mailserver import MailServer
from tests.kit.sent import four_readers, send, sent_call
from tests.world import World

S = Campaign.Status
Step = Fault.Step
pytestmark = pytest.mark.faults

STEPS = {
    Step.TAKE_BACK: (transitions, "take_back"),
    Step.HAND_OVERS: (handovers, "carry_out_due"),
    Step.LANES: (releases, "complete_open"),
    Step.DATES: (deadlines, "tend"),
    Step.REMINDERS: (reminders, "tend"),
    Step.DIGESTS: (digests, "write_due"),
    Step.SUBJECTS: (trials, "tend"),
    Step.RETRY: (transitions, "requeue"),
    Step.CANCEL: (sweeping, "_cancel_the_rest"),
    Step.BREAKER: (breaker, "look"),
}


@pytest.fixture(autouse=True)
def _at_once(settings: Settings) -> None:
    settings.UNDO_WINDOW = 0


def fails(*_args: Any, **_more: Any) -> None:
    raise RuntimeError("Nobody foresaw this.")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_stops_no_campaign_and_is_told_until_it_succeeds(
    world: World,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    step: Fault.Step,
) -> None:
    reader = world.person()
    call = world.call(start=False)
    Campaign.objects.filter(pk=call.pk).update(status=S.SCHEDULED, send_at=call.created_at)
    where, name = STEPS[step]
    with monkeypatch.context() as broken:
        broken.setattr(where, name, fails)
        send(call)
        assert mail_server.readers == [reader.email]
        assert call.status == S.FINISHED

    told = Fault.objects.get()
    assert told.step == step
    assert told.why == "RuntimeError: Nobody foresaw this."
    assert f"The scheduler failed: {step.value}" in caplog.text

    sweeping.tick()
    assert not Fault.objects.exists()


def test_a_lane_whose_quiet_hours_nobody_knows_is_not_opened(
    world: World, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person()
    call = world.call(start=False)
    Campaign.objects.filter(pk=call.pk).update(status=S.SCHEDULED, send_at=call.created_at)
    monkeypatch.setattr(quiet, "_kept_by", fails)

    send(call)
    send(call)

    assert mail_server.readers == []
    assert [(told.step, told.times) for told in Fault.objects.all()] == [(Step.START, 2)]


def test_a_campaign_that_cannot_be_started_keeps_no_other_waiting(
    world: World, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = world.person()
    broken, sound = world.call(start=False), world.invitation(start=False)
    for each in (broken, sound):
        Campaign.objects.filter(pk=each.pk).update(status=S.SCHEDULED, send_at=each.created_at)
    start = freezing.start
    monkeypatch.setattr(freezing, "start", lambda c: fails() if c == broken else start(c))

    send(sound)

    assert mail_server.readers == [reader.email]
    assert Fault.objects.get().campaign == broken
    assert Campaign.objects.get(pk=broken.pk).status == S.SCHEDULED


@pytest.mark.parametrize("what", ["one", "all"])
def test_a_reminder_at_whose_deadline_nobody_could_look_does_not_leave(
    world: World, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    sent = sent_call(world, four_readers(world), mail_server)
    first, second = plan(world, sent, 9, 7)
    for each in (first, second):
        sign(world, each)
    come(second)
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "_tend" if what == "one" else "_latest_due", fails)
        send(second.campaign)
        assert mail_server.readers == []

    sweeping.tick()  # it was looked at
    send(second.campaign)

    assert len(mail_server.readers) == 2
    assert not Fault.objects.exists()


def test_where_the_database_is_gone_the_round_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any, **_more: Any) -> None:
        raise DatabaseError("the connection is closed")

    monkeypatch.setattr(transitions, "take_back", gone)
    monkeypatch.setattr(Fault.objects, "filter", gone)
    monkeypatch.setattr(handovers, "carry_out_due", lambda: pytest.fail("went on"))

    with pytest.raises(DatabaseError, match="closed"):
        sweeping.tick()
    assert connection.is_usable()


def test_an_administrator_is_told_on_every_page_and_nobody_else(
    world: World, as_admin: Client, as_coordinator: Client
) -> None:
    call = world.call(release=False, start=False)
    Fault.objects.create(step=Step.START, campaign=call, why="KeyError: 'fr'")

    assert "One thing that the scheduler does fails." in as_admin.get("/").content.decode()
    page = as_admin.get("/faults/").content.decode()
    assert "Starting campaigns and lanes" in page
    assert "KeyError: &#x27;fr&#x27;" in page
    assert "scheduler" not in as_coordinator.get("/").content.decode()
    assert as_coordinator.get("/faults/").status_code == 404
