"""The servers of a test run: its own, beside those of a running demo.

Loaded before pytest-django reads the settings (see `addopts` in pyproject.toml). With several
workers the first process brings the servers, the others find them in their environment.
"""

from contextlib import ExitStack

import pytest

from crm import embedded
from crm.embedded.home import VAR

_servers = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    # On power loss a test database is not missed.
    _servers.enter_context(embedded.parts(VAR / "test", durable=False))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _servers.close()
