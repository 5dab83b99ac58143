"""A broker that is away is asked for again and again."""

import pytest
from kombu.exceptions import OperationalError

from crm.embedded.ports import free_port
from worker.app import app


def test_the_pauses_before_the_broker_is_asked_again_stay_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fault 4: mail goes on within 30 s, also after an hour without Redis."""
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda _seconds: None)
    pauses: list[float] = []

    def note(_problem: Exception, pause: float) -> None:
        pauses.append(pause)

    with (
        app.connection_for_read(f"redis://127.0.0.1:{free_port()}/0") as broker,
        pytest.raises(OperationalError),
    ):
        broker.ensure_connection(note, 50)

    assert len(pauses) == 50
    assert max(pauses) == 5


def test_a_worker_never_gives_the_broker_up() -> None:
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_connection_retry_on_startup
