"""When what is due. A message that waited too long is dropped: the next one does the same."""

from typing import Any

from django.conf import settings

SCHEDULE: dict[str, dict[str, Any]] = {
    "tick": {"task": "worker.tasks.tick", "schedule": 1.0, "options": {"expires": 5}},
    "listen": {"task": "worker.tasks.listen", "schedule": 1.0, "options": {"expires": 1}},
    "sweep": {"task": "worker.tasks.sweep", "schedule": 30.0, "options": {"expires": 30}},
    "duplicates": {
        "task": "worker.tasks.look_for_duplicates",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "proofs": {
        "task": "worker.tasks.look_after_proofs",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
if settings.MAILBOX_URL:
    SCHEDULE["read-mailbox"] = {
        "task": "worker.tasks.read_mailbox",
        "schedule": float(settings.MAILBOX_EVERY),
        "options": {"expires": settings.MAILBOX_EVERY},
    }
