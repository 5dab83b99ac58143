"""Clicks are counted where an alliance wants it, by whom only where the reader agreed."""

import datetime as dt
import re
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import clicks, sending
from campaigns.mail import links
from campaigns.models import Campaign, Click, Delivery, Link, Visit
from crm.actions.consent import Word
from crm.models import Address, ConsentRecord, Person, Tracking
from tests.conftest import signed_in
from tests.kit.mailserver import MailServer
from tests.kit.page import Page
from tests.world import World

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EMAIL = "ada@home.example"


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True, headers={"user-agent": BROWSER})


@pytest.fixture
def reader(world: World) -> Person:
    return world.person(email=EMAIL, language="en")


@pytest.fixture
def counting(world: World) -> None:
    world.alliance.counts_clicks = True
    world.alliance.save()


def agree(email: str = EMAIL) -> None:
    address = Address.objects.get(email=email)
    clicks.choose(address=address, yes=True, word=Word("words", "en", "x"))


def page_of(person: Person) -> str:
    assert person.primary
    token = links.preferences(person.primary.address_id, "en")
    return token.removeprefix(links.absolute(""))


def counted(server: MailServer, email: str = EMAIL) -> list[str]:
    """The counted links of a mail, without the site's address."""
    part = server.mail_to(email).get_body(("html",))
    assert part
    found = [link for link in Page(part.get_content()).links if "/public/follow-link/" in link]
    return [f"{urlsplit(link).path}?{urlsplit(link).query}" for link in dict.fromkeys(found)]


def settle() -> None:
    Visit.objects.update(at=timezone.now() - dt.timedelta(seconds=30))
    clicks.count()


def test_by_default_mails_carry_the_plain_links(
    world: World, reader: Person, mail_server: MailServer
) -> None:
    agree()
    sending.work(world.call())
    raw = mail_server.mail_to(EMAIL).as_string()
    assert "follow-link" not in raw
    assert counted(mail_server) == []
    assert not Link.objects.exists()


def test_counted_links_lead_where_the_plain_ones_did(
    world: World, counting: None, reader: Person, mail_server: MailServer, visitor: Client
) -> None:
    sending.work(world.call())
    found = counted(mail_server)
    targets = {link.url for link in Link.objects.all()}
    assert found
    for path in found:
        assert path.endswith("?")
        answer = visitor.get(path)
        assert (answer.status_code, answer["Location"] in targets) == (302, True)
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
    text = mail_server.mail_to(EMAIL).get_body(("plain",))
    assert text
    for path in found:
        assert path.rstrip("?") in text.get_content()
    for untouched in ("/public/unsubscribe/", "/public/mine/", "/public/answers/"):
        assert untouched in text.get_content()


def test_who_did_not_agree_is_counted_and_not_named(
    world: World, counting: None, reader: Person, mail_server: MailServer, visitor: Client
) -> None:
    sending.work(world.call())
    path = counted(mail_server)[0]
    visitor.get(path)
    settle()
    visitor.get(path)
    settle()
    row = Click.objects.get()
    assert (row.count, row.machine, row.delivery) == (2, False, None)
    assert not Visit.objects.exists()


def test_who_agreed_is_named_until_they_take_it_back(
    world: World, counting: None, reader: Person, mail_server: MailServer, visitor: Client
) -> None:
    visitor.post(f"{page_of(reader)}clicks/", {"clicks": "yes"})
    proof = ConsentRecord.objects.latest("pk")
    assert (proof.act, proof.purpose, proof.person) == ("confirmed", "tracking", reader)
    assert proof.wording
    assert "I can take it back" in proof.wording.text
    assert 'value="yes" ' in visitor.get(page_of(reader)).content.decode()

    sending.work(world.call())
    path = counted(mail_server)[0]
    visitor.get(path)
    settle()
    assert Click.objects.get().delivery == Delivery.objects.get().pk
    (kept,) = visitor.post(f"{page_of(reader)}data/", {"do": "json"}).json()["clicks"]
    assert (kept["link"], kept["times"]) == (Link.objects.get(key=path.split("/")[3]).url, 1)

    visitor.get(path)
    visitor.post(f"{page_of(reader)}clicks/", {"clicks": "no"})
    settle()
    row = Click.objects.get()
    assert (row.delivery, row.count) == (None, 2)
    assert ConsentRecord.objects.latest("pk").act == "withdrawn"
    assert not Tracking.objects.exists()


def test_every_footer_takes_it_back(
    world: World, counting: None, reader: Person, mail_server: MailServer, visitor: Client
) -> None:
    agree()
    sending.work(world.call())
    text = mail_server.mail_to(EMAIL).get_body(("plain",))
    assert text
    found = re.search(r"\S*(/public/mine/\S+/clicks/)", text.get_content())
    assert found
    visitor.get(found[1])
    visitor.head(found[1])
    assert Tracking.objects.exists()
    for _twice in range(2):
        assert "not kept from now on" in visitor.post(found[1]).content.decode()
    assert not Tracking.objects.exists()


def test_saying_the_same_twice_is_one_proof(reader: Person, visitor: Client) -> None:
    for said in ("no", "yes", "yes", "no", "no"):
        visitor.post(f"{page_of(reader)}clicks/", {"clicks": said})
    acts = ConsentRecord.objects.filter(purpose="tracking").order_by("pk")
    assert [record.act for record in acts] == ["withdrawn", "confirmed", "withdrawn"]


@pytest.fixture
def three(world: World, counting: None, reader: Person) -> list[Link]:
    """A campaign's links, more than anybody follows within three seconds."""
    campaign = world.call()
    return [
        Link.objects.create(campaign=campaign, url=f"https://{n}.example/", key=f"key{n}")
        for n in range(4)
    ]


def test_a_program_that_opens_all_links_at_once_is_a_machine(
    three: list[Link], visitor: Client
) -> None:
    for link in three:
        visitor.get(f"/public/follow-link/{link.key}/")
    visitor.get(f"/public/follow-link/{three[0].key}/", REMOTE_ADDR="192.0.2.77")
    settle()
    assert Click.objects.filter(machine=True).count() == 4
    assert Click.objects.get(machine=False).link == three[0]


def test_a_burst_is_seen_although_its_first_visits_are_counted_already(
    three: list[Link], visitor: Client
) -> None:
    for link in three:
        visitor.get(f"/public/follow-link/{link.key}/")
    now = timezone.now()
    for seconds, visit in zip((11, 10.5, 9.5, 9), Visit.objects.order_by("pk"), strict=True):
        Visit.objects.filter(pk=visit.pk).update(at=now - dt.timedelta(seconds=seconds))
    clicks.count()
    assert Click.objects.filter(machine=True).count() == 2
    settle()
    assert not Click.objects.filter(machine=False).exists()


@pytest.mark.parametrize(
    "sign",
    [
        {"method": "head"},
        {"headers": {"user-agent": "Some-Scanner/1.0"}},
        {"headers": {"user-agent": ""}},
        {"headers": {"sec-purpose": "prefetch"}},
        {"REMOTE_ADDR": "192.0.2.9"},
    ],
)
def test_machines_are_counted_apart(
    three: list[Link], visitor: Client, settings: Settings, sign: dict[str, object]
) -> None:
    settings.MACHINE_NETWORKS = [ip_network("192.0.2.0/28")]
    more = {"REMOTE_ADDR": "198.51.100.1"} | sign
    method = getattr(visitor, str(more.pop("method", "get")))
    method(f"/public/follow-link/{three[0].key}/", **more)
    settle()
    assert Click.objects.get().machine


def test_nobody_writes_a_target_into_a_link(three: list[Link], visitor: Client) -> None:
    answer = visitor.get(
        f"/public/follow-link/{three[0].key}/?r=1:forged&url=https://evil.example/"
    )
    assert answer["Location"] == "https://0.example/"
    assert Visit.objects.get().delivery is None
    assert visitor.get("/public/follow-link/https:%2F%2Fevil.example/").status_code == 404
    assert visitor.get("/public/follow-link/nothing/").status_code == 404
    assert Client().post(f"/public/follow-link/{three[0].key}/").status_code == 405


def test_the_report_tells_what_is_known_and_of_whom(
    world: World, three: list[Link], visitor: Client
) -> None:
    coordinator = signed_in(world.users["coordinator"])
    report = f"/campaigns/{Campaign.objects.get().ref}/report/"
    Delivery.objects.update(state=Delivery.State.ACCEPTED)
    visitor.get(f"/public/follow-link/{three[0].key}/")
    settle()
    text = coordinator.get(report).content.decode()
    assert "https://0.example/" in text
    assert "likely machines" in text
    own = signed_in(world.users["contact_biocat"]).get(report).content.decode()
    assert "https://0.example/" not in own
    Link.objects.all().delete()
    assert "likely machines" not in coordinator.get(report).content.decode()
