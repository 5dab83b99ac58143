"""The erasure log: outside the database, naming nobody, and enough to erase once more."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils import timezone
from pytest_django.fixtures import Settings

from crm.actions import erasing, erasure_log
from crm.models import Address, Erasure, Person, PersonAddress, Position, Suppression
from tests.actions.test_imports import HEADER, imported, verdicts
from tests.kit import canaries
from tests.kit.canaries import CANARY
from tests.world import World

EMAIL = f"Zoe.{CANARY}@vif.example"


def test_the_log_tells_an_erasure_and_names_nobody(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    zoe = world.person(email=EMAIL, given="Zoé")
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_person(person=zoe, by=world.users["contact_biocat"])
    (entry,) = erasure_log.read()
    row = Erasure.objects.get()
    assert (entry.key, entry.hmac, entry.scope) == (row.key, bytes(row.hmac or b""), "mailbox")
    assert [pk for pk, _at in entry.people] == [zoe.pk]
    assert row.logged_at
    words = erasure_log.path().read_text()
    assert "vif" not in words
    assert "Zo" not in words
    assert erasure_log.path().stat().st_mode & 0o777 == 0o600


def test_what_the_disk_did_not_take_is_written_later(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    settings.ERASURE_LOG = str(tmp_path / "file" / "log")
    (tmp_path / "file").write_text("in the way")
    erasing.erase_person(person=world.person(email=EMAIL), by=None)
    assert erasure_log.keep() == 0
    assert Erasure.objects.filter(logged_at=None).exists()
    (tmp_path / "file").unlink()
    assert erasure_log.keep() == 1
    assert erasure_log.keep() == 0
    assert len(erasure_log.read()) == 1


def test_a_line_that_was_cut_off_spoils_no_other(world: World) -> None:
    for n in range(2):
        erasing.erase_person(person=world.person(email=f"{n}{EMAIL}"), by=None)
        erasure_log.keep()
        with erasure_log.path().open("a") as file:
            file.write('{"key": "cut o')
    assert len(erasure_log.read()) == 2


def entry_of(world: World, email: str) -> erasure_log.Entry:
    """A line of the file whose erasure this database does not know."""
    zoe = world.person(email=email)
    mailbox = Address.objects.get(email=email)
    return erasure_log.Entry(
        key=Erasure().key, hmac=bytes(mailbox.hmac), scope="mailbox", cluster=None,
        people=[[zoe.pk, zoe.created_at.isoformat()]], at=timezone.now(), by=None,
    )  # fmt: skip


def test_what_is_erased_once_more_is_erased_once(world: World) -> None:
    entry = entry_of(world, EMAIL)
    assert erasing.replay(entry)
    assert not erasing.replay(entry)
    assert canaries.found(CANARY) == set()
    assert Suppression.objects.standing().get().scope == "all"


def test_a_number_that_was_given_anew_is_somebody_else(world: World) -> None:
    stranger = world.person()
    entry = entry_of(world, EMAIL)
    later = stranger.created_at - dt.timedelta(days=1)
    erasing.replay(
        erasure_log.Entry(**{**vars(entry), "people": [[stranger.pk, later.isoformat()]]})
    )
    assert not Person.objects.get(pk=stranger.pk).erased_at


def test_a_mailbox_that_the_copy_does_not_know_stays_out(world: World, tmp_path: Path) -> None:
    entry = entry_of(world, EMAIL)
    zoe = Person.objects.get(addresses__address__email=EMAIL)
    with canaries.without_triggers():
        PersonAddress.objects.filter(person=zoe)._raw_delete("default")
        Address.objects.filter(email=EMAIL)._raw_delete("default")
        Position.objects.filter(person=zoe)._raw_delete("default")
    erasing.replay(entry)
    line = HEADER + f"A;Zoé Vif;{EMAIL};;;;;\n"
    assert verdicts(imported(world.biocat, tmp_path, line)) == {2: "error"}
