"""What most Django projects do: render, EmailMultiAlternatives, send_messages.

`python -m bench.naive`: the same mail as ours, as a Django template; no ledger, no database.
"""

import argparse
import email
import json
import re
import time
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

import django
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template import Context, Template

CONNECTION = 100  # mails handed to one send_messages
PERSONAL = re.compile(r"https?://[^\s\"<>]*/public/[^\s\"<>]*")


class Content:
    """One of our mails, with the reader's own links and greeting as a template's variables."""

    def __init__(self, mail: bytes) -> None:
        message = email.message_from_bytes(mail, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.subject = str(message["Subject"])
        self.links: dict[str, str] = {}
        self.sources = {kind: self._source(message, kind) for kind in ("plain", "html")}
        self.files = [
            (part.get_filename() or "file", part.get_content(), part.get_content_type())
            for part in message.iter_attachments()
        ]

    def context(self, number: int) -> Context:
        """What one reader's mail says that no other's does."""
        values = {name: f"{link}{number}" for name, link in self.links.items()}
        return Context(values | {"given": f"Given {number}", "family": f"Family {number}"})

    def mail(self, number: int) -> EmailMultiAlternatives:
        context = self.context(number)
        mail = EmailMultiAlternatives(
            self.subject,
            self.text.render(context),
            "Bench <bench@bench.example>",
            [f"r{number}@bench.example"],
        )
        mail.attach_alternative(self.html.render(context), "text/html")
        for name, content, kind in self.files:
            mail.attach(name, content, kind)
        return mail

    @cached_property
    def html(self) -> Template:
        return Template(self.sources["html"])

    @cached_property
    def text(self) -> Template:
        return Template(self.sources["plain"])

    def _source(self, message: EmailMessage, subtype: str) -> str:
        part = message.get_body((subtype,))
        assert part is not None
        source = part.get_content().replace("{", "{% templatetag openbrace %}")
        return "{{ given }} {{ family }}\n" + PERSONAL.sub(self._slot, source)

    def _slot(self, found: re.Match[str]) -> str:
        name = f"link_{len(self.links)}"
        self.links[name] = found.group()
        return "{{ " + name + " }}"


def batches(first: int, count: int) -> Iterator[range]:
    for start in range(first, first + count, CONNECTION):
        yield range(start, min(start + CONNECTION, first + count))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.naive")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--mail", type=Path, required=True)
    options = parser.parse_args()
    settings.configure(
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=options.port,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()
    content = Content(options.mail.read_bytes())
    began = time.monotonic()
    connection = get_connection()
    for numbers in batches(0, options.count):
        connection.send_messages([content.mail(number) for number in numbers])
    print(json.dumps({"seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main()
