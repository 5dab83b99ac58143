"""The raw inbox: store what came back, answer, and understand it later, each event alone."""

import base64
import json
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from campaigns.actions import feedback, mailbox
from campaigns.mail import hooks
from campaigns.models import HookEvent

log = logging.getLogger(__name__)

TRIES = 10

STORE = """
INSERT INTO campaigns_hookevent (provider, event_key, payload, tries, trouble)
SELECT %s, key, payload::jsonb, 0, '' FROM unnest(%s::text[], %s::text[]) AS told (key, payload)
ON CONFLICT DO NOTHING
"""

# After its n-th failure an event waits until 2^n seconds after it came: the tenth is after 17
# minutes, so that a short trouble of ours parks nothing.
NEXT = """
SELECT id FROM campaigns_hookevent
WHERE processed_at IS NULL AND parked_at IS NULL AND id > %s
  AND (tries = 0 OR received_at < clock_timestamp() - power(2, tries) * interval '1 second')
ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
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
    keys = [key for key, _payload in events]
    payloads = [json.dumps(payload) for _key, payload in events]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [provider, keys, payloads])
        new: int = cursor.rowcount
    return new


def process(*, seconds: float = 1.0, stop: Callable[[], bool] = lambda: False) -> int:
    """Understand what waits, the oldest first, for so long. Returns how many events that were."""
    until = time.monotonic() + seconds
    done, last = 0, 0
    with connection.cursor() as cursor:
        # A crash of the database may undo what was understood; then the event still waits.
        cursor.execute("SET synchronous_commit = off")
    try:
        while time.monotonic() < until and not stop():
            found = _process_next(last)
            if found is None:
                break
            last, done = found, done + 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
    return done


def _process_next(after: int) -> int | None:
    """Understand one event in a transaction of its own; its id, or None if there is none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [after])
            row = cursor.fetchone()
        if row is None:
            return None
        event = HookEvent.objects.get(pk=row[0])
        try:
            with transaction.atomic():
                _understand(event)
        except Exception as error:
            log.exception("Event %s of %s is not understood.", event.pk, event.provider)
            _failed(event, error)
        else:
            HookEvent.objects.filter(pk=event.pk).update(processed_at=Now())
    return event.pk


def _understand(event: HookEvent) -> None:
    if event.provider == mailbox.PROVIDER:
        mailbox.understand(base64.b64decode(event.payload["raw"]))
        return
    for heard in hooks.understood(event.provider, event.payload):
        feedback.record(
            feedback.Fact(
                kind=heard.kind,
                delivery_id=heard.delivery,
                generation=heard.generation,
                at=heard.at,
                source=event.provider,
                status=heard.status,
                text=heard.text,
            )
        )


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
