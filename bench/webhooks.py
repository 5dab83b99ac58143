"""Providers' events while a campaign leaves: every one stored once, and the campaign in time."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.liaison import MISSION, Liaison
from bench.servers import light_sink
from bench.stage import Stage, children, cpu_seconds
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import CHECKOUT
from crm.embedded.process import Program
from tests.kit.provider import KEY, SECRET

RATE = 1_010  # events a second: a little more than the goal, as the last answer comes late
SECONDS = 60.0
PACE = 500  # mails a second of the campaign meanwhile
SHARE = 0.6  # of the campaign's time; before and after it must be under way too
UNDERSTOOD_WITHIN = 120.0
SECRETS = {"ANYMAIL_WEBHOOK_SECRET": SECRET, "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
MAILS = """
SELECT min(d.id), count(*) FROM campaigns_delivery d JOIN campaigns_campaign c
ON c.id = d.campaign_id WHERE c.ref = %s AND c.status = 'sending'
"""
SENT = """
SELECT count(*) FROM campaigns_delivery d JOIN campaigns_campaign c
ON c.id = d.campaign_id WHERE c.ref = %s AND d.settled_at IS NOT NULL
"""
INBOX = """
SELECT count(DISTINCT event_key), count(*) FILTER (WHERE processed_at IS NULL),
       count(*) FILTER (WHERE parked_at IS NOT NULL)
FROM campaigns_hookevent
"""
DELIVERED = "SELECT count(*) FROM campaigns_delivery WHERE delivered_at IS NOT NULL"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
CALL = f"{MISSION}-call"
WEB = "bench web"  # how the database knows the site's connections


class Lost(EmbeddedError):
    """An event that was answered is not there, or was not understood: then there is no figure."""


@dataclass
class Used:
    """CPU seconds of processes that may end and be replaced while we look."""

    seconds: dict[int, float] = field(default_factory=dict)

    def look(self, pids: list[int]) -> None:
        for pid in pids:
            self.seconds[pid] = max(self.seconds.get(pid, 0.0), cpu_seconds([pid]))

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


def webhooks(stage: Stage, count: int) -> dict[str, Any]:
    """A thousand webhooks a second while a campaign paced at 500 mails a second leaves."""
    seconds = min(SECONDS, SHARE * count / PACE)
    ours = Liaison(stage, stage.base(count), SECRETS | {"DEMO_RATE": str(PACE)})
    with (
        light_sink() as sink,
        stage.fresh(ours.base) as database,
        stage.site(database=database, more=SECRETS | {"PGAPPNAME": WEB}) as (web, port),
        ours.deployed(database, sink) as worker,
        stage.connect(database) as connection,
    ):

        def ask(sql: str, *values: object) -> Any:
            return connection.execute(sql, values).fetchone()

        def look() -> None:
            web_used.look([web.pid, *children(web.pid)])
            database_used.look([pid for (pid,) in connection.execute(BACKENDS, [WEB])])  # type: ignore[misc]

        web_used, database_used = Used(), Used()
        ours.announce(database, sink)
        first, mails = _under_way(ask, worker)
        with _caller(port, int(RATE * seconds), first, mails) as caller:
            look()
            before = web_used.total, database_used.total
            sent, began = sink.record().messages, time.monotonic()
            said = _go(caller, look)
            sent = sink.record().messages - sent
            pace = sent / (time.monotonic() - began)
        used = web_used.total - before[0], database_used.total - before[1]
        stored, behind, _parked = ask(INBOX)
        _check(said, stored)
        backlog = _understood(ask, said["calls"] // 2)
        ours.await_end(database, worker)
        ours.ledger(database, sink.record().messages)
    return {
        "webhooks_s": said["rate"],
        "webhooks_p50_ms": said["p50_ms"],
        "webhooks_p99_ms": said["p99_ms"],
        "webhooks_longest_ms": said["longest_ms"],
        "webhooks_stored": stored,
        "webhooks_lost": 0,  # or there would be no figure
        "webhooks_seconds": said["seconds"],
        "webhooks_pace": round(pace / PACE, 3),
        "webhooks_web_us": round(used[0] / stored * 1e6, 1),
        "webhooks_postgres_us": round(used[1] / stored * 1e6, 1),
        "webhooks_caller_us": said["cpu_us"],
        "webhooks_behind": behind,
        "webhooks_backlog_s": backlog,
    }


def _under_way(ask: Any, worker: Program) -> tuple[int, int]:
    """The campaign's first delivery and how many there are, once mails leave."""
    deadline = time.monotonic() + UNDERSTOOD_WITHIN
    while not ask(SENT, CALL)[0]:
        if time.monotonic() > deadline or not worker.running:
            raise EmbeddedError(f"The campaign does not begin:\n{worker.last_words()}")
        time.sleep(0.1)
    first, mails = ask(MAILS, CALL)
    return first, mails


@contextmanager
def _caller(port: int, calls: int, first: int, mails: int) -> Iterator["subprocess.Popen[str]"]:
    """The provider, with its calls written and ready to begin."""
    words = {"port": port, "rate": RATE, "count": calls, "first": first, "mails": mails}
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "bench.caller"),
            *(word for name, value in words.items() for word in (f"--{name}", str(value))),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    ) as caller:
        try:
            assert caller.stdout
            if caller.stdout.readline() != "ready\n":
                raise EmbeddedError("bench.caller failed; its error stands above.")
            yield caller
        finally:
            caller.kill()


def _go(caller: "subprocess.Popen[str]", look: Callable[[], None]) -> dict[str, Any]:
    """Let the calls begin; what came of them. Meanwhile we look once a second."""
    assert caller.stdin
    caller.stdin.write("go\n")
    caller.stdin.flush()
    while True:
        try:
            said, _errors = caller.communicate(timeout=1.0)
        except subprocess.TimeoutExpired:
            look()
        else:
            break
    look()
    if caller.returncode:
        raise EmbeddedError("bench.caller failed; its error stands above.")
    found: dict[str, Any] = json.loads(said)
    return found


def _check(said: dict[str, Any], stored: int) -> None:
    if not said["calls"] == said["stored"] == stored:
        raise Lost(
            f"Of {said['calls']} events {said['stored']} were answered with 200 and {stored} are "
            f"stored. Other answers: {said['otherwise'] or 'none'}."
        )


def _understood(ask: Any, delivered: int) -> float:
    """Seconds until the inbox is empty; each event must have reached its mail."""
    began = time.monotonic()
    while True:
        _stored, behind, parked = ask(INBOX)
        if not behind:
            break
        if parked or time.monotonic() - began > UNDERSTOOD_WITHIN:
            raise Lost(f"{behind} events are not understood, {parked} of them parked.")
        time.sleep(0.1)
    seconds = time.monotonic() - began
    found = ask(DELIVERED)[0]
    if found != delivered:
        raise Lost(f"{delivered} mails were told to be delivered, the ledger has {found}.")
    return round(seconds, 1)
