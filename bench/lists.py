"""An invented list as a cluster has it: one row a person, three people a company."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from campaigns.demo.names import JOBS, POOLS
from crm.rules.names import fold

HEADER = (
    "Company", "Website", "City", "Country", "Category", "Title", "First name", "Last name",
    "E-mail", "Phone", "Function", "Language",
)  # fmt: skip
PEOPLE = 3  # of one company


def write_list(path: Path, rows: int, *, changed: bool) -> None:
    """`changed`: every tenth person has another phone number than before."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_rows(rows, changed))
        return
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Members")
    for row in _rows(rows, changed):
        sheet.append(row)
    book.save(path)


def _rows(count: int, changed: bool) -> Iterator[tuple[str, ...]]:
    yield HEADER
    chance = random.Random(1)  # noqa: S311  the same list each time
    for number in range(count):
        company, colleague = divmod(number, PEOPLE)
        pool = POOLS[company % len(POOLS)]
        stem = pool.stems[company % len(pool.stems)]
        given = chance.choice(pool.given)
        family = pool.family[(company + colleague) % len(pool.family)]
        title, job = chance.choice(("", "", "", "Dr.")), chance.choice(JOBS)
        domain = f"{fold(stem).replace(' ', '')}-{company}.example"
        line = (number + 5_000_000 if changed and number % 10 == 0 else number) % 10_000_000
        yield (
            f"{stem} {company} {pool.legal_form}", f"https://www.{domain}",
            pool.cities[company % len(pool.cities)], pool.country, "SME", title, given, family,
            f"{fold(family).replace(' ', '')}.{colleague}@{domain}",
            f"+34 93 {line:07}" if company % 2 else f"93{line:07}", job, pool.languages[0][0],
        )  # fmt: skip
