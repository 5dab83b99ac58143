"""How long the audience builder takes to count: `python -m bench.building`, in DATABASE_URL.

Each change of a condition counts anew whom it finds in each lane, and whom it leaves out for which
reason. Prints one line of JSON: by what was asked, the milliseconds to the answer (the middle of
three rounds, and the least), the same asked once more, what PostgreSQL takes of it, and the
questions.
"""

import gc
import json
import statistics
import time
from http import HTTPStatus
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  what follows needs the line above
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.list_pages import BACKEND, made_ready, readers  # noqa: E402
from campaigns.actions.campaigns import announce  # noqa: E402
from campaigns.demo.open_mission import SLUG  # noqa: E402
from crm.models import Mission  # noqa: E402

ROUNDS = 3
CHANGES: dict[str, dict[str, list[str]]] = {
    "everybody but one language": {"out.0.f": ["language"], "out.0.how": ["in"], "out.0.v": ["fr"]},
    "one language": {"in.1.f": ["language"], "in.1.how": ["in"], "in.1.v": ["de"]},
    "one cluster": {"in.1.f": ["cluster"], "in.1.how": ["in"], "in.1.v": ["lyonbiopole"]},
    "large companies": {"in.1.f": ["category"], "in.1.how": ["in"], "in.1.v": ["large"]},
    "oncology": {"in.1.f": ["area"], "in.1.how": ["in"], "in.1.v": ["oncology"]},
    "never written to": {"in.1.f": ["mailed"], "in.1.how": ["empty"]},
}
BASE = {"in.mode": ["all"], "in.0.f": ["kind"], "in.0.how": ["in"], "in.0.v": ["contact"]}


def main() -> None:
    made_ready()
    gc.collect()
    gc.freeze()  # as gunicorn does
    campaign = announce(mission=Mission.objects.get(slug=SLUG), by=None)
    path = f"/campaigns/{campaign.ref}/audience/build/"
    (writer,) = [user for user in readers() if user.name == "coordinator"]
    client = Client()
    client.force_login(writer, BACKEND)
    found = {name: _measured(client, path, BASE | change) for name, change in CHANGES.items()}
    print(json.dumps(found))


def _measured(client: Client, path: str, data: dict[str, list[str]]) -> dict[str, Any]:
    times, again = [], []
    for number in range(ROUNDS):
        # Another language that nobody has makes it a question that was not asked before.
        new = data | {"out.9.f": ["language"], "out.9.how": ["in"], "out.9.v": [f"x{number}"]}
        times.append(_took(client, path, new))
        again.append(_took(client, path, new))
    with CaptureQueriesContext(connection) as questions:
        client.post(path, data | {"do": "look"})
    return {
        "ms": round(statistics.median(times), 1),
        "least": round(min(times), 1),
        "again": round(statistics.median(again), 1),
        "database": round(1000 * sum(float(each["time"]) for each in questions), 1),
        "slowest": max((float(each["time"]), each["sql"][:60]) for each in questions)[0] * 1000,
        "questions": len(questions),
    }


def _took(client: Client, path: str, data: dict[str, Any]) -> float:
    began = time.perf_counter()
    answer = client.post(path, data | {"do": "look"})
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != HTTPStatus.OK or b'data-label="get it"' not in answer.content:
        raise SystemExit(f"{path} counts nobody ({answer.status_code}).")
    return took


if __name__ == "__main__":
    main()
