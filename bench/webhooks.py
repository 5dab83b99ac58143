"""Events of providers at a steady rate, and how long each waits for its answer."""

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.kit import hooks


@dataclass(frozen=True)
class Told:
    """What came of it; milliseconds from the moment an event was due, not from its sending."""

    sent: int
    lost: int
    per_second: float
    p50: float
    p99: float


def tell(base_url: str, *, rate: int, seconds: float, provider: str = "mailgun") -> Told:
    """Call the webhook of a site that runs, over several connections that stay open."""
    lines, total = 16, int(rate * seconds)
    calls = [hooks.signed(provider, [hooks.event(provider, "delivered", n)]) for n in range(total)]
    waits: list[float] = []
    began = time.perf_counter() + 0.2

    def work(first: int) -> None:
        line = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=30)
        for number in range(first, total, lines):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            call = calls[number]
            try:
                line.request("POST", call.path, call.body, call.headers)
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                line.close()
                continue
            if answer.status == 200:
                waits.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    waits.sort()
    found = len(waits)
    p50, p99 = (waits[int(found * share)] if waits else 0.0 for share in (0.5, 0.99))
    return Told(total, total - found, found / took, p50, p99)
