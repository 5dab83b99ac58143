"""Several relays: each its share, and the others take over from one that is gone."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django.fixtures import Settings

from campaigns.mail.transports import open_transport, reachable
from campaigns.mail.transports.contract import End, Envelope, Unreachable
from crm.embedded.ports import free_port
from tests.kit.mailserver import MailServer


@pytest.fixture
def two() -> Iterator[tuple[MailServer, MailServer]]:
    with ExitStack() as stack:
        yield stack.enter_context(MailServer()), stack.enter_context(MailServer())


def mail(reader: str = "ada") -> Envelope:
    return Envelope("desk@biocat.example", f"{reader}@lab.example", b"Subject: x\r\n\r\nx\r\n")


def nobody() -> str:
    """The address of a server that does not run."""
    return f"smtp://127.0.0.1:{free_port()}"


def test_relays_share_the_work_by_weight(two: tuple[MailServer, MailServer]) -> None:
    strong, weak = two
    with open_transport(f"{strong.url}?weight=3 {weak.url}") as relays:
        for n in range(40):
            relays.connect()
            relays.send([mail(f"r{n}")] * relays.window)

    share = len(strong.arrived) / (len(strong.arrived) + len(weak.arrived))
    assert 0.65 <= share <= 0.85
    assert (strong.calls, weak.calls) == (1, 1)


def test_all_work_goes_to_the_one_that_answers(two: tuple[MailServer, MailServer]) -> None:
    server, _ = two
    with open_transport(f"{nobody()}?weight=9 {server.url}") as relays:
        outcomes = [relays.send([mail()])[0] for _ in range(5)]

    assert {outcome.end for outcome in outcomes} == {End.ACCEPTED}
    assert {outcome.relay for outcome in outcomes} == {f"127.0.0.1:{server.port}"}


def test_a_relay_whose_line_broke_rests_and_the_other_takes_over(
    two: tuple[MailServer, MailServer],
) -> None:
    shaky, steady = two
    shaky.lie("mail", reply="421 4.3.2 Shutting down")
    with open_transport(f"{shaky.url}?weight=9 {steady.url}") as relays:
        first = relays.send([mail()])
        later = [relays.send([mail()])[0].end for _ in range(5)]

    assert first[0].end == End.DEFERRED
    assert later == [End.ACCEPTED] * 5
    assert shaky.calls == 1


def test_a_relay_that_came_back_gets_its_share_again(
    two: tuple[MailServer, MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    shaky, steady = two
    shaky.lie("mail", reply="421 4.3.2 Shutting down", times=1)
    monkeypatch.setattr("campaigns.mail.transports.relays.FIRST_PAUSE", 0)
    with open_transport(f"{shaky.url} {steady.url}") as relays:
        for _ in range(9):
            relays.send([mail()])

    assert len(shaky.arrived) == 4
    assert len(steady.arrived) == 4


def test_a_relay_that_rests_is_asked_when_there_is_no_other(
    two: tuple[MailServer, MailServer],
) -> None:
    shaky, _ = two
    shaky.lie("mail", reply="421 4.3.2 Shutting down", times=1)
    with open_transport(f"{shaky.url} {nobody()}") as relays:
        relays.send([mail()])

        assert relays.send([mail()])[0].end == End.ACCEPTED


def test_only_when_no_relay_answers_none_can_be_reached() -> None:
    gone = [nobody(), nobody()]
    with open_transport(" ".join(gone)) as relays, pytest.raises(Unreachable) as problem:
        relays.connect()

    for url in gone:
        assert url.removeprefix("smtp://") in str(problem.value)


def test_the_window_and_the_lines_are_as_the_url_names_them(
    two: tuple[MailServer, MailServer], settings: Settings
) -> None:
    settings.SENDING_LINES = 7
    with open_transport(f"{two[0].url}?window=2&lines=4") as relays:
        relays.send([mail()])
        relays.send([mail()] * 2)
        assert (relays.window, relays.lines) == (2, 4)
    with open_transport(two[0].url) as relays:
        relays.connect()
        assert relays.lines == 7


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "EMAIL_URL is empty"),
        ("post://desk:secret@127.0.0.1", "must look like smtp://host:port"),
        ("127.0.0.1:25", "must look like smtp://host:port"),
        ("smtp://", "must look like smtp://host:port"),
        ("smtp://desk:secret@127.0.0.1:mail", "is not an address: Port could not be cast"),
        ("smtp://desk:secret@127.0.0.1:25/inbox", "nothing may stand behind 127.0.0.1"),
        ("smtp://127.0.0.1?weight=0", "weight= must be a whole number from 1 to 1000, not “0”"),
        ("smtp://127.0.0.1?lines=many", "lines= must be a whole number"),
        ("smtp://127.0.0.1?window=", "window= must be a whole number"),
        ("smtp://127.0.0.1?chunking=yes", "chunking= must be 0 or 1, not “yes”"),
        ("smtp://127.0.0.1?ca=/nowhere/ca.pem", "“/nowhere/ca.pem”, but there is no such file"),
        ("smtp://127.0.0.1?colour=red", "has no option “colour”"),
        ("smtp://127.0.0.1:1 smtp://127.0.0.1?weight=x", "weight= must be a whole number"),
        ("django://nowhere.Backend", "nowhere.Backend is no e-mail backend"),
        ("django://campaigns.actions.letters.LedgerBackend", "writes to the ledger"),
    ],
)
def test_what_is_wrong_with_a_url_is_said_without_showing_its_password(
    url: str, sentence: str
) -> None:
    problem = reachable(url)

    assert sentence in problem
    assert "secret" not in problem
