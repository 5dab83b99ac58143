"""How long a list takes: `python -m bench.imports FILE` writes it into DATABASE_URL three times.

First everything is new, then nothing has changed, then one row of ten has.
"""

import argparse
import json
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  what follows needs the line above

from bench.lists import write_list  # noqa: E402
from crm.actions import imports  # noqa: E402
from crm.models import Cluster, Import  # noqa: E402

WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.imports")
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--kind", choices=("csv", "xlsx"), required=True)
    options = parser.parse_args()
    said: dict[str, Any] = {}
    with TemporaryDirectory() as directory:
        for name, changed in (("new", False), ("same", False), ("changed", True)):
            file = Path(directory) / f"{name}.{options.kind}"
            write_list(file, options.rows, changed=changed)
            said[name] = _seconds(file, options.rows)
    # A program that was started counts what its starter had, so the reader's 65 MB are left out.
    said["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(said))


def _seconds(file: Path, rows: int) -> dict[str, float]:
    """From the uploaded file to the written address book; raises where a row was not taken."""
    found = imports.upload(
        cluster=Cluster.objects.get(slug="biocat"),
        by=None,
        path=file,
        file_name=file.name,
        origin="bench",
        basis="member",
        policy=Import.Policy.OVERWRITE,
    )
    began, cpu = time.monotonic(), _cpu()
    imports.run(of_import=found, by=None)
    seconds, own = time.monotonic() - began, _cpu() - cpu
    taken = sum(found.counts.get(verdict, 0) for verdict in ("new", "changed", "same"))
    if taken != rows:
        raise SystemExit(f"{taken} of {rows} rows were taken: {found.counts}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"seconds": round(seconds, 2), "cpu_us": round(own / rows * 1e6, 1), **found.counts}


def _cpu() -> float:
    """Seconds of this process and of the programs that read for it."""
    used = [resource.getrusage(who) for who in WHO]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
