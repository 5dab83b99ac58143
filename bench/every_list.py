"""Every question a list can be asked: `python -m bench.every_list`, in DATABASE_URL.

`bench.list_pages` knows fifty pages. This asks each question with some of its values, none and any,
each order both ways, and searches of one letter and more, as three users: some 1,500 pages. Prints
one line of JSON: how many were asked, and the least of three of those that took longest.
"""

import gc
import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import django

django.setup()

from django.http import QueryDict  # noqa: E402  what follows needs the line above
from django.test import Client  # noqa: E402

from bench.list_pages import BACKEND, made_ready, readers  # noqa: E402
from crm.forms.nouns import NOUNS  # noqa: E402
from crm.forms.tables import Table  # noqa: E402
from crm.models.questions import Question  # noqa: E402

ROUNDS = 3
LONGEST = 20
SEARCHES = ("a", "ma", "an ma", "bio", "maria bio", "0612", "zzzq")
VALUES = {
    "text": ("__contains=alp", "__contains=a", "__contains=zzzq", "__not_contains=alp", "=alp"),
    "day": ("__before=2026-11-01", "__after=2026-11-01", "__before=2030-01-01"),
    "number": ("__before=100", "__after=100"),
}


def main() -> None:
    made_ready()
    gc.collect()
    gc.freeze()  # as gunicorn does
    took: list[tuple[float, str, str]] = []
    for user in readers():
        client = Client()
        client.force_login(user, BACKEND)
        for plural, noun in NOUNS.items():
            table = Table(noun, user, QueryDict())
            for asked in dict.fromkeys(_asked(table)):
                page = f"/{plural}/?{asked}"
                took.append((_least(client, page), user.name, page))
    took.sort(reverse=True)
    longest = [[round(ms, 1), who, page] for ms, who, page in took[:LONGEST]]
    over = sum(ms > (150 if "?q=" in page else 100) for ms, _who, page in took)
    print(json.dumps({"asked": len(took), "over": over, "longest": longest}))


def _asked(table: Table) -> Iterator[str]:
    for question in table.questions.values():
        if question.filtered:
            yield from _values(question)
        if table.sortable(question.name):
            yield from (f"sort={question.name}", f"sort=-{question.name}")
            yield f"sort={question.name}&page=100"
    yield from ("archived=1", "page=500")
    yield f"columns={','.join(question.name for question in table.columns_there_are)}"
    yield from (f"q={words.replace(' ', '+')}" for words in SEARCHES)


def _values(question: Question) -> Iterator[str]:
    name = question.name
    choices: list[Any] = [value for value, _label in question.choices]
    for value in (*choices[:3], *choices[-1:]):
        yield from (f"{name}={value}", f"{name}__not={value}")
    if len(choices) > 1:
        yield f"{name}={choices[0]}&{name}={choices[1]}"
    yield from (name + asked for asked in VALUES.get(question.kind, ()))
    yield from (f"{name}__empty=1", f"{name}__not_empty=1")


def _least(client: Client, page: str) -> float:
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(page)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != HTTPStatus.OK:
            raise SystemExit(f"{page} answers {answer.status_code}.")
    return min(times)


if __name__ == "__main__":
    main()
