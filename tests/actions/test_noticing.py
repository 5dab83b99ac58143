"""Whoever a list brought is told where their data comes from: by their first mail, and once."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from campaigns.actions import noticing, previews, sending, sweeping
from campaigns.models import Campaign, Delivery
from crm.actions import consent, imports, merging, merging_people, people
from crm.models import Address, ConsentRecord, Notice, Person, Suppression
from tests.actions.test_imports import HEADER
from tests.kit.mailserver import MailServer
from tests.world import World

ORIGIN = "visitors of the fair “BIO” & friends"


@pytest.fixture
def imported(world: World, tmp_path: Path) -> Person:
    file = tmp_path / "list.csv"
    file.write_text(HEADER + "Alba Biotech SL;Anna Puig;anna@alba.example;;English;CEO;;Spanien\n")
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name=file.name, origin=ORIGIN, basis="member"
    )
    imports.run(of_import=found, by=None)
    return Person.objects.get(addresses__address__key="anna@alba.example")


def send(campaign: Campaign) -> None:
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()


def words(mail_server: MailServer, email: str) -> list[str]:
    """What the mails to somebody say, their lines joined."""
    found = []
    for to, raw in mail_server.arrived:
        if to != email:
            continue
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        text = mail.get_body(("plain",))
        assert text
        found.append(" ".join(text.get_content().split()))
    return found


def test_the_first_mail_says_it_and_the_second_does_not(
    world: World, imported: Person, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    known = world.person(email="known@sme.example")

    send(world.call())
    send(world.invitation())

    first, second = words(mail_server, "anna@alba.example")
    assert f"come from: {ORIGIN}." in first
    assert "privacy@biocat.example" in first
    assert "I object" in first
    assert "come from:" not in second
    assert all("come from:" not in said for said in words(mail_server, known.email))


def objecting(mail_server: MailServer, email: str) -> str:
    """Where "I object" leads in the first mail to somebody."""
    found = re.search(r"I object \S*(/public/object/\S+)", words(mail_server, email)[0])
    assert found
    return found[1]


def test_i_object_stops_all_that_the_controller_writes_and_is_kept_as_an_objection(
    world: World, imported: Person, mail_server: MailServer, settings: Settings, client: Client
) -> None:
    settings.UNDO_WINDOW = 0
    call = world.call()
    send(call)
    path = objecting(mail_server, "anna@alba.example")

    page = client.get(path).content.decode()
    assert "Biocat then writes nothing to you any more" in page
    assert "Only this" not in page
    client.head(path)
    assert not Suppression.objects.exists()
    for _twice in range(2):
        assert "Your objection is kept" in client.post(path).content.decode()

    stop = Suppression.objects.get()
    assert (stop.scope, stop.cluster, stop.reason) == ("cluster", world.biocat, "objected")
    proof = ConsentRecord.objects.get(act="objected")
    assert (proof.person, proof.cluster, proof.topic) == (imported, world.biocat, None)
    assert proof.delivery == Delivery.objects.get(campaign=call).pk
    send(world.invitation())
    assert len(words(mail_server, "anna@alba.example")) == 1


def test_an_objection_to_everybody_is_one_to_the_controller_as_well(
    world: World, imported: Person, mail_server: MailServer, settings: Settings, client: Client
) -> None:
    settings.UNDO_WINDOW = 0
    send(world.call())
    client.post(objecting(mail_server, "anna@alba.example"), {"scope": "alliance"})
    stops = Suppression.objects.values_list("scope", "reason")
    assert {*stops} == {("cluster", "objected"), ("alliance", "objected")}


def test_whoever_left_before_objects_all_the_same(
    world: World, imported: Person, mail_server: MailServer, settings: Settings, client: Client
) -> None:
    settings.UNDO_WINDOW = 0
    send(world.call())
    assert imported.primary
    consent.withdraw(
        address=imported.primary.address, scope="cluster", cluster=world.biocat,
        reason="unsubscribed", source="unsubscribe page",
    )  # fmt: skip
    client.post(objecting(mail_server, "anna@alba.example"))
    assert Suppression.objects.get().reason == "objected"
    assert ConsentRecord.objects.filter(act="objected").count() == 1


def test_a_new_mailbox_ends_no_objection_but_a_later_word_does(
    world: World, imported: Person, mail_server: MailServer, settings: Settings, client: Client
) -> None:
    settings.UNDO_WINDOW = 0
    send(world.call())
    client.post(objecting(mail_server, "anna@alba.example"))

    people.change_address(person=imported, email="anna@later.example", by=None)
    stops = Suppression.objects.standing().values_list("address__email", "reason")
    assert ("anna@later.example", "objected") in stops

    later = Address.objects.get(email="anna@later.example")
    word = consent.Word("Write to me.", "en", "follow form")
    consent.opt_in(person=imported, address=later, topic=world.topic, word=word)
    people.change_address(person=imported, email="anna@last.example", by=None)
    assert not Suppression.objects.standing().filter(address__email="anna@last.example").exists()


def test_it_is_proved_with_the_words_and_the_mail(
    world: World, imported: Person, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0

    campaign = world.call()
    send(campaign)

    proof = ConsentRecord.objects.get(act=ConsentRecord.Act.NOTICED)
    delivery = Delivery.objects.get(campaign=campaign, person=imported)
    assert (proof.person, proof.source, proof.delivery) == (imported, ORIGIN, delivery.pk)
    assert proof.language == delivery.language
    assert "come from: …." in str(proof.wording)
    assert Notice.objects.get(person=imported).told_at == delivery.settled_at


def test_what_a_crash_left_untold_is_found_again_and_written_once(
    world: World, imported: Person, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    campaign = world.call()
    sweeping.tick()
    campaign.refresh_from_db()
    sending.work(campaign)
    assert not ConsentRecord.objects.filter(act="noticed").exists()

    assert noticing.note_lately() == 1
    assert noticing.note_lately() == 0

    assert ConsentRecord.objects.filter(act="noticed").count() == 1


def test_a_mail_that_was_refused_told_nobody(
    world: World, tmp_path: Path, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    file = tmp_path / "list.csv"
    file.write_text(HEADER + "Alba SL;Anna Puig;bounce.anna@gone.example;;English;CEO;;Spanien\n")
    found = imports.upload(
        cluster=world.biocat, by=None, path=file, file_name=file.name, origin=ORIGIN, basis="member"
    )
    imports.run(of_import=found, by=None)

    send(world.call())

    assert Notice.objects.get().told_at is None
    assert not ConsentRecord.objects.filter(act="noticed").exists()


def test_the_preview_of_such_a_reader_shows_it(world: World, imported: Person) -> None:
    campaign = world.call(release=False, start=False)
    lane = world.lane(campaign, world.biocat)

    reader = previews.reader_of(lane, Person.objects.all(), imported.pk)
    preview = previews.compose(reader, previews.texts_of(campaign))

    assert ORIGIN in " ".join(preview.text.split())
    assert "visitors of the fair “BIO” &amp; friends" in preview.html


def test_a_merge_takes_along_that_somebody_is_still_to_be_told(
    world: World, imported: Person
) -> None:
    older = world.person(given="Anna", family="Puig", email=None, organisation=None, basis=None)

    merged = merging_people.merge(keep=older, drop=imported, by=None)

    assert Notice.objects.get().person == older
    merging.undo(merge=merged, by=None)
    assert Notice.objects.get().person == imported
