"""Steps of the scheduler, each on its own: one that fails stops no other, and is told.

It is told in the log, and by a row that administrators are shown until the step succeeds again.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db.models.functions import Now

from campaigns.actions import quiet
from campaigns.models import Campaign, Fault
from campaigns.models.faults import MORE
from crm.models import Alliance

log = logging.getLogger(__name__)


class Round:
    """One round of the scheduler. What failed in an earlier one and not in this is over."""

    def __init__(self) -> None:
        self._began = quiet.clock()

    def close(self) -> int:
        """Forget what is over. Returns how many faults that were."""
        return Fault.objects.filter(last_at__lt=self._began).delete()[0]


def take(
    step: Fault.Step, act: Callable[[], object], of: Campaign | Alliance | None = None
) -> bool:
    """Take a step, of one campaign or alliance or as a whole. False: it failed, which is told.

    Where that cannot be written down either, the database is gone, and the round ends.
    """
    try:
        act()
    except Exception as problem:
        log.exception("The scheduler failed: %s%s.", step.value, f" of {_name(of)}" if of else "")
        _note(step, of, f"{type(problem).__name__}: {problem}"[:300].replace("\0", ""))
        return False
    return True


def _name(of: Campaign | Alliance) -> str:
    return of.ref if isinstance(of, Campaign) else of.slug


def _note(step: Fault.Step, of: Campaign | Alliance | None, why: str) -> None:
    named: dict[str, Any] = {
        "campaign": of if isinstance(of, Campaign) else None,
        "alliance": of if isinstance(of, Alliance) else None,
    }
    rows = Fault.objects.filter(step=step, **named)
    if not rows.update(why=why, **MORE):
        Fault.objects.create(step=step, **named, why=why, last_at=Now())
