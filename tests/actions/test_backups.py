"""Backup and restore: whole or not at all, and behind the fence."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django.fixtures import Settings

from campaigns.actions import backups, fencing
from campaigns.actions.ledger import read
from campaigns.models import Campaign, Delivery, Installation
from crm.actions import erasing, erasure_log
from crm.models import Address, Erasure, Person, Suppression
from tests.actions.test_imports import imported
from tests.kit.mailserver import MailServer
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "documents").mkdir(parents=True)
    (settings.MEDIA_ROOT / "documents" / "programme.pdf").write_bytes(b"%PDF programme")
    yield settings.MEDIA_ROOT
    connections.close_all()


@pytest.fixture
def backup(world: World, tmp_path: Path) -> Path:
    """Of a world with one reader."""
    world.person(given="Zoé")
    fencing.check()
    call_command("backup", tmp_path / "backup")
    return tmp_path / "backup"


def force() -> str:
    return f"replace {connection.settings_dict['NAME']}"


def restore(directory: Path) -> None:
    call_command("restore", directory, force=force())


def test_what_is_restored_is_what_was_there(backup: Path, world: World, media: Path) -> None:
    Person.objects.update(given="Somebody else")
    world.person()
    shutil.rmtree(media)

    restore(backup)

    assert [person.given for person in Person.objects.all()] == ["Zoé"]
    assert (media / "documents" / "programme.pdf").read_bytes() == b"%PDF programme"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchone()[0] > 20


def test_an_old_backup_sends_nothing_until_confirmed_and_then_nobody_twice(
    world: World, mail_server: MailServer, tmp_path: Path
) -> None:
    """Fault 8: an old backup restored and started."""
    readers = sorted(world.person().email for _ in range(3))
    campaign = world.call()
    fencing.check()
    call_command("backup", tmp_path / "old")
    call_command("drain", until_empty=True)
    assert mail_server.readers == readers

    restore(tmp_path / "old")
    with pytest.raises(CommandError, match="waits for a person's confirmation"):
        call_command("drain", until_empty=True)
    call_command("sweep")
    assert mail_server.readers == readers
    assert Installation.objects.get().fenced_at

    call_command("confirm_database")
    call_command("drain", until_empty=True)

    assert mail_server.readers == readers
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert campaign.status == Campaign.Status.FINISHED
    assert read(campaign).balances
    assert read(campaign).total.undecided == 3


def test_a_copy_put_back_without_our_command_is_noticed_as_well(
    world: World, mail_server: MailServer, tmp_path: Path
) -> None:
    """Fault 8: whoever restored it, the witness knows better."""
    world.person()
    world.call()
    fencing.check()
    call_command("backup", tmp_path / "old")
    call_command("drain", until_empty=True)
    restore(tmp_path / "old")
    Installation.objects.update(epoch=1, fenced_at=None, fenced_why="")

    with pytest.raises(CommandError, match="waits for a person's confirmation"):
        call_command("drain", until_empty=True)

    assert len(mail_server.arrived) == 1
    assert "heartbeats behind" in Installation.objects.get().fenced_why


def test_a_restored_database_says_why_it_waits(backup: Path) -> None:
    restore(backup)

    here = Installation.objects.get()
    assert here.epoch == 2
    assert here.fenced_why.startswith("Restored from the backup of 20")


def test_a_database_that_holds_data_is_not_replaced_by_accident(backup: Path) -> None:
    Person.objects.update(given="Somebody else")

    with pytest.raises(CommandError, match="--force 'replace "):
        call_command("restore", backup)

    assert Person.objects.get().given == "Somebody else"
    assert Installation.objects.get().fenced_at is None


def test_a_migrated_database_without_data_may_be_replaced(backup: Path) -> None:
    call_command("flush", interactive=False, verbosity=0)

    call_command("restore", backup)

    assert Person.objects.get().given == "Zoé"


@pytest.mark.parametrize("name", ["database.dump", "media/documents/programme.pdf"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(backup: Path, name: str) -> None:
    Person.objects.update(given="Somebody else")
    whole = (backup / name).read_bytes()
    (backup / name).write_bytes(whole[:-1] + b"!")

    with pytest.raises(CommandError, match=f"damaged: {name} is not what was written"):
        restore(backup)
    (backup / name).unlink()
    with pytest.raises(CommandError, match=f"damaged: {name} is missing"):
        restore(backup)

    assert Person.objects.get().given == "Somebody else"


def test_something_that_is_no_backup_is_refused(tmp_path: Path, installation: None) -> None:
    with pytest.raises(CommandError, match="is no backup"):
        restore(tmp_path)


def test_a_backup_of_a_newer_version_is_refused(backup: Path) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["migrations"].append(["campaigns", "9999_later"])
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match=r"newer Liaison \(it has campaigns.9999_later\)"):
        restore(backup)


def test_a_restore_that_fails_at_the_end_leaves_the_database_as_it_was(backup: Path) -> None:
    Person.objects.update(given="Somebody else")
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["rows"]["crm_person"] = 2
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="crm_person did not get its 2 rows"):
        restore(backup)

    assert Person.objects.get().given == "Somebody else"
    assert Installation.objects.get().fenced_at is None


def test_a_database_in_use_is_not_waited_for_for_long(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "PATIENCE", 1)
    worker = connection.copy()
    try:
        with worker.cursor() as cursor:
            cursor.execute("BEGIN; SELECT count(*) FROM crm_person")
            with pytest.raises(CommandError, match="stop web, workers and scheduler first"):
                restore(backup)
    finally:
        worker.close()

    assert Person.objects.get().given == "Zoé"


def test_a_backup_replaces_nothing(backup: Path) -> None:
    with pytest.raises(CommandError, match=r"exists\. Name a directory that does not"):
        call_command("backup", backup)


def test_a_dry_run_writes_nothing(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup", tmp_path / "other", dry_run=True)
    assert "would be written" in capsys.readouterr().out
    assert not (tmp_path / "other").exists()

    call_command("restore", backup, dry_run=True, force=force())
    assert "is whole and could be restored" in capsys.readouterr().out
    assert Installation.objects.get().fenced_at is None


def test_a_backup_holds_no_secret_and_only_its_owner_may_read_it(
    backup: Path, settings: Settings
) -> None:
    for path in backup.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        if path.is_file():
            assert settings.SECRET_KEY.encode() not in path.read_bytes()
            assert settings.ADDRESS_KEY not in path.read_bytes()


def test_what_is_written_meanwhile_is_wholly_in_it_or_wholly_not(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pg_dump and the counts look at the same moment: a reader who comes between is in neither."""
    run = backups._run

    def a_reader_comes_first(program: str, *words: str) -> None:
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM campaigns_installation")
        other.close()
        run(program, *words)

    monkeypatch.setattr(backups, "_run", a_reader_comes_first)
    call_command("backup", tmp_path / "backup")

    Installation.objects.create(pk=1)
    restore(tmp_path / "backup")
    assert Installation.objects.get().epoch == 2
    assert not Delivery.objects.exists()


# --- who was erased since


def erased(world: World) -> Address:
    person = Person.objects.get(given="Zoé")
    assert person.primary
    address = person.primary.address
    erasing.erase_person(person=person, by=None)
    return address


def stays_out(world: World, email: str, tmp_path: Path) -> bool:
    line = f"Company;Name;E-mail\nA;Zoé Vif;{email}\n"
    found = imported(world.biocat, tmp_path, line)
    return not Person.objects.filter(given="Zoé").exists() and not found.counts.get("new")


def test_who_was_erased_stays_out_of_a_copy_from_before(
    backup: Path, world: World, tmp_path: Path
) -> None:
    address = erased(world)
    restore(backup)

    assert Person.objects.get().erased_at
    assert Address.objects.get(pk=address.pk).email is None
    assert Suppression.objects.standing().get().reason == "erased"
    assert stays_out(world, str(address.email), tmp_path)


def test_what_the_file_lost_is_still_told_by_the_database_that_is_replaced(
    backup: Path, world: World
) -> None:
    erased(world)
    erasure_log.path().unlink()
    restore(backup)
    assert Person.objects.get().erased_at


def test_a_copy_put_back_without_our_command_erases_before_it_sends(
    backup: Path, world: World, tmp_path: Path
) -> None:
    address = erased(world)
    kept = tmp_path / "kept"
    erasure_log.path().rename(kept)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; DELETE FROM crm_erasure")
        cursor.execute("SET session_replication_role = DEFAULT")
    restore(backup)
    assert Person.objects.get().erased_at is None

    kept.rename(erasure_log.path())
    call_command("confirm_database")
    assert Person.objects.get().erased_at
    assert Address.objects.get(pk=address.pk).email is None
    call_command("replay_erasures")
    assert Erasure.objects.count() == 1


def test_somebody_who_came_after_the_copy_stays_out_all_the_same(
    backup: Path, world: World, tmp_path: Path
) -> None:
    later = world.person(email="later@sme.example")
    erasing.erase_person(person=later, by=None)
    restore(backup)
    line = "Company;Name;E-mail\nA;Anna;later@sme.example\n"
    assert imported(world.biocat, tmp_path, line).rows.get().verdict == "error"
