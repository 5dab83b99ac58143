"""Ends what the supervisor leaves behind when it is killed.

The kernel tells only its direct children. This process reads the groups of its children from a
pipe (“+12” started, “-12” ended); the pipe closes however the supervisor ends.
"""

import os
import signal
import sys
from typing import IO

from crm.embedded.home import CHECKOUT
from crm.embedded.process import Program


class Guard:
    """The supervisor's end of the pipe."""

    def __init__(self, environment: dict[str, str]) -> None:
        reading, self._writing = os.pipe()
        self._program = Program(
            name="guard",
            command=[sys.executable, "-m", "crm.embedded.guard", str(reading)],
            environment=environment,
            pass_fds=(reading,),
            directory=CHECKOUT,
            orphaned_by=None,  # it outlives us by the moment that its work takes
        )
        self._program.start()
        os.close(reading)

    def watch(self, group: int) -> None:
        os.write(self._writing, b"+%d\n" % group)

    def forget(self, group: int) -> None:
        os.write(self._writing, b"-%d\n" % group)

    def close(self) -> None:
        os.close(self._writing)
        self._program.finish()


def guard(orders: IO[str]) -> None:
    groups: set[int] = set()
    for order in orders:
        if order.startswith("+"):
            groups.add(int(order))
        else:
            groups.discard(-int(order))
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[1])) as pipe:
        guard(pipe)
