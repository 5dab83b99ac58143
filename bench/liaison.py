"""Our side: a mission's call by the deployed worker, counted by the mail server and the ledger."""

import datetime as dt
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from bench.contest import Run
from bench.servers import MailServer
from bench.stage import Stage, children, cpu_seconds, cpu_seconds_with_ended, pss_mb
from crm.embedded.errors import EmbeddedError
from crm.embedded.process import Program

MISSION = "japan-next"
COORDINATOR = "coordinator@lyonbiopole.example"
WINDOW = 25  # the default of SENDING_WINDOW
STALLED_AFTER = 60.0  # seconds in which nothing was settled
FINISHED = "SELECT status, trouble FROM campaigns_campaign WHERE ref = %s"
PROGRESS = "SELECT count(*) FROM campaigns_batch WHERE done_at IS NOT NULL"
LEDGER = """
SELECT (SELECT coalesce(sum(expected), 0) FROM campaigns_release r WHERE r.campaign_id = c.id),
       count(d.id), count(*) FILTER (WHERE d.state = 3), count(*) FILTER (WHERE d.state = 8),
       min(d.first_tried_at), max(d.settled_at),
       (SELECT max(frozen_at) FROM campaigns_release r WHERE r.campaign_id = c.id)
FROM campaigns_campaign c LEFT JOIN campaigns_delivery d ON d.campaign_id = c.id
WHERE c.ref = %s GROUP BY c.id
"""


class Uncounted(EmbeddedError):
    """The mail server and the ledger disagree: then there is no figure."""


@dataclass(frozen=True)
class Liaison:
    """A deployed Liaison that sends one call to everybody of its database."""

    stage: Stage
    base: str
    settings: dict[str, str]

    @property
    def window(self) -> int:
        """How many mails a line may have armed at once, as deployed."""
        return int(self.settings.get("SENDING_WINDOW", WINDOW))

    def send(self, server: MailServer) -> Run:
        before = server.record().messages
        with (
            self.stage.fresh(self.base) as database,
            self.deployed(database, server) as worker,
        ):
            pool = children(worker.pid)
            used, database_used = cpu_seconds(pool), self._database_cpu()
            self.announce(database, server)
            self.await_end(database, worker)
            used = cpu_seconds(pool) - used
            database_used = self._database_cpu() - database_used
            memory = max(pss_mb(pid) for pid in pool)
            record = server.record()
            seen, seconds = self.ledger(database, record.messages - before)
        seen |= {
            "processes": len(pool),
            "cpu_us": round(used / seen["accepted"] * 1e6, 1),
            "postgres_us": round(database_used / seen["accepted"] * 1e6, 1),
            "pss_mb": round(memory, 1),
            "lines": record.peak,
            "octets": record.octets // max(1, record.messages),
        }
        return Run(seen["accepted"], seconds, seen)

    def deployed(self, database: str, server: MailServer) -> AbstractContextManager[Program]:
        """The worker, ready to send to this server."""
        return self.stage.deployed(
            database=database, mail_server=f"smtp://127.0.0.1:{server.port}", more=self.settings
        )

    def announce(self, database: str, server: MailServer) -> None:
        """From here on mails leave."""
        self.stage.command(
            *("announce", MISSION, "--release-all", "--by", COORDINATOR),
            database=database,
            more={**self.settings, "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"},
        )

    def _database_cpu(self) -> float:
        return cpu_seconds_with_ended(self.stage.postgres.program.pid)

    def await_end(self, database: str, worker: Program) -> None:
        """Until the campaign is finished; an end without progress is an error."""
        progress, since = -1, time.monotonic()
        with self.stage.connect(database) as connection:
            while True:
                status, trouble = connection.execute(FINISHED, [f"{MISSION}-call"]).fetchone() or (
                    "",
                    "",
                )
                if status == "finished":
                    return
                done: Any = connection.execute(PROGRESS).fetchone()
                if done[0] != progress:
                    progress, since = done[0], time.monotonic()
                if time.monotonic() - since > STALLED_AFTER or not worker.running:
                    raise EmbeddedError(
                        f"The campaign is {status} and does not go on ({trouble or 'no reason'}). "
                        f"The worker's log is {worker.log}:\n{worker.last_words()}"
                    )
                time.sleep(0.2)

    def ledger(self, database: str, counted: int) -> tuple[dict[str, Any], float]:
        """What the ledger says, which must balance and agree with the mail server."""
        with self.stage.connect(database) as connection:
            row: Any = connection.execute(LEDGER, [f"{MISSION}-call"]).fetchone()
        expected, rows, accepted, undecided, first, last, frozen = row
        if expected != rows or accepted != counted or accepted + undecided != rows:
            raise Uncounted(
                f"{expected} were expected, the ledger has {rows} with {accepted} accepted and "
                f"{undecided} undecided, and the mail server took {counted}."
            )
        span: dt.timedelta = last - first
        seen = {
            "accepted": accepted,
            "undecided": undecided,
            "since_frozen_s": round((last - frozen).total_seconds(), 3),
        }
        return seen, span.total_seconds()
