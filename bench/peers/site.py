"""The smallest Django project around one of them, and what all of them are asked."""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command

from bench.naive import Content


def project(port: int, *apps: str, **more: Any) -> None:
    """Settings, tables and nothing more."""
    database = urlsplit(os.environ["DATABASE_URL"])
    settings.configure(
        DEBUG=False,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database.path.lstrip("/"),
                "HOST": database.hostname,
                "PORT": database.port,
                "USER": database.username,
                "PASSWORD": database.password,
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", *apps],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        USE_TZ=True,
        **more,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def race(prepare: Callable[[int, int, Content], Callable[[], None]]) -> None:
    """Prepare untimed, then print the seconds that the work takes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--mail", type=Path, required=True)
    options = parser.parse_args()
    content = Content(options.mail.read_bytes())
    work = prepare(options.port, options.count, content)
    began = time.monotonic()
    work()
    print(json.dumps({"seconds": time.monotonic() - began}))
