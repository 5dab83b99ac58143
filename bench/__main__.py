"""`python -m bench [--only PART,…] [--recipients N]`."""

import argparse
import sys
import time
from contextlib import ExitStack

from bench import results
from bench.machine import load, machine, postgres
from bench.parts import PARTS, RECIPIENTS
from bench.stage import Stage
from crm.embedded.errors import EmbeddedError
from crm.embedded.launch import Stopped, listen_to_signals


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="PART,…", help=", ".join(PARTS))
    parser.add_argument("--recipients", type=int, default=RECIPIENTS, metavar="N")
    options = parser.parse_args()
    wanted = [name for name in options.only.replace(",", " ").split() if name] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        parser.error(f"There is no part {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    if options.recipients < 1:
        parser.error("Give a number of recipients from 1.")
    listen_to_signals()
    try:
        return run(wanted, options.recipients)
    except Stopped as stopped:
        print("\nStopping.")
        return stopped.status
    except EmbeddedError as problem:
        print(problem, file=sys.stderr)
        return 1


def run(wanted: list[str], recipients: int) -> int:
    status = 0
    with ExitStack() as stack:
        stage = Stage(stack)
        for name in wanted:
            print(f"{name}: {PARTS[name].__doc__}", flush=True)
            before, began = load(), time.monotonic()
            try:
                found = PARTS[name](stage, recipients)
            except EmbeddedError as problem:
                print(f"{name} was not measured: {problem}", file=sys.stderr)
                status = 1
                continue
            took = round(time.monotonic() - began, 1)
            surroundings = {
                "recipients": recipients,
                "took_s": took,
                "load": {"before": before, "after": load()},
                "machine": machine(),
                "postgres": postgres(stage),
            }
            results.keep(name, found | surroundings)
            print("\n".join(results.lines(name)), flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
