"""Making an export: once, in bounds, as far as its asker may read at that moment."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from crm.actions import exports, imports, people
from crm.actions.errors import Refused
from crm.forms import tables
from crm.models import AuditEntry, Export, Grant, Import, Organisation, Person, User
from crm.models.exports import LEASE
from crm.resources.lists import LISTS
from tests.world import World
from worker import tasks


def asked(by: User, noun: str = "people", file_format: str = "csv", **values: Any) -> Export:
    given: dict[str, Any] = {
        "question": "", "columns": LISTS[noun].all, "language": "en", "number": 1, **values,
    }  # fmt: skip
    return exports.ask(by=by, noun=noun, file_format=file_format, **given)


def made(export: Export) -> Export:
    exports.make(export=export, rows=tables.rows)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    return b"".join(bytes(piece.content) for piece in export.pieces.order_by("place"))


def again(world: World, export: Export, policy: str) -> Import:
    """The file imported where it came from."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / export.file_name
        path.write_bytes(content(export))
        found = imports.upload(
            cluster=world.biocat, by=None, path=path, file_name=path.name, origin="our own list",
            basis="member", policy=policy,
        )  # fmt: skip
    return imports.run(of_import=found, by=None)


def fill(world: World) -> None:
    """Records with everything that is hard to write down and read again."""
    region = world.biocat.region
    odd = world.organisation(
        world.biocat, legal_name="=SUM(1;2) \"& Söhne\", Ltd", short_name="-dash",
        website="https://odd.example/a?b=c;d", city="L’Hospitalet, “de” <Llobregat>", country="ES",
        region=region, category="midcap", standing="prospect", employees=1200,
        codes=[("area", "cns"), ("area", "oncology"), ("product", "drug"), ("market", "japan")],
    )  # fmt: skip
    plain = world.organisation(world.biocat, legal_name="Alba")
    rows: list[dict[str, Any]] = [
        {"given": "Anna", "family": "@Puig", "phone": "+34 931 23 45 67", "language": "ca"},
        {"given": "=Zoé", "family": 'O\'Neill; "Ann"', "title": "Prof. Dr.", "job": "+CEO"},
        {"given": "'-Pau", "family": "de la Vila", "phone": "+1 555 1234"},
        {"given": "", "family": "", "email": "only@address.example"},
        {"given": "Noa", "family": "Sense", "email": "", "job": "Lab, 3 & more"},
        {"given": "Кирилл", "family": "Ω中文", "language": "zh"},
    ]
    for row in rows:
        world.person(**{"organisation": odd, **row})
    second = world.person(given="Two", family="Posts", organisation=plain, job="CSO")
    second.positions.create(organisation=odd, job="Board", during=(timezone.localdate(), None))
    people.change_address(person=second, by=None, email="newer@alba.example")


@pytest.mark.parametrize(
    ("noun", "file_format", "language"),
    [
        ("people", "csv", "en"), ("people", "csv", "fr"), ("people", "xlsx", "de"),
        ("people", "ods", "it"), ("people", "csv", "es"), ("people", "csv", "ca"),
        ("organisations", "csv", "de"), ("organisations", "xlsx", "fr"),
        ("organisations", "ods", "ca"), ("organisations", "csv", "it"),
    ],
)  # fmt: skip
def test_a_file_that_is_imported_again_changes_nothing(
    world: World, noun: str, file_format: str, language: str
) -> None:
    fill(world)
    by = world.users["contact_biocat"]
    export = made(asked(by, noun, file_format, language=language))
    before = [*Person.objects.order_by("pk").values(), *Organisation.objects.values()]

    found = again(world, export, "overwrite")

    assert found.counts == {"same": export.rows_written, "unmailable": 0}
    assert [row.reason for row in found.rows.all() if row.reason] == []
    assert [*Person.objects.order_by("pk").values(), *Organisation.objects.values()] == before


def test_a_waiting_export_is_made_by_the_worker_and_only_once(world: World) -> None:
    world.person()
    export = asked(world.users["contact_biocat"])

    for _time in range(3):
        tasks.export()

    export.refresh_from_db()
    assert (export.status, export.turn, export.rows_written) == ("ready", 1, 1)
    assert AuditEntry.objects.filter(verb="export").count() == 1
    assert export.clusters == [world.biocat.pk]


def test_the_file_holds_who_is_there_when_it_is_made(world: World) -> None:
    """Whoever objected to being shared in the meantime is not in it."""
    stays, leaves = world.person(given="Stays"), world.person(given="Leaves")
    export = asked(world.users["coordinator"], number=2)
    people.edit(person=leaves, by=None, version=1, share_objected=True)

    made(export)

    text = content(export).decode()
    assert stays.given in text
    assert leaves.given not in text
    assert (export.rows_written, export.clusters) == (1, [])
    assert export.shared_clusters == [world.biocat.pk]


def test_whose_role_ends_before_it_is_made_gets_nothing(world: World) -> None:
    world.person()
    by = world.users["contact_biocat"]
    export = asked(by)
    Grant.objects.filter(user=by).delete()

    made(export)

    assert export.status == "failed"
    assert "you may read none of these rows" in export.trouble
    assert not export.pieces.exists()
    assert not AuditEntry.objects.filter(verb="export").exists()


def test_whoever_may_not_sign_in_any_more_gets_nothing(world: World) -> None:
    world.person()
    export = asked(world.users["contact_biocat"])
    User.objects.filter(pk=export.by_id).update(is_active=False)

    assert made(export).status == "failed"


def test_an_export_whose_worker_died_is_made_anew_but_not_for_ever(world: World) -> None:
    world.person()
    export = asked(world.users["contact_biocat"])
    Export.objects.update(status="making", turn=1, seen_at=timezone.now())
    assert not exports.make_next(tables.rows)

    Export.objects.update(seen_at=timezone.now() - LEASE * 2)
    assert exports.make_next(tables.rows)
    export.refresh_from_db()
    assert (export.status, export.turn) == ("ready", 2)

    Export.objects.update(status="making", turn=3, seen_at=timezone.now() - LEASE * 2)
    assert exports.make_next(tables.rows)
    export.refresh_from_db()
    assert export.status == "failed"


def test_a_worker_that_was_given_up_writes_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes up while another one makes the file."""
    world.person()
    export = asked(world.users["contact_biocat"])

    def rows_late(noun: str, user: User, question: str) -> Any:
        Export.objects.filter(pk=export.pk).update(turn=2)
        return tables.rows(noun, user, question)

    exports.make(export=export, rows=rows_late)

    export = Export.objects.get()
    assert (export.status, export.turn) == ("making", 2)
    assert not export.pieces.exists()


def test_an_export_that_is_deleted_while_it_is_made_is_gone(world: World) -> None:
    world.person()
    export = asked(world.users["contact_biocat"])

    def deleted(noun: str, user: User, question: str) -> Any:
        Export.objects.all().delete()
        return tables.rows(noun, user, question)

    exports.make(export=export, rows=deleted)

    assert not Export.objects.exists()


@pytest.mark.parametrize("columns", [(), ("secrets",)])
def test_an_export_without_columns_is_refused(world: World, columns: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="at least one column"):
        asked(world.users["contact_biocat"], columns=columns)


def test_somebody_elses_file_is_refused(world: World) -> None:
    world.person()
    export = made(asked(world.users["contact_biocat"]))

    with pytest.raises(Refused, match="somebody else's"):
        exports.fetch(export=export, by=world.users["admin"])


def test_organisations_say_what_ones_own_cluster_keeps(world: World, settings: Settings) -> None:
    """BioM's category of a company that both keep is not Biocat's to read."""
    both = world.organisation(world.biocat, legal_name="Both Works", category="sme")
    both.memberships.create(cluster=world.biom, category="large", employees=4711)

    rows = {}
    for name in ("contact_biocat", "contact_biom", "coordinator"):
        export = made(asked(world.users[name], "organisations"))
        (rows[name],) = csv.DictReader(io.StringIO(content(export).decode("utf-8-sig")))

    assert (rows["contact_biocat"]["Category"], rows["contact_biocat"]["Employees"]) == ("SME", "")
    assert rows["contact_biom"]["Category"] == "large company"
    assert rows["contact_biom"]["Employees"] == "4711"
    assert rows["coordinator"]["Category"] == ""
