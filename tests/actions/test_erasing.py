"""Erasing somebody: nothing of them is left in any table, and no door brings them back."""

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import feedback, ledger
from campaigns.mail.compose import reader_of
from campaigns.models import Attempt, Campaign, Deferral, Delivery, Fault, HookEvent, Letter, Trim
from crm.actions import (
    attachments,
    consent,
    erasing,
    notes,
    people,
    rights_requests,
)
from crm.models import (
    Address,
    AddressChange,
    Answer,
    Attachment,
    BulkAct,
    ConsentRecord,
    Duplicate,
    Erasure,
    Export,
    ExportPiece,
    Follow,
    Import,
    ImportFile,
    ImportRow,
    InboxMail,
    Merge,
    Notice,
    OwnPageRequest,
    Person,
    PersonAddress,
    RightsRequest,
    Suppression,
)
from tests.kit import canaries
from tests.kit.canaries import CANARY
from tests.world import World

EMAIL = f"Zoe.{CANARY}@vif.example"
DOCS = Path(__file__).parents[2] / "docs" / "privacy.md"


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def well_known(world: World) -> Person:
    """Somebody of whom every table has something."""
    contact = world.users["contact_biocat"]
    zoe = world.person(given="Zoé", family=CANARY, email=EMAIL, job="CEO")
    twin = world.person(given="Zoé", family=f"{CANARY}-Vif", email=f"{CANARY}@home.example")
    people.edit(person=zoe, by=contact, version=1, phone="+33 4 76 00 00 00")
    people.correct_job(position=zoe.positions.get(), job="Chair", by=contact, version=2)
    note = notes.add(person=zoe, text=f"{CANARY} likes tea", by=contact)
    notes.edit(note=note, text="likes coffee", by=contact)
    for _each in range(2):
        file = attachments.attach(person=zoe, file=("a.txt", b"words"), by=contact)
    attachments.remove(attachment=file, by=contact)
    wish = consent.subscribe(person=zoe, topic=world.topic, source="a fair")
    wish.markets = ["japan"]
    wish.save()
    request = rights_requests.record(
        cluster=world.biocat, kind="access", received_on=timezone.localdate(), by=contact,
        person=zoe,
    )  # fmt: skip
    rights_requests.extend(request=request, why="many files", by=contact)
    Answer.objects.create(person=zoe, mission=world.mission, value="interested", at=timezone.now())
    campaign = world.call()
    delivery = zoe.deliveries.get(campaign=campaign)
    Attempt.objects.create(
        delivery=delivery, generation=1, phase="rcpt", text="x", outcome="failed"
    )
    Deferral.objects.create(
        delivery=delivery, campaign=campaign, not_before=timezone.now(), reason="x"
    )
    Letter.objects.create(delivery=delivery, mail=f"To: {EMAIL}".encode())
    lane = world.lane(world.invitation(release=False, start=False), world.biocat)
    Trim.objects.create(release=lane, person=zoe, reason="x")
    people.merge(keep=zoe, drop=twin, by=contact)
    zoe.refresh_from_db()
    return zoe


def more_of(world: World, zoe: Person) -> None:
    """What knows people by their numbers or their addresses alone."""
    contact, now = world.users["contact_biocat"], timezone.now()
    mailbox = zoe.addresses.get(is_primary=True).address
    ConsentRecord.objects.none()
    list_ = Import.objects.create(
        cluster=world.biocat, file_name="list", header=0, status="done", heads={"s": [[EMAIL]]}
    )
    ImportFile.objects.create(of_import=list_, place=0, content=EMAIL.encode())
    said: dict[str, Any] = {"cells": [CANARY, EMAIL], "diff": {"person": {"phone": ["", CANARY]}}}
    ImportRow.objects.create(of_import=list_, number=2, verdict="changed", person=zoe.pk, **said)
    ImportRow.objects.create(
        of_import=list_, number=3, verdict="error", reason=f"“{EMAIL}” is odd.", **said
    )
    ImportRow.objects.create(
        of_import=list_, number=4, verdict="duplicate", cells=["Somebody"],
        reason=f"Your contact Zoé {CANARY} uses this address under another name.",
    )  # fmt: skip
    other = world.person()
    first, second = sorted((zoe.pk, other.pk))
    Duplicate.objects.create(
        cluster=world.biocat, noun="person", first=first, second=second, score=50, found_at=now
    )
    BulkAct.objects.create(
        noun="people", act="language", said="x", by=contact, at=now,
        before={str(zoe.pk): CANARY, str(other.pk): "fr"},
    )  # fmt: skip
    post = zoe.positions.first()
    assert post
    Merge.objects.create(
        cluster=world.biom, noun="organisation", kept=1, dropped=2, at=now,
        changes=[
            {"act": "update", "noun": "position", "pk": post.pk, "after": {"job": CANARY}},
            {"act": "delete", "noun": "position", "pk": 0,
             "before": {"person_id": zoe.pk, "job": CANARY}},
            {"act": "update", "noun": "organisation", "pk": 1, "after": {"city": "Lyon"}},
        ],
    )  # fmt: skip
    export = Export.objects.create(
        by=contact, noun="people", file_format="csv", columns=[], language="en", rows_total=1,
        status="ready", clusters=[world.biocat.pk], question=f"q={CANARY}",
        expires_at=now + dt.timedelta(days=7),
    )  # fmt: skip
    ExportPiece.objects.create(of_export=export, place=0, content=EMAIL.encode())
    Follow.objects.create(
        email=EMAIL, hmac=mailbox.hmac, domain="vif.example", alliance=world.alliance,
        cluster=world.biocat, topics=[], language="en", wording="", network=CANARY, asked_at=now,
    )  # fmt: skip
    AddressChange.objects.create(
        address=mailbox, email=f"{CANARY}@new.example", hmac=b"n", language="en", network=CANARY,
        asked_at=now,
    )  # fmt: skip
    AddressChange.objects.create(
        address=Address.objects.get(uses__person=other), email=EMAIL, hmac=mailbox.hmac,
        language="en", asked_at=now,
    )  # fmt: skip
    OwnPageRequest.objects.create(hmac=mailbox.hmac, language="en", network=CANARY, asked_at=now)
    Notice.objects.create(person=zoe, origin=CANARY)
    Fault.objects.create(step="retry", why=f"DataError: {EMAIL}")
    InboxMail.objects.create(
        mail_from="a@b.example", rcpt_to=EMAIL.casefold(), subject=CANARY, raw=EMAIL.encode(),
        message_id="x",
    )  # fmt: skip
    raw = base64.b64encode(f"To: {EMAIL}\r\n\r\nbounced".encode()).decode()
    for n, (provider, payload, done) in enumerate(
        [
            ("postmark", {"Recipient": EMAIL, "Name": CANARY}, now),
            ("brevo", {"email": EMAIL.lower(), "event": "delivered"}, None),
            ("mailbox", {"raw": raw}, None),
        ]
    ):
        HookEvent.objects.create(
            provider=provider, event_key=str(n), payload=payload, processed_at=done
        )


def test_nothing_of_somebody_who_was_erased_is_left_in_any_table(world: World) -> None:
    """The heart of it: a table or a column that was forgotten makes this fail."""
    zoe = well_known(world)
    more_of(world, zoe)
    selves = [row.pk for row in zoe.selves]
    mailboxes = PersonAddress.objects.filter(person__in=selves).values_list("address", flat=True)
    missing = canaries.fill(selves, [*mailboxes])
    with canaries.without_triggers():
        ConsentRecord.objects.update(by=world.users["admin"])
        Person.objects.filter(pk=zoe.pk).update(given="Zoé")  # by which a reason calls her
    assert not missing, f"Give `well_known` a row of theirs: {sorted(missing)}"
    assert len(canaries.found(CANARY)) > 40

    erasing.erase_person(person=zoe, by=world.users["contact_biocat"])

    assert canaries.found(CANARY) == set()


def test_every_table_is_in_the_docs_with_what_becomes_of_it() -> None:
    words = DOCS.read_text()
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    assert not [name for name in sorted(tables) if not _told(name, words)]


def _told(table: str, words: str) -> bool:
    return f"`{table}`" in words or (
        table.endswith("history") and f"`{table.removesuffix('history')}`" in words
    )


def test_counts_stay_and_what_waits_is_stopped(world: World) -> None:
    zoe, other = world.person(email=EMAIL), world.person()
    campaign = world.call()
    erasing.erase_person(person=zoe, by=None)
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert ledger.read(campaign).balances
    states = {d.person_id: d.state for d in Delivery.objects.filter(campaign=campaign)}
    assert states == {zoe.pk: Delivery.State.SUPPRESSED, other.pk: Delivery.State.PENDING}


def test_what_stays_is_a_keyed_hash_and_a_word_never_to_write(world: World) -> None:
    zoe = world.person(email=EMAIL)
    mailbox = Address.objects.get(email=EMAIL)
    before = bytes(mailbox.hmac)
    erasing.erase_person(person=zoe, by=None)
    address = Address.objects.get(pk=mailbox.pk)
    assert (address.email, address.key, address.domain) == (None, None, "")
    assert (bytes(address.hmac), bool(address.erased_at)) == (before, True)
    stopped = Suppression.objects.standing().get(address=address)
    assert (stopped.scope, stopped.reason) == ("all", "erased")
    zoe.refresh_from_db()
    assert (zoe.full_name, zoe.erased_at is not None, zoe.cluster) == ("", True, world.biocat)
    assert not zoe.positions.exists()


def test_an_earlier_refusal_becomes_an_erasure(world: World) -> None:
    zoe = world.person(email=EMAIL)
    assert zoe.primary
    consent.withdraw(address=zoe.primary.address, scope="all", reason="unsubscribed", source="test")
    erasing.erase_person(person=zoe, by=None)
    assert Suppression.objects.standing().get().reason == "erased"


def test_twice_is_as_once(world: World) -> None:
    zoe = world.person(email=EMAIL)
    erasing.erase_person(person=zoe, by=None)
    at = Person.objects.get(pk=zoe.pk).erased_at
    erasing.erase_person(person=zoe, by=None)
    erasing.erase_mailbox(address=Address.objects.get(uses=None, domain=""))
    assert Person.objects.get(pk=zoe.pk).erased_at == at
    assert Erasure.objects.count() == 1


def test_files_are_deleted_for_good(world: World, django_capture_on_commit_callbacks: Any) -> None:
    zoe = world.person(email=EMAIL)
    file = attachments.attach(person=zoe, file=("a.txt", b"words"), by=None).file
    file.storage.save("attachments/another.txt", ContentFile(b"stays"))
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_person(person=zoe, by=None)
    assert not Attachment.objects.exists()
    assert not file.storage.exists(str(file.name))
    assert file.storage.exists("attachments/another.txt")


def test_what_is_told_later_adds_facts_and_no_address(world: World) -> None:
    zoe = world.person(email=EMAIL)
    world.call()
    delivery = zoe.deliveries.get()
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.ACCEPTED, generation=1)
    erasing.erase_person(person=zoe, by=None)
    feedback.record(
        feedback.Fact(
            "bounced", delivery.pk, timezone.now(), "postmark", 1, "5.1.1", f"<{EMAIL}> unknown"
        )
    )
    delivery.refresh_from_db()
    assert delivery.bounced_at
    assert canaries.found(CANARY) == set()


def test_an_old_link_takes_no_answer_of_theirs(world: World, client: Client) -> None:
    zoe = world.person(email=EMAIL)
    world.call()
    token = reader_of(zoe.deliveries.get()).value("answering")
    erasing.erase_person(person=zoe, by=None)
    at = reverse("campaigns:public-answer", args=[token, "interested"])
    assert client.get(at).status_code == 404
    assert client.post(at, {"value": "interested", "note": "me"}).status_code == 404
    assert not Answer.objects.exists()


def test_a_request_stays_without_its_words(world: World) -> None:
    zoe = world.person(email=EMAIL, given="Zoé")
    request = rights_requests.record(
        cluster=world.biocat, kind="erasure", received_on=timezone.localdate(), by=None, person=zoe
    )
    done = rights_requests.carry_out(request=request, by=world.users["contact_biocat"])
    assert (done.name, done.email, done.state) == ("", "", RightsRequest.State.DONE)
    assert done.answered_on == timezone.localdate()
    zoe.refresh_from_db()
    assert zoe.erased_at
