"""A mailbox's owner sees, corrects, takes out and erases what is kept, by a link of a mail."""

import csv
import io
import json
import re
import time
from typing import Any

import pytest
from django.test import Client

from campaigns.actions import letters
from campaigns.mail import links
from campaigns.models import Delivery, Letter
from crm.actions import consent, people
from crm.models import Address, Answer, ConsentRecord, Erasure, Person, PersonAddress, Suppression
from tests import world as worlds
from tests.world import World

EMAIL = "ada@home.example"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def reader(world: World) -> Person:
    return world.person(email=EMAIL, given="=Ada", family="Byron", language="en")


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def page(address: int | None = None) -> str:
    pk = address or Address.objects.get(email=EMAIL).pk
    return links.own_data(pk, "en").removeprefix(links.absolute(""))


def erase_page() -> str:
    return page().replace("/data/", "/erase/")


def mailed() -> str:
    """The link of the mail that asks to confirm."""
    letter = Letter.objects.get(delivery__campaign__ref="erasures")
    text = bytes(letter.mail).decode().replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"(/public/erase/\S+)", text)
    assert found, text
    return found[1]


def everything() -> tuple[Any, ...]:
    """What a page could change."""
    return (
        list(Person.objects.order_by("pk").values_list()),
        list(Address.objects.order_by("pk").values_list("email", "erased_at")),
        Suppression.objects.count(),
        ConsentRecord.objects.count(),
        Erasure.objects.count(),
        Delivery.objects.count(),
    )


def test_the_page_tells_who_keeps_what(reader: Person, browser: Client) -> None:
    said = browser.get(page())
    text = said.content.decode()
    assert "a…@home.example" in text
    assert EMAIL not in text
    assert "Byron" in text
    assert "privacy@biocat.example" in text
    assert said["Cache-Control"] == "private, no-store"
    assert not said.cookies


def test_looking_at_any_of_the_pages_changes_nothing(reader: Person, browser: Client) -> None:
    browser.post(erase_page())
    before = everything()
    for address in (page(), erase_page(), mailed()):
        for ask in (browser.get, browser.head):
            assert ask(address).status_code == 200
    assert everything() == before


def test_a_name_is_corrected_in_every_list(world: World, reader: Person, browser: Client) -> None:
    twin = world.person(world.biom, email=EMAIL, given="Ada", family="B.")
    correct = {
        "do": "correct",
        "title": "Dr",
        "given": "Ada",
        "family": "Lovelace",
        "language": "de",
    }
    for _twice in range(2):
        assert "It holds in every list" in browser.post(page(), correct).content.decode()
    for person in (reader, twin):
        person.refresh_from_db()
        assert (person.full_name, person.language, person.version) == ("Dr Ada Lovelace", "de", 2)
        assert person.name_folded == "ada lovelace"


def test_all_that_is_kept_is_taken_out(world: World, reader: Person, browser: Client) -> None:
    consent.subscribe(person=reader, topic=world.topic, source="stand at a fair")
    Answer.objects.create(
        person=reader, event=world.event, value="coming", note="late", at=reader.created_at
    )
    answer = browser.post(page(), {"do": "json"})
    found = json.loads(answer.content)
    (kept,) = found["kept_by"]
    assert (found["address"], kept["cluster"], kept["family"]) == (EMAIL, "Biocat", "Byron")
    assert kept["topics"][0]["state"] == "active"
    assert kept["proofs"][-1]["source"] == "stand at a fair"
    assert kept["answers"][0]["note"] == "late"
    assert "my-data.json" in answer["Content-Disposition"]

    answer = browser.post(page(), {"do": "csv"})
    lines = dict(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines["kept_by.1.family"] == "Byron"
    assert lines["kept_by.1.given"] == "'=Ada"  # no spreadsheet computes it
    assert "my-data.csv" in answer["Content-Disposition"]


def test_who_was_archived_is_still_told_of(world: World, reader: Person, browser: Client) -> None:
    people.archive(person=reader, by=None)
    found = json.loads(browser.post(page(), {"do": "json"}).content)
    assert [kept["family"] for kept in found["kept_by"]] == ["Byron"]


@pytest.mark.parametrize("how", ["said", "several"])
def test_of_a_shared_mailbox_nobody_s_name_is_told(
    world: World, reader: Person, browser: Client, how: str
) -> None:
    if how == "said":
        reader.addresses.update(kind=PersonAddress.Kind.SHARED)
    else:
        people.create(cluster=world.biocat, by=None, given="Bo", email=EMAIL, allow_shared=True)
    for answer in (browser.post(page(), {"do": "json"}), browser.get(page())):
        assert "Byron" not in answer.content.decode()
    correct = {"do": "correct", "given": "Eve", "family": "", "language": "en"}
    browser.post(page(), correct)
    assert not Person.objects.filter(given="Eve").exists()


def test_erasing_takes_a_mail_and_two_buttons(reader: Person, browser: Client) -> None:
    before = Person.objects.get(pk=reader.pk)
    assert "on its way" in browser.post(erase_page()).content.decode()
    reader.refresh_from_db()
    assert reader.family == before.family
    link = mailed()
    assert "It is erased" in browser.post(link).content.decode()
    reader.refresh_from_db()
    assert (reader.family, bool(reader.erased_at)) == ("", True)
    assert not Address.objects.filter(email=EMAIL).exists()
    again = browser.post(link)
    assert (again.status_code, "It is erased" in again.content.decode()) == (200, True)
    assert "It is erased" in browser.get(link).content.decode()
    assert Erasure.objects.count() == 1


def test_one_mail_is_written_however_often_the_button_is_pressed(
    reader: Person, browser: Client
) -> None:
    for _press in range(3):
        browser.post(erase_page())
    assert Letter.objects.count() == 1


def test_old_links_lead_nowhere_afterwards(reader: Person, browser: Client) -> None:
    here, there = page(), erase_page()
    browser.post(there)
    browser.post(mailed())
    for address in (here, there):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"do": "json"}).status_code == 404


def test_a_link_holds_seven_days_and_is_good_for_nothing_else(
    reader: Person, browser: Client
) -> None:
    pk = Address.objects.get(email=EMAIL).pk
    choosing = links.Choosing(pk, "en")
    week = links.ERASING_HOLDS
    old = links.erasing_token(choosing, time.time() - week - 60)
    good = links.erasing_token(choosing, time.time() - week + 60)
    for token in (old, f"1{good}", links.choosing_token(choosing)):
        assert browser.post(f"/public/erase/{token}/").status_code == 404
    assert browser.get(f"/public/preferences/{good}/data/").status_code == 404
    assert not Erasure.objects.exists()
    assert browser.get(f"/public/erase/{good}/").status_code == 200


def test_the_mail_says_what_happens_and_nothing_of_what_is_kept(
    reader: Person, browser: Client
) -> None:
    browser.post(erase_page())
    text = bytes(Letter.objects.get().mail).decode()
    assert "Byron" not in text
    assert "Biocat Street 1" in text
    assert letters.standing("erasures").kind == "letter"
