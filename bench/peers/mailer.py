"""django-mailer: mails are queued through its backend, then sent by `send_mail`."""

from collections.abc import Callable

from django.core.mail import get_connection
from django.core.management import call_command

from bench.naive import Content, batches
from bench.peers.site import project, race

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]


def prepare(port: int, count: int, content: Content) -> Callable[[], None]:
    project(port, "mailer", EMAIL_BACKEND="mailer.backend.DbBackend", TEMPLATES=TEMPLATES)

    def work() -> None:
        connection = get_connection()
        for numbers in batches(0, count):
            connection.send_messages([content.mail(number) for number in numbers])
        call_command("send_mail", verbosity=0)

    return work


if __name__ == "__main__":
    race(prepare)
