"""Steps of the scheduler, each on its own: one that fails stops no other, and is told.

It is told in the log, and by a row that administrators are shown until the step succeeds again.
"""

import logging
from collections.abc import Callable

from django.db.models.functions import Now

from campaigns.actions import quiet
from campaigns.models import Campaign, Fault
from campaigns.models.faults import MORE

log = logging.getLogger(__name__)


class Round:
    """One round of the scheduler. What failed in an earlier one and not in this is over."""

    def __init__(self) -> None:
        self._began = quiet.clock()

    def close(self) -> int:
        """Forget what is over. Returns how many faults that were."""
        return Fault.objects.filter(last_at__lt=self._began).delete()[0]


def take(step: Fault.Step, act: Callable[[], object], of: Campaign | None = None) -> bool:
    """Take a step, of one campaign or as a whole. False: it failed, which is told.

    Where that cannot be written down either, the database is gone, and the round ends.
    """
    try:
        act()
    except Exception as problem:
        log.exception("The scheduler failed: %s%s.", step.value, f" of {of.ref}" if of else "")
        _note(step, of, f"{type(problem).__name__}: {problem}"[:300].replace("\0", ""))
        return False
    return True


def _note(step: Fault.Step, of: Campaign | None, why: str) -> None:
    rows = Fault.objects.filter(step=step, campaign=of)
    if not rows.update(why=why, **MORE):
        Fault.objects.create(step=step, campaign=of, why=why, last_at=Now())
