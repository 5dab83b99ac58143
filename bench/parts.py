"""What `ONLY=` names: each part measures one thing, by itself, within its time."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from bench.contest import PAIRS, Contest, Run
from bench.liaison import Liaison
from bench.peers.environment import environment
from bench.postfix import smtp_source
from bench.servers import LightSink, light_sink, postfix_sink
from bench.stage import Stage
from bench.strangers import alike, flood
from bench.webhooks import webhooks
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import CHECKOUT

FEW = 1_500
SLOW = 1_000  # mails a second, below which a side sends a few and rates are compared
# How many mails a side sends first, and how many a second it must do to send more.
LADDER = ((300, 50), (FEW, 200))
RECIPIENTS = 50_000
PROCESSES = 2
ROUND_TRIP = 0.02
FLIGHTS = 5  # answers that smtplib waits for with each mail
AUDIENCE = 100_000
LIST = 100_000  # rows of a file
FEWEST = 100
PEER_SECONDS = 20  # about how long each of the slowest may take for one run
SIDE_WITHIN = 150.0

Found = dict[str, Any]
Part = Callable[[Stage, int], Found]


def ceiling(stage: Stage, count: int) -> Found:
    """Prebuilt bytes into the light sink: how much of the machine's limit we reach."""
    ours, warm = ready(stage, count)
    contest = Contest("ceiling")

    def theirs(run: Run) -> Run:
        with light_sink() as sink:
            words = ("--lines", "2", "--octets", str(run.seen["octets"]))
            return together("bench.ceiling", sink, count, *words)

    contest.fight(lambda: into_light_sink(ours), theirs)
    mine = [entry.run for entry in contest.entries if entry.side == "liaison"]
    return {
        "ratios": {"ceiling": contest.report()["ratio"]},
        "worker_cpu_us": middle(mine, "cpu_us"),
        "postgres_cpu_us": middle(mine, "postgres_us"),
        "worker_rss_mb": middle(mine, "pss_mb"),
        "octets": warm.seen["octets"],
        "processes": warm.seen["processes"],
        "window": ours.window,
        "detail": contest.report(),
    }


def smtp_source_(stage: Stage, count: int) -> Found:
    """C to C: Debian's smtp-source against us, both into its smtp-sink."""
    ours, warm = ready(stage, count)
    tool = smtp_source(stage.home)
    contest = Contest("smtp-source")

    def mine() -> Run:
        with postfix_sink(stage.home) as sink:
            return ours.send(sink)

    def theirs(_run: Run) -> Run:
        octets = str(warm.seen["octets"])
        with postfix_sink(stage.home) as sink:
            words = ["-d", "-s", "10", "-m", str(count), "-l", octets, f"127.0.0.1:{sink.port}"]
            began = time.monotonic()
            subprocess.run(
                [str(tool.path), *words], env=tool.environment, check=True, timeout=SIDE_WITHIN
            )
            seconds = time.monotonic() - began
            time.sleep(0.2)  # it writes its last count when the line closes
            found = sink.record().messages
            if found != count:
                raise EmbeddedError(f"smtp-source sent {count}, smtp-sink counted {found}.")
            return Run(found, seconds)

    contest.fight(mine, theirs)
    return {"ratios": {"smtp_source": contest.report()["ratio"]}, "detail": contest.report()}


def smtplib_20ms(stage: Stage, count: int) -> Found:
    """A line with 20 ms round trip: the standard library with as many connections as we open."""
    ours, _warm = ready(stage, count, delay=ROUND_TRIP)
    contest = Contest("smtplib")

    def theirs(run: Run) -> Run:
        lines = max(1, run.seen["lines"] // PROCESSES)
        slow = lines * PROCESSES / (FLIGHTS * ROUND_TRIP) < SLOW
        with light_sink(delay=ROUND_TRIP) as sink:
            words = ("--lines", str(lines), "--octets", str(run.seen["octets"]))
            return together("bench.smtplib_sender", sink, FEW if slow else count, *words)

    contest.fight(lambda: into_light_sink(ours, delay=ROUND_TRIP), theirs)
    return {"ratios": {"smtplib_20ms": contest.report()["ratio"]}, "detail": contest.report()}


def naive_django(stage: Stage, count: int) -> Found:
    """Template, EmailMultiAlternatives and send_messages in two processes, the same content."""
    ours, _warm = ready(stage, count)
    contest = Contest("naive Django")
    mail = stage.home.data / "mail.eml"
    with light_sink(keep=mail) as sink:
        Liaison(stage, stage.base(min(LADDER[0][0], count)), {}).send(sink)

    def theirs(_run: Run) -> Run:
        with light_sink() as sink:
            return together("bench.naive", sink, min(FEW, count), "--mail", str(mail))

    contest.fight(lambda: into_light_sink(ours), theirs)
    return {"ratios": {"naive_django": contest.report()["ratio"]}, "detail": contest.report()}


def peers(stage: Stage, count: int) -> Found:
    """django-newsletter, django-mailer and django-post-office at their defaults."""
    ours, _warm = ready(stage, count)
    mail = stage.home.data / "mail.eml"
    with light_sink(keep=mail) as sink:
        Liaison(stage, stage.base(min(LADDER[0][0], count)), {}).send(sink)
    python = environment(stage)
    found = {}

    def run(name: str, each: int) -> Run:
        with light_sink() as sink, stage.fresh("template1") as database:
            words = ("--port", str(sink.port), "--count", str(each), "--mail", str(mail))
            said = stage.python(
                *("-m", f"bench.peers.{name}", *words),
                database=database,
                interpreter=python,
            )
            if sink.record().messages != each:
                raise EmbeddedError(f"{name} sent {sink.record().messages} of {each}:\n{said}")
        return Run(each, json.loads(said.strip().splitlines()[-1])["seconds"])

    for name in ("newsletter", "mailer", "post_office"):
        each = max(FEWEST, min(FEW, count, int(run(name, FEWEST).rate * PEER_SECONDS)))
        contest = Contest(name)
        contest.fight(lambda: into_light_sink(ours), partial(_theirs, run, name, each))
        found[name] = contest.report()
    return {"peers": found}


def _theirs(run: Callable[[str, int], Run], name: str, each: int, _ours: Run) -> Run:
    return run(name, each)


def launch(stage: Stage, _count: int) -> Found:
    """From the signed lane to the open one: an audience of 100,000 with every exclusion."""
    base = stage.base(AUDIENCE, exclusions=True)
    runs = []
    for _run in range(PAIRS):
        with stage.fresh(base) as database:
            said = stage.python("-m", "bench.launch", database=database)
        runs.append(json.loads(said.strip().splitlines()[-1]))
    seconds = [run["seconds"] for run in runs]
    return {
        "launch_100k_s": statistics.median(seconds),
        "launch": {
            "spread": [min(seconds), max(seconds)],
            "deliveries": runs[0]["deliveries"],
            "excluded": runs[0]["excluded"],
        },
    }


def imports(stage: Stage, _count: int) -> Found:
    """A list of 100,000 people at 33,334 companies: all new, all the same, one in ten changed."""
    base = stage.base(FEWEST)
    found: Found = {"imports": {}}
    for kind in ("csv", "xlsx"):
        with stage.fresh(base) as database:
            said = stage.python(
                *("-m", "bench.imports", "--rows", str(LIST), "--kind", kind), database=database
            )
        runs = json.loads(said.strip().splitlines()[-1])
        seconds = {name: runs[name]["seconds"] for name in ("new", "same", "changed")}
        found[f"import_{kind}_rows_s"] = round(LIST / seconds["new"])
        found["imports"][kind] = runs
    return found


def pages(stage: Stage, _count: int) -> Found:
    """Pages over 100,000 people, as a contact, a coordinator, an administrator and a visitor."""
    base = stage.base(AUDIENCE)
    with stage.fresh(base) as database:
        said = stage.python("-m", "bench.list_pages", database=database)
    return {"pages_ms": json.loads(said.strip().splitlines()[-1])}


def questions(stage: Stage, _count: int) -> Found:
    """Every question that the lists of 100,000 people can be asked, in some 1,500 pages."""
    with stage.fresh(stage.base(AUDIENCE)) as database:
        said = stage.python("-m", "bench.every_list", database=database)
    return {"questions": json.loads(said.strip().splitlines()[-1])}


def building(stage: Stage, _count: int) -> Found:
    """The audience builder over 100,000 people: what each change of a condition costs."""
    with stage.fresh(stage.base(AUDIENCE, exclusions=True)) as database:
        said = stage.python("-m", "bench.building", database=database)
    return {"building_ms": json.loads(said.strip().splitlines()[-1])}


def exports(stage: Stage, _count: int) -> Found:
    """100,000 people as CSV and XLSX with all their columns, and a cluster's duplicates."""
    with stage.fresh(stage.base(AUDIENCE)) as database:
        said = stage.python("-m", "bench.exports", database=database)
    return {"exports": json.loads(said.strip().splitlines()[-1])}


def workers(stage: Stage, count: int) -> Found:
    """One, two and four processes that send."""
    _ours, _warm = ready(stage, count)
    found = {}
    for processes in (1, 2, 4):
        side = Liaison(stage, _ours.base, {"SENDING_WORKERS": str(processes)})
        found[str(processes)] = summary([into_light_sink(side) for _run in range(PAIRS)])
    return {"workers": found}


def growth(stage: Stage, count: int) -> Found:
    """From 10,000 recipients to 1,000,000, or to N: rate, CPU and memory must stay."""
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= max(count, 10_000)]
    found = {}
    for size in sizes:
        side = Liaison(stage, stage.base(size), {})
        found[str(size)] = summary([into_light_sink(side)])
    return {"growth": found}


def into_light_sink(ours: Liaison, *, delay: float = 0.0) -> Run:
    with light_sink(delay=delay) as sink:
        return ours.send(sink)


def ready(stage: Stage, count: int, *, delay: float = 0.0) -> tuple[Liaison, Run]:
    """Our side at the size its speed allows, and the run that warmed it up."""
    for size, fast_enough in LADDER:
        ours = Liaison(stage, stage.base(min(size, count)), {})
        warm = into_light_sink(ours, delay=delay)
        if size >= count or warm.rate < fast_enough:
            return ours, warm
    return Liaison(stage, stage.base(count), {}), warm


def together(module: str, sink: LightSink, count: int, *words: str) -> Run:
    """Two of these senders begun at once; the slower one ends the run."""
    share = count // PROCESSES
    with ExitStack() as stack:
        senders = []
        for _process in range(PROCESSES):
            sender = subprocess.Popen(
                [
                    *(sys.executable, "-m", module),
                    *("--port", str(sink.port), "--count", str(share), *words),
                ],
                stdout=subprocess.PIPE,
                text=True,
                cwd=CHECKOUT,
            )
            stack.callback(sender.wait)
            stack.callback(sender.kill)
            senders.append(sender)
        said = [sender.communicate(timeout=SIDE_WITHIN)[0] for sender in senders]
        if any(sender.returncode for sender in senders):
            raise EmbeddedError(f"{module} failed; its error stands above.")
    found = sink.record().messages
    if found != share * PROCESSES:
        raise EmbeddedError(f"{module} sent {share * PROCESSES}, the light sink counted {found}.")
    return Run(found, max(json.loads(line)["seconds"] for line in said))


def summary(runs: Sequence[Run]) -> Found:
    return {
        "rate": round(statistics.median(run.rate for run in runs)),
        "spread": [round(min(run.rate for run in runs)), round(max(run.rate for run in runs))],
        "messages": runs[0].messages,
        "cpu_us": middle(runs, "cpu_us"),
        "postgres_us": middle(runs, "postgres_us"),
        "pss_mb": middle(runs, "pss_mb"),
    }


def middle(runs: Sequence[Run], name: str) -> float:
    return float(statistics.median(run.seen[name] for run in runs))


PARTS: dict[str, Part] = {
    "ceiling": ceiling,
    "smtp_source": smtp_source_,
    "smtplib_20ms": smtplib_20ms,
    "naive_django": naive_django,
    "peers": peers,
    "launch": launch,
    "imports": imports,
    "pages": pages,
    "questions": questions,
    "building": building,
    "exports": exports,
    "workers": workers,
    "growth": growth,
    "webhooks": webhooks,
    "flood": flood,
    "alike": alike,
}
