"""What stands in the web's access log."""

import datetime as dt
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from crm.access import AccessLog


@pytest.mark.parametrize(
    ("path", "status", "stands"),
    [("/hooks/brevo/", 200, False), ("/hooks/brevo/", 403, True), ("/people/", 200, True)],
)
def test_only_webhooks_that_went_well_are_left_out(
    path: str, status: int, stands: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", "%(r)s %(s)s")
    answer = SimpleNamespace(status=f"{status} said", status_code=status, headers=[], sent=0)
    environ = {
        "REQUEST_METHOD": "POST",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    request = SimpleNamespace(headers=[])

    AccessLog(config).access(answer, request, environ, dt.timedelta(milliseconds=1))

    assert (f"POST {path} HTTP/1.1 {status}" in capsys.readouterr().out) == stands
