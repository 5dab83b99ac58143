"""TCP ports on this machine."""

import random
import socket

# Below the range from which the kernel takes the near end of outgoing connections: a server that
# is started again must find its port free.
RANGE = range(20_000, 32_000)


def free_port() -> int:
    while True:
        port = random.choice(RANGE)  # noqa: S311 - not a secret
        try:
            listen(port).close()
        except OSError:
            continue
        return port


def listen(port: int) -> socket.socket:
    """A socket that listens on 127.0.0.1; OSError when the port is taken."""
    return socket.create_server(("127.0.0.1", port), backlog=128)
