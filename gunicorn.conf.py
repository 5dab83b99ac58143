"""How the web is served, wherever it runs: gunicorn reads this by itself."""

import gc
from typing import Any

workers = 2
# Whoever waits for the database's disk costs nothing; calls that wait together share its commit.
threads = 8
accesslog = "-"
logger_class = "crm.access.AccessLog"
control_socket_disable = True


def post_worker_init(_worker: Any) -> None:
    """What was loaded stays: looking through all of it for garbage made pages wait now and then."""
    gc.collect()
    gc.freeze()
