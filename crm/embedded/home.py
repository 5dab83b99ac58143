"""Where the parts keep their files, and where their programs are."""

import importlib.util
import os
import secrets
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from crm.embedded.accounts import Account, unprivileged
from crm.embedded.errors import EmbeddedError

CHECKOUT = Path(__file__).resolve().parents[2]
VAR = CHECKOUT / "var"
OUTSIDE = Path("/var/lib/liaison")


@dataclass(frozen=True)
class Home:
    """The directories of one set of parts.

    `var` holds our own files (state, logs). `data` holds what the servers read and write: the
    same directory, or, when root works in a directory that only root may enter, one outside that
    the servers' account can reach; `var/outside` then points to it.
    """

    var: Path
    data: Path
    account: Account | None

    @classmethod
    def at(cls, var: Path) -> "Home":
        var.mkdir(parents=True, exist_ok=True)
        account = unprivileged()
        if account is None or account.can_enter(var):
            return cls(var, var, account)
        return cls(var, _outside(var), account)

    def directory(self, name: str) -> Path:
        """A directory of its own for one server, which nobody else may enter."""
        path = self.data / name
        if not path.exists():
            path.mkdir(mode=0o700)
            self.give(path)
        return path

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def programs(self, package: str) -> Path:
        """The wheel's directory, or a copy of it where the servers' account can't enter that."""
        # Located, not imported: as root the wheel's Python layer makes users and changes modes.
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedError(f"The package {package} is missing. Run: make setup")
        wheel = Path(spec.submodule_search_locations[0])
        if self.account is None or self.account.can_enter(wheel):
            return wheel
        copies = self.data / "programs" / f"{package}-{version(package)}"
        if not copies.exists():
            _copy(wheel, copies)
        return copies / package


def _outside(var: Path) -> Path:
    """The directory that belongs to this `var`, made on first use.

    It notes whose it is, so that a copied checkout gets its own and a moved one keeps its data.
    """
    link = var / "outside"
    if link.is_symlink() and link.exists():
        directory = link.resolve()
        owner = Path((directory / "checkout").read_text())
        if owner == var or not (owner / "outside").is_symlink():
            (directory / "checkout").write_text(str(var))
            return directory
    link.unlink(missing_ok=True)
    directory = OUTSIDE / secrets.token_hex(6)
    directory.mkdir(parents=True)
    directory.chmod(0o711)
    OUTSIDE.chmod(0o711)
    (directory / "checkout").write_text(str(var))
    link.symlink_to(directory)
    return directory


def _copy(wheel: Path, copies: Path) -> None:
    """Copy a wheel's programs and the libraries beside it; ours, so ours to open to everybody."""
    draft = copies.with_name(f"{copies.name}.{secrets.token_hex(4)}")
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if part.exists():
            unneeded = shutil.ignore_patterns("include", "*.py", "*.pyc", "*.a")
            shutil.copytree(part, draft / part.name, symlinks=True, ignore=unneeded)
    for path in (draft.parent, draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    draft.rename(copies)
