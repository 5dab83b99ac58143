"""How mail leaves is read from the environment; what is missing is named in one sentence."""

import os
import subprocess
import sys

import pytest


def started(**environment: str) -> str:
    """What a process says of its relays, or the last line of why it refuses to start."""
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ANYMAIL_") and name != "EMAIL_URL"
    }
    program = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from django.conf import settings; print(settings.EMAIL_URL, settings.ANYMAIL)",
        ],
        env=bare | {"DJANGO_SETTINGS_MODULE": "crm.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return (program.stdout or program.stderr).strip().splitlines()[-1]


def test_a_provider_alone_is_the_way_mail_leaves() -> None:
    said = started(ANYMAIL_PROVIDER="postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="invented")

    assert said.startswith("anymail://postmark {'POSTMARK_SERVER_TOKEN': 'invented'")


def test_an_address_given_counts_more_than_the_provider() -> None:
    assert started(
        ANYMAIL_PROVIDER="postmark", EMAIL_URL="smtp://127.0.0.1:25"
    ).startswith("smtp://127.0.0.1:25 ")  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "key"),
    [
        ("postmark", "POSTMARK_SERVER_TOKEN"),
        ("mailgun", "MAILGUN_API_KEY"),
        ("brevo", "BREVO_API_KEY"),
        ("amazon_ses", "AMAZON_SES_REGION"),
        ("mailjet", "MAILJET_API_KEY"),
    ],
)
def test_a_provider_without_its_key_is_refused_by_the_name_of_the_key(
    provider: str, key: str
) -> None:
    assert f"Set ANYMAIL_{key} in the environment: mails leave through {provider}" in started(
        EMAIL_URL=f"smtp://127.0.0.1:25 anymail://{provider}?weight=2"
    )


def test_a_provider_nobody_knows_is_refused_with_those_that_are_known() -> None:
    assert "There is no provider pigeons" in started(ANYMAIL_PROVIDER="pigeons")
    assert "postmark, mailgun, brevo" in started(ANYMAIL_PROVIDER="pigeons")


@pytest.mark.parametrize("server", ["192.0.2.53", "192.0.2.53:", "dns.example:53", ":53", "::1:0"])
def test_a_name_server_is_an_address_and_a_port(server: str) -> None:
    assert f"DNS_SERVER={server} is not the address and port" in started(DNS_SERVER=server)


@pytest.mark.parametrize("server", ["", "192.0.2.53:53", "[2001:db8::53]:53"])
def test_a_name_server_that_is_one(server: str) -> None:
    assert "DNS_SERVER" not in started(DNS_SERVER=server)


DEPLOYED = {
    "DEBUG": "0",
    "SECRET_KEY": "a" * 50,
    "ADDRESS_KEY": "invented",
    "BASE_URL": "https://liaison.example",
    "EMAIL_URL": "smtp://relay.example",
}


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ADDRESS_KEY", "BASE_URL", "EMAIL_URL"])
def test_what_only_a_deployment_knows_is_asked_for_by_name(missing: str) -> None:
    assert f"Set {missing} in the environment: " in started(**DEPLOYED | {missing: ""})


def test_a_deployment_that_says_all_of_it_starts() -> None:
    assert started(**DEPLOYED).startswith("smtp://relay.example ")
