"""Public forms under a flood, and asked about known and unknown addresses; as deployed, behind a
proxy of ours, with workers that mail."""

import http.client
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.servers import LightSink, light_sink
from bench.stage import Stage
from crm.embedded.errors import EmbeddedError

FOLLOW = "/public/en/follow/bioxclusters-plus/"
MINE = "/public/en/mine/"
POSTS = 10_000
CLIENTS = 500
OF_ONE = 1_000  # posts that name one person
CALLERS = 6
TRIES = 1_000
RECIPIENTS = 1_500
READ = 3.0  # seconds after which a form was read by somebody
MAILED_WITHIN = 900.0
SAME = 20.0  # milliseconds by which the medians may differ
VICTIM = "victim@home.example"
WAITING = "SELECT count(*) FROM crm_follow WHERE state = 'waiting'"
MAILS = """
SELECT count(*), coalesce(max(n), 0) FROM (
    SELECT count(*) AS n FROM campaigns_delivery d
    JOIN campaigns_campaign c ON c.id = d.campaign_id
    WHERE c.ref = 'follows' GROUP BY d.address_id) AS of_address
"""
OF_VICTIM = """
SELECT count(*) FROM campaigns_delivery d JOIN crm_address a ON a.id = d.address_id
WHERE a.email = %s
"""
KNOWN = """
SELECT a.email FROM crm_address a JOIN crm_personaddress u ON u.address_id = a.id
WHERE a.email IS NOT NULL ORDER BY a.id LIMIT %s
"""
Answer = tuple[int, str, bytes]


class Told(EmbeddedError):
    """The forms did what they must not: then there is no figure."""


def flood(stage: Stage, _count: int) -> dict[str, Any]:
    """10,000 posts of the form to follow from 500 addresses, 1,000 of them for one person."""
    chance = random.Random(3)  # noqa: S311  the same each time
    posts = [
        (_client(n % CLIENTS), VICTIM if n < OF_ONE else f"bot{n}@d{n % 97}.example")
        for n in range(POSTS)
    ]
    chance.shuffle(posts)
    with _open_to_all(stage) as (port, connection, sink):
        form = _form(port, FOLLOW)
        began = time.monotonic()
        with ThreadPoolExecutor(CALLERS + 1) as pool:
            shares = [pool.submit(_post_all, port, form, posts[k::CALLERS]) for k in range(CALLERS)]
            somebody = pool.submit(_now_and_then, port, form, shares)
            answers = [answer for share in shares for answer in share.result()]
            served = somebody.result()
        seconds = time.monotonic() - began
        waited = _until_mailed(connection)
        mails, most = connection.execute(MAILS).fetchone() or (0, 0)
        (victims,) = connection.execute(OF_VICTIM, [VICTIM]).fetchone() or (0,)
        arrived = _arrived(sink, int(str(mails)))
    refused = [status for status, _ms in served if status != http.HTTPStatus.FOUND]
    if most != 1 or victims != 1 or arrived != mails or refused:
        raise Told(
            f"{most} mails to one address, {victims} to the one named a thousand times, {mails} "
            f"written and {arrived} arrived; {len(refused)} others were refused."
        )
    statuses = Counter(status for status, _ms in answers)
    return {
        "flood_posts_s": round(POSTS / seconds),
        "flood_taken": statuses[302],
        "flood_told_to_wait": statuses[429],
        "flood_mails": mails,
        "flood_most_to_one_address": most,
        "flood_mailed_after_s": round(waited, 1),
        "flood_people_served": len(served),
        "flood_people_median_ms": round(statistics.median(ms for _status, ms in served), 1),
        "flood_people_longest_ms": round(max(ms for _status, ms in served), 1),
    }


def alike(stage: Stage, _count: int) -> dict[str, Any]:
    """The same answer in the same time, whether or not an address is known, 1,000 times each."""
    found: dict[str, Any] = {}
    with _open_to_all(stage) as (port, connection, _sink):
        known = [str(row[0]) for row in connection.execute(KNOWN, [TRIES])]
        if len(known) < TRIES:
            raise EmbeddedError(f"There are only {len(known)} known addresses.")
        for name, path in (("follow", FOLLOW), ("mine", MINE)):
            form = _form(port, path)
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            times: dict[bool, list[float]] = {True: [], False: []}
            answers: dict[bool, set[Answer]] = {True: set(), False: set()}
            for n, email in enumerate(known):
                for is_known in (True, False):
                    asked = email if is_known else f"stranger{n}@nobody{n}.example"
                    answer, ms = _post(line, form, _client(2 * n + is_known), asked)
                    times[is_known].append(ms)
                    answers[is_known].add(answer)
            apart = statistics.median(times[True]) - statistics.median(times[False])
            if answers[True] != answers[False] or len(answers[True]) != 1 or abs(apart) > SAME:
                raise Told(
                    f"{path} answers known addresses otherwise, or {apart:.1f} ms later: "
                    f"{sorted(answers[True] ^ answers[False])[:2]}"
                )
            found |= {
                f"alike_{name}_known_ms": round(statistics.median(times[True]), 2),
                f"alike_{name}_unknown_ms": round(statistics.median(times[False]), 2),
                f"alike_{name}_apart_ms": round(apart, 2),
            }
    return found


@contextmanager
def _open_to_all(
    stage: Stage,
) -> Iterator[tuple[int, "psycopg.Connection[tuple[object, ...]]", LightSink]]:
    """A site behind a proxy of ours, its database, and where its mails go."""
    proxied = {"BEHIND_PROXY": "1"}
    with (
        light_sink() as sink,
        stage.fresh(stage.base(RECIPIENTS)) as database,
        stage.site(database=database, more=proxied) as (_web, port),
        stage.deployed(database=database, mail_server=f"smtp://127.0.0.1:{sink.port}"),
        stage.connect(database) as connection,
    ):
        yield port, connection, sink


def _client(n: int) -> str:
    return f"198.{18 + n // 62_500}.{n // 250 % 250}.{n % 250 + 1}"


def _form(port: int, path: str) -> dict[str, str]:
    """The form as somebody has it who read it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path)
    page = line.getresponse().read().decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)
    topic = re.search(r'name="topics" value="(\d+)"', page)
    if not opened:
        raise EmbeddedError(f"{path} shows no form.")
    time.sleep(READ)
    said = {"opened": opened[1], "language": "en", "path": path}
    return said | ({"topics": topic[1]} if topic else {})


def _post(
    line: http.client.HTTPConnection, form: dict[str, str], client: str, email: str
) -> tuple[Answer, float]:
    """The answer, and the milliseconds to it."""
    said = {name: value for name, value in form.items() if name != "path"} | {"email": email}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": client}
    began = time.perf_counter()
    line.request("POST", form["path"], urlencode(said), headers)
    response = line.getresponse()
    answer = (response.status, response.headers.get("Location", ""), response.read())
    return answer, (time.perf_counter() - began) * 1000


def _post_all(
    port: int, form: dict[str, str], posts: Sequence[tuple[str, str]]
) -> list[tuple[int, float]]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = [_post(line, form, client, email) for client, email in posts]
    return [(answer[0], ms) for answer, ms in answers]


def _now_and_then(port: int, form: dict[str, str], shares: Any) -> list[tuple[int, float]]:
    """Somebody else from somewhere else, twice a second, as long as the flood lasts."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    served: list[tuple[int, float]] = []
    while not all(share.done() for share in shares):
        n = len(served)
        answer, ms = _post(line, form, f"203.0.113.{n % 250 + 1}", f"me{n}@home{n}.example")
        served.append((answer[0], ms))
        time.sleep(0.5)
    return served


def _until_mailed(connection: "psycopg.Connection[tuple[object, ...]]") -> float:
    """Seconds until nobody waits for a mail any more."""
    began = time.monotonic()
    while connection.execute(WAITING).fetchone() != (0,):
        if time.monotonic() - began > MAILED_WITHIN:
            raise EmbeddedError("Requests still wait for their mail.")
        time.sleep(0.5)
    return time.monotonic() - began


def _arrived(sink: LightSink, mails: int) -> int:
    deadline = time.monotonic() + MAILED_WITHIN
    while sink.record().messages < mails and time.monotonic() < deadline:
        time.sleep(0.5)
    return sink.record().messages
