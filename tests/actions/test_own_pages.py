"""The way to one's own page goes to the mailbox alone, and whoever asks learns nothing."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import letters, own_pages, sending
from campaigns.forms import follows as forms
from campaigns.mail import links
from campaigns.models import Delivery, Letter
from crm.actions import consent
from crm.models import Address, OwnPageRequest, Person
from tests.kit.mailserver import MailServer
from tests.world import World

FORM = "/public/en/mine/"
EMAIL = "ada@home.example"


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser without a cookie."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "QUICKEST", -1)


@pytest.fixture
def reader(world: World) -> Person:
    return world.person(email=EMAIL, language="en")


def type_in(visitor: Client, email: str = EMAIL, **more: Any) -> Any:
    address = more.pop("address", "192.0.2.1")
    said = {"email": email, "opened": forms.FollowForm.opened_now()}
    return visitor.post(FORM, said | more, REMOTE_ADDR=address)


def in_footer(person: Person) -> str:
    """The link at the foot of the person's mails."""
    assert person.primary
    own = links.OwnPage(person.primary.address_id, "en")
    return links.own_page(links.own_page_token(own)).removeprefix(links.absolute(""))


def link_in(server: MailServer, email: str = EMAIL) -> str:
    """The link that the mailbox got, once everything that waits was sent."""
    own_pages.write_due()
    sending.work(letters.standing(own_pages.KIND))
    text = server.mail_to(email).get_body(("plain",))
    assert text
    found = re.search(r"\S*(/public/preferences/\S+)", text.get_content())
    assert found
    return found[1]


def test_who_types_their_address_gets_a_link_that_opens_their_page(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    answer = type_in(visitor)
    assert (answer.status_code, answer.url) == (302, f"{FORM}asked/")
    page = visitor.get(link_in(mail_server))
    assert page.status_code == 200
    assert "Biocat" in page.content.decode()


def test_the_link_in_a_mail_shows_nothing_and_mails_its_reader(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    path = in_footer(reader)
    text = visitor.get(path).content.decode()
    assert "home.example" not in text
    assert reader.family not in text
    assert "Biocat" not in text
    visitor.head(path)
    assert not OwnPageRequest.objects.exists()

    answer = visitor.post(path)
    assert answer["Location"] == f"{FORM}asked/"
    assert visitor.get(link_in(mail_server)).status_code == 200


def test_nobody_learns_by_it_who_is_known(reader: Person, visitor: Client) -> None:
    known, unknown = type_in(visitor), type_in(visitor, email="nobody@home.example")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert own_pages.write_due() == 1
    assert Delivery.objects.get().address.email == EMAIL
    assert not Address.objects.filter(email="nobody@home.example").exists()


def test_a_mailbox_gets_one_link_in_a_quarter_of_an_hour_and_three_a_day(
    reader: Person, visitor: Client
) -> None:
    for n in range(20):
        type_in(visitor, address=f"192.0.2.{n}")
    visitor.post(in_footer(reader))
    assert own_pages.write_due() == 1

    for expected in (1, 1, 0):
        earlier = F("mailed_at") - dt.timedelta(minutes=16)
        OwnPageRequest.objects.filter(state="mailed").update(mailed_at=earlier)
        type_in(visitor)
        assert own_pages.write_due() == expected


def test_one_place_asks_ten_times_an_hour_and_others_are_served(
    reader: Person, visitor: Client
) -> None:
    for n in range(10):
        assert type_in(visitor, email=f"r{n}@home.example").status_code == 302
    refused = type_in(visitor)
    assert refused.status_code == 429
    assert EMAIL in refused.content.decode()
    assert visitor.post(in_footer(reader), REMOTE_ADDR="192.0.2.1").status_code == 429
    assert type_in(visitor, address="192.0.2.2").status_code == 302


@pytest.mark.parametrize("why", ["erased", "undeliverable", "complained", "in no list"])
def test_some_mailboxes_get_nothing(reader: Person, visitor: Client, why: str) -> None:
    address = Address.objects.get(email=EMAIL)
    now = timezone.now()
    if why == "erased":
        Address.objects.update(email=None, key=None, erased_at=now)
    elif why == "undeliverable":
        Address.objects.update(undeliverable_at=now)
    elif why == "complained":
        consent.withdraw(
            address=address, scope="cluster", cluster=reader.cluster, reason="complaint", source="x"
        )
    else:
        address.uses.all().delete()
    assert type_in(visitor).status_code == 302
    assert own_pages.write_due() == 0


def test_whoever_left_everything_still_finds_their_page(
    reader: Person, visitor: Client, mail_server: MailServer
) -> None:
    address = Address.objects.get(email=EMAIL)
    consent.withdraw(address=address, scope="all", reason="unsubscribed", source="x")
    type_in(visitor)
    assert visitor.get(link_in(mail_server)).status_code == 200


def test_a_program_is_thanked_and_what_was_not_read_is_shown_once_more(
    reader: Person, visitor: Client
) -> None:
    assert type_in(visitor, website="https://spam.example").status_code == 302
    again = type_in(visitor, opened="")
    assert "once more" in again.content.decode()
    assert "not an e-mail address" in type_in(visitor, email="ada").content.decode()
    assert not OwnPageRequest.objects.exists()


def test_a_link_ends_after_some_hours_and_offers_a_new_one(
    reader: Person, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = Address.objects.get(email=EMAIL)
    path = links.preferences(address.pk, "en").removeprefix(links.absolute(""))
    now = timezone.now()

    def in_hours(hours: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(hours=hours))

    in_hours(3.9)
    assert visitor.get(path).status_code == 200
    in_hours(4.5)
    entered = {"do": "choose", "topics": [], "language": "fr"}
    assert "Saved" in visitor.post(path, entered).content.decode()
    late = visitor.get(path)
    assert late.status_code == 403
    assert "Biocat" not in late.content.decode()
    in_hours(5.5)
    assert visitor.post(path, entered).status_code == 403
    monkeypatch.undo()
    monkeypatch.setattr(forms, "QUICKEST", -1)
    again = re.search(r'action="([^"]+)"', late.content.decode())
    assert again
    assert visitor.post(again[1]).status_code == 302
    assert own_pages.write_due() == 1


def test_links_of_previews_lead_to_nobody(world: World, visitor: Client) -> None:
    own = links.own_page_token(links.OwnPage(0, "en"))
    path = links.own_page(own).removeprefix(links.absolute(""))
    assert visitor.post(path).status_code == 200
    assert not OwnPageRequest.objects.exists()


def test_requests_are_forgotten_after_a_day(reader: Person, visitor: Client) -> None:
    type_in(visitor)
    own_pages.write_due()
    OwnPageRequest.objects.update(asked_at=timezone.now() - dt.timedelta(hours=26))
    own_pages.forget()
    assert not OwnPageRequest.objects.exists()
    assert Letter.objects.count() == 1


def test_every_mail_leads_there_in_both_parts(
    world: World, mail_server: MailServer, settings: Settings, visitor: Client
) -> None:
    settings.UNDO_WINDOW = 0
    person = world.person(email=EMAIL, language="fr")
    world.follower(email="follower@home.example", language="fr")
    sending.work(world.call())
    for email in (EMAIL, "follower@home.example"):
        mail = mail_server.mail_to(email)
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part
            (way,) = set(re.findall(r"/public/mine/[^\s\"]+", part.get_content()))
    assert person.primary
    assert visitor.get(way).headers["Content-Language"] == "fr"
