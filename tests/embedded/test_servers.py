"""A wrong address is one clear sentence."""

import socket

import pytest

from crm import embedded
from crm.embedded.launch import open_port
from crm.embedded.ports import free_port
from crm.embedded.servers import check_broker, check_database, check_mail_server


def test_a_database_address_of_another_kind_is_refused() -> None:
    assert refused(check_database, "mysql://u:secret@db/name") == (
        "DATABASE_URL must begin with postgres://, but it begins with mysql://."
    )


def test_an_unreachable_database_is_named_without_its_password() -> None:
    port = free_port()

    sentence = refused(check_database, f"postgres://amelie:secret@127.0.0.1:{port}/liaison")

    assert f"The database amelie@127.0.0.1:{port}/liaison can't be used" in sentence
    assert "Check DATABASE_URL" in sentence
    assert "secret" not in sentence
    assert "\n" not in sentence


def test_an_unreachable_broker_is_named_without_its_password() -> None:
    port = free_port()

    sentence = refused(check_broker, f"redis://:secret@127.0.0.1:{port}/0")

    assert f"The broker 127.0.0.1:{port}/0 can't be used" in sentence
    assert "secret" not in sentence


def test_an_unreachable_mail_server_is_named_without_its_password() -> None:
    port = free_port()

    sentence = refused(check_mail_server, f"smtp://desk:secret@127.0.0.1:{port}")

    assert f"The mail server desk@127.0.0.1:{port} can't be reached" in sentence
    assert "Check EMAIL_URL" in sentence
    assert "secret" not in sentence


def test_one_mail_server_that_answers_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        there = f"smtp+tls://127.0.0.1:{ear.getsockname()[1]}?weight=2"
        gone = [f"smtp://127.0.0.1:{free_port()}" for _ in range(2)]

        check_mail_server(f"{gone[0]} {there}")

    sentence = refused(check_mail_server, " ".join(gone))
    assert all(url.removeprefix("smtp://") in sentence for url in gone)


@pytest.mark.parametrize(
    "relay", ["anymail://postmark", "anymail://brevo?window=100", "django://a.dotted.Backend"]
)
def test_a_relay_without_a_host_of_ours_is_not_dialled(relay: str) -> None:
    check_mail_server(relay)
    check_mail_server(f"smtp://127.0.0.1:{free_port()} {relay}")


def test_an_address_that_is_none_is_refused_without_being_shown() -> None:
    assert refused(check_mail_server, "secret") == (
        "EMAIL_URL must begin with smtp://, but it has no such beginning."
    )


def test_a_taken_port_names_the_variable_that_chooses_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(embedded.EmbeddedError, match=f"Port {port} is taken.*PORT="):
            open_port()


@pytest.mark.parametrize("wrong", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", wrong)

    with pytest.raises(embedded.EmbeddedError, match="is not a port"):
        open_port()


def refused(check, url: str) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(embedded.EmbeddedError) as refusal:
        check(url)
    return str(refusal.value)
