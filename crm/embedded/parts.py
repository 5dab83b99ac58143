"""A database and a broker for one command: those that run here already, or its own."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from crm.embedded.errors import EmbeddedError
from crm.embedded.home import VAR, Home
from crm.embedded.postgres import Postgres
from crm.embedded.state import State
from crm.embedded.valkey import Valkey

Server = Postgres | Valkey
# What every command needs, with an example of its value.
NEEDED = {
    "DATABASE_URL": "postgres://user:password@host/name",
    "REDIS_URL": "redis://:password@host/0",
}
OTHER_STARTS_WITHIN = 90.0


@contextmanager
def parts(var: Path = VAR, *, durable: bool = True) -> Iterator[None]:
    """Fill in DATABASE_URL and REDIS_URL where they are missing.

    They name the parts that already run in this checkout; else those are started now, and stopped
    at the end. `durable=False` (tests only) trades safety on power loss for speed.
    """
    if not missing():
        yield
        return
    refuse_where_unfit()
    state = State(var)
    with ExitStack() as stack:
        stack.callback(state.close)
        deadline = time.monotonic() + OTHER_STARTS_WITHIN
        while not state.claim():
            if _attach(state):
                yield
                return
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    "Another command holds this checkout's database but does not finish "
                    f"starting it. Look into {var / 'log'}, or end it."
                )
            time.sleep(0.05)
        servers = start(Home.at(var), stack, durable=durable)
        environment = {name: server.url for name, server in servers.items()}
        os.environ.update(environment)
        state.publish(environment)
        yield
        state.withdraw()  # whoever comes now starts its own
        state.await_users()


def start(home: Home, stack: ExitStack, *, durable: bool = True) -> dict[str, Server]:
    """Start what the environment lacks, by the variable that will name it; the stack stops it."""
    servers: dict[str, Server] = {}
    if "DATABASE_URL" in missing():
        servers["DATABASE_URL"] = Postgres.prepare(home, durable=durable)
    if "REDIS_URL" in missing():
        servers["REDIS_URL"] = Valkey.prepare(home)
    for server in servers.values():
        stack.callback(server.program.stop)
        server.start()
    for server in servers.values():
        server.wait()
    return servers


def missing() -> list[str]:
    return [name for name in NEEDED if not os.environ.get(name)]


def refuse_where_unfit() -> None:
    names = missing()
    if names and os.environ.get("DEBUG", "1").lower() in {"", "0", "false", "no", "off"}:
        wanted = " and ".join(f"{name} (such as {NEEDED[name]})" for name in names)
        raise EmbeddedError(
            f"Production (DEBUG=0) does not use the embedded servers: set {wanted}."
        )
    if names and sys.platform != "linux":
        raise EmbeddedError(
            f"The embedded servers run on Linux only: set {' and '.join(names)}, "
            "or use docker compose."
        )


def placeholders() -> None:
    """For commands that touch no server, but whose settings ask for an address."""
    for name in missing():
        os.environ[name] = NEEDED[name]


def _attach(state: State) -> bool:
    """Use the parts of the command that runs here, if they answer."""
    environment = state.read()
    wanted = [environment[name] for name in missing() if name in environment]
    if not environment or not all(_answers(url) for url in wanted):
        return False
    state.join()
    if state.read() != environment:  # its owner began to stop before we joined
        state.leave()
        return False
    os.environ.update({k: v for k, v in environment.items() if not os.environ.get(k)})
    if left := missing():
        raise EmbeddedError(
            f"Liaison runs in this checkout (process {state.owner}) with its own "
            f"{' and '.join(left)}: give this command the same."
        )
    return True


def _answers(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=2).close()
    except OSError:
        return False
    return True
