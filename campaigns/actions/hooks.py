"""The raw inbox: store what came back, answer, and understand it later, each event alone."""

import base64
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from campaigns.actions import feedback, mailbox, statements
from campaigns.mail import hooks
from campaigns.models import HookEvent

log = logging.getLogger(__name__)

TRIES = 10
TOGETHER = 200  # events that are looked at together

# In one order, or two calls with the same events could wait for each other.
STORE = """
INSERT INTO campaigns_hookevent (provider, event_key, payload, tries, trouble)
SELECT event->>0, event->>1, event->2, 0, '' FROM jsonb_array_elements(%(events)s) AS event
ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""

# After its n-th failure an event waits until 2^n seconds after it came: the tenth is after 17
# minutes, so that a short trouble of ours parks nothing.
WAITING = """
SELECT id, provider, payload, tries FROM campaigns_hookevent
WHERE processed_at IS NULL AND parked_at IS NULL
  AND (tries = 0 OR received_at < clock_timestamp() - power(2, tries) * interval '1 second')
"""
NEXT = f"{WAITING} AND id > %(after)s ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED"
ONE = f"{WAITING} AND id = %(event)s FOR UPDATE SKIP LOCKED"

DONE = """
UPDATE campaigns_hookevent SET processed_at = clock_timestamp() WHERE id = ANY(%(events)s)
"""

FORGET = """
DELETE FROM campaigns_hookevent WHERE id IN (
    SELECT id FROM campaigns_hookevent
    WHERE processed_at < clock_timestamp() - %s * interval '1 day' LIMIT 5000)
"""


def receive(*, provider: str, key: str, payload: dict[str, Any]) -> bool:
    """Keep one raw event; False if it came before."""
    return receive_all(provider=provider, events=[(key, payload)]) == 1


def receive_all(*, provider: str, events: Sequence[tuple[str, dict[str, Any]]]) -> int:
    """Keep the raw events of one call in one statement. Returns how many are new."""
    return _store([(provider, key, payload) for key, payload in events])


def _store(events: list[tuple[str, str, dict[str, Any]]]) -> int:
    values = {"events": Jsonb(events)}
    try:
        return statements.run(STORE, values)
    except OperationalError:
        if connection.in_atomic_block:
            raise
        # Asking the database before each call whether it is still there would double its work.
        connection.close()
        return statements.run(STORE, values)


class Together:
    """Calls that come at once are stored in one statement: a commit costs more than an event.

    Nobody waits for company: the first stores what is there, and who comes meanwhile goes next.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: deque[_Call] = deque()

    def receive_all(self, *, provider: str, events: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Returns when the events are on disk, whoever brought them there."""
        mine = _Call([(provider, key, payload) for key, payload in events])
        self._waiting.append(mine)
        with self._turn:
            if not mine.done:
                self._store([self._waiting.popleft() for _each in range(len(self._waiting))])
        if mine.problem:
            raise mine.problem

    def _store(self, calls: "list[_Call]") -> None:
        try:
            _store([event for call in calls for event in call.events])
        except DatabaseError as problem:
            if len(calls) == 1:
                calls[0].problem = problem
            else:  # one that cannot be stored takes no other with it
                for call in calls:
                    self._store([call])
        finally:
            for call in calls:
                call.done = True


@dataclass
class _Call:
    events: list[tuple[str, str, dict[str, Any]]]
    done: bool = False
    problem: DatabaseError | None = None


def process(*, seconds: float = 1.0, stop: Callable[[], bool] = lambda: False) -> int:
    """Understand what waits, the oldest first, for so long. Returns how many events that were."""
    until = time.monotonic() + seconds
    done, last = 0, 0
    with connection.cursor() as cursor:
        # A crash of the database may undo what was understood; then the event still waits.
        cursor.execute("SET synchronous_commit = off")
    try:
        while time.monotonic() < until and not stop():
            found, told, alone = _process_receipts(last)
            if found is None:
                break
            last, done = found, done + told
            for event in alone:
                if time.monotonic() > until or stop():
                    break
                done += _process_one(event)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
    return done


def _process_receipts(after: int) -> tuple[int | None, int, list[HookEvent]]:
    """The next events; those that only say "taken" or "delivered" are done with at once.

    Returns the last one looked at, how many are done with, and those that are to be understood
    each by itself: what is grave, what is odd, and what is about a mail that somebody works on
    in this very moment.
    """
    with transaction.atomic():
        events = _events(statements.rows(NEXT, {"after": after, "most": TOGETHER}))
        if not events:
            return None, 0, []
        told = {event.pk: facts for event in events if (facts := _receipts(event))}
        free = feedback.receipts([fact for facts in told.values() for fact in facts])
        done = {pk for pk, facts in told.items() if all(fact.delivery_id in free for fact in facts)}
        statements.run(DONE, {"events": list(done)})
    return events[-1].pk, len(done), [event for event in events if event.pk not in done]


def _process_one(event: HookEvent) -> bool:
    """Understand one event in a transaction of its own; False if somebody else did."""
    if hooks.asks_to_confirm(event.provider, event.payload):
        # Twice is no harm, and nothing of the database waits for the network.
        _try(event, lambda: hooks.confirm(event.payload))
        return True
    with transaction.atomic():
        mine = _events(statements.rows(ONE, {"event": event.pk}))
        for each in mine:
            _try(each, lambda: _understand(event))
    return bool(mine)


def _try(event: HookEvent, act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:
        log.exception("Event %s of %s is not understood.", event.pk, event.provider)
        _failed(event, error)
    else:
        statements.run(DONE, {"events": [event.pk]})


def _events(rows: Sequence[Any]) -> list[HookEvent]:
    """Django leaves JSON on its connections as text, for its own fields to read."""
    return [
        HookEvent(pk=pk, provider=provider, payload=json.loads(payload), tries=tries)
        for pk, provider, payload, tries in rows
    ]


def _receipts(event: HookEvent) -> list[feedback.Fact]:
    """What an event says if it says no more than that mails were accepted or delivered."""
    if event.provider == mailbox.PROVIDER or event.tries:
        return []
    try:
        facts = _facts(event)
    except Exception:  # noqa: BLE001  understood once more by itself, where the trouble is noted
        return []
    return facts if all(fact.kind in ("accepted", "delivered") for fact in facts) else []


@transaction.atomic
def _understand(event: HookEvent) -> None:
    if event.provider == mailbox.PROVIDER:
        mailbox.understand(base64.b64decode(event.payload["raw"]))
        return
    for fact in _facts(event):
        feedback.record(fact)


def _facts(event: HookEvent) -> list[feedback.Fact]:
    return [
        feedback.Fact(
            kind=heard.kind,
            delivery_id=heard.delivery,
            generation=heard.generation,
            at=heard.at,
            source=event.provider,
            status=heard.status,
            text=heard.text,
        )
        for heard in hooks.understood(event.provider, event.payload)
    ]


def _failed(event: HookEvent, error: Exception) -> None:
    """Another time; after the tenth, a person looks at it on the support pages."""
    tries = event.tries + 1
    trouble = f"{type(error).__name__}: {error}"[:300].replace("\0", "")
    HookEvent.objects.filter(pk=event.pk).update(
        tries=tries, trouble=trouble, parked_at=Now() if tries >= TRIES else None
    )


def retry(*, events: Sequence[int]) -> int:
    """Let parked events be understood anew. Returns how many."""
    return (
        HookEvent.objects.filter(pk__in=events)
        .exclude(parked_at=None)
        .update(parked_at=None, tries=0, trouble="")
    )


def forget() -> int:
    """Delete some of what was understood long ago; the sweep calls again."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [settings.HOOKS_KEPT])
        gone: int = cursor.rowcount
    return gone
