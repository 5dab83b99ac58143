"""A compiled mail is the composed mail, whoever reads it."""

import email
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pytest_django.fixtures import Settings

from campaigns.actions import campaigns, contents, freezing, releases
from campaigns.mail import links
from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose, Composer, Edition
from campaigns.mail.links import MailTo
from campaigns.mail.readers import WAITING, Reader
from campaigns.models import Campaign, Delivery
from crm.rules.texts import LANGUAGES
from tests.mail.conftest import HOSTILE, Received, blocks_of_all_kinds
from tests.world import World

pytestmark = pytest.mark.django_db

MAILBOX = "replies@liaison.example"
NAMES = [
    *HOSTILE,
    "",
    "Ada",
    "Ünal",
    "O'Neil",
    "Dr. h.c. mult.",
    "nul\x00led",
    ".",
    "..",
    ".dotted",
    "trailing ",
    " \t both \u00a0",
    "a=3Db=",
    "soft=\r\nbreak",
    "=",
    "=?utf-8?",
    "=?utf-8?b?w7w=?=",
    "From the start",
    "-- ",
    "--=_boundary",
    "W" * 500,
    "long words " * 45,
    "ß" * 500,
    "🧬" * 125,
    "\u200fעדה לאבלייס\u202c",
    "^'\\,;:|",
    "x\ufffe\U0010ffff\ue000",
]
names = st.sampled_from(NAMES) | st.text(max_size=80)
addresses = st.sampled_from(
    [
        "reader@sme.example",
        "o'neil+tag=x@sme.example",
        f"{'l' * 64}@{'d' * 60}.{'e' * 60}.example",
        "a.b_c-d@xn--bcher-kva.example",
        "élise@sme.example",
        '"two words"@sme.example',
        ".dot@sme.example",
    ]
)
ids = st.integers(1, 10**6) | st.integers(1, 2**63 - 1)
readers = st.builds(
    Reader,
    delivery=ids,
    campaign=ids,
    release=st.none(),
    contact_point=st.none(),
    address=ids,
    person=ids,
    cluster=st.integers(1, 2**31 - 1),
    language=st.sampled_from(LANGUAGES),
    variant=st.sampled_from(Delivery.Variant.values),
    to=addresses,
    domain=st.just("sme.example"),
    title=names,
    given=names,
    family=names,
    organisation=names,
)
ADA = Reader(
    7, 1, None, None, 8, 9, 10, "en", "member", "ada@sme.example", "sme.example",
    "", "Ada", "Byron", "Lab",
)  # fmt: skip


def _personal(draft: Campaign, world: World) -> Campaign:
    """The campaign with merge fields wherever one may write, in all languages; started."""
    coordinator = world.users["coordinator"]
    written = {text.language: text for text in draft.texts.all()}
    for language in LANGUAGES:
        text = written.get(language) or written["en"]
        contents.edit(
            campaign=draft,
            language=language,
            subject="{given_name|À vous}: {organisation} – " + text.subject,
            preheader="{name|Somebody}, " + text.preheader,
            blocks=[
                {"kind": "heading", "text": "For {organisation|your laboratory}, {family_name}"},
                {
                    "kind": "text",
                    "text": "{given_name}\n\n{name}{organisation}\n\n.{given_name} "
                    + "will be one of those of {organisation|your own place} who travel. " * 4,
                },
                *text.blocks,
                *blocks_of_all_kinds(world),
            ],
            ready=True,
        )
    for lane in draft.releases.exclude(cluster=None):
        releases.introduce(
            release=lane,
            by=coordinator,
            texts=dict.fromkeys(
                LANGUAGES,
                "*{given_name|friend}*\n\nof {organisation}, ask {contact_point} of {cluster}.\n"
                "- [{name}](https://i.example)",
            ),
        )
    releases.release_all(campaign=draft, by=coordinator)
    campaigns.schedule(campaign=draft, by=coordinator, send_at=draft.created_at)
    freezing.start_due()
    draft.refresh_from_db()
    return draft


@pytest.fixture(scope="module")
def mailings(world: World) -> dict[str, Campaign]:
    drafts = {
        "call": world.call(release=False, start=False),
        "invitation": world.invitation(release=False, start=False),
    }
    return {kind: _personal(draft, world) for kind, draft in drafts.items()}


@pytest.fixture(scope="module", params=["call", "invitation"])
def campaign(mailings: dict[str, Campaign], request: pytest.FixtureRequest) -> Campaign:
    return mailings[request.param]


@pytest.fixture(scope="module", params=["", MAILBOX], ids=["no mailbox", "mailbox"])
def press(campaign: Campaign, request: pytest.FixtureRequest) -> Iterator[Press]:
    with override_settings(MAILBOX_ADDRESS=request.param):
        yield Press(campaign)


def read(raw: bytes) -> list[tuple[str, str]]:
    """A mail as a program shows it: headers and bodies, decoded; its boundaries say nothing."""
    found = []
    mail = email.message_from_bytes(raw, policy=modern)
    assert not mail.defects
    for part in mail.walk():
        assert isinstance(part, EmailMessage)
        found += [
            (name, re.sub('; boundary="[^"]*"', "", str(value))) for name, value in part.items()
        ]
        if part.is_multipart():
            assert not part.preamble
            assert not part.epilogue
        elif part.get_content_type() == "text/calendar":
            found.append(("calendar", str(Calendar.from_ical(part.get_content()).to_ical())))
        else:
            found.append(("body", part.get_content()))
    return found


def assert_fit_for_the_line(raw: bytes) -> None:
    head, _blank, body = raw.partition(b"\r\n\r\n")
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in raw.split(b"\r\n"))
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^?\s]+\?[qb]\?[^?\s]*\?=", head))
    for line in body.split(b"\r\n"):
        assert len(line) <= 76 or re.match(rb"[A-Z][A-Za-z-]+: ", line)
        assert not line.startswith(b".")
        assert not line.endswith((b" ", b"\t"))
    for name in (b"List-Unsubscribe", b"Message-ID"):
        assert re.search(rb"(^|\r\n)%b: <\S.*>(\r\n)(?! )" % name, head)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(reader=readers, lane=st.integers(0, 2))
@example(reader=ADA, lane=0)
@example(reader=ADA._replace(title="<b>", family="\x1b"), lane=0)
def test_a_compiled_mail_says_what_the_composed_one_does(
    campaign: Campaign, press: Press, reader: Reader, lane: int
) -> None:
    release = campaign.releases.select_related("cluster__region").order_by("pk")[lane]
    contact_point = release.contact_point
    reader = reader._replace(
        campaign=campaign.pk,
        release=release.pk,
        contact_point=contact_point.pk if contact_point else None,
    )
    edition = Edition(
        release,
        contact_point,
        reader.language,
        reader.variant,
        reader.second_subject,
        bool(reader.origin),
    )

    with time_machine.travel(campaign.created_at, tick=False):
        compiled = press.envelope(reader)
        composed = press.composer.write(edition, reader)

    campaign.refresh_from_db()
    assert campaign.uncompiled == ""
    assert read(compiled.mail) == read(composed.mail)
    assert compiled.fit
    assert compiled._replace(mail=b"", fit=False) == composed._replace(mail=b"")
    assert_fit_for_the_line(compiled.mail)


def waiting(campaign: Campaign) -> list[Reader]:
    found: list[Reader] = []
    with connection.cursor() as cursor:
        for release in campaign.releases.order_by("pk"):
            values = {
                "campaign": campaign.pk,
                "first": 0,
                "last": 2**62,
                "ids": None,
                "posts": True,
            }
            cursor.execute(WAITING, {**values, "release": release.pk})
            found += [Reader(*row) for row in cursor.fetchall()]
    return found


def test_everybody_who_waits_gets_compiled_what_the_composer_would_write(
    campaign: Campaign,
) -> None:
    rows = Delivery.objects.filter(campaign=campaign).select_related(
        "person", "address", "contact_point", "release__cluster__region"
    )
    deliveries = {row.pk: row for row in rows}
    found = waiting(campaign)
    with time_machine.travel(campaign.created_at, tick=False):
        press, composer = Press(campaign), Composer(campaign)
        mails = [
            (reader, press.envelope(reader), composer.compose(deliveries[reader.delivery]))
            for reader in found
        ]

    assert len(found) == len(deliveries) > 20
    for reader, compiled, composed in mails:
        assert read(compiled.mail) == read(composed.mail)
        assert compiled.recipient == composed.recipient
        assert compiled.delivery == reader.delivery
        assert compiled.generation == 0
    campaign.refresh_from_db()
    assert campaign.uncompiled == ""


def first_of(campaign: Campaign) -> Reader:
    return next(reader for reader in waiting(campaign) if reader.language == "en")


def test_a_mail_comes_back_to_the_mailbox_that_is_read(
    campaign: Campaign, settings: Settings
) -> None:
    settings.MAILBOX_ADDRESS = MAILBOX
    reader = first_of(campaign)

    envelope = Press(campaign).envelope(reader)

    mail = Received(Delivery.objects.get(pk=reader.delivery), envelope.mail)
    https, mailto = mail.header("List-Unsubscribe").decode().split(", ")
    assert links.read_mailbox(envelope.sender) == (MailTo.BOUNCE, reader.delivery)
    assert https.startswith(f"<{settings.BASE_URL}/")
    assert mailto.startswith("<mailto:")
    leaving = links.read_leave_by_mail(mailto[len("<mailto:") : -1])
    assert leaving == links.read_leaving(https.strip("<>").rstrip("/").rpartition("/")[2])
    if campaign.event and mail.calendar:
        (event,) = Calendar.from_ical(mail.calendar.get_content()).walk("VEVENT")
        organizer = event["organizer"].removeprefix("mailto:")
        assert links.read_mailbox(organizer) == (MailTo.CALENDAR, reader.delivery)
        assert event["organizer"].params["cn"] == mail.message["From"].addresses[0].display_name


def test_without_a_mailbox_a_mail_comes_back_to_its_sender(
    campaign: Campaign, settings: Settings
) -> None:
    settings.MAILBOX_ADDRESS = ""

    envelope = Press(campaign).envelope(first_of(campaign))

    mail = email.message_from_bytes(envelope.mail, policy=modern)
    assert envelope.sender == mail["From"].addresses[0].addr_spec
    assert re.fullmatch("<https?://[^>]*>", mail["List-Unsubscribe"])


def test_an_erased_reader_fails_alone(campaign: Campaign) -> None:
    press, reader = Press(campaign), first_of(campaign)

    for erased in (reader._replace(person=None), reader._replace(to=None)):
        with pytest.raises(CannotCompose, match="erased"):
            press.envelope(erased)
    assert press.envelope(reader).mail


def test_a_reader_of_a_language_without_text_fails_alone(campaign: Campaign) -> None:
    press, reader = Press(campaign), first_of(campaign)

    with pytest.raises(CannotCompose, match="There is no text in pt"):
        press.envelope(reader._replace(language="pt"))
    assert press.envelope(reader).mail
    campaign.refresh_from_db()
    assert campaign.uncompiled == ""


def test_what_cannot_be_compiled_is_composed_and_the_campaign_says_so(
    campaign: Campaign, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A template that decides by a personal value."""
    block = tmp_path / "emails" / "blocks" / "heading.mjml"
    block.parent.mkdir(parents=True)
    block.write_text(
        "<tr><td><p>"
        "{% if block.text|length > 25 %}a long name{% else %}a short name{% endif %}"
        "</p></td></tr>"
    )
    first, *rest = settings.TEMPLATES
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}, *rest]
    press, reader = Press(campaign), first_of(campaign)

    mails = [
        press.envelope(reader._replace(organisation="A", family=name)) for name in ("x", "y" * 99)
    ]

    campaign.refresh_from_db()
    assert campaign.uncompiled.startswith(
        f"Mails in {reader.language} cannot be compiled. The text/html"
    )
    assert len([record for record in caplog.records if "cannot be compiled" in record.message]) == 1
    short, long = [mail.mail.replace(b"=\r\n", b"") for mail in mails]
    assert b"a short name" in short
    assert b"a long name" in long
    Campaign.objects.filter(pk=campaign.pk).update(uncompiled="")
