"""Advisory locks: whoever shares a number waits for somebody they know nothing of."""

from collections import Counter
from pathlib import Path

from crm.rules import locks

ROOT = Path(__file__).parents[2]


def test_no_two_locks_share_a_number() -> None:
    numbers = Counter(value for name, value in vars(locks).items() if name.isupper())

    assert locks.SENDING in numbers
    assert max(numbers.values()) == 1


def test_every_lock_has_its_number_from_one_place() -> None:
    places = [
        path.name
        for package in ("crm", "campaigns", "worker")
        for path in (ROOT / package).rglob("*.py")
        if "7_305" in path.read_text() or "7_306" in path.read_text()
    ]

    assert places == ["locks.py"]
