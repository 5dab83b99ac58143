"""How long something takes by itself, whatever else the machine and this process do."""

import gc
import time
from collections.abc import Callable


def cpu_seconds(work: Callable[[], object]) -> float:
    """Of three tries the quickest; what other tests left behind is not collected meanwhile."""
    taken = []
    gc.disable()
    try:
        for _ in range(3):
            began = time.process_time()
            work()
            taken.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(taken)
