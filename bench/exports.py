"""How long a list takes to go out, and to be searched for duplicates: `python -m bench.exports`.

In DATABASE_URL with invented people. Prints one line of JSON.
"""

import json
import resource
import time
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  what follows needs the line above

from crm.actions import duplicates, exports, users  # noqa: E402
from crm.forms import tables  # noqa: E402
from crm.models import Cluster, Export  # noqa: E402
from crm.resources.lists import LISTS  # noqa: E402


def main() -> None:
    user = users.create(email="exports@lists.example", name="exports")
    users.grant(user=user, role="admin")
    _table, ids = tables.rows("people", user, "")
    said: dict[str, Any] = {}
    for kind in ("csv", "xlsx"):
        export = exports.ask(
            by=user,
            noun="people",
            question="",
            file_format=kind,
            columns=LISTS["people"].all,
            language="en",
            number=len(ids),
        )
        began, cpu = time.monotonic(), time.process_time()
        exports.make(export=export, rows=tables.rows)
        seconds, own = time.monotonic() - began, time.process_time() - cpu
        export.refresh_from_db()
        if export.status != Export.Status.READY or export.rows_written != len(ids):
            raise SystemExit(f"{export.rows_written} of {len(ids)} rows: {export.trouble}")
        said[kind] = {
            "rows": len(ids),
            "seconds": round(seconds, 1),
            "cpu_us": round(own / len(ids) * 1e6),
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "file_mb": round(export.size / 2**20, 1),
        }
    said["duplicates"] = _duplicates()
    print(json.dumps(said))


def _duplicates() -> dict[str, float]:
    cluster = Cluster.objects.get(slug="lyonbiopole")
    began, cpu = time.monotonic(), time.process_time()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        likely = duplicates.look_for(cluster_id=cluster.pk)
    return {
        "people": cluster.people.count(),
        "organisations": cluster.memberships.count(),
        "seconds": round(time.monotonic() - began, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
        "likely": likely,
    }


if __name__ == "__main__":
    main()
