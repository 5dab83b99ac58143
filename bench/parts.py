"""What `ONLY=` names: each part measures one thing, by itself, within its time."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from bench.contest import Contest, Run
from bench.liaison import Liaison
from bench.servers import LightSink, light_sink
from bench.stage import Stage
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import CHECKOUT

FEW = 1_500
# How many mails a side sends first, and how many a second it must do to send more.
LADDER = ((300, 100), (FEW, 1_000))
RECIPIENTS = 50_000
PROCESSES = 2
SIDE_WITHIN = 150.0

Part = Callable[[Stage, int], dict[str, Any]]


def ceiling(stage: Stage, count: int) -> dict[str, Any]:
    """Prebuilt bytes into the light sink: how much of the machine's limit is left."""
    ours = ready(stage, count)
    contest = Contest("ceiling")

    def send() -> Run:
        with light_sink() as sink:
            return ours.send(sink)

    contest.fight(send, lambda run: prebuilt(count, run.seen["octets"]))
    report = contest.report()
    mine = [run for run in report["runs"] if run["side"] == "liaison"]
    return {
        "ratios": {"ceiling": report["ratio"]},
        "worker_cpu_us": median(mine, "cpu_us"),
        "worker_rss_mb": median(mine, "pss_mb"),
        "detail": report,
    }


def prebuilt(count: int, octets: int, *, lines: int = 2) -> Run:
    """The ceiling itself: as many processes as we send with."""
    with light_sink() as sink:
        words = ("--count", str(count // PROCESSES), "--lines", str(lines))
        seconds = max(
            json.loads(said)["seconds"]
            for said in together(
                "bench.ceiling", sink, *words, "--octets", str(octets), processes=PROCESSES
            )
        )
        return counted(sink, count // PROCESSES * PROCESSES, seconds)


def together(module: str, sink: LightSink, *words: str, processes: int) -> list[str]:
    """What several of these senders say at their end, all begun at once."""
    with ExitStack() as stack:
        senders = []
        for _process in range(processes):
            sender = subprocess.Popen(
                [sys.executable, "-m", module, "--port", str(sink.port), *words],
                stdout=subprocess.PIPE,
                text=True,
                cwd=CHECKOUT,
            )
            stack.callback(sender.wait)
            stack.callback(sender.kill)
            senders.append(sender)
        return [sender.communicate(timeout=SIDE_WITHIN)[0] for sender in senders]


def counted(sink: LightSink, meant: int, seconds: float) -> Run:
    found = sink.record().messages
    if found != meant:
        raise EmbeddedError(f"{meant} mails were sent, but the light sink counted {found}.")
    return Run(found, seconds)


def ready(stage: Stage, count: int, **settings: str) -> Liaison:
    """Our side warmed up, at the size its speed allows."""
    for size, fast_enough in LADDER:
        ours = Liaison(stage, stage.base(min(size, count)), settings)
        if size >= count:
            return ours
        with light_sink() as sink:
            if ours.send(sink).rate < fast_enough:
                return ours
    return Liaison(stage, stage.base(count), settings)


def median(runs: list[dict[str, Any]], name: str) -> float:
    values = sorted(run[name] for run in runs)
    return float(values[len(values) // 2])


PARTS: dict[str, Part] = {"ceiling": ceiling}
