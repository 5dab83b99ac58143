"""Child processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crm.embedded.accounts import Account

LOG_LIMIT = 10_000_000
_PR_SET_PDEATHSIG = 1
# Loaded once, here: between fork and exec nothing may be imported.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(by: signal.Signals | None, parent: int) -> None:
    """Let the kernel send `by` to this process when the thread that started it ends."""
    if by is None:
        return
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Program:
    """A child process: how to start it, stop it, and start it again when it dies.

    Start it from the main thread: the parent-death signal follows the starting *thread*.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path | None = None
    directory: Path = Path("/")
    account: Account | None = None
    stops_by: signal.Signals = signal.SIGTERM
    orphaned_by: signal.Signals | None = signal.SIGKILL
    patience: float = 10.0
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _log_began: int = field(default=0, init=False)

    def start(self) -> None:
        parent = os.getpid()
        output = _open_log(self.log) if self.log else None
        self._log_began = os.fstat(output).st_size if output else 0
        drop: dict[str, Any] = (
            {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
            if self.account
            else {}
        )
        try:
            self.process = subprocess.Popen(
                [str(word) for word in self.command],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                cwd=self.directory,
                process_group=0,  # a Ctrl-C reaches the supervisor only, which stops all in order
                preexec_fn=lambda: die_with_parent(self.orphaned_by, parent),  # noqa: PLW1509
                pass_fds=self.pass_fds,
                **drop,
            )
        finally:
            if output:
                os.close(output)

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was never started"
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def status(self) -> int:
        """The exit status, as a shell would report it."""
        code = self.process.returncode if self.process else 0
        return code if code >= 0 else 128 - code

    def signal(self, by: signal.Signals) -> None:
        if self.process is not None and self.running:
            self.process.send_signal(by)

    def wait(self, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> bool:
        """Whether the process ended within this time."""
        deadline = time.monotonic() + seconds
        while self.running and time.monotonic() < deadline:
            meanwhile()
            time.sleep(0.02)
        return not self.running

    def stop(self) -> None:
        """Ask it to end, then insist; whatever it started goes with it."""
        self.signal(self.stops_by)
        self.finish()

    def finish(self) -> None:
        """Give it time to end, then insist."""
        self.wait(self.patience)
        self.kill_group()
        if self.process is not None:
            self.process.wait()

    def kill_group(self) -> None:
        """Kill what is left of the process and its children."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):  # nothing is left: what we wanted
            os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 5) -> str:
        """The end of what it wrote since it was started."""
        if self.log is None or not self.log.exists():
            return ""
        text = self.log.read_bytes()[self._log_began :].decode(errors="replace")
        return "\n".join(f"  {line}" for line in text.splitlines()[-lines:])


def _open_log(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
