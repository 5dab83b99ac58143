"""django-newsletter: one submission to all subscribers, sent by `submit_newsletter`."""

import datetime as dt
from collections.abc import Callable

from django.core.management import call_command
from django.utils import timezone

from bench.naive import Content
from bench.peers.site import project, race


def prepare(port: int, count: int, content: Content) -> Callable[[], None]:
    templates = {
        "newsletter/message/message_subject.txt": content.subject,
        "newsletter/message/message.txt": content.sources["plain"],
        "newsletter/message/message.html": content.sources["html"],
    }
    project(
        port,
        *("django.contrib.auth", "django.contrib.sites", "newsletter"),
        SITE_ID=1,
        ROOT_URLCONF="newsletter.urls",
        NEWSLETTER_THUMBNAIL="sorl-thumbnail",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.locmem.Loader", templates)],
                },
            }
        ],
    )
    from newsletter.models import (  # noqa: PLC0415  its models need the settings
        Message,
        Newsletter,
        Submission,
        Subscription,
    )

    letter = Newsletter.objects.create(
        title="Bench", slug="bench", email="bench@bench.example", sender="Bench"
    )
    for number in range(count):
        Subscription.objects.create(
            newsletter=letter,
            name_field=f"Given {number}",
            email_field=f"r{number}@bench.example",
            subscribed=True,
        )
    message = Message.objects.create(title=content.subject, slug="bench", newsletter=letter)
    submission = Submission.from_message(message)
    submission.publish_date = timezone.now() - dt.timedelta(minutes=1)
    submission.prepared = True
    submission.save()

    def work() -> None:
        call_command("submit_newsletter", verbosity=0)

    return work


if __name__ == "__main__":
    race(prepare)
