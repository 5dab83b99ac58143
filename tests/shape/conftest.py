"""The realm is built once for a module; each request is undone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from campaigns.models import Installation
from tests.shape import realm as realms
from tests.shape.realm import Realm


@pytest.fixture(scope="module")
def realm(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Realm]:
    media = tmp_path_factory.mktemp("media")
    # Nobody listens there: what looks for the mail server is told so at once.
    nowhere = override_settings(MEDIA_ROOT=media, EMAIL_URL="smtp://127.0.0.1:9")
    with django_db_blocker.unblock(), nowhere, transaction.atomic():
        Installation.objects.get_or_create(pk=1)
        yield realms.build()
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[2]


def asked(
    realm: Realm,
    persona: str,
    address: str,
    thing: str = "-",
    method: str = "GET",
    data: dict[str, Any] | None = None,
    **headers: str,
) -> tuple[int, str, str]:
    """Ask as somebody, undo what it did; the status, the body and where it leads."""
    url = reverse(address, kwargs=realm.things[thing] if thing != "-" else {})
    client = realm.clients[persona]
    if persona == "link":
        url += f"?token={realm.token}"
    with transaction.atomic():
        if method == "GET":
            response = client.get(url, data, headers=headers)
        else:
            response = client.post(url, data or {}, headers=headers)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return (
        response.status_code,
        body.decode("utf-8", "replace"),
        response.headers.get("Location", ""),
    )
