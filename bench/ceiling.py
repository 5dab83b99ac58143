"""As fast as this machine can push such mails: prebuilt bytes, `python -m bench.ceiling`.

No database, no composing, no record: the end of a mail and the commands of the next one leave in
one write, and one answer comes back. Several lines in turn, so that the mail server's time
and ours overlap.
"""

import argparse
import json
import random
import socket
import string
import time

HELLO = b"EHLO bench.example\r\n"
MAILS = 64  # different ones, so that no cache holds a single mail


def bodies(octets: int) -> list[bytes]:
    """Mails of this size."""
    chance = random.Random(octets)  # noqa: S311 - the same every time
    letters = string.ascii_letters + string.digits
    built = []
    for number in range(MAILS):
        head = f"From: a@bench.example\r\nTo: r{number}@bench.example\r\nSubject: {number}\r\n\r\n"
        lines = []
        left = octets - len(head)
        while left > 0:
            line = "".join(chance.choices(letters, k=min(74, max(1, left - 2))))
            lines.append(line)
            left -= len(line) + 2
        built.append((head + "\r\n".join(lines) + "\r\n").encode())
    return built


def flights(octets: int) -> list[bytes]:
    """Each mail as it goes over the line, followed by the commands of the next."""
    return [body + b".\r\n" + commands(number) for number, body in enumerate(bodies(octets))]


def commands(number: int) -> bytes:
    return (
        f"MAIL FROM:<b{number}@bench.example> BODY=8BITMIME\r\n"
        f"RCPT TO:<r{number}@bench.example>\r\nDATA\r\n"
    ).encode()


def read_until(connection: socket.socket, end: bytes) -> None:
    said = b""
    while end not in said:
        data = connection.recv(65_536)
        if not data:
            raise ConnectionError("The mail server hung up.")
        said += data


def push(port: int, count: int, lines: int, octets: int) -> float:
    """Seconds from the first mail's first byte to the last answer."""
    prepared = flights(octets)
    connections = [socket.create_connection(("127.0.0.1", port)) for _line in range(lines)]
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        read_until(connection, b"\r\n")
        connection.sendall(HELLO)
        read_until(connection, b"250 ")
    began = time.monotonic()
    for connection in connections:
        connection.sendall(commands(0))
    for number in range(count):
        connection = connections[number % lines]
        read_until(connection, b"354 ")
        connection.sendall(prepared[number % MAILS])
    for connection in connections:
        read_until(connection, b"354 ")  # a mail that never comes; those before it are taken
    seconds = time.monotonic() - began
    for connection in connections:
        connection.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ceiling")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--lines", type=int, required=True)
    parser.add_argument("--octets", type=int, required=True)
    options = parser.parse_args()
    seconds = push(options.port, options.count, options.lines, options.octets)
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
