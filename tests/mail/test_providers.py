"""Mails through providers' APIs: what each says, and what it means."""

from email.message import EmailMessage

import pytest
from pytest_django.fixtures import Settings

from campaigns.mail.transports.addresses import relay_address
from campaigns.mail.transports.contract import End, Envelope, Outcome, Unreachable, in_turn
from campaigns.mail.transports.providers import Provider as Line
from tests.kit.provider import Mood, Provider

ALL = ["postmark", "mailgun", "brevo", "amazon_ses", "mailjet"]
SEVERAL_IN_ONE = ["postmark", "brevo", "mailjet"]

MAIL = """\
From: "Lyon, Biopole" <news@lyonbiopole.example>\r
To: =?utf-8?q?=C3=9Cnal_=C5=81=C3=B3d=C5=BA?= <{reader}>\r
Reply-To: Desk <desk@lyonbiopole.example>\r
Subject: =?utf-8?q?Mission_{number}_=E2=80=93_r=C3=A9ponse?=\r
Date: Mon, 02 Nov 2026 10:00:00 +0000\r
Message-ID: <d{number}.mac@lyonbiopole.example>\r
List-Unsubscribe: <https://liaison.example/public/leave/{number}/>\r
List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="==="\r
\r
--===\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
Bonjour {number}, =C3=A0 bient=C3=B4t\r
--===\r
Content-Type: text/html; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
<p>Bonjour {number}</p>\r
{calendar}--===--\r
"""
CALENDAR = """\
--===\r
Content-Type: text/calendar; charset="utf-8"; method="REQUEST"\r
Content-Transfer-Encoding: 8bit\r
\r
BEGIN:VCALENDAR\r
END:VCALENDAR\r
"""


def envelope(reader: str, number: int, calendar: str = "") -> Envelope:
    mail = MAIL.format(reader=reader, number=number, calendar=calendar)
    return Envelope("news@lyonbiopole.example", reader, mail.encode(), number, 2)


def envelopes(count: int, refused: int = 0) -> list[Envelope]:
    return [
        envelope(f"{'bounce' if number < refused else 'reader'}{number}@biotech.example", number)
        for number in range(count)
    ]


def sent(name: str, mails: list[Envelope]) -> list[Outcome]:
    line = Line(relay_address(f"anymail://{name}"))
    try:
        line.connect()
        return in_turn([line.flights(mails)])[0]
    finally:
        line.close()


@pytest.mark.parametrize("name", ALL)
def test_every_mail_arrives_with_what_its_reader_is_to_read(name: str, provider: Provider) -> None:
    outcomes = sent(name, envelopes(6))

    assert [outcome.end for outcome in outcomes] == [End.ACCEPTED] * 6
    assert {outcome.relay for outcome in outcomes} == {name}
    assert provider.readers == [f"reader{number}@biotech.example" for number in range(6)]
    for taken in provider.taken:
        number = taken.reader.removeprefix("reader").split("@")[0]
        assert taken.metadata == {"delivery": number, "generation": "2"}
        assert f"Bonjour {number}" in (text := read(taken.mail))
        assert f"Mission {number} – réponse" in text
        assert f"/public/leave/{number}/" in text
        assert "Lyon, Biopole" in text


def read(mail: object) -> str:
    """Everything that a mail says, decoded."""
    if isinstance(mail, dict):
        return " ".join(read(value) for value in mail.values())
    if isinstance(mail, list):
        return " ".join(read(value) for value in mail)
    if isinstance(mail, EmailMessage):
        parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
        return " ".join([*map(str, mail.values()), *map(str, parts)])
    return str(mail)


@pytest.mark.parametrize("name", SEVERAL_IN_ONE)
def test_one_call_carries_many_mails(name: str, provider: Provider) -> None:
    sent(name, envelopes(40))

    assert provider.calls == [40]


@pytest.mark.parametrize("name", ["mailgun", "amazon_ses"])
def test_where_a_call_carries_one_mail_several_are_under_way(name: str, provider: Provider) -> None:
    provider.pause = 0.1

    sent(name, envelopes(16))

    assert provider.calls == [1] * 16
    assert provider.most_at_once > 3


@pytest.mark.parametrize("name", ALL)
def test_three_of_fifty_are_refused_alone(name: str, provider: Provider) -> None:
    """Fault 10: 3 of 50 refused: 47 accepted and 3 failed."""
    outcomes = sent(name, envelopes(50, refused=3))

    assert [outcome.end for outcome in outcomes] == [End.FAILED] * 3 + [End.ACCEPTED] * 47
    assert len(provider.taken) == len(set(provider.readers)) == 47
    assert all(outcome.text for outcome in outcomes)


@pytest.mark.parametrize("name", ALL)
def test_too_many_calls_are_put_off_as_long_as_the_provider_says(
    name: str, provider: Provider
) -> None:
    """Fault 10: 429 with Retry-After: deferred."""
    provider.moods.extend([Mood.BUSY] * 3)

    outcomes = sent(name, envelopes(3))

    busy = [outcome for outcome in outcomes if outcome.end is End.DEFERRED]
    assert len(busy) == 3
    assert {outcome.wait for outcome in busy} == {7.0}
    assert not provider.taken


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.SILENT, Mood.GARBAGE, Mood.ODD, Mood.CUT])
@pytest.mark.parametrize("name", ALL)
def test_what_left_without_a_readable_answer_is_undecided(
    name: str, mood: Mood, provider: Provider
) -> None:
    """Fault 10: 500 after accept, a stall, invalid JSON: unknown."""
    provider.moods.append(mood)

    (outcome,) = sent(name, envelopes(1))

    assert outcome.end is End.UNKNOWN
    assert len(provider.taken) == 1


@pytest.mark.parametrize("name", ALL)
def test_a_key_that_is_not_known_stops_the_campaign_and_blames_nobody(
    name: str, provider: Provider
) -> None:
    provider.moods.extend([Mood.LOCKED] * 3)

    with pytest.raises(Unreachable, match=r"takes no mail from us .*ANYMAIL_"):
        sent(name, envelopes(3))

    assert not provider.taken


@pytest.mark.parametrize("name", ALL)
def test_a_provider_that_is_not_there_is_a_sentence_and_nothing_left(
    name: str, provider: Provider
) -> None:
    provider.stop()

    with pytest.raises(Unreachable, match="Nothing is lost"):
        sent(name, envelopes(3))


@pytest.mark.parametrize("name", ALL)
def test_a_provider_that_goes_away_after_the_greeting_got_nothing(
    name: str, provider: Provider
) -> None:
    line = Line(relay_address(f"anymail://{name}"))
    line.connect()
    provider.stop()

    with pytest.raises(Unreachable, match="Nothing is lost"):
        in_turn([line.flights(envelopes(2))])

    line.close()


@pytest.mark.parametrize("name", ALL)
def test_the_sandbox_is_asked_last(name: str, provider: Provider, settings: Settings) -> None:
    settings.SANDBOX = True
    real = envelope("somebody@company.notreserved", 9)

    barred, taken = sent(name, [real, *envelopes(1)])

    assert (barred.end, barred.phase) == (End.FAILED, "sandbox")
    assert taken.end is End.ACCEPTED
    assert provider.readers == ["reader0@biotech.example"]


@pytest.mark.parametrize("name", SEVERAL_IN_ONE)
def test_a_calendar_part_goes_along_as_a_file(name: str, provider: Provider) -> None:
    first = envelope("reader1@biotech.example", 1, CALENDAR)
    second = envelope("reader2@biotech.example", 2, CALENDAR.replace("END:", "X-MINE:1\r\nEND:"))

    outcomes = sent(name, [first, second])

    assert [outcome.end for outcome in outcomes] == [End.ACCEPTED] * 2
    assert all("invitation.ics" in read(taken.mail) for taken in provider.taken)
    assert provider.calls == ([1, 1] if name == "brevo" else [2])


@pytest.mark.parametrize("name", ALL)
def test_two_mails_to_one_reader_are_told_apart(name: str, provider: Provider) -> None:
    twice = [envelope("reader@biotech.example", number) for number in (1, 2)]

    outcomes = sent(name, twice)

    assert [outcome.end for outcome in outcomes] == [End.ACCEPTED] * 2
    assert sorted(taken.metadata["delivery"] for taken in provider.taken) == ["1", "2"]


def test_a_sender_the_account_does_not_know_is_not_the_readers_fault(provider: Provider) -> None:
    good, bad = envelopes(2)
    stranger = bad._replace(mail=bad.mail.replace(b"news@lyonbiopole", b"news@unknown"))

    accepted, waiting = sent("postmark", [good, stranger])

    assert accepted.end is End.ACCEPTED
    assert waiting.end is End.DEFERRED
    assert "Sender Signature" in waiting.text


def test_the_same_call_has_the_same_key(provider: Provider) -> None:
    sent("brevo", envelopes(2))
    sent("brevo", envelopes(2))
    sent("brevo", [mail._replace(generation=3) for mail in envelopes(2)])

    first, again, another = provider.keys
    assert first == again != another


@pytest.mark.parametrize("name", ALL)
def test_a_missing_key_is_refused_by_its_name(
    name: str, provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    settings.ANYMAIL = {"AMAZON_SES_CLIENT_PARAMS": {}}

    with pytest.raises(Unreachable, match=r"(?i)key|token|region"):
        sent(name, envelopes(1))


def test_an_unknown_provider_is_named_with_those_that_are_known() -> None:
    with pytest.raises(Unreachable, match="anymail://mailjet"):
        Line(relay_address("anymail://pigeons")).connect()
