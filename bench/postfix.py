"""Debian's smtp-source and smtp-sink, without installing a mail server.

Both belong to the package postfix. Where they are not installed, apt fetches the package by its
name into var/bench, and it is unpacked there, not installed.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from crm.embedded.errors import EmbeddedError
from crm.embedded.home import Home

PATIENCE = 120  # seconds for apt
INSTALLED = Path("/usr/sbin")
WITHOUT = (
    "smtp-source and smtp-sink are missing and apt could not fetch them ({why}). "
    "An administrator may install the package postfix; everything else of the benchmark runs."
)


@dataclass(frozen=True)
class Tool:
    path: Path
    environment: dict[str, str]


def smtp_source(home: Home) -> Tool:
    return _tool(home, "smtp-source")


def smtp_sink(home: Home) -> Tool:
    return _tool(home, "smtp-sink")


def _tool(home: Home, name: str) -> Tool:
    if (INSTALLED / name).exists():
        return Tool(INSTALLED / name, {})
    unpacked = home.data / "postfix"
    if not unpacked.exists():
        _fetch(home, unpacked)
    libraries = unpacked / "usr" / "lib" / "postfix"
    return Tool(unpacked / "usr" / "sbin" / name, {"LD_LIBRARY_PATH": str(libraries)})


def _fetch(home: Home, unpacked: Path) -> None:
    if not shutil.which("apt-get"):
        raise EmbeddedError(WITHOUT.format(why="there is no apt-get here"))
    draft = home.data / "postfix.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    draft.chmod(0o755)
    try:
        for words in (["apt-get", "update"], ["apt-get", "download", "postfix"]):
            asked = subprocess.run(
                words, cwd=draft, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        packages = list(draft.glob("postfix_*.deb"))
        if not packages:
            raise EmbeddedError(WITHOUT.format(why=asked.stderr.strip().splitlines()[-1:]))
        dpkg = shutil.which("dpkg-deb") or "dpkg-deb"
        unpack: list[str | Path] = [dpkg, "-x", packages[0], draft]
        subprocess.run(unpack, check=True, timeout=PATIENCE)
        packages[0].unlink()
    except subprocess.TimeoutExpired as late:
        raise EmbeddedError(WITHOUT.format(why=late)) from late
    draft.rename(unpacked)
