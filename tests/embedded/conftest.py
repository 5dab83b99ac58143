"""Real commands in directories of their own, and what they leave behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
Started = subprocess.Popen[str]
Start = Callable[..., Started]

# A command that says where its database is, and then stays until its input ends.
HOLD = """
import os, sys
from pathlib import Path
from crm import embedded
with embedded.parts(Path(sys.argv[1])):
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for one set of parts, which every account may enter."""
    directory = Path(tempfile.mkdtemp(prefix="liaison-"))
    directory.chmod(0o755)
    yield directory
    for outside in directory.rglob("outside"):
        shutil.rmtree(outside.resolve())
    shutil.rmtree(directory)


other_place = place


@pytest.fixture
def start() -> Iterator[Start]:
    """Start Python code with arguments; ended at the latest with the test."""
    running: list[Started] = []

    def begin(code: str, *words: object, **variables: str) -> Started:
        command = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=bare_environment() | variables,
        )
        running.append(command)
        return command

    yield begin
    for command in running:
        children = descendants(command.pid)
        command.kill()
        command.communicate()
        assert all_end(children)


def bare_environment() -> dict[str, str]:
    """Ours, without the servers of this test run."""
    ours = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "BASE_URL", "DEBUG", "PORT", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def line(command: Started) -> str:
    """Its next line of output; fails with its errors when it ended instead."""
    assert command.stdout
    assert command.stderr
    text = command.stdout.readline()
    assert text, command.stderr.read()
    return text.strip()


def finish(command: Started) -> tuple[int, str, str]:
    """End its input; its exit status, output and errors."""
    output, errors = command.communicate(timeout=60)
    return command.returncode, output, errors


def descendants(pid: int) -> set[int]:
    """Everything that this process started, however far down."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


def all_end(pids: set[int], within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while any(_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
