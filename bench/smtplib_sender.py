"""Prebuilt mails through the standard library, several lines a process.

`python -m bench.smtplib_sender`: MAIL, RCPT, DATA and the mail each wait for their answer.
"""

import argparse
import json
import smtplib
import threading
import time

from bench.ceiling import bodies


def send(port: int, count: int, lines: int, octets: int) -> float:
    """Seconds from the first mail's first command to the last answer."""
    mails = bodies(octets)
    connections = [smtplib.SMTP("127.0.0.1", port) for _line in range(lines)]
    for connection in connections:
        connection.ehlo()

    def work(line: int) -> None:
        for number in range(line, count, lines):
            connections[line].sendmail(
                f"b{number}@bench.example",
                [f"r{number}@bench.example"],
                mails[number % len(mails)],
            )

    threads = [threading.Thread(target=work, args=(line,)) for line in range(lines)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    for connection in connections:
        connection.close()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.smtplib_sender")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--lines", type=int, required=True)
    parser.add_argument("--octets", type=int, required=True)
    options = parser.parse_args()
    seconds = send(options.port, options.count, options.lines, options.octets)
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
