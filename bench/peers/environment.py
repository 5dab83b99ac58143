"""Where the other mailers are installed: an environment of their own, from their own lock file."""

import hashlib
import subprocess
import sys
from pathlib import Path

from bench.stage import Stage
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import CHECKOUT

LOCK = CHECKOUT / "bench" / "peers" / "requirements.txt"
PATIENCE = 300
UV = ("-m", "uv", "--no-config", "--system-certs")


def environment(stage: Stage) -> Path:
    """The Python that has them; made once for each state of the lock file."""
    home = stage.home.var / "peers"
    python = home / "bin" / "python"
    ready = home / hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not ready.exists():
        _run("-m", "venv", "--clear", "--without-pip", home)
        _run(*UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", LOCK)
        ready.touch()
    return python


def _run(*words: str | Path) -> None:
    try:
        done = subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise EmbeddedError(f"The other mailers could not be installed: {late}") from late
    if done.returncode:
        raise EmbeddedError(f"The other mailers could not be installed:\n{done.stderr}")
