"""How the commands of one checkout find out about each other."""

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any


class State:
    """Who runs the parts here, and how to reach them.

    The owner holds a lock for as long as it runs: the kernel lets go of it however the owner
    ends, so nothing here can be stale. The file beside it holds the addresses. Those who use
    the parts of another command share a second lock, and its owner waits for them.
    """

    def __init__(self, var: Path) -> None:
        directory = var / "run"
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = directory / "embedded.json"
        self._owner = _open(directory / "embedded.lock")
        self._users = _open(directory / "embedded.users")

    def claim(self) -> bool:
        """Become the owner, unless there is one."""
        try:
            fcntl.flock(self._owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.withdraw()  # what a killed owner left
        return True

    def publish(self, environment: dict[str, str]) -> None:
        draft = self.file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"pid": os.getpid(), "environment": environment}, indent=1))
        draft.replace(self.file)

    def withdraw(self) -> None:
        self.file.unlink(missing_ok=True)

    def read(self) -> dict[str, str]:
        """The variables of the running parts; empty when nobody published any."""
        return dict(self._content().get("environment", {}))

    @property
    def owner(self) -> str:
        """The number of the process that runs the parts."""
        return str(self._content().get("pid", "?"))

    def join(self) -> None:
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def leave(self) -> None:
        fcntl.flock(self._users, fcntl.LOCK_UN)

    def await_users(self) -> None:
        fcntl.flock(self._users, fcntl.LOCK_EX)

    def close(self) -> None:
        os.close(self._owner)
        os.close(self._users)

    def _content(self) -> dict[str, Any]:
        with suppress(FileNotFoundError):
            return dict(json.loads(self.file.read_text()))
        return {}


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
