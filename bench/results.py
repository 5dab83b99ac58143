"""var/bench.json: what was measured with the code as it is now; anything else is absent."""

import hashlib
import json
from typing import Any

from crm.embedded.home import CHECKOUT, VAR

FILE = VAR / "bench.json"


def read() -> dict[str, Any]:
    """The parts measured with this code; those of other code count for nothing."""
    try:
        found: dict[str, Any] = json.loads(FILE.read_text())
    except FileNotFoundError:
        return {}
    return dict(found["parts"]) if found.get("code") == code() else {}


def keep(name: str, part: dict[str, Any]) -> None:
    """Add a part and write the file anew, with what the parts say together at its top."""
    parts = read() | {name: part}
    together: dict[str, Any] = {"ratios": {}}
    for each in parts.values():
        together["ratios"] |= each.get("ratios", {})
        together |= {
            key: value
            for key, value in each.items()
            if key not in ("ratios", "detail", "recipients", "took_s", "machine", "postgres")
        }
    last = part["postgres"]
    together |= {
        "fsync": last["fsync"],
        "synchronous_commit": last["synchronous_commit"],
        "machine": part["machine"],
        "code": code(),
        "parts": parts,
    }
    VAR.mkdir(exist_ok=True)
    draft = FILE.with_suffix(".draft")
    draft.write_text(json.dumps(together, indent=1) + "\n")
    draft.replace(FILE)


def code() -> str:
    """What was measured: one sum over all of our programs."""
    sum_ = hashlib.sha256()
    for package in ("bench", "campaigns", "crm", "worker"):
        for file in sorted((CHECKOUT / package).rglob("*.py")):
            sum_.update(file.read_bytes())
    return sum_.hexdigest()[:16]


def lines(name: str) -> list[str]:
    """A part's table."""
    part = read()[name]
    detail = part.get("detail")
    if not detail:
        about = ("machine", "postgres", "load", "took_s", "recipients")
        return [f"  {key}: {json.dumps(value)}" for key, value in part.items() if key not in about]
    table = [
        f"  {run['side']:<14} {run['messages']:>8,} mails {run['seconds']:>9.2f} s "
        f"{run['rate']:>9,.0f}/s   load {run['load'][0]:.2f} → {run['load'][1]:.2f}"
        for run in detail["runs"]
    ]
    low, high = detail["spread"]
    table.append(f"  {detail['ratio']:.2f}× {detail['against']} (median; {low:.2f} to {high:.2f})")
    return table
