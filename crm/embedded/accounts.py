"""PostgreSQL refuses to run as root: then the servers run as an account without rights."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from crm.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def can_enter(self, path: Path) -> bool:
        """Whether this account gets to the path. Asked for real: modes alone don't tell (ACLs)."""
        question: list[str | Path] = ["test", "-r", path, "-a", "-x", path]
        answer = subprocess.run(
            question, user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False
        )
        return answer.returncode == 0


def unprivileged() -> Account | None:
    """The account to drop to; None where we aren't root and simply stay who we are."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root and this machine has no account “nobody” to run it. "
            "Work as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)
