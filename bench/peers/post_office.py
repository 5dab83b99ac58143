"""django-post-office: mails are queued with `send_many`, then sent by `send_queued_mail`.

Without the calendar file: it would be written to the disk once for each mail.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command

from bench.naive import Content, batches
from bench.peers.site import project, race

TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates"},
    {
        "BACKEND": "post_office.template.backends.post_office.PostOfficeTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": []},
    },
]


def prepare(port: int, count: int, content: Content) -> Callable[[], None]:
    project(port, "post_office", EMAIL_BACKEND="post_office.EmailBackend", TEMPLATES=TEMPLATES)
    from post_office.mail import send_many  # noqa: PLC0415  its models need the settings

    def work() -> None:
        for numbers in batches(0, count):
            send_many([*_mails(content, numbers)])
        call_command("send_queued_mail", verbosity=0)

    return work


def _mails(content: Content, numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        context = content.context(number)
        yield {
            "sender": "bench@bench.example",
            "recipients": [f"r{number}@bench.example"],
            "subject": content.subject,
            "message": content.text.render(context),
            "html_message": content.html.render(context),
        }


if __name__ == "__main__":
    race(prepare)
