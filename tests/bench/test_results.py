"""bench.json holds what was measured with this code, and nothing else."""

import json
from pathlib import Path

import pytest

from bench import page, results
from bench.contest import Contest, Run

AROUND = {
    "recipients": 1_500,
    "took_s": 3.0,
    "load": {"before": [0.1, 0, 0], "after": [0.2, 0, 0]},
    "machine": {"cpu": "A CPU", "cores": 2, "kernel": "6.1", "python": "3.11", "memory_gb": 8.0},
    "postgres": {"fsync": "on", "synchronous_commit": "on", "server_version": "18.6"},
}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "FILE", tmp_path / "bench.json")
    return tmp_path / "bench.json"


def ratio(name: str) -> dict[str, object]:
    contest = Contest(name)
    contest.fight(lambda: Run(200, 1.0), lambda _run: Run(100, 1.0))
    report = contest.report()
    return AROUND | {"ratios": {name: report["ratio"]}, "detail": report}


def test_parts_come_together(file: Path) -> None:
    results.keep("ceiling", ratio("ceiling") | {"worker_cpu_us": 80.0})
    results.keep("launch", AROUND | {"launch_100k_s": 1.2})
    found = json.loads(file.read_text())
    assert found["ratios"] == {"ceiling": 2.0}  # no other was run
    assert (found["worker_cpu_us"], found["launch_100k_s"], found["fsync"]) == (80.0, 1.2, "on")
    assert "webhooks_s" not in found


def test_figures_of_other_code_are_forgotten(file: Path) -> None:
    results.keep("ceiling", ratio("ceiling"))
    file.write_text(file.read_text().replace(results.code(), "0" * 16))
    results.keep("launch", AROUND | {"launch_100k_s": 1.2})
    assert json.loads(file.read_text())["ratios"] == {}


def test_the_page_says_what_was_missed_and_what_was_not_run(tmp_path: Path) -> None:
    results.keep("ceiling", ratio("ceiling"))
    results.keep("launch", AROUND | {"launch_100k_s": 1.8})
    sheet = tmp_path / "performance.md"
    sheet.write_text(f"Before\n{page.BEGIN}\nold\n{page.END}\nAfter\n")
    page.fill(sheet)
    text = sheet.read_text()
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "old" not in text
    assert "| ceiling, light sink | 2.00 (2.00–2.00) | ≥ 0.3 | reached |" in text
    assert "| launch of 100,000, s | 1.80 | ≤ 1.5 | missed by 20 % |" in text
    assert "| naive Django | not run | ≥ 12 | – |" in text
    assert "A CPU" in text
