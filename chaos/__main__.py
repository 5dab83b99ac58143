"""`python -m chaos`: see docs/chaos.md."""

import argparse
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from chaos.stage import Stage
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import VAR
from crm.embedded.launch import Stopped, listen_to_signals
from crm.embedded.supervisor import say

if TYPE_CHECKING:
    from chaos.verdict import Verdict

RESULT = VAR / "chaos.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--only", default="", help="names of scenes, with commas between")
    chosen = parser.parse_args()
    listen_to_signals()
    with ExitStack() as stack:
        try:
            stage = Stage(stack)
            say("Preparing a database.")
            stage.prepare()
            verdicts = play(stage, chosen.recipients, chosen.kills, set(chosen.only.split(",")))
        except EmbeddedError as problem:
            print(problem, file=sys.stderr)
            return 1
        except Stopped as stopped:
            say("\nStopping.")
            return stopped.status
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def play(stage: Stage, recipients: int, kills: int, only: set[str]) -> "list[Verdict]":
    from chaos import kills as hunting  # noqa: PLC0415  Django is set up only now
    from chaos import table  # noqa: PLC0415

    verdicts = []
    for name, chosen in (
        ("window-1", {"SENDING_WINDOW": 1, "SENDING_LINES": 1}),
        ("window-default", {}),
    ):
        say(f"{name}: {recipients} recipients, {kills} kills.")
        verdict = hunting.run(stage, name, recipients, kills, **chosen)
        verdicts.append(verdict)
    table.write(RESULT, verdicts)
    for line in table.lines(verdicts):
        say(line)
    return verdicts


if __name__ == "__main__":
    sys.exit(main())
