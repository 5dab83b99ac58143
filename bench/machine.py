"""What a figure needs beside it: the machine, its load, and how PostgreSQL was set."""

import os
import platform
from pathlib import Path
from typing import Any

from bench.stage import Stage

SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers",
            "max_wal_size", "wal_level", "jit")  # fmt: skip


def machine() -> dict[str, Any]:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
    }


def load() -> list[float]:
    return [round(value, 2) for value in os.getloadavg()]


def postgres(stage: Stage) -> dict[str, str]:
    with stage.connect("postgres") as connection:
        rows = connection.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            [list(SETTINGS)],
        ).fetchall()
    return {str(name): str(value) for name, value in rows}
