"""The raw inbox: store what came back, answer, and understand it later, each event alone."""

from typing import Any

from campaigns.models import HookEvent


def receive(*, provider: str, key: str, payload: dict[str, Any]) -> bool:
    """Keep one raw event; False if it came before."""
    _event, created = HookEvent.objects.get_or_create(
        provider=provider, event_key=key, defaults={"payload": payload}
    )
    return created
