"""`python -m bench.page` writes the figures of var/bench.json into docs/performance.md."""

from pathlib import Path
from typing import Any

from bench import results
from crm.embedded.errors import EmbeddedError
from crm.embedded.home import CHECKOUT

PAGE = CHECKOUT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
# The part, its figure in there, its name, and the goal: at least, or at most.
GOALS: tuple[tuple[str, str, str, str, float], ...] = (
    ("smtp_source", "smtp_source", "smtp-source -d -s 10, smtp-sink", "≥", 0.9),
    ("ceiling", "ceiling", "ceiling, light sink", "≥", 0.3),
    ("smtplib_20ms", "smtplib_20ms", "smtplib at 20 ms", "≥", 3.3),
    ("naive_django", "naive_django", "naive Django", "≥", 12),
    ("ceiling", "worker_cpu_us", "worker CPU a message, µs", "≤", 110),
    ("ceiling", "worker_rss_mb", "PSS of a pool process, MB", "≤", 110),
    ("launch", "launch_100k_s", "launch of 100,000, s", "≤", 1.5),
    ("webhooks", "webhooks_s", "webhooks a second", "≥", 1_000),
    ("webhooks", "webhooks_p99_ms", "webhooks, p99, ms", "≤", 250),
    ("webhooks", "webhooks_pace", "campaign meanwhile, of its 500 mails/s", "≥", 0.95),
)


def fill(sheet: Path = PAGE) -> None:
    """Replace what stands between the markers."""
    parts = results.read()
    if not parts:
        raise EmbeddedError("var/bench.json holds nothing of this code. Run: make bench")
    before, found, rest = sheet.read_text().partition(BEGIN)
    _old, ended, after = rest.partition(END)
    if not found or not ended:
        raise EmbeddedError(f"{sheet.name} has no place for the figures: {BEGIN} … {END}")
    text = "\n\n".join([surroundings(parts), goals(parts), *more(parts), runs(parts)])
    sheet.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def surroundings(parts: dict[str, Any]) -> str:
    last = list(parts.values())[-1]
    machine, postgres = last["machine"], last["postgres"]
    settings = ", ".join(f"{name} {value}" for name, value in postgres.items())
    loads = [part["load"]["before"][0] for part in parts.values()]
    return (
        f"{machine['cores']} cores of {machine['cpu']}, {machine['memory_gb']} GB, Linux "
        f"{machine['kernel']}, Python {machine['python']}. PostgreSQL: {settings}. Load of the "
        f"last minute before a part began: {min(loads):.2f} to {max(loads):.2f}."
    )


def goals(parts: dict[str, Any]) -> str:
    lines = ["| Measure | Result (spread) | Goal | |", "|---|---|---|---|"]
    for part, key, name, sign, goal in GOALS:
        found = parts.get(part, {})
        value = found.get("ratios", {}).get(key, found.get(key))
        if value is None:
            lines.append(f"| {name} | not run | {sign} {goal} | – |")
            continue
        spread = ""
        if key in found.get("ratios", {}):
            low, high = found["detail"]["spread"]
            spread = f" ({low:.2f}–{high:.2f})"
        lines.append(
            f"| {name} | {value:.2f}{spread} | {sign} {goal} | {judged(value, sign, goal)} |"
        )
    return "\n".join(lines)


def judged(value: float, sign: str, goal: float) -> str:
    missed = (goal - value if sign == "≥" else value - goal) / goal
    return "reached" if missed <= 0 else f"missed by {missed:.0%}".replace("%", " %")


def more(parts: dict[str, Any]) -> list[str]:
    """Rate, CPU and memory by the number of processes and of recipients."""
    tables = []
    for part, name in (("workers", "Processes"), ("growth", "Recipients")):
        if part in parts:
            lines = [
                f"| {name} | mails/s (spread) | worker, µs | PostgreSQL, µs | PSS, MB |",
                "|---|---|---|---|---|",
            ]
            for size, row in parts[part][part].items():
                low, high = row["spread"]
                lines.append(
                    f"| {int(size):,} | {row['rate']:,} ({low:,}–{high:,}) | {row['cpu_us']:.0f} "
                    f"| {row['postgres_us']:.0f} | {row['pss_mb']:.0f} |"
                )
            tables.append("\n".join(lines))
    return tables


def runs(parts: dict[str, Any]) -> str:
    """Every run in its order, so that anybody can divide again."""
    lines = ["| Part | Side | Mails | Mails/s | Load before, after |", "|---|---|---|---|---|"]
    for name, part in parts.items():
        lines += [
            f"| {name} | {run['side']} | {run['messages']:,} | {run['rate']:,.0f} "
            f"| {run['load'][0]:.2f}, {run['load'][1]:.2f} |"
            for run in part.get("detail", {}).get("runs", [])
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    fill()
