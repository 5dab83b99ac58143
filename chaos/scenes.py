"""The other faults, one scene each: a pause past the lease, restarts, flushes, deploys, triples."""

import os
import signal
import time
from functools import partial

import psycopg
import redis

from chaos import victims
from chaos.coordinator import Answer
from chaos.readers import use
from chaos.repeater import Repeater
from chaos.stage import Stage, children
from chaos.verdict import Verdict, ended, judge

RESUMES_WITHIN = 30.0  # seconds after the broker came back
ANSWERS_WITHIN = 5.0  # seconds after Send was pressed, on a machine that is busy sending


def stopped_past_the_lease(stage: Stage, name: str, recipients: int) -> Verdict:
    """Fault 2: a process stands still until its lease is over, then goes on."""
    with stage.scene(name, SENDING_LEASE=3) as scene:
        scene.sink.pace = recipients / 30
        campaign = scene.announce(recipients)
        stops = declared = 0
        for _time in range(5):
            scene.one_more()
            sending = victims.sending(scene.pools)
            if not sending:
                continue
            known = victims.Victims(sending[:1])
            os.kill(sending[0], signal.SIGSTOP)
            scene.until(partial(_idle, sending[:1]), 20)
            declared += known.armed()
            os.kill(sending[0], signal.SIGCONT)
            stops += 1
        scene.sink.pace = None
        scene.until(lambda: ended(campaign), 120, 0.2)
        verdict = judge(name, scene, campaign)
        verdict.more = {"stops": stops, "bound": declared}
        verdict.demand(stops == 5, f"only {stops} of 5 processes were stopped")
        verdict.demand(verdict.undecided <= declared, f"more undecided than {declared}")
        verdict.remarks.append(
            f"{declared} were declared undecided while their process stood still; "
            f"the answers that came late settled all but {verdict.undecided}"
        )
        return verdict


def database_restarts(stage: Stage, name: str, recipients: int, times: int = 10) -> Verdict:
    """Fault 5: PostgreSQL stops at once (SIGQUIT) and recovers from its log."""
    with stage.scene(name) as scene:
        scene.sink.pace = recipients / 60
        campaign = scene.announce(recipients)
        postgres = scene.supervisor.kept("postgres")
        resumed = []
        for _time in range(times):
            scene.one_more()
            postgres.program.signal(signal.SIGQUIT)
            postgres.program.wait(30)
            postgres.begin()
            back = scene.until(partial(_answers, stage.servers["DATABASE_URL"]), 60)
            began = time.monotonic()
            use(None)
            if not back or not scene.one_more(60):
                break
            resumed.append(time.monotonic() - began)
        scene.sink.pace = None
        scene.until(lambda: ended(campaign), 180, 0.2)
        verdict = judge(name, scene, campaign)
        verdict.more = {"restarts": len(resumed), "resumed_s": round(max(resumed, default=0), 1)}
        verdict.demand(len(resumed) == times, f"no mail any more after restart {len(resumed) + 1}")
        verdict.remarks.append(
            f"mail went on {verdict.more['resumed_s']} s after a restart, at most"
        )
        return verdict


def broker_flushed(stage: Stage, name: str, recipients: int, times: int = 20) -> Verdict:
    """Fault 4: the broker forgets everything, first right before Send is pressed."""
    with (
        stage.scene(name, SENDING_RUN=2) as scene,
        redis.Redis.from_url(stage.servers["REDIS_URL"]) as broker,
    ):
        scene.sink.pace = recipients / 30
        coordinator = scene.coordinator()
        campaign = scene.draft(recipients)
        broker.flushall()
        scene.begins()
        began = time.monotonic()
        answer = coordinator.sends(campaign)
        resumed = scene.one_more(120)
        took = time.monotonic() - began
        flushes = 1
        while resumed and flushes < times and scene.one_more(RESUMES_WITHIN):
            broker.flushall()
            flushes += 1
            scene.until(lambda: False, 1)
        scene.sink.pace = None
        scene.until(lambda: ended(campaign), 120, 0.2)
        verdict = judge(name, scene, campaign)
        verdict.more = {"flushes": flushes}
        _answered(verdict, answer, told=coordinator.is_told(answer))
        _resumed(verdict, resumed, took)
        verdict.demand(flushes == times, f"only {flushes} of {times} flushes before the end")
        verdict.demand(verdict.silence_s <= RESUMES_WITHIN, f"{verdict.silence_s} s without a mail")
        verdict.demand(verdict.undecided == 0, "a flush left a mail undecided")
        verdict.remarks.append(
            f"Send answered after {answer.seconds:.1f} s, the first mail came {took:.1f} s after "
            f"the flush; never longer than {verdict.silence_s} s without a mail"
        )
        return verdict


def broker_stopped(stage: Stage, name: str, recipients: int, down: float = 60.0) -> Verdict:
    """Fault 4: Send is pressed while the broker is down; a command sends without it."""
    with stage.scene(name, SENDING_RUN=5) as scene:
        scene.sink.pace = recipients / 30
        coordinator = scene.coordinator()
        campaign = scene.draft(recipients)
        valkey = scene.supervisor.kept("valkey")
        valkey.held = True
        valkey.program.stop()
        scene.begins()
        stopped = time.monotonic()
        answer = coordinator.sends(campaign)
        (drain,) = scene.manage("drain", "--campaign", campaign.ref)
        drained = scene.sink.accepted
        scene.until(lambda: time.monotonic() - stopped > down, down)
        waited = scene.sink.accepted
        warned = coordinator.is_warned(campaign)
        valkey.held = False
        valkey.begin()
        began = time.monotonic()
        resumed = scene.one_more(120)
        took = time.monotonic() - began
        scene.sink.pace = None
        scene.until(lambda: ended(campaign), 120, 0.2)
        verdict = judge(name, scene, campaign)
        verdict.more = {"down_s": round(down), "drained": drained}
        _answered(verdict, answer, told=coordinator.is_told(answer))
        _resumed(verdict, resumed, took)
        verdict.demand(
            drain.status == 0 and drained > 0,
            f"drain sent {drained} mails while the broker was down: {drain.last_words(1).strip()}",
        )
        verdict.demand(warned, "the campaign's page does not say that nobody takes its mails")
        verdict.demand(waited < recipients, "everything was sent before the broker came back")
        verdict.demand(verdict.undecided == 0, "an outage of the broker left a mail undecided")
        verdict.remarks.append(
            f"Send answered after {answer.seconds:.1f} s; {drained} sent by the command meanwhile; "
            f"the workers went on {took:.1f} s after"
        )
        return verdict


def deployed_anew(stage: Stage, name: str, recipients: int) -> Verdict:
    """Fault 6: SIGTERM to one worker after the other, and a migration that locks the ledger."""
    with stage.scene(name) as scene:
        scene.sink.pace = recipients / 40
        campaign = scene.announce(recipients)
        scene.one_more()
        released, ended_after = [], []
        for main in scene.mains:
            scene.one_more()
            pool = children(main)
            began = time.monotonic()
            main.signal(signal.SIGTERM)
            scene.until(partial(_idle, pool), 60, 0.02)
            released.append(time.monotonic() - began)
            main.wait(60)
            ended_after.append(time.monotonic() - began)
            victims.change("ALTER TABLE campaigns_delivery ADD COLUMN chaos integer DEFAULT 1")
            victims.change("ALTER TABLE campaigns_delivery DROP COLUMN chaos")
            scene.tend()
        scene.one_more()
        scene.sink.pace = None
        scene.until(lambda: ended(campaign), 120, 0.2)
        verdict = judge(name, scene, campaign)
        verdict.more = {
            "released_s": round(max(released), 1),
            "ended_s": round(max(ended_after), 1),
        }
        verdict.demand(verdict.undecided == 0, "a polite stop left a mail undecided")
        verdict.remarks.append(
            f"batches were free after {max(released):.1f} s, the worker had ended after "
            f"{max(ended_after):.1f} s"
        )
        return verdict


def everything_thrice(stage: Stage, name: str, recipients: int) -> Verdict:
    """Fault 7: each Celery message arrives three times, from three schedulers, among sweeps."""
    with stage.scene(name, beats=3) as scene, Repeater(stage.servers["REDIS_URL"]) as repeater:
        scene.sink.pace = recipients / 20
        campaign = scene.announce(recipients)
        sweeps = 0
        while not ended(campaign) and scene.seconds < 120:
            sweeps += [done.status for done in scene.manage("sweep", times=3)].count(0)
        repeated = repeater.repeated
        verdict = judge(name, scene, campaign)
        deadlocks = victims.deadlocks()
        verdict.more = {"repeated": repeated, "sweeps": sweeps, "deadlocks": deadlocks}
        verdict.demand(repeated > 0, "no message was repeated")
        verdict.demand(verdict.undecided == 0, "a repeated message left a mail undecided")
        verdict.demand(deadlocks == 0, f"{deadlocks} deadlocks")
        return verdict


def _answered(verdict: Verdict, answer: Answer, *, told: bool) -> None:
    verdict.more["answered_s"] = round(answer.seconds, 2)
    verdict.demand(told, f"Send ended on {answer.path} without the word that it is scheduled")
    verdict.demand(
        answer.seconds <= ANSWERS_WITHIN, f"Send answered after {answer.seconds:.1f} s only"
    )


def _resumed(verdict: Verdict, resumed: bool, took: float) -> None:
    verdict.more["resumed_s"] = round(took, 1)
    verdict.demand(resumed and took <= RESUMES_WITHIN, f"mail came after {took:.0f} s only")


def _idle(pids: list[int]) -> bool:
    return not victims.sending(pids)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


SCENES = {
    "stopped-past-lease": stopped_past_the_lease,
    "database-restarts": database_restarts,
    "broker-flushed": broker_flushed,
    "broker-stopped": broker_stopped,
    "deployed-anew": deployed_anew,
    "everything-thrice": everything_thrice,
}
