"""The wizard's steps and the background run: each step once, by one worker, whole or not at all."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.actions import importing, imports, people, staging
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Import, ImportFile, ImportRow, Person, Position
from tests.world import World

TEXT = "Company;Name;E-mail\nAlba;Anna Puig;anna@alba.example\nAlba;Bad;nowhere\n"
READ: dict[str, Any] = {"sheet": "", "encoding": "utf-8", "separator": ";", "header": 0}
COLUMNS = ["legal_name", "name", "email"]
SAID: dict[str, Any] = {"policy": "fill", "origin": "fair", "dated": None, "basis": "member"}
Status = Import.Status

several_sessions = pytest.mark.django_db(transaction=True)


@pytest.fixture
def uploaded(world: World, tmp_path: Path) -> Import:
    return upload(world, tmp_path)


def upload(world: World, path: Path, text: str | bytes = TEXT) -> Import:
    file = path / "list.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return imports.upload(
        cluster=world.biocat, by=world.users["contact_biocat"], path=file, file_name="list.csv"
    )


def described(found: Import) -> Import:
    return imports.describe(of_import=found, by=found.by, columns=COLUMNS, **READ)


def fresh(found: Import) -> Import:
    return Import.objects.get(pk=found.pk)


# --- the steps


def test_a_list_goes_step_by_step_and_each_step_is_written_down(uploaded: Import) -> None:
    described(uploaded)
    imports.check(of_import=uploaded)
    assert fresh(uploaded).counts == {"new": 1, "error": 1, "unmailable": 0}

    imports.decide(of_import=uploaded, by=uploaded.by, **SAID)
    assert fresh(uploaded).status == Status.WRITING
    imports.run(of_import=uploaded, by=uploaded.by)

    assert fresh(uploaded).status == Status.DONE
    assert Person.objects.get().email == "anna@alba.example"
    verbs = AuditEntry.objects.filter(noun="import").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["upload", "describe", "decide", "import"]


def test_another_policy_is_shown_before_it_is_written(uploaded: Import) -> None:
    described(uploaded)
    imports.check(of_import=uploaded)

    imports.decide(of_import=uploaded, by=None, **{**SAID, "policy": "overwrite"})

    again = fresh(uploaded)
    assert (again.status, again.policy, again.origin) == (Status.CHECKING, "overwrite", "fair")
    assert not Person.objects.exists()


def test_the_same_file_sent_twice_is_one_import(world: World, tmp_path: Path) -> None:
    first = upload(world, tmp_path)

    assert upload(world, tmp_path) == first
    described(first)
    assert upload(world, tmp_path) != first


@pytest.mark.parametrize("step", ["describe", "decide", "cancel", "check", "run"])
def test_a_step_at_the_wrong_time_is_refused(uploaded: Import, step: str) -> None:
    Import.objects.filter(pk=uploaded.pk).update(status=Status.DONE, origin="fair", basis="member")
    steps: dict[str, Callable[[], object]] = {
        "describe": lambda: described(uploaded),
        "decide": lambda: imports.decide(of_import=fresh(uploaded), by=None, **SAID),
        "cancel": lambda: imports.cancel(of_import=uploaded, by=None),
        "check": lambda: imports.check(of_import=fresh(uploaded)),
        "run": lambda: imports.run(of_import=fresh(uploaded), by=None),
    }

    with pytest.raises(IllegalTransition, match=r"“list\.csv” is imported"):
        steps[step]()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["", "", ""], "at least one column"),
        (["city", "", ""], "names, addresses or companies"),
        (["name", "name", "email"], "hold the same"),
        (["name", "password", "email"], "no column that can be imported"),
    ],
)
def test_columns_that_say_too_little_are_refused(
    uploaded: Import, columns: list[str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        imports.describe(of_import=uploaded, by=None, columns=columns, **READ)

    assert fresh(uploaded).status == Status.DESCRIBED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"origin": " "}, "where the list comes from"),
        ({"basis": ""}, "on which legal basis"),
        ({"dated": dt.date(2999, 1, 1)}, "from the future"),
    ],
)
def test_a_decision_without_reasons_is_refused(
    uploaded: Import, wrong: dict[str, Any], said: str
) -> None:
    described(uploaded)
    imports.check(of_import=uploaded)

    with pytest.raises(Refused, match=said):
        imports.decide(of_import=uploaded, by=None, **{**SAID, **wrong})

    assert fresh(uploaded).status == Status.CHECKED


def test_a_file_in_another_encoding_than_chosen_is_read_with_its_bad_rows(
    world: World, tmp_path: Path
) -> None:
    text = "Company;Name;E-mail\nMüller;Zoé Sol;z@a.example\nNul\0l;A B;b@a.example\n"
    found = described(upload(world, tmp_path, text.encode("cp1252")))

    imports.check(of_import=found)

    rows = {row.number: row for row in found.rows.all()}
    assert "not in the file's encoding" in rows[2].reason
    assert "NUL" in rows[3].reason
    assert (rows[2].cells or [])[:1] == ["M�ller"]


def test_cells_that_were_escaped_for_spreadsheets_are_read_as_they_were(
    world: World, tmp_path: Path
) -> None:
    text = "Company;Name;Phone\nAlba;Anna Puig;'+34 931 23 45 67\n"
    found = upload(world, tmp_path, text)
    imports.describe(of_import=found, by=None, columns=["legal_name", "name", "phone"], **READ)

    imports.check(of_import=found)

    assert found.rows.get().cells == ["Alba", "Anna Puig", "+34 931 23 45 67"]


# --- the worker


@several_sessions
def test_a_worker_checks_then_writes_and_has_then_nothing_to_do(uploaded: Import) -> None:
    assert not importing.is_due()
    described(uploaded)
    assert importing.is_due()

    assert importing.work_due() == 1
    assert fresh(uploaded).status == Status.CHECKED
    assert importing.work_due() == 0
    imports.decide(of_import=fresh(uploaded), by=uploaded.by, **SAID)
    assert importing.work_due() == 1

    done = fresh(uploaded)
    assert (done.status, done.rows_total, done.tries, done.phase) == (Status.DONE, 2, 0, "")
    assert Person.objects.count() == 1


def test_a_long_list_is_read_beside_and_forgets_companies_it_saw_long_ago(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MANY_ROWS", 2)
    monkeypatch.setattr(staging, "REMEMBERED", 1)
    companies = ("Alba", "Boreal", "Alba", "Boreal", "Alba")
    rows = "".join(f"{each};Anna {n};a{n}@x.example\n" for n, each in enumerate(companies))
    found = described(upload(world, tmp_path, f"Company;Name;E-mail\n{rows}"))
    Import.objects.filter(pk=found.pk).update(status=Status.WRITING, origin="f", basis="member")

    imports.run(of_import=fresh(found), by=None)

    assert fresh(found).counts == {"new": 5, "unmailable": 0}
    posts = Position.objects.filter(organisation__legal_name="Alba")
    assert posts.values("organisation").distinct().count() == 1
    assert posts.count() == 3


@several_sessions
def test_a_long_list_that_is_cancelled_is_read_no_further(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MANY_ROWS", 2)
    monkeypatch.setattr(staging, "CHUNK", 10)
    monkeypatch.setattr(importing, "TOLD_EVERY", 0.01)
    rows = "".join(f"Alba;Anna {n};a{n}@x.example\n" for n in range(20_000))
    found = described(upload(world, tmp_path, f"Company;Name;E-mail\n{rows}"))

    importing.work_due(stop=lambda: True)

    assert fresh(found).status == Status.CHECKING
    assert fresh(found).rows_read < 20_000
    assert not ImportRow.objects.exists()


@several_sessions
def test_two_workers_at_once_write_a_list_once(uploaded: Import) -> None:
    Import.objects.filter(pk=uploaded.pk).update(
        status=Status.WRITING, origin="fair", basis="member"
    )
    worked: list[int] = []

    def work() -> None:
        worked.append(importing.work_due())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(worked) == 1
    assert Person.objects.count() == 1


@several_sessions
def test_what_a_killed_worker_left_is_taken_up_again_but_not_for_ever(uploaded: Import) -> None:
    left = {"status": Status.WRITING, "origin": "fair", "basis": "member", "phase": "writing"}
    Import.objects.filter(pk=uploaded.pk).update(**left, tries=1)
    importing.work_due()
    assert fresh(uploaded).status == Status.DONE

    Import.objects.filter(pk=uploaded.pk).update(**left, tries=importing.MOST_TRIES)
    importing.work_due()

    assert fresh(uploaded).status == Status.FAILED
    assert "Split the list" in fresh(uploaded).trouble


@several_sessions
def test_a_list_that_cannot_be_read_fails_with_a_sentence_and_can_be_described_again(
    world: World, tmp_path: Path
) -> None:
    found = described(upload(world, tmp_path, "Company;Name;E-mail\n"))

    importing.work_due()

    failed = fresh(found)
    assert failed.status == Status.FAILED
    assert "no row below the header" in failed.trouble
    assert described(failed).status == Status.CHECKING


@several_sessions
def test_a_fault_of_ours_is_told_without_its_words(
    uploaded: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(uploaded)

    def broken(_of_import: Import) -> None:
        raise ValueError("secret anna@alba.example")

    monkeypatch.setattr(imports, "judge", broken)
    importing.work_due()

    failed = fresh(uploaded)
    assert failed.status == Status.FAILED
    assert "nothing was changed" in failed.trouble
    assert "anna" not in failed.trouble


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A list whose writing takes a minute in the database, told of every twentieth of a second."""
    begun = threading.Event()

    def sleeping(_of_import: Import) -> None:
        begun.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr(imports, "write", sleeping)
    monkeypatch.setattr(importing, "TOLD_EVERY", 0.05)
    return begun


@several_sessions
def test_a_write_that_is_cancelled_stops_at_once_and_leaves_nothing(
    uploaded: Import, slow: threading.Event
) -> None:
    Import.objects.filter(pk=uploaded.pk).update(
        status=Status.WRITING, origin="fair", basis="member"
    )
    seen: list[tuple[str, int]] = []

    def cancelling() -> None:
        slow.wait(30)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and fresh(uploaded).phase != Import.Phase.WRITING:
            time.sleep(0.05)
        seen.append((fresh(uploaded).phase, fresh(uploaded).rows_read))
        imports.cancel(of_import=fresh(uploaded), by=None)
        connection.close()

    thread = threading.Thread(target=cancelling)
    thread.start()
    began = time.monotonic()
    importing.work_due()
    thread.join(60)

    assert time.monotonic() - began < 30
    assert seen == [("writing", 2)]
    assert fresh(uploaded).status == Status.CANCELLED
    assert not Person.objects.exists()
    assert not ImportRow.objects.exists()
    assert importing.work_due() == 0


@several_sessions
def test_a_worker_that_is_told_to_stop_leaves_the_list_to_the_next(
    uploaded: Import, slow: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    Import.objects.filter(pk=uploaded.pk).update(
        status=Status.WRITING, origin="fair", basis="member"
    )

    importing.work_due(stop=slow.is_set)

    left = fresh(uploaded)
    assert (left.status, left.tries) == (Status.WRITING, 0)
    monkeypatch.undo()
    assert importing.work_due() == 1
    assert fresh(uploaded).status == Status.DONE


@several_sessions
def test_a_worker_takes_back_what_was_written_once(uploaded: Import) -> None:
    Import.objects.filter(pk=uploaded.pk).update(
        status=Status.WRITING, origin="fair", basis="member"
    )
    importing.work_due()
    done = fresh(uploaded)
    imports.ask_undo(of_import=done, by=uploaded.by)
    with pytest.raises(IllegalTransition, match="is being taken back"):
        imports.ask_undo(of_import=done, by=None)

    assert importing.work_due() == 1

    assert fresh(uploaded).status == Status.UNDONE
    assert not Person.objects.exists()
    assert importing.work_due() == 0
    with pytest.raises(IllegalTransition, match="is taken back"):
        imports.ask_undo(of_import=done, by=None)
    asked = AuditEntry.objects.get(verb="undo-import")
    assert asked.user == uploaded.by


@several_sessions
def test_taking_back_that_fails_leaves_the_import_as_it_is(uploaded: Import) -> None:
    Import.objects.filter(pk=uploaded.pk).update(
        status=Status.DONE, undo_asked_at=timezone.now(), written={}
    )

    importing.work_due()

    left = fresh(uploaded)
    assert (left.status, left.undo_asked_at) == (Status.DONE, None)
    assert "nothing was changed" in left.trouble


# --- what is kept


def test_files_and_cells_are_deleted_some_days_after_the_import(uploaded: Import) -> None:
    described(uploaded)
    imports.check(of_import=uploaded)
    imports.decide(of_import=uploaded, by=None, **SAID)
    imports.run(of_import=uploaded, by=None)
    assert importing.forget() == 0

    Import.objects.update(ended_at=timezone.now() - dt.timedelta(days=8))
    assert importing.forget() == 1

    assert not ImportFile.objects.exists()
    assert not ImportRow.objects.exclude(cells=None).exists()
    assert fresh(uploaded).counts["new"] == 1
    assert importing.forget() == 0


def test_what_nobody_went_on_with_is_cancelled_and_a_cancelled_file_goes_at_once(
    world: World, tmp_path: Path
) -> None:
    old, dropped = upload(world, tmp_path), upload(world, tmp_path, TEXT + "\n")
    Import.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=8))
    imports.cancel(of_import=dropped, by=None)

    assert importing.forget() == 2

    assert fresh(old).status == Status.CANCELLED
    assert not ImportFile.objects.exists()
    with pytest.raises(Refused, match="cancelled"):
        described(fresh(old))


@several_sessions
def test_the_same_list_twice_at_a_time_enters_nobody_twice(world: World, tmp_path: Path) -> None:
    rows = "".join(f"Firm {n};Person {n};p{n}@firm{n}.example\n" for n in range(300))
    header = "Company;Name;E-mail\n"
    lists = [upload(world, tmp_path, header + rows + more) for more in ("", "\n")]
    for found in lists:
        described(found)
        imports.check(of_import=found)
        imports.decide(of_import=found, by=None, **SAID)

    def run(found: Import) -> None:
        imports.run(of_import=fresh(found), by=None)
        connection.close()

    threads = [threading.Thread(target=run, args=[found]) for found in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    counts = sorted((fresh(found).counts for found in lists), key=str)
    assert counts == [{"new": 300, "unmailable": 0}, {"same": 300, "unmailable": 0}]
    assert Person.objects.count() == 300


@several_sessions
def test_an_edit_made_while_the_list_is_judged_is_not_written_over(
    world: World, tmp_path: Path
) -> None:
    person = world.person(given="Anna", family="Puig", email="anna@alba.example")
    found = upload(world, tmp_path, "Name;E-mail;Phone\nAnna Puig;anna@alba.example;931234567\n")
    imports.describe(
        of_import=found, by=None, columns=["name", "email", "phone"], **{**READ, "separator": ";"}
    )
    imports.check(of_import=found)
    imports.decide(of_import=found, by=None, **SAID)
    held, done = threading.Event(), threading.Event()

    def edit() -> None:
        with transaction.atomic():
            people.edit(person=person, by=None, version=1, phone="+34 93 000 00 00")
            held.set()
            done.wait(1)  # meanwhile the list is judged
        connection.close()

    other = threading.Thread(target=edit)
    other.start()
    held.wait(10)
    imports.run(of_import=fresh(found), by=None)
    done.set()
    other.join(10)

    person.refresh_from_db()
    assert person.phone == "+34 93 000 00 00"
    assert fresh(found).counts == {"same": 1, "unmailable": 0}
