"""An import that is taken back: as if it had never been, but for what lives on."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from crm.actions import addresses, answers, consent, notes, organisations, people
from crm.actions.errors import IllegalTransition
from crm.actions.undoing import undo
from crm.models import AuditEntry, Import, Organisation, Person, PersonAddress, Position
from crm.models.questions import EVERYBODY
from crm.models.search import people_called
from tests.actions.test_imports import HEADER, imported
from tests.tables import differences, snapshot
from tests.world import World

ITS_OWN = ("crm_import", "crm_columnmemory", "crm_duplicatesearch")


def conflict(found: Import, number: int) -> dict[str, str]:
    said = found.rows.get(number=number).conflict
    assert said is not None
    return dict(said)


@pytest.fixture
def known(world: World) -> Person:
    """Somebody who was there before, at an organisation where they began some time ago."""
    with time_machine.travel(dt.datetime(2024, 5, 6, 10, tzinfo=dt.UTC)):
        person = world.person(given="Pau", family="Vila", email="pau@old.example")
    person.refresh_from_db()
    return person


def test_it_leaves_every_table_as_before(world: World, known: Person, tmp_path: Path) -> None:
    home = known.positions.get().organisation
    stays = world.person(given="Aina", family="Riu", email="aina@sme.example")
    before = snapshot(but=ITS_OWN)
    found = imported(
        world.biocat,
        tmp_path,
        HEADER
        + "Alba;Anna Puig;anna@alba.example, a.puig@alba.example;931234567;ca;CEO;Girona;ES\n"
        + "Alba;Jan Pla;jan@alba.example;;;;;\n"
        + "Alone SA;;;;;;Lleida;\n"
        + "Nova;Paula Vila;pau@old.example, paula@nova.example;932223344;fr;CSO;Reus;\n"
        + f"{home.legal_name};;;;;;Vic;FR\n"
        + f"{stays.positions.get().organisation.legal_name};Aina Riu;aina@sme.example;;it;CTO;;\n"
        + "Bad;;nobody;;;;;\n",
        policy="overwrite",
    )
    assert found.counts == {"new": 3, "changed": 3, "error": 1, "unmailable": 0}
    assert len(differences(before, snapshot(but=ITS_OWN))) >= 8

    done = undo(of_import=found, by=world.users["contact_biocat"])

    assert differences(before, snapshot(but=ITS_OWN)) == {}
    assert done.status == Import.Status.UNDONE
    assert done.undone == {"people": 2, "organisations": 3, "put_back": 4, "conflicts": 0}
    entry = AuditEntry.objects.get(verb="undo-import")
    assert (entry.user, entry.count) == (world.users["contact_biocat"], 2)
    known.refresh_from_db()
    assert Person.objects.get(people_called("pau vila", EVERYBODY)) == known


def test_posts_know_their_cluster_and_which_is_the_first_however_they_came(
    world: World, known: Person, tmp_path: Path
) -> None:
    home = known.positions.get().organisation
    text = "Alba;Pau Vila;pau@old.example;;;CSO;;\nAlba;Anna Puig;anna@alba.example;;;CEO;;\n"
    found = imported(world.biocat, tmp_path, HEADER + text, policy="overwrite")
    second = Organisation.objects.get(legal_name="Alba")
    anna = Person.objects.get(family="Puig")
    Position.objects.create(person=anna, organisation=home, during=(dt.date(2020, 1, 1), None))

    assert known.positions.current().get().organisation == second
    assert marks() == marks_by_hand()
    undo(of_import=found, by=None)
    assert known.positions.current().get().organisation == home
    assert marks() == marks_by_hand()


def marks() -> set[tuple[int, int, bool]]:
    return set(Position.objects.values_list("pk", "cluster", "is_first"))


def marks_by_hand() -> set[tuple[int, int, bool]]:
    """What should stand there where posts began in the order of their ids."""
    firsts = set(
        Position.objects.current()
        .values("person")
        .annotate(first=Min("pk"))
        .values_list("first", flat=True)
    )
    return {
        (post.pk, post.person.cluster_id, post.pk in firsts)
        for post in Position.objects.select_related("person")
    }


def test_who_was_written_about_since_stays(world: World, tmp_path: Path) -> None:
    found = imported(
        world.biocat,
        tmp_path,
        HEADER + "Alba;Anna Puig;anna@alba.example;;;;;\n" + "Alone SA;;;;;;Lleida;\n",
    )
    notes.add(person=Person.objects.get(given="Anna"), text="Met her.", by=None)
    alone = Organisation.objects.get(legal_name="Alone SA").memberships.get()
    notes.add(membership=alone, text="Moves to Reus.", by=None)

    undo(of_import=found, by=None)

    assert conflict(found, 2) == {"person": "note", "organisation": "position"}
    assert conflict(found, 3) == {"organisation": "note"}


def test_a_post_of_the_same_day_comes_back_with_its_number(world: World, tmp_path: Path) -> None:
    person = world.person(given="Pau", family="Vila", email="pau@old.example")
    before = snapshot(but=ITS_OWN)
    found = imported(
        world.biocat, tmp_path, HEADER + "Nova;Pau Vila;pau@old.example;;;;;\n", policy="overwrite"
    )
    assert person.positions.get().organisation.legal_name == "Nova"

    undo(of_import=found, by=None)

    assert differences(before, snapshot(but=ITS_OWN)) == {}


def test_what_lives_on_stays_and_is_told_with_the_reason(world: World, tmp_path: Path) -> None:
    names = ("answered", "left", "stopped", "edited", "follows", "quiet")
    rows = "".join(f"Firm {n};{n} Person;{n}@{n}.example;;;;;\n" for n in names)
    found = imported(world.biocat, tmp_path, HEADER + rows)
    who = {n: Person.objects.get(addresses__address__key=f"{n}@{n}.example") for n in names}
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        answers.give(person=who["answered"], mission=world.mission, value="interested")
        for name, scope in (("left", "cluster"), ("stopped", "all")):
            consent.withdraw(
                address=who[name].primary.address,
                scope=scope,
                cluster=world.biocat if scope == "cluster" else None,
                reason="unsubscribed",
                source="test",
            )
        people.edit(person=who["edited"], by=None, version=1, phone="+34 93 000 00 00")
        consent.subscribe(person=who["follows"], topic=world.topic, source="test")

    done = undo(of_import=found, by=None)

    assert done.undone["people"] == 1
    assert not Person.objects.filter(pk=who["quiet"].pk).exists()
    assert not Organisation.objects.filter(legal_name="Firm quiet").exists()
    told = {
        name: conflict(found, number)
        for number, name in enumerate(names, start=2)
        if name != "quiet"
    }
    assert {said["organisation"] for said in told.values()} == {"position"}
    assert {name: said["person"] for name, said in told.items()} == {
        "answered": "answer",
        "left": "suppression",
        "stopped": "suppression",
        "edited": "changed",
        "follows": "consentrecord",
    }


def test_who_was_written_to_since_stays(world: World, tmp_path: Path) -> None:
    found = imported(world.biocat, tmp_path, HEADER + "Firm;Ona Mas;ona@firm.example;;;;;\n")
    world.call()

    done = undo(of_import=found, by=None)

    assert done.undone["people"] == 0
    assert conflict(found, 2) == {"person": "delivery", "organisation": "position"}
    assert Person.objects.get().email == "ona@firm.example"


def test_a_field_that_changed_since_stays_and_the_others_are_put_back(
    world: World, known: Person, tmp_path: Path
) -> None:
    found = imported(
        world.biocat,
        tmp_path,
        HEADER + f"{known.positions.get().organisation.legal_name};Pau Vila;pau@old.example;"
        "931234567;it;;Berga;\n",
        policy="overwrite",
    )
    known.refresh_from_db()
    people.edit(person=known, by=None, version=known.version, phone="+34 93 000 00 00")

    done = undo(of_import=found, by=None)

    known.refresh_from_db()
    assert known.phone == "+34 93 000 00 00"
    assert known.language is None
    assert known.positions.get().organisation.city == ""
    assert conflict(found, 2) == {"person.phone": "+34 93 000 00 00"}
    assert done.undone["conflicts"] == 1


def test_a_later_move_is_not_turned_back(world: World, known: Person, tmp_path: Path) -> None:
    found = imported(
        world.biocat, tmp_path, HEADER + "Nova;Pau Vila;pau@old.example;;;;;\n", policy="overwrite"
    )
    third = organisations.create(cluster=world.biocat, by=None, legal_name="Third SL")
    people.move(person=known, organisation=third, by=None, job="CEO")

    undo(of_import=found, by=None)

    assert known.positions.current().get().organisation == third
    assert conflict(found, 2)["post"] == "changed"


def test_a_later_import_of_the_same_people_is_respected(world: World, tmp_path: Path) -> None:
    text = HEADER + "Alba;Anna Puig;anna@alba.example;;;;;\n"
    first = imported(world.biocat, tmp_path, text)
    second = imported(
        world.biocat, tmp_path, text.replace(";;;;;", ";931234567;ca;;;"), policy="fill"
    )

    assert undo(of_import=first, by=None).undone["people"] == 0
    assert conflict(first, 2)["person"] == "changed"
    assert undo(of_import=second, by=None).undone["put_back"] == 1
    assert Person.objects.get().phone == ""


def test_an_address_that_another_cluster_uses_since_stays_theirs(
    world: World, tmp_path: Path
) -> None:
    found = imported(world.biocat, tmp_path, HEADER + "Alba;Anna;anna@alba.example;;;;;\n")
    theirs = world.person(world.biom, email="anna@alba.example")

    undo(of_import=found, by=None)

    assert theirs.primary
    assert theirs.primary.address.email == "anna@alba.example"
    assert PersonAddress.objects.get() == theirs.primary
    assert addresses.find_or_create("anna@alba.example") == theirs.primary.address


def test_only_what_was_written_is_undone_and_only_once(world: World, tmp_path: Path) -> None:
    text = HEADER + "Alba;Anna;anna@alba.example;;;;;\n"
    looked_at = imported(world.biocat, tmp_path, text, only_check=True)
    with pytest.raises(IllegalTransition, match="waits for your decision"):
        undo(of_import=looked_at, by=None)
    found = imported(world.biocat, tmp_path, text)
    undo(of_import=found, by=None)

    with pytest.raises(IllegalTransition, match="undone"):
        undo(of_import=found, by=None)


def test_each_row_is_read_a_few_times_however_many_came_since_the_last_statistics(
    world: World, tmp_path: Path
) -> None:
    imported(world.biocat, tmp_path, HEADER + "Alba;Anna Puig;anna@alba.example;;;CEO;;\n")
    measured("ANALYZE crm_importrow")
    lines = (f"Nova {n};Pau Vila;pau{n}@nova.example;;;CEO;;\n" for n in range(300))
    found = imported(world.biocat, tmp_path, HEADER + "".join(lines))
    before = rows_read()

    undo(of_import=found, by=None)

    assert rows_read() - before < 30 * 300


def measured(statement: str) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def rows_read() -> int:
    """Of imports, in this transaction."""
    ((number,),) = measured(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
        " WHERE relname = 'crm_importrow'"
    )
    return number


def test_the_command_says_what_stays_and_with_dry_run_takes_nothing_back(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = imported(world.biocat, tmp_path, HEADER + "Firm;Ona Mas;ona@firm.example;;;;;\n")
    people.edit(person=Person.objects.get(), by=None, version=1, phone="+34 93 000 00 00")

    call_command("undo_import", str(found.pk), dry_run=True)
    found.refresh_from_db()
    assert found.status == Import.Status.DONE
    call_command("undo_import", str(found.pk))

    lines = [
        "row 2 stays as it is (person: changed, organisation: position)",
        "people=0 organisations=0 put_back=0 conflicts=1",
    ]
    assert capsys.readouterr().out.splitlines() == lines * 2
    with pytest.raises(CommandError, match="There is no import 999999"):
        call_command("undo_import", "999999")
