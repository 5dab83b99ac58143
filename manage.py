#!/usr/bin/env python3
"""Liaison's commands. A database and a broker come along where the environment names none."""

import os
import sys
from contextlib import nullcontext

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from crm import embedded

# These read settings but touch no server.
WITHOUT_SERVERS = {"help", "check", "collectstatic", "translations"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    words = sys.argv[1:]
    alone = not words or words[0] in WITHOUT_SERVERS or {"-h", "--help", "--version"} & {*words}
    try:
        if alone:
            embedded.placeholders()
        with nullcontext() if alone else embedded.parts():
            if not alone:  # the broker may be down: no command waits for it
                embedded.check_database(os.environ["DATABASE_URL"])
            execute_from_command_line(sys.argv)
    except (embedded.EmbeddedError, ImproperlyConfigured) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
