"""Every mail of a call, as it came over the line."""

import datetime as dt
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from campaigns.actions import contents, embargoes, images, releases, sending, sweeping
from campaigns.models import Campaign, Delivery, Installation
from crm.actions import alliances, missions
from tests import world as worlds
from tests.kit import press
from tests.kit.mailserver import MailServer
from tests.kit.page import Page
from tests.kit.pictures import picture
from tests.world import World

HOSTILE = [
    'Ada "the first"',
    "<script>alert(1)</script>",
    "Eve\r\nBcc: eve@evil.example",
    "Eve\nX-Evil: yes\n\nbody",
    "Eve, <eve@evil.example>; ",
    "\u202egnp.exe",
    "🧬 Ünal Łódź",
    ".leading",
    "..",
    "{{ 7*7 }}",
    "{% include 'base.html' %}",
    "{organisation}",
    "{name|{name}}",
    "Z" * 120,
    "ü" * 120,
    "&lt;b&gt; &amp; </mj-text>",
    "bell\x07 and\x0bescape\x1b",
    "\u2028line\u2029",
    "=?utf-8?q?x=2C_=3Ceve=40evil.example=3E?=",
    "=?utf-8?q?a=0D=0ABcc=3A_eve=40evil.example=0D=0A=0D=0Abody?=",
]


@dataclass
class Received:
    """One mail of a call beside its row in the ledger."""

    delivery: Delivery
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=modern)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def header_lines(self) -> list[bytes]:
        """The unfolded headers, as bytes."""
        head = self.raw.partition(b"\r\n\r\n")[0]
        return re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")

    def header(self, name: str) -> bytes:
        """The raw value of a header that stands there once."""
        (line,) = [line for line in self.header_lines if line.startswith(name.encode() + b": ")]
        return line.partition(b": ")[2]

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part
        return str(part.get_content())

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part
        return str(part.get_content())

    @property
    def page(self) -> Page:
        return Page(self.html)

    @property
    def calendar(self) -> EmailMessage | None:
        for part in self.message.walk():
            if part.get_content_type() == "text/calendar":
                assert isinstance(part, EmailMessage)
                return part
        return None


def readers_of_all_kinds(world: World) -> None:
    """Both clusters, three languages and a missing one, outsiders, followers, hostile names."""
    missions.attach_document(
        mission=world.mission,
        by=None,
        titles={"en": "Plan of the hall", "fr": "Plan de la halle", "it": "Pianta"},
        language="en",
        file=("plan.pdf", b"%PDF-1.4"),
    )
    abroad = world.organisation(world.biom, region=world.biowin.region)
    for cluster in (world.biocat, world.biom):
        for language in ("en", "fr", "it", None):
            world.person(cluster, language=language)
    world.person(world.biom, organisation=abroad, language="fr")
    world.follower(language="fr")
    world.follower()
    for n, name in enumerate(HOSTILE):
        cluster = (world.biocat, world.biom)[n % 2]
        firm = world.organisation(cluster, legal_name=f"{name} {n}"[:120])
        world.person(cluster, given=name, family=name, organisation=firm, language="en")


def post(campaign: Campaign) -> list[Received]:
    """Send a campaign to its end over real SMTP and pick up every mail."""
    server = MailServer()
    server.start()
    # In this thread, where the module's transaction is seen.
    with override_settings(EMAIL_URL=server.url, SENDING_LINES=1):
        sweeping.tick()
        sending.work(campaign)
    server.stop()
    sweeping.tidy()
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED
    rows = Delivery.objects.filter(campaign=campaign).select_related(
        "person__cluster", "release__cluster", "address"
    )
    by_address = {row.address.email: row for row in rows}
    return [Received(by_address[to], raw) for to, raw in server.arrived]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for a module, of which each test only reads: sending all is the dear part."""
    # As Django's own test cases mark theirs: a durable block inside is durable enough for a test.
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]
    witness = tmp_path_factory.mktemp("witness")
    media = tmp_path_factory.mktemp("media")
    kept = override_settings(WITNESS_DIR=witness, MEDIA_ROOT=media)
    with kept, django_db_blocker.unblock(), whole:
        Installation.objects.get_or_create(pk=1)
        world = worlds.build()
        readers_of_all_kinds(world)
        yield world
        transaction.set_rollback(True)


def blocks_of_all_kinds(world: World) -> list[dict[str, Any]]:
    """What a person may write beside headings, each with fields about the reader."""
    kept = images.add(alliance=world.alliance, name="hall.png", content=picture(), by=None)
    return [
        {"kind": "divider"},
        {"kind": "button", "label": "For {given_name|you} & <b>", "url": "https://h.example/?a&b"},
        {
            "kind": "image",
            "image": kept.name,
            "alt": "A “hall” for {organisation|all}",
            "caption": "Where {family_name} will stand",
            "url": "https://hall.example/plan",
        },
        {"kind": "image", "image": kept.name, "alt": "The hall again"},
        {
            "kind": "quote",
            "text": "*{given_name|You}* must <come>.\n\n- [{name}](https://q.example/1)\n- _now_",
            "who": "Pau, who knows {organisation|you}",
        },
        {
            "kind": "text",
            "text": "1. *{given_name}*: [see](https://t.example/a_b)\n2. _{organisation|*x*}_, "
            "{name} and a line that is long enough to be broken, [see](https://t.example/a_b)",
        },
    ]


@pytest.fixture(scope="module")
def call(world: World) -> list[Received]:
    """The mission's call to all of them, with blocks and introductions of every kind."""
    campaign = world.call(release=False, start=False)
    for text in campaign.texts.all():
        contents.edit(
            campaign=campaign,
            language=text.language,
            subject=text.subject,
            preheader=text.preheader,
            blocks=[*text.blocks, *blocks_of_all_kinds(world)],
            ready=text.ready,
        )
    for lane in campaign.releases.exclude(cluster=None):
        releases.introduce(
            release=lane,
            by=world.users["coordinator"],
            texts={
                "en": "{given_name|friend}\n\nof {organisation}: ask {contact_point} of {cluster}.",
                "fr": "{given_name|ami}\n\nde {organisation} : demandez à {contact_point}.",
            },
        )
    return post(world.call())


@pytest.fixture(scope="module")
def invitation(world: World) -> list[Received]:
    return post(world.invitation())


@pytest.fixture(scope="module")
def release(world: World) -> list[Received]:
    """A press release under an embargo, to a journalist of each cluster."""
    for cluster in (world.biocat, world.biom):
        press.press_desk(cluster)
        press.journalist(world, cluster)
    alliances.edit(
        alliance=world.alliance,
        by=None,
        version=world.alliance.version,
        boilerplate={"en": "Four clusters.", "fr": "Quatre pôles."},
    )
    world.alliance.refresh_from_db()
    campaign = press.written(world, Campaign.Kind.PRESS)
    until = timezone.now() + dt.timedelta(days=7)
    embargoes.lay(campaign=campaign, by=None, until=until, zone="Europe/Paris")
    return post(world.as_far(campaign, release=True, start=True))
