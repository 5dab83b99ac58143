"""What a mail server says, and what it means: each reply goes to the mail it is about."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from campaigns.mail.transports import open_transport, reachable
from campaigns.mail.transports.contract import End, Envelope, Outcome, Unreachable, in_turn
from tests.kit.authority import Authority
from tests.kit.mailserver import OFFERS, MailServer

MAIL = b"Subject: x\r\n\r\nGood day\r\n"
PLAIN = ("8BITMIME",)  # no PIPELINING
CHUNKS = (*OFFERS, "CHUNKING")
WAYS = {"step by step": (PLAIN, ""), "pipelined": (OFFERS, ""), "chunks": (CHUNKS, "?chunking=1")}


def mails(*readers: str, mail: bytes = MAIL) -> list[Envelope]:
    return [Envelope("desk@biocat.example", f"{reader}@lab.example", mail) for reader in readers]


def sent(server: MailServer, *envelopes: Envelope, options: str = "") -> list[Outcome]:
    """A window of mails over one line."""
    with open_transport(server.url + options) as transport:
        return transport.send(envelopes)


def ends(outcomes: list[Outcome]) -> list[End]:
    return [outcome.end for outcome in outcomes]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, server: MailServer) -> str:
    """The options that make the transport speak in one of its three ways."""
    server.offers, options = WAYS[request.param]
    return options


@pytest.fixture
def hasty(settings: Settings) -> None:
    """Patience of a moment, where a test's server never answers."""
    settings.SMTP_TIMEOUT = 0.3
    settings.SMTP_FINAL_TIMEOUT = 0.5


# --- what arrives


def test_a_window_of_mails_arrives_whole_and_in_order(server: MailServer, way: str) -> None:
    window = [
        Envelope("desk@biocat.example", f"reader{n}@lab.example", MAIL + b"%d\r\n" % n)
        for n in range(25)
    ]

    outcomes = sent(server, *window, options=way)

    assert ends(outcomes) == [End.ACCEPTED] * 25
    assert server.arrived == [(each.recipient, each.mail) for each in window]
    assert set(server.senders) == {"desk@biocat.example"}
    assert {outcome.relay for outcome in outcomes} == {f"127.0.0.1:{server.port}"}


@pytest.mark.parametrize(
    "body", [b".\r\n..\r\n.a\r\n", b"a\r\n.\r\nb\r\n", b".", b"\r\n.\r\n", b"..\r\n\r\n\r\n"]
)
def test_dots_arrive_as_they_were_written(server: MailServer, way: str, body: bytes) -> None:
    [outcome] = sent(server, *mails("ada", mail=body), options=way)

    ((_to, raw),) = server.arrived
    assert outcome.end == End.ACCEPTED
    assert raw.rstrip(b"\r\n") == body.rstrip(b"\r\n")


@pytest.mark.parametrize("trick", [b"\n.\n", b"\n.\r\n", b"\r\n.\n"])
def test_no_text_ends_its_mail_and_smuggles_in_another(server: MailServer, trick: bytes) -> None:
    """Fault 9, bare LF: lines are mended before their dots are doubled."""
    body = MAIL + b"a" + trick + b"MAIL FROM:<eve@lab.example>\r\n"

    outcomes = sent(server, *mails("ada", "bob", mail=body))

    assert ends(outcomes) == [End.ACCEPTED, End.ACCEPTED]
    assert [raw for _to, raw in server.arrived] == [
        MAIL + b"a\r\n.\r\nMAIL FROM:<eve@lab.example>\r\n"
    ] * 2
    assert server.senders == ["desk@biocat.example"] * 2


def test_one_line_of_five_megabytes_arrives(server: MailServer, way: str) -> None:
    """Fault 9, 5 MB line."""
    long = MAIL + b"x" * 5_000_000 + b"\r\n"

    outcomes = sent(server, *mails("ada", "bob", mail=long), options=way)

    assert ends(outcomes) == [End.ACCEPTED] * 2
    assert [len(raw) for _to, raw in server.arrived] == [len(long)] * 2


def test_a_mail_larger_than_the_server_takes_fails_alone(server: MailServer) -> None:
    server.offers = ("PIPELINING", "SIZE 1000")
    large = mails("bob", mail=MAIL + b"x" * 1000)

    outcomes = sent(server, *mails("ada"), *large, *mails("eve"))

    assert ends(outcomes) == [End.ACCEPTED, End.FAILED, End.ACCEPTED]
    assert "takes 1000 at most" in outcomes[1].text


@pytest.mark.parametrize("offers", [("PIPELINING", "SIZE 1000"), ("SIZE 1000",)])
@pytest.mark.parametrize(
    "mail",
    [
        Envelope("desk@biocat.example", "bob@lab.example", MAIL + b"x" * 1000),
        Envelope("desk@biocat.example", "ünal@lab.example", MAIL),
        Envelope("desk@biocat.example", "eve\0@lab.example", MAIL),
    ],
)
def test_a_mail_that_no_server_takes_fails_alone_in_its_window(
    server: MailServer, offers: tuple[str, ...], mail: Envelope
) -> None:
    server.offers = offers

    with open_transport(server.url) as transport:
        alone = transport.send([mail])
        after = transport.send(mails("ada"))

    assert ends([*alone, *after]) == [End.FAILED, End.ACCEPTED]


@pytest.mark.parametrize("offers", [PLAIN, OFFERS])
def test_once_its_time_is_over_no_further_mail_begins(
    server: MailServer, offers: tuple[str, ...]
) -> None:
    """The lease has ended: the mails that have not begun are somebody else's."""
    server.offers = offers
    server.lie("dot", wait=0.5, times=1)

    with open_transport(server.url) as transport:
        transport.connect()
        until = time.monotonic() + 0.3
        (outcomes,) = in_turn([transport.flights(mails("ada", "bob", "eve"), until=until)])

    assert ends(outcomes) == [End.ACCEPTED, End.DEFERRED, End.DEFERRED]
    assert [outcome.phase for outcome in outcomes[1:]] == ["line", "line"]
    assert server.readers == ["ada@lab.example"]


# --- round trips


def test_a_pipelined_mail_costs_one_round_trip(server: MailServer) -> None:
    with open_transport(server.url) as transport:
        transport.connect()
        before = server.flights
        transport.send(mails(*"abcdefghij"))

    # One for each body, one for the first opening, one for the goodbye.
    assert server.flights - before <= 12


def test_in_chunks_a_whole_window_costs_one_round_trip(server: MailServer) -> None:
    server.offers, server.round_trip = CHUNKS, 0.1
    with open_transport(server.url + "?chunking=1") as transport:
        transport.connect()
        began = time.monotonic()
        transport.send(mails(*"abcdefghij"))

    assert time.monotonic() - began < 0.1 * 5


def test_nobody_talks_over_a_server_that_takes_one_command_at_a_time(server: MailServer) -> None:
    server.offers = PLAIN

    outcomes = sent(server, *mails("ada", "bounce", "bob"))

    assert ends(outcomes) == [End.ACCEPTED, End.FAILED, End.ACCEPTED]
    assert server.talked_over == 0


def test_a_window_opens_as_the_line_proves_itself_and_closes_with_it(
    server: MailServer, settings: Settings
) -> None:
    settings.SENDING_WINDOW = 6
    seen = []
    with open_transport(server.url) as transport:
        for _ in range(5):
            transport.connect()
            seen.append(transport.window)
            transport.send(mails(*"abcdefgh"[: transport.window]))
        server.lie("dot", "cut", cut=True)
        transport.send(mails("cut"))
        closed = transport.window

    assert seen == [1, 2, 4, 6, 6]
    assert closed == 1


def test_the_round_trip_is_measured(server: MailServer) -> None:
    server.round_trip = 0.05
    with open_transport(server.url) as transport:
        transport.connect()

        assert 0.05 <= transport.round_trip < 1
        assert transport.lines >= 50


# --- what answers mean


@pytest.mark.parametrize(
    ("verdict", "end"),
    [
        ("250 OK", End.ACCEPTED),
        ("250-Much\n250-to\n250 say", End.ACCEPTED),
        ("250", End.ACCEPTED),
        ("252 Cannot verify, will try", End.ACCEPTED),
        ("451 4.3.0 Later", End.DEFERRED),
        ("421 Closing", End.DEFERRED),
        ("552 5.2.2 Full", End.FAILED),
        ("554 No", End.FAILED),
        ("oh well", End.UNKNOWN),
        ("250_OK", End.UNKNOWN),
        ("999 Yes", End.UNKNOWN),
        ("2", End.UNKNOWN),
        ("", End.UNKNOWN),
        ("354 Go on", End.UNKNOWN),
        ("250-never\nending", End.UNKNOWN),
    ],
)
def test_only_a_definite_answer_to_the_final_dot_is_one(
    server: MailServer, way: str, verdict: str, end: End
) -> None:
    """Fault 9: 421, 451 and 552 after the dot, and garbage."""
    server.lie("dot", reply=verdict, times=1)

    [outcome] = sent(server, *mails("ada"), options=way)

    assert outcome.end == end


@pytest.mark.parametrize(
    ("phase", "reply", "end"),
    [
        ("mail", "421 4.3.2 Closing", End.DEFERRED),
        ("mail", "450 4.7.1 Slower", End.DEFERRED),
        ("mail", "550 5.7.1 Not from you", End.FAILED),
        ("rcpt", "421 4.3.2 Closing", End.DEFERRED),
        ("rcpt", "450 4.2.1 Later", End.DEFERRED),
        ("rcpt", "550 5.1.1 Nobody", End.FAILED),
        ("rcpt", "550-5.1.1 No\n550-5.1.1 such\n550 5.1.1 mailbox", End.FAILED),
    ],
)
def test_a_refusal_before_the_body_is_definite_and_about_one_mail(
    server: MailServer, way: str, phase: str, reply: str, end: End
) -> None:
    """Fault 9: 421 and 450."""
    server.lie(phase, reply=reply, skip=1, times=1)

    outcomes = sent(server, *mails("ada", "bob", "eve"), options=way)

    assert ends(outcomes)[:2] == [End.ACCEPTED, end]
    assert outcomes[1].phase == phase
    assert outcomes[1].code == int(reply[:3])
    if not reply.startswith("421"):
        assert outcomes[2].end == End.ACCEPTED
        assert server.readers == ["ada@lab.example", "eve@lab.example"]


@pytest.mark.parametrize(
    ("phase", "reply"), [("data", "451 Not now"), ("mail", "oh well"), ("rcpt", "350 What?")]
)
@pytest.mark.parametrize("offers", [PLAIN, OFFERS])
def test_no_answer_of_any_kind_before_the_body_loses_a_mail(
    server: MailServer, offers: tuple[str, ...], phase: str, reply: str
) -> None:
    server.offers = offers
    server.lie(phase, reply=reply)

    outcomes = sent(server, *mails("ada", "bob"))

    assert ends(outcomes) == [End.DEFERRED, End.DEFERRED]
    assert server.whole == []


def test_a_server_that_wants_a_body_for_a_refused_reader_gets_a_lone_dot(
    server: MailServer,
) -> None:
    server.lie("rcpt", "nobody", "550 5.1.1 Nobody")
    server.lie("data", reply="354 Go on all the same")

    outcomes = sent(server, *mails("ada", "nobody", "bob"))

    assert ends(outcomes) == [End.ACCEPTED, End.FAILED, End.ACCEPTED]
    assert [raw for to, raw in server.arrived if to] == [MAIL, MAIL]
    assert [raw for to, raw in server.arrived if not to] == [b""]


def test_a_mail_refused_at_its_end_does_not_reach_into_the_next(server: MailServer) -> None:
    """A server that holds on to it wants RSET; told so once, it is asked each time."""
    readers = ["broken", "ada", "broken2", "bob"]

    with open_transport(server.url) as transport:
        first = transport.send(mails("broken", "ada"))
        second = transport.send(mails(*readers))

    assert ends(first) == [End.FAILED, End.DEFERRED]
    assert ends(second) == [End.FAILED, End.ACCEPTED, End.FAILED, End.ACCEPTED]
    assert [(to, raw) for to, raw in server.arrived] == [
        ("ada@lab.example", MAIL),
        ("bob@lab.example", MAIL),
    ]


def test_after_a_goodbye_nothing_more_is_sent_over_that_line(server: MailServer) -> None:
    """Fault 9, 421: the line is dropped, the rest waits, and the next window has a new line."""
    server.lie("rcpt", "bob", "421 4.7.0 Too many", times=1)

    with open_transport(server.url) as transport:
        first = transport.send(mails("ada", "bob", "eve"))
        second = transport.send(mails("bob", "eve"))

    assert ends(first) == [End.ACCEPTED, End.DEFERRED, End.DEFERRED]
    assert ends(second) == [End.ACCEPTED, End.ACCEPTED]
    assert server.calls == 2
    assert len(server.readers) == len(set(server.readers)) == 3


def test_a_line_closed_while_nobody_spoke_is_dialled_again(server: MailServer) -> None:
    with open_transport(server.url) as transport:
        transport.send(mails("ada"))
        server.hang_up()

        assert ends(transport.send(mails("bob"))) == [End.ACCEPTED]


def test_words_that_no_page_could_show_are_left_out(server: MailServer) -> None:
    server.lie("rcpt", "bob", "550 5.1.1 \0No\x1b[31m\tsuch  reader")

    [outcome] = sent(server, *mails("bob"))

    assert outcome.text == "5.1.1 No[31m such reader"


# --- lines that break


def test_a_line_cut_after_the_final_dot_leaves_exactly_that_mail_undecided(
    server: MailServer,
) -> None:
    """Fault 3: what was answered counts, what was on the line is undecided, the rest waits."""
    server.lie("dot", "lost", cut=True, takes=False)

    with open_transport(server.url) as transport:
        taken = transport.send(mails("ada", "cut", "bob"))
        lost = transport.send(mails("eve", "lost", "kim"))

    assert ends(taken) == [End.ACCEPTED, End.UNKNOWN, End.DEFERRED]
    assert ends(lost) == [End.ACCEPTED, End.UNKNOWN, End.DEFERRED]
    assert server.readers == ["ada@lab.example", "cut@lab.example", "eve@lab.example"]


def test_a_flight_of_chunks_cut_half_way_is_undecided_from_there_on(server: MailServer) -> None:
    """Fault 3: half of a window accepted and answered, half not: nobody can know of those."""
    server.offers = CHUNKS
    server.lie("dot", skip=5, cut=True, takes=True)

    outcomes = sent(server, *mails(*"abcdefghij"), options="?chunking=1")

    assert ends(outcomes) == [End.ACCEPTED] * 5 + [End.UNKNOWN] * 5
    assert len(server.answered) == 5
    assert len(server.arrived) == 6


def test_a_goodbye_within_a_flight_of_chunks_leaves_what_follows_undecided(
    server: MailServer,
) -> None:
    server.offers = CHUNKS
    server.lie("rcpt", "b", "421 4.7.0 Enough")

    outcomes = sent(server, *mails("a", "b", "c"), options="?chunking=1")

    assert ends(outcomes) == [End.ACCEPTED, End.DEFERRED, End.UNKNOWN]


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("offers", [PLAIN, OFFERS])
def test_a_line_cut_before_the_body_leaves_nothing_undecided(
    server: MailServer, offers: tuple[str, ...], phase: str
) -> None:
    server.offers = offers
    server.lie(phase, cut=True)

    assert ends(sent(server, *mails("ada", "bob"))) == [End.DEFERRED, End.DEFERRED]
    assert server.whole == []


def test_a_line_cut_within_the_body_leaves_that_mail_undecided(server: MailServer) -> None:
    server.lie("body", "bob", cut=True)

    outcomes = sent(server, *mails("ada", "bob", "eve"))

    assert ends(outcomes) == [End.ACCEPTED, End.UNKNOWN, End.DEFERRED]
    assert server.readers == ["ada@lab.example"]


def test_a_refusal_amid_a_long_body_counts(server: MailServer) -> None:
    server.lie("body", "bob", "552 5.3.4 Too long", times=1)
    server.lie("dot", "bob", "554 As I said")

    [outcome] = sent(server, *mails("bob", mail=MAIL + b"x" * 5_000_000))

    assert (outcome.end, outcome.code) == (End.FAILED, 552)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("mail", [End.DEFERRED, End.DEFERRED]),
        ("rcpt", [End.DEFERRED, End.DEFERRED]),
        ("data", [End.DEFERRED, End.DEFERRED]),
        ("body", [End.UNKNOWN, End.DEFERRED]),
        ("dot", [End.UNKNOWN, End.DEFERRED]),
    ],
)
@pytest.mark.parametrize("offers", [PLAIN, OFFERS])
def test_a_server_that_falls_silent_holds_a_line_no_longer_than_allowed(
    server: MailServer, offers: tuple[str, ...], phase: str, expected: list[End]
) -> None:
    """Fault 9, hang for ever."""
    server.offers = offers
    server.lie(phase, hang=True)
    began = time.monotonic()

    outcomes = sent(server, *mails("ada", "bob", mail=MAIL + b"x" * 5_000_000))

    assert ends(outcomes) == expected
    assert time.monotonic() - began < 3


@pytest.mark.usefixtures("hasty")
def test_an_answer_that_comes_drop_by_drop_is_none() -> None:
    """Each line is in time; the reply is not."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        over = threading.Event()

        def drip() -> None:
            line, _ = ear.accept()
            with line:
                while not over.wait(0.05):
                    line.sendall(b"220-patience\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        problem = reachable(f"smtp://127.0.0.1:{ear.getsockname()[1]}")
        over.set()
        dripping.join()

    assert "did not answer in time" in problem


def test_answers_are_read_while_a_long_flight_leaves(server: MailServer) -> None:
    """Neither waits for the other to read: 200 long answers and 200 long mails."""
    server.offers = CHUNKS
    server.lie("mail", reply="\n".join(["250-" + "x" * 500] * 30 + ["250 OK"]))
    window = mails(*(f"r{n}" for n in range(200)), mail=MAIL + b"x" * 60_000)

    outcomes = sent(server, *window, options="?chunking=1")

    assert ends(outcomes) == [End.ACCEPTED] * 200


def test_an_answer_before_the_question_is_believed_by_nobody(server: MailServer) -> None:
    server.lie("data", reply="354 Go on\n250 Taken")

    assert ends(sent(server, *mails("ada", "bob"))) == [End.DEFERRED, End.DEFERRED]
    assert server.whole == []


# --- addresses


def test_an_address_beyond_ascii_is_sent_where_the_server_takes_it(
    server: MailServer, way: str
) -> None:
    server.offers = (*server.offers, "SMTPUTF8")

    outcomes = sent(server, *mails("ünal"), options=way)

    assert ends(outcomes) == [End.ACCEPTED]
    assert server.readers == ["ünal@lab.example"]


def test_an_address_beyond_ascii_fails_alone_where_it_does_not(server: MailServer) -> None:
    server.offers = ("PIPELINING",)

    outcomes = sent(server, *mails("ada", "ünal", "bob"))

    assert ends(outcomes) == [End.ACCEPTED, End.FAILED, End.ACCEPTED]
    assert "cannot take addresses beyond ASCII" in outcomes[1].text


@pytest.mark.parametrize(
    "address",
    [
        "eve@lab.example>\r\nDATA\r\n",
        "real@company.notreserved> <eve@lab.example",
        "eve\0@lab.example",
        "eve\udc80@lab.example",
    ],
)
def test_an_address_that_would_be_a_command_fails_alone(server: MailServer, address: str) -> None:
    ours = Envelope("desk@biocat.example", address, MAIL)
    server.offers = (*OFFERS, "SMTPUTF8")

    outcomes = sent(server, *mails("ada"), ours, *mails("bob"))

    assert ends(outcomes) == [End.ACCEPTED, End.FAILED, End.ACCEPTED]
    assert server.readers == ["ada@lab.example", "bob@lab.example"]


def test_the_sandbox_stops_a_real_address_before_the_line(server: MailServer) -> None:
    real = Envelope("desk@biocat.example", "somebody@company.notreserved", MAIL)

    assert ends(sent(server, real)) == [End.FAILED]
    assert "MAIL" not in server.commands
    assert ends(sent(server, *mails("ada"), real)) == [End.ACCEPTED, End.FAILED]
    assert server.readers == ["ada@lab.example"]


# --- greeting, encryption, signing in


def test_a_slow_banner_is_waited_for(server: MailServer) -> None:
    """Fault 9, banner delay."""
    server.lie("connect", wait=0.5)

    assert ends(sent(server, *mails("ada"))) == [End.ACCEPTED]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("phase", ["connect", "ehlo"])
@pytest.mark.parametrize("lie", [{"hang": True}, {"cut": True}, {"reply": "554 Go away"}])
def test_a_server_that_does_not_greet_is_unreachable(
    server: MailServer, phase: str, lie: dict[str, object]
) -> None:
    """Fault 9, banner delay beyond all patience: nothing was said, so nothing is undecided."""
    if phase == "ehlo" and "reply" in lie:
        lie = {"reply": "451 Go away"}
    server.lie(phase, **lie)  # type: ignore[arg-type]

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ cannot be reached"):
        sent(server, *mails("ada"))


def test_a_server_of_the_old_days_is_greeted_as_it_knows(server: MailServer) -> None:
    server.knows_ehlo = False

    assert ends(sent(server, *mails("ada", "bounce", "bob"))) == [
        End.ACCEPTED,
        End.FAILED,
        End.ACCEPTED,
    ]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.mark.parametrize("wrapped", [False, True])
def test_mails_leave_encrypted_to_a_server_that_proves_its_name(
    authority: Authority, wrapped: bool
) -> None:
    with MailServer(tls=authority.server(), wrapped=wrapped) as server:
        window = mails(*(f"r{n}" for n in range(25)), mail=MAIL + b"x" * 100_000)

        with open_transport(f"{server.url}?ca={authority.file}") as transport:
            outcomes = [*transport.send(window), *transport.send(mails("last"))]

    assert ends(outcomes) == [End.ACCEPTED] * 26
    assert server.calls == 1


def test_chunks_leave_encrypted(authority: Authority) -> None:
    with MailServer(tls=authority.server(), offers=CHUNKS) as server:
        window = mails(*(f"r{n}" for n in range(25)), mail=MAIL + b"x" * 100_000)

        outcomes = sent(server, *window, options=f"?chunking=1&ca={authority.file}")

    assert ends(outcomes) == [End.ACCEPTED] * 25


@pytest.mark.parametrize(
    ("host", "days", "trusted"),
    [("127.0.0.1", -1, True), ("other.example", 1, True), ("127.0.0.1", 1, False)],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_server_that_proves_nothing_gets_nothing(
    authority: Authority, host: str, days: int, trusted: bool, wrapped: bool
) -> None:
    """Fault 9, bad TLS: run out, of another host, or vouched for by nobody."""
    shown = authority.server(host, dt.timedelta(days=days))
    with MailServer(tls=shown, wrapped=wrapped, users={"desk": "secret"}) as server:
        options = f"?ca={authority.file}" if trusted else ""
        url = server.url.replace("127", "desk:secret@127") + options

        problem = reachable(url)

    assert "does not prove that it is 127.0.0.1" in problem
    assert "secret" not in problem
    assert "AUTH" not in server.commands


def test_encryption_that_is_asked_for_is_not_done_without(server: MailServer) -> None:
    assert "offers no encryption" in reachable(server.url.replace("smtp:", "smtp+tls:"))
    assert "MAIL" not in server.commands


def test_what_is_whispered_in_before_encryption_is_not_believed(authority: Authority) -> None:
    with MailServer(tls=authority.server()) as server:
        server.lie("starttls", reply="220 Go on\n250 AUTH PLAIN")

        assert "between STARTTLS and encryption" in reachable(f"{server.url}?ca={authority.file}")


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_one_signs_in_by_what_the_server_knows(server: MailServer, way: str) -> None:
    server.users = {"desk@biocat.example": "s3cret/?"}
    server.offers = (*OFFERS, f"AUTH GSSAPI {way}")
    url = f"smtp://desk%40biocat.example:s3cret%2F%3F@127.0.0.1:{server.port}"

    assert reachable(url) == ""
    problem = reachable(url.replace("s3cret", "wrong"))

    assert "refuses our user name or password (535" in problem
    assert "wrong" not in problem


def test_a_way_to_sign_in_that_is_not_known_is_named(server: MailServer) -> None:
    server.users = {"desk": "secret"}
    server.offers = ("AUTH GSSAPI",)

    assert "no way to sign in" in reachable(server.url.replace("127", "desk:secret@127"))
