"""Faults, one after the other, on a deployment of its own. See docs/chaos.md."""

import argparse
import sys
from contextlib import ExitStack

from chaos.stage import Stage
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import VAR
from crm.embedded.launch import Stopped, listen_to_signals
from crm.embedded.supervisor import say

RESULT = VAR / "chaos.json"
RUNS: dict[str, dict[str, int]] = {
    "window-1": {"SENDING_WINDOW": 1, "SENDING_LINES": 1},
    "window-default": {},
}
SCENES = (
    "stopped-past-lease",
    "database-restarts",
    "broker-flushed",
    "broker-stopped",
    "deployed-anew",
    "everything-thrice",
)
SCENE_RECIPIENTS = 3_000  # at most; the runs have as many as asked for


def main() -> int:
    chosen = _arguments()
    listen_to_signals()
    with ExitStack() as stack:
        try:
            return play(Stage(stack), chosen.recipients, chosen.kills, chosen.only)
        except EmbeddedError as problem:
            print(problem, file=sys.stderr)
            return 1
        except Stopped as stopped:
            say("\nStopping.")
            return stopped.status


def play(stage: Stage, recipients: int, kills: int, only: list[str]) -> int:
    say("Preparing a database.")
    stage.prepare()
    from chaos import hunt, scenes, table  # noqa: PLC0415  they need Django's settings

    verdicts = []
    for name in only:
        if name in RUNS:
            say(f"{name}: {kills} kills while {recipients} mails are sent.")
            verdict = hunt.run(stage, name, recipients, kills, **RUNS[name])
        else:
            say(f"{name}: {scenes.SCENES[name].__doc__}")
            verdict = scenes.SCENES[name](stage, name, min(recipients, SCENE_RECIPIENTS))
        verdicts.append(verdict)
        table.write(RESULT, verdicts)
    for line in table.lines(verdicts):
        say(line)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--recipients", type=_count, default=10_000, metavar="N")
    parser.add_argument("--kills", type=_count, metavar="N", help="3 for 100 recipients")
    parser.add_argument(
        "--only", type=_scenes, default=[*RUNS, *SCENES], help=", ".join([*RUNS, *SCENES])
    )
    chosen = parser.parse_args()
    chosen.kills = chosen.kills or max(1, chosen.recipients * 3 // 100)
    if chosen.recipients < 10 * chosen.kills:
        parser.error(f"{chosen.kills} kills want {10 * chosen.kills} recipients or more.")
    return chosen


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of at least 1.")
    return int(text)


def _scenes(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in RUNS and name not in SCENES:
            known = ", ".join([*RUNS, *SCENES])
            raise argparse.ArgumentTypeError(f"There is no scene “{name}”. There are: {known}.")
    return names


if __name__ == "__main__":
    sys.exit(main())
