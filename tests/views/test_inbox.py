from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from crm.models import InboxMail


@pytest.fixture
def mail(db: None) -> InboxMail:
    message = EmailMessage()
    message["Subject"] = "Join us in Japan"
    message["From"] = "Lyon <desk@lyon.example>"
    message["To"] = "elise@rhone-cellules.example"
    message.set_content("The written part, with Élise.")
    message.add_alternative("<p>The drawn part</p><script>alert(1)</script>", subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="deadline.ics")
    return InboxMail.objects.create(
        mail_from="desk@lyon.example",
        rcpt_to="elise@rhone-cellules.example",
        subject="Join us in Japan",
        message_id="<1@lyon.example>",
        raw=bytes(message),
    )


@pytest.fixture
def developing(settings: Settings) -> None:
    settings.DEBUG = True


def test_a_mail_shows_its_text_its_headers_and_what_is_attached(
    client: Client, mail: InboxMail, developing: None
) -> None:
    page = client.get(reverse("crm:inbox-show", args=[mail.pk])).content.decode()

    assert "The written part, with Élise." in page
    assert "deadline.ics" in page
    assert "BEGIN:VCALENDAR" in page
    assert "The drawn part" not in page


def test_the_html_part_comes_alone_under_a_policy_that_runs_nothing(
    client: Client, mail: InboxMail, developing: None
) -> None:
    answer = client.get(reverse("crm:inbox-body", args=[mail.pk]))

    policy = answer["Content-Security-Policy"]
    assert "The drawn part" in answer.content.decode()
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy


def test_the_raw_message_is_the_mail_byte_for_byte(
    client: Client, mail: InboxMail, developing: None
) -> None:
    answer = client.get(reverse("crm:inbox-raw", args=[mail.pk]))

    assert answer.content == bytes(mail.raw)


def test_recipients_can_be_searched(client: Client, mail: InboxMail, developing: None) -> None:
    found = client.get(reverse("crm:inbox-list"), {"q": "elise@"}).content.decode()
    nobody = client.get(reverse("crm:inbox-list"), {"q": "marc@"}).content.decode()

    assert "Join us in Japan" in found
    assert "No mail to this recipient" in nobody


def test_there_is_no_inbox_outside_development(
    client: Client, mail: InboxMail, settings: Settings
) -> None:
    settings.DEBUG = False

    for url in (
        reverse("crm:inbox-list"),
        reverse("crm:inbox-show", args=[mail.pk]),
        reverse("crm:inbox-body", args=[mail.pk]),
        reverse("crm:inbox-raw", args=[mail.pk]),
    ):
        assert client.get(url).status_code == 404
